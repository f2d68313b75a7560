"""How a database comes to the present form of the tables, and back."""

from importlib import import_module
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from trainer.db import Base, Database, UTCDateTime

SLICES = ("accounts", "programs", "cohorts", "writing", "act1_lessons", "act2_workshop", "act3_practice", "prompts")
MORE_TABLES = (
    "trainer.audit",
    "trainer.accounts.held_models",
    "trainer.accounts.session_models",
    "trainer.cohorts.change_models",
    "trainer.cohorts.import_models",
    "trainer.cohorts.standing_models",
)


class SchemaError(Exception):
    """The database does not fit this version of the program; the text says what to do."""


def migrate(database: Database) -> None:
    """Bring the database to the newest form; nothing happens when it is there. Raises SchemaError if it is ahead."""
    with database.engine.connect() as connection:
        if _present(connection) == newest():
            return
    with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # two processes that start at once take turns
            connection.execute(text("SELECT pg_advisory_xact_lock(4209001)"))
        _refuse_if_ahead(connection)
        command.upgrade(_config(connection), "head")


def is_unused(database: Database) -> bool:
    """Whether no version of the program has used the database yet."""
    with database.engine.connect() as connection:
        return _present(connection) is None


def check_schema(database: Database) -> None:
    """Raise SchemaError, with a sentence, unless the database has exactly this program's form."""
    with database.engine.connect() as connection:
        _refuse_if_ahead(connection)
        if _present(connection) != newest():
            raise SchemaError("The database is older than the program. Run './run cli migrate'.")


def downgrade(database: Database, revision: str = "base") -> None:
    """Take the database back to an earlier form; what the later form added is lost."""
    with database.engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def differences(database: Database) -> list[Any]:
    """What the models have and the migrated database has not, or the other way round; empty when they agree."""
    load_models()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": _compare_type})
        return list(compare_metadata(context, Base.metadata))


def newest() -> str:
    """The name of the latest revision this program knows."""
    head = ScriptDirectory.from_config(_config(None)).get_current_head()
    if head is None:
        raise SchemaError("The program was installed without its migrations. Install it again.")
    return head


def load_models() -> None:
    """Import every slice's tables, so that the metadata is whole."""
    for name in (*(f"trainer.{slice_name}.models" for slice_name in SLICES), *MORE_TABLES):
        import_module(name)


def _present(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_if_ahead(connection: Connection) -> None:
    present = _present(connection)
    if present is None:
        return
    try:
        ScriptDirectory.from_config(_config(None)).get_revision(present)
    except CommandError as error:
        raise SchemaError(
            f"The database has the form '{present}', which this version of the program does not know: "
            "it was used with a newer version. Install that version, or restore a backup."
        ) from error


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _compare_type(*compared: Any) -> bool | None:
    """Our own instants are what the database calls them; None leaves every other type to Alembic."""
    return False if isinstance(compared[-1], UTCDateTime) else None
