"""`load-cohort`: the answer is JSON alone, also when it is refused, and the reasons are in the file's language."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from tests.cli.commands import CommandLine
from tests.factories import roster_line, write_cohort_file, write_roster
from trainer.accounts.models import Organization
from trainer.cohorts.models import Cohort
from trainer.db import Database
from trainer.key_ring import KeyRing

FIXTURES = Path(__file__).parent.parent / "fixtures"
MINATO = FIXTURES / "cohorts" / "minato.yaml"


def test_the_answer_is_what_was_promised(cli: CommandLine) -> None:
    told = cli("load-cohort", MINATO, "--start")
    assert (told.code, told.errors) == (0, "")
    assert told.answer == (
        '{"cohort": 1, "started": true, "written": true, "added": 120, "changed": 0, "unchanged": 0, '
        '"missing": [], "refused": [], "warnings": []}\n'
    )


def test_standard_output_is_the_answer_alone(cli: CommandLine) -> None:
    write_roster(cli.folder, roster_line("1"))
    command = [sys.executable, "-m", "trainer.cli", "load-cohort", str(write_cohort_file(cli.folder))]
    environment = {**os.environ, **cli.environment, "PYTHONWARNINGS": "error"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert (done.returncode, json.loads(done.stdout)["added"], done.stderr) == (0, 1, "")


def test_a_company_gets_its_key_with_its_first_cohort(cli: CommandLine, database: Database) -> None:
    cli("load-cohort", MINATO)
    with database.reading() as db:
        uid = db.scalars(select(Organization.uid)).one()
    assert KeyRing.open(cli.folder / "keys.json", b"m" * 32).active_key(uid)


def test_refused_rows_are_told_in_the_files_language_whatever_the_terminals(cli: CommandLine) -> None:
    write_roster(cli.folder, roster_line("1", name=""), roster_line("2"))
    path = write_cohort_file(cli.folder, {"language": "ja"})
    told = cli("load-cohort", path)
    assert told.code == 1
    assert told.json["refused"] == [
        {"row": 1, "employee_number": "1", "reason": "氏名がありません。記入してください。"}
    ]
    assert (told.json["written"], told.json["cohort"]) == (False, None)
    assert told.errors == "1行目（1）：氏名がありません。記入してください。\n"
    write_cohort_file(cli.folder, {"language": "en"})
    told = cli("load-cohort", path, LC_ALL="ja_JP.UTF-8")
    assert told.json["refused"][0]["reason"] == "Name is missing. Fill it in."
    assert told.errors == "Row 1 (1): Name is missing. Fill it in.\n"


def test_without_refused_ends_well(cli: CommandLine) -> None:
    write_roster(cli.folder, roster_line("1", name=""), roster_line("2"))
    told = cli("load-cohort", write_cohort_file(cli.folder), "--without-refused")
    assert (told.code, told.json["added"], len(told.json["refused"]), told.errors) == (0, 1, 1, "")


def test_a_warning_does_not_refuse(cli: CommandLine) -> None:
    write_roster(cli.folder, roster_line("1"))
    path = write_cohort_file(cli.folder, workshop_days=["2027-02-05", "2027-02-06"])
    told = cli("load-cohort", path)
    assert (told.code, told.json["warnings"]) == (0, ["The workshop day Sat, Feb 6, 2027 is on a weekend."])


def test_past_workshop_days_are_those_before_the_given_instant(cli: CommandLine) -> None:
    write_roster(cli.folder, roster_line("1"))
    path = write_cohort_file(cli.folder)
    # in Tokyo it is the second day already
    told = cli("load-cohort", path, "--now", "2027-02-03T16:00:00+00:00")
    assert told.json["warnings"] == ["The workshop day Wed, Feb 3, 2027 is in the past."]


def test_what_is_impossible_is_refused_in_the_files_language(cli: CommandLine, database: Database) -> None:
    write_roster(cli.folder, roster_line("1"))
    path = write_cohort_file(cli.folder, {"language": "ja"}, workshop_days=["2027-02-04", "2027-02-03"])
    told = cli("load-cohort", path)
    sentence = (
        "集合研修の2日目（2027年2月3日（水））が1日目（2027年2月4日（木））より前です。早い日を先に書いてください。"
    )
    assert (told.code, told.errors) == (1, f"{sentence}\n")
    assert told.json["refused"] == [{"row": 0, "employee_number": "", "reason": sentence}]
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Organization)) == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(
            "Employee number,Name,E-mail\n" + "".join(f"{n},P,e{n}@m.example\n" for n in range(5001)),
            "5,000",
            id="5,001 rows",
        ),
        pytest.param("Name\nP\n", "The roster has no column for", id="no number"),
        pytest.param(b"Employee number,Name,E-mail\n1,\x82\x20,e@m.example\n", "byte offset", id="another encoding"),
        pytest.param(b"PK\x03\x04", "cannot be read", id="half a workbook"),
        pytest.param("", "The roster is empty", id="empty"),
    ],
)
def test_a_roster_that_cannot_be_read_writes_nothing(
    cli: CommandLine, database: Database, content: str | bytes, words: str
) -> None:
    path = write_roster(cli.folder)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    told = cli("load-cohort", write_cohort_file(cli.folder))
    assert told.code == 1
    assert words in told.errors
    assert told.json["refused"][0]["reason"] == told.errors.rstrip("\n")
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Organization)) == 0


def test_a_file_that_is_not_there_is_refused(cli: CommandLine) -> None:
    told = cli("load-cohort", cli.folder / "nothing.yaml")
    assert (told.code, told.json["written"]) == (1, False)
    assert "nothing.yaml" in told.errors


def test_a_missing_key_ring_is_refused_before_anything_is_written(course: CommandLine) -> None:
    (course.folder / "keys.json").unlink()
    told = course("load-cohort", write_cohort_file(course.folder, name="Second"))
    assert (told.code, told.answer) == (1, "")
    assert "is missing. Restore it from its backup" in told.errors
    assert not (course.folder / "keys.json").exists()


def test_a_foreign_key_ring_is_refused_before_anything_is_written(course: CommandLine, database: Database) -> None:
    (course.folder / "keys.json").unlink()
    KeyRing.open_or_create(course.folder / "keys.json", b"m" * 32)
    told = course("load-cohort", write_cohort_file(course.folder, name="Second"))
    assert (told.code, told.answer) == (1, "")
    assert "key ring" in told.errors
    with database.reading() as db:
        assert db.scalars(select(Cohort.name)).all() == ["First"]


def test_a_key_ring_of_another_master_key_is_refused(course: CommandLine) -> None:
    told = course(
        "load-cohort", write_cohort_file(course.folder), MASTER_KEY="eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg="
    )
    assert (told.code, told.answer) == (1, "")
    assert "MASTER_KEY" in told.errors


def test_a_second_company_in_one_database_is_another_key(course: CommandLine, database: Database) -> None:
    told = course("load-cohort", write_cohort_file(course.folder, {"name": "Harbor"}))
    assert told.code == 0
    with database.session() as db:
        assert len(db.scalars(select(Cohort.name)).all()) == 2
        ring = KeyRing.open(course.folder / "keys.json", b"m" * 32)
        ring.refuse_if_foreign(db.scalars(select(Organization.uid)).all())
        db.execute(update(Cohort).values(venue=""))
