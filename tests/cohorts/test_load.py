"""A cohort file into the database: all of it or nothing, and a second time only what may change."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.factories import load, roster_line, write_cohort_file, write_roster
from trainer.accounts.models import Coordinator, Organization, User
from trainer.cohorts.models import Cohort, Enrollment
from trainer.cohorts.queries import seats_in_role
from trainer.cohorts.rules import ImpossibleSchedule, Problem
from trainer.cohorts.sentences import Refused, sentence_of
from trainer.db import Base, Database
from trainer.permissions import Role

FIXTURES = Path(__file__).parent.parent / "fixtures"
MINATO = FIXTURES / "cohorts" / "minato.yaml"
SANO = {"name": "佐野", "email": "sano@minato.example"}
OKOCHI = {"name": "大河内", "email": "okochi@training.example"}


def minato_with(folder: Path, roster: str) -> Path:
    """The cohort file of Minato with another of its rosters."""
    path = folder / "minato.yaml"
    text = MINATO.read_text(encoding="utf-8")
    path.write_text(text.replace("../rosters/minato_120_cp932.csv", str(FIXTURES / "rosters" / roster)), "utf-8")
    return path


def rows_of(database: Database) -> dict[str, int]:
    """How many rows each table holds that holds any."""
    with database.reading() as db:
        counts = {
            table.name: db.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables
        }
    return {name: count for name, count in counts.items() if count}


def test_a_file_makes_company_cohort_staff_and_seats(database: Database) -> None:
    with database.session() as db:
        loaded = load(db, MINATO)
        assert loaded.as_answer() == {
            "cohort": loaded.cohort,
            "started": False,
            "written": True,
            "added": 120,
            "changed": 0,
            "unchanged": 0,
            "missing": [],
            "refused": [],
            "warnings": [],
        }
        cohort = db.get_one(Cohort, loaded.cohort)
        assert (cohort.name, cohort.venue, cohort.language) == ("2027年度 新任課長 第1回", "本社 7階 研修室A", "ja")
        assert {role: len(seats_in_role(db, cohort, role)) for role in Role} == {
            Role.TRAINEE: 120,
            Role.COORDINATOR: 1,
            Role.FACILITATOR: 1,
        }
        assert db.scalars(select(User.email).join(Coordinator, Coordinator.user_id == User.id)).all() == [
            "sano@minato.example"
        ]


@pytest.mark.parametrize(
    "roster", ["minato_120_utf8_bom.csv", "minato_120_utf16.csv", "minato_120.xlsx", "minato_120_cp932.csv"]
)
def test_every_form_of_the_roster_gives_the_same_people(database: Database, tmp_path: Path, roster: str) -> None:
    with database.session() as db:
        load(db, MINATO)
        loaded = load(db, minato_with(tmp_path, roster))
        assert (loaded.added, loaded.changed, loaded.unchanged, loaded.warnings) == (0, 0, 120, [])


def test_the_same_file_twice_changes_nothing(database: Database) -> None:
    with database.session() as db:
        load(db, MINATO)
        db.scalars(select(Cohort)).one().is_to_plan = False
        db.commit()
    before = rows_of(database)
    with database.session() as db:
        loaded = load(db, MINATO)
        assert (loaded.written, loaded.added, loaded.changed, loaded.unchanged) == (True, 0, 0, 120)
        assert not db.scalars(select(Cohort)).one().is_to_plan
    assert rows_of(database) == before


def test_the_roster_of_a_month_later(database: Database, tmp_path: Path) -> None:
    with database.session() as db:
        load(db, MINATO)
        loaded = load(db, minato_with(tmp_path, "minato_a_month_later_cp932.csv"))
        assert (loaded.added, loaded.changed, loaded.unchanged, len(loaded.missing)) == (3, 3, 116, 1)
        assert db.scalar(select(func.count()).select_from(Enrollment).where(Enrollment.role == Role.TRAINEE)) == 123


def test_a_roster_with_errors_is_refused_row_by_row_and_writes_nothing(database: Database, tmp_path: Path) -> None:
    with database.session() as db:
        loaded = load(db, minato_with(tmp_path, "minato_12_with_errors_utf8.csv"))
    assert (loaded.cohort, loaded.written, loaded.added) == (None, False, 0)
    assert [row.row for row in loaded.refused] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert all(row.reason for row in loaded.refused)
    assert rows_of(database) == {}


def test_without_its_refused_rows_the_rest_is_loaded(database: Database, tmp_path: Path) -> None:
    with database.session() as db:
        loaded = load(db, minato_with(tmp_path, "minato_12_with_errors_utf8.csv"), without_refused=True)
        assert (loaded.written, loaded.added, len(loaded.refused)) == (True, 4, 8)
        names = {number: name for number, name in db.execute(select(User.employee_number, User.name))}
        assert "佐藤 翔太" in names.values()
        assert "000999" in names


def test_a_refused_row_keeps_a_known_cohort_as_it_was(database: Database, tmp_path: Path) -> None:
    path = write_cohort_file(tmp_path)
    with database.session() as db:
        write_roster(tmp_path, roster_line("1"), roster_line("2"))
        first = load(db, path)
        before = rows_of(database)
        write_roster(tmp_path, roster_line("1", name="New"), roster_line("2", name="=1"), roster_line("3"))
        write_cohort_file(tmp_path, coordinators=[SANO])
        second = load(db, path, starts=True)
        assert second.as_answer() | {"refused": []} == {
            "cohort": first.cohort,
            "started": False,
            "written": False,
            "added": 0,
            "changed": 0,
            "unchanged": 0,
            "missing": [],
            "refused": [],
            "warnings": [],
        }
        assert db.get_one(Cohort, first.cohort).started_at is None
    assert rows_of(database) == before


def test_five_thousand_and_one_rows_are_refused_and_write_nothing(database: Database, tmp_path: Path) -> None:
    write_roster(tmp_path, *(roster_line(str(number)) for number in range(5001)))
    with database.session() as db, pytest.raises(Refused, match=r"roster\.csv: The roster has more than 5,000 rows"):
        load(db, write_cohort_file(tmp_path))
    assert rows_of(database) == {}


def test_a_roster_in_an_unknown_encoding_is_refused(database: Database, tmp_path: Path) -> None:
    write_roster(tmp_path).write_bytes(b"Employee number,Name,E-mail\n1,\x82\x20,e1@minato.example\n")
    with database.session() as db, pytest.raises(Refused, match=r"roster\.csv: The roster cannot be read as"):
        load(db, write_cohort_file(tmp_path))
    assert rows_of(database) == {}


def test_a_roster_that_is_not_there_is_refused(database: Database, tmp_path: Path) -> None:
    with database.session() as db, pytest.raises(Refused, match="No such file or directory"):
        load(db, write_cohort_file(tmp_path))


@pytest.mark.parametrize(
    ("cohort", "problem", "words"),
    [
        ({"workshop_days": [date(2027, 2, 4), date(2027, 2, 3)]}, Problem.DAYS_REVERSED, "Give the earlier day first."),
        ({"workshop_days": [date(2027, 2, 3), date(2027, 2, 18)]}, Problem.DAYS_FAR_APART, "more than 14 days apart"),
        ({"prompt_time": "18:00"}, Problem.PROMPT_TIME_OUTSIDE_WINDOW, "18:00 is outside"),
        ({"prompt_time": "07:59"}, Problem.PROMPT_TIME_OUTSIDE_WINDOW, "07:59 is outside"),
        ({"closures": ["2027-02-05/2027-04-06"]}, Problem.NO_BUSINESS_DAY, "within 60 days of Fri, Feb 5, 2027"),
        ({"workshop_days": [date(27, 2, 3), date(27, 2, 4)]}, Problem.YEAR_OUT_OF_RANGE, "The year of Wed, Feb 3, 27"),
    ],
)
def test_an_impossible_schedule_is_refused_with_a_sentence(
    database: Database, tmp_path: Path, cohort: dict[str, Any], problem: Problem, words: str
) -> None:
    write_roster(tmp_path, roster_line("1"))
    with database.session() as db, pytest.raises(ImpossibleSchedule) as caught:
        load(db, write_cohort_file(tmp_path, **cohort))
    assert caught.value.problem is problem
    assert words in sentence_of(caught.value)
    assert rows_of(database) == {}


@pytest.mark.parametrize(
    ("cohort", "sentence"),
    [
        ({"program": "cooking"}, "There is no program 'cooking'. Known: management_basics_default."),
        (
            {"optional_letters": ["boss_brief", "spam"]},
            "cohort.optional_letters names letters the program does not have: spam.",
        ),
    ],
)
def test_what_the_program_does_not_have_is_refused(
    database: Database, tmp_path: Path, cohort: dict[str, Any], sentence: str
) -> None:
    write_roster(tmp_path, roster_line("1"))
    with database.session() as db, pytest.raises(Refused) as caught:
        load(db, write_cohort_file(tmp_path, **cohort))
    assert str(caught.value) == sentence
    assert rows_of(database) == {}


def test_unusual_workshop_days_are_accepted_with_a_warning(database: Database, tmp_path: Path) -> None:
    write_roster(tmp_path, roster_line("1"))
    days = {
        "a": ["2027-02-06", "2027-02-07"],
        "b": ["2027-02-11", "2027-02-12"],
        "c": ["2020-02-05", "2020-02-06"],
    }
    with database.session() as db:
        warnings = {
            name: load(db, write_cohort_file(tmp_path, name=name, workshop_days=told, closures=["2027-02-12"])).warnings
            for name, told in days.items()
        }
    assert warnings == {
        "a": [
            "The workshop day Sat, Feb 6, 2027 is on a weekend.",
            "The workshop day Sun, Feb 7, 2027 is on a weekend.",
        ],
        "b": [
            "The workshop day Thu, Feb 11, 2027 is a public holiday.",
            "The workshop day Fri, Feb 12, 2027 is in a closure of the company.",
        ],
        "c": ["The workshop day Wed, Feb 5, 2020 is in the past.", "The workshop day Thu, Feb 6, 2020 is in the past."],
    }


def test_a_cohort_takes_its_companys_ways_unless_it_has_its_own(database: Database, tmp_path: Path) -> None:
    write_roster(tmp_path, roster_line("1"))
    berlin = {"time_zone": "Europe/Berlin", "holidays": "DE", "closures": ["2027-12-24"]}
    with database.session() as db:
        load(db, write_cohort_file(tmp_path, berlin))
        load(
            db, write_cohort_file(tmp_path, berlin, name="Second", time_zone="Asia/Tokyo", language="ja", holidays="JP")
        )
        ways = [
            (cohort.name, cohort.time_zone, cohort.language, cohort.holidays)
            for cohort in db.scalars(select(Cohort).order_by(Cohort.id))
        ]
    assert ways == [("First", "Europe/Berlin", "en", "DE"), ("Second", "Asia/Tokyo", "ja", "JP")]


def test_of_a_known_cohort_only_people_letters_and_the_start_change(database: Database, tmp_path: Path) -> None:
    write_roster(tmp_path, roster_line("1"))
    now = datetime(2026, 12, 1, tzinfo=UTC)
    with database.session() as db:
        load(db, write_cohort_file(tmp_path, coordinators=[SANO]))
        db.scalars(select(Cohort)).one().is_to_plan = False
        db.commit()
        changed = write_cohort_file(
            tmp_path,
            {"time_zone": "Europe/Berlin", "closures": ["2027-05-06"]},
            workshop_days=[date(2027, 3, 3), date(2027, 3, 4)],
            prompt_time="10:00",
            venue="elsewhere",
            coordinators=[SANO],
            facilitators=[OKOCHI],
            optional_letters=["boss_brief"],
        )
        loaded = load(db, changed, now=now, starts=True)
        cohort = db.scalars(select(Cohort)).one()
        assert loaded.started
        assert (cohort.day1_on, cohort.venue, f"{cohort.prompt_time:%H:%M}") == (date(2027, 2, 3), "", "09:00")
        assert (cohort.started_at, cohort.optional_letters) == (now, ["boss_brief"])
        assert len(seats_in_role(db, cohort, Role.FACILITATOR)) == 1
        assert len(seats_in_role(db, cohort, Role.COORDINATOR)) == 1
        assert db.scalars(select(Organization)).one().time_zone == "Asia/Tokyo"
        assert [warning.split()[0] for warning in loaded.warnings] == [
            "organization.time_zone",
            "organization.closures",
            "cohort.day1_on",
            "cohort.day2_on",
            "cohort.prompt_time",
            "cohort.venue",
        ]


def test_what_a_later_file_leaves_out_is_no_difference(database: Database, tmp_path: Path) -> None:
    write_roster(tmp_path, roster_line("1"))
    with database.session() as db:
        load(db, write_cohort_file(tmp_path, {"closures": ["2027-05-06"]}, venue="here", prompt_time="10:00"))
        assert load(db, write_cohort_file(tmp_path)).warnings == []


def test_a_cohort_starts_once(database: Database, tmp_path: Path) -> None:
    write_roster(tmp_path, roster_line("1"))
    path = write_cohort_file(tmp_path)
    with database.session() as db:
        assert load(db, path, starts=True).started
        started_at = db.scalars(select(Cohort.started_at)).one()
        again = load(db, path, starts=True, now=datetime(2027, 1, 1, tzinfo=UTC))
        assert again.started
        assert db.scalars(select(Cohort.started_at)).one() == started_at


def test_a_facilitator_of_the_file_cannot_be_on_its_roster(database: Database, tmp_path: Path) -> None:
    write_roster(tmp_path, roster_line("1", email=OKOCHI["email"]))
    with database.session() as db:
        loaded = load(db, write_cohort_file(tmp_path, facilitators=[OKOCHI]))
    assert [row.reason for row in loaded.refused] == [
        "This person is a facilitator of this cohort and cannot be a trainee in it."
    ]
    assert rows_of(database) == {}
