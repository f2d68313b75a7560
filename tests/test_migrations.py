"""The tables' form: up, down, compared with the models, and a database that is ahead of the program."""

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

import trainer
from trainer.db import Database
from trainer.migrations import (
    MORE_TABLES,
    SLICES,
    SchemaError,
    check_schema,
    differences,
    downgrade,
    load_models,
    migrate,
    newest,
)

SCRIPTS = ScriptDirectory(str(Path(trainer.__file__).parent / "migrations"))
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()]  # the newest first


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def test_the_migrations_lead_to_what_the_models_say(empty_database: Database) -> None:
    migrate(empty_database)
    assert differences(empty_database) == []
    check_schema(empty_database)


def test_a_difference_is_noticed(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE stray (id INTEGER)"))
        connection.execute(text("ALTER TABLE cohorts DROP COLUMN venue"))
    assert len(differences(database)) == 2


def test_the_way_down_leaves_nothing_and_leads_up_again(database: Database) -> None:
    downgrade(database)
    assert tables(database) == set()
    migrate(database)
    assert differences(database) == []


def test_each_step_down_can_be_taken_alone(database: Database) -> None:
    before = tables(database)
    for revision in [*REVISIONS[1:], "base"]:
        downgrade(database, revision)
        after = tables(database)
        assert after <= before
        before = after
    assert before == set()


def test_migrating_twice_changes_nothing(database: Database) -> None:
    before = tables(database)
    migrate(database)
    assert tables(database) == before


def test_there_is_one_line_of_revisions() -> None:
    assert SCRIPTS.get_heads() == [newest()]


def test_an_older_database_is_told_what_to_do(database: Database) -> None:
    downgrade(database)
    with pytest.raises(SchemaError, match=r"older than the program\. Run '\./run cli migrate'"):
        check_schema(database)


@pytest.mark.parametrize("look", [migrate, check_schema])
def test_a_database_that_is_ahead_is_refused_and_left_alone(
    database: Database, look: Callable[[Database], None]
) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = tables(database)
    with pytest.raises(SchemaError, match=r"used with a newer version\. Install that version, or restore a backup"):
        look(database)
    assert tables(database) == before


def test_every_file_of_tables_is_known_to_the_migrations() -> None:
    root = Path(trainer.__file__).parent
    found = {path for path in root.rglob("*.py") if "    __tablename__ = " in path.read_text(encoding="utf-8")}
    known = {root / slice_name / "models.py" for slice_name in SLICES}
    known |= {root.parent / f"{module.replace('.', '/')}.py" for module in MORE_TABLES}
    assert found == known
    load_models()
