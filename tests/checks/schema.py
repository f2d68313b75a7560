"""The migrations: they lead to what the models say, all the way back, and up again."""

import os
import tempfile
from pathlib import Path

from sqlalchemy import inspect

from tests.checks import CheckFailed
from tests.databases import throwaway_postgres
from tests.postgres_server import MISSING, find_postgres
from trainer.db import Database
from trainer.migrations import differences, downgrade, migrate


def check_schema_on_sqlite() -> None:
    """Up, compare, down, up on a new SQLite database. Raises CheckFailed."""
    with tempfile.TemporaryDirectory() as directory:
        _check(f"sqlite:///{Path(directory) / 'check.db'}")


def check_schema_on_postgres() -> str | None:
    """The same on PostgreSQL; where there is none, says so, or fails when REQUIRE names it."""
    if find_postgres() is None:
        if "postgres" in os.environ.get("REQUIRE", "").split(","):
            raise CheckFailed(f"NOT RUN, though REQUIRE names it: {MISSING}")
        return f"NOT RUN - {MISSING}"
    with throwaway_postgres(migrated=False) as url:
        _check(url)
    return None


def _check(url: str) -> None:
    database = Database(url)
    try:
        migrate(database)
        _demand(not (found := differences(database)), f"models and migrations differ: {found}")
        downgrade(database)
        left = set(inspect(database.engine).get_table_names()) - {"alembic_version"}
        _demand(not left, f"the way down leaves tables behind: {sorted(left)}")
        migrate(database)
    finally:
        database.dispose()


def _demand(fulfilled: bool, sentence: str) -> None:
    if not fulfilled:
        raise CheckFailed(sentence)
