"""The commands of the installation: migrate, add-organization, rekey; and what stops every command."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.cli.commands import CommandLine
from trainer.accounts.models import Coordinator, Organization, User
from trainer.cli import __main__ as program
from trainer.db import Database
from trainer.key_ring import KeyRing
from trainer.migrations import check_schema

OFFICE = "佐野　花子 <Sano@Minato.Example>"


def test_every_file_of_commands_is_offered() -> None:
    """By the program itself, and not only where a test imports it."""
    offered = subprocess.run(
        [sys.executable, "-m", "trainer.cli", "--help"], capture_output=True, text=True, check=True
    )
    for name in ("load-cohort", "rehearse", "render-lessons", "doctor", "tick", "migrate"):
        assert f"  {name} " in offered.stdout
    files = {path.stem for path in Path(program.__file__).parent.glob("*.py")}
    assert files - {"__init__", "__main__", "command"} == {*program.__all__} - {"commands"}


def test_migrate_brings_an_empty_database_to_the_present_form(
    empty_database_url: str, empty_database: Database, tmp_path: Path
) -> None:
    cli = CommandLine(empty_database_url, tmp_path)
    assert cli("migrate").code == 0
    check_schema(empty_database)
    assert cli("migrate").code == 0


def test_every_command_migrates_on_first_use(empty_database_url: str, tmp_path: Path) -> None:
    told = CommandLine(empty_database_url, tmp_path)("add-organization", "みなと商事", "--coordinator", OFFICE)
    assert (told.code, told.json) == (0, {"organization": 1, "changed": True})


def test_a_company_comes_with_its_office_and_its_key(cli: CommandLine, database: Database) -> None:
    words = ("add-organization", "Harbor", "--coordinator", OFFICE, "--time-zone", "Europe/Berlin", "--language", "en")
    assert cli(*words).json == {"organization": 1, "changed": True}
    assert cli(*words).json == {"organization": 1, "changed": False}
    with database.reading() as db:
        organization = db.scalars(select(Organization)).one()
        assert (organization.name, organization.time_zone, organization.language) == ("Harbor", "Europe/Berlin", "en")
        office = db.execute(select(User.name, User.email).join(Coordinator, Coordinator.user_id == User.id)).one()
        assert tuple(office) == ("佐野 花子", "sano@minato.example")
        assert KeyRing.open(cli.folder / "keys.json", b"m" * 32).active_key(organization.uid)


def test_a_second_company_on_sqlite_is_a_warning_and_no_refusal(cli: CommandLine, database: Database) -> None:
    cli("add-organization", "One", "--coordinator", OFFICE)
    told = cli("add-organization", "Two", "--coordinator", OFFICE)
    assert (told.code, told.json["changed"]) == (0, True)
    assert ("PostgreSQL" in told.errors) is database.is_sqlite


@pytest.mark.parametrize(
    "coordinator",
    [
        "sano@minato.example",
        "Sano",
        "Sano <nobody>",
        "Sano\r\nBcc: x <sano@minato.example>",
        f"{'x' * 121} <s@m.example>",
    ],
)
def test_a_coordinator_is_a_name_and_an_address(cli: CommandLine, coordinator: str) -> None:
    assert cli("add-organization", "Harbor", "--coordinator", coordinator).code == 2


@pytest.mark.parametrize(
    ("name", "zone"),
    [("Harbor", "Europe/Atlantis"), ("", "Asia/Tokyo"), ("x" * 201, "Asia/Tokyo"), ("a\nb", "Asia/Tokyo")],
)
def test_a_company_without_a_usable_name_or_zone_is_refused(cli: CommandLine, name: str, zone: str) -> None:
    told = cli("add-organization", name, "--coordinator", OFFICE, "--time-zone", zone)
    assert (told.code, told.answer) == (1, "")


def test_a_language_without_texts_is_a_wrong_usage(cli: CommandLine) -> None:
    assert cli("add-organization", "Harbor", "--coordinator", OFFICE, "--language", "fr").code == 2


def test_rekey_leaves_nothing_under_an_old_key(course: CommandLine) -> None:
    assert course("rekey").code == 0
    assert course("rekey", "--check").json == {"left": 0}


def test_a_database_that_is_ahead_of_the_program_is_refused(course: CommandLine, database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    told = course("rehearse", 1, "--csv")
    assert (told.code, told.answer) == (1, "")
    assert told.errors == (
        "The database has the form '9999', which this version of the program does not know: "
        "it was used with a newer version. Install that version, or restore a backup.\n"
    )


def test_a_database_that_does_not_answer_is_refused(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/no/folder/minori.db", "postgresql://nobody@127.0.0.1:1/minori"):
        told = CommandLine(url, tmp_path)("rehearse", 1, "--csv")
        assert (told.code, told.answer) == (1, "")
        assert told.errors.startswith("The database does not answer:")


def test_a_wrong_setting_is_refused_by_name(cli: CommandLine) -> None:
    told = cli("migrate", MASTER_KEY="short")
    assert (told.code, told.answer) == (1, "")
    assert "MASTER_KEY" in told.errors
