"""The rehearsal: which letters, to whom, when; with overrides, extensions and people who left."""

from collections import Counter
from datetime import date, time
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.factories import NOW, load, make_cohort, make_organization, make_seat, make_user, organization_of
from trainer.cohorts import actions
from trainer.cohorts.models import Cohort
from trainer.db import Database
from trainer.permissions import Role
from trainer.prompts.rehearsal import as_csv, letters_a_day, rehearse
from trainer.prompts.timetable import timetable_of

MINATO = Path(__file__).parent.parent / "fixtures" / "cohorts" / "minato.yaml"
LETTERS = [
    "2027-01-13T09:00:00+09:00 act1_open",
    "2027-01-29T09:00:00+09:00 act1_due_soon",
    "2027-02-02T09:00:00+09:00 workshop_eve",  # and not act1_past_due, which falls on the same day
    "2027-02-09T09:00:00+09:00 plan_due",
    "2027-02-16T09:00:00+09:00 plan_past_due",
    "2027-03-04T09:00:00+09:00 reflection1_open",
    "2027-03-08T09:00:00+09:00 reflection1_reminder",
    "2027-03-12T09:00:00+09:00 reflection1_last",
    "2027-04-05T09:00:00+09:00 reflection2_open",
    "2027-04-09T09:00:00+09:00 reflection2_reminder",
    "2027-04-14T09:00:00+09:00 reflection2_last",
    "2027-04-20T09:00:00+09:00 closing_summary",
]


def letters_of(db: Session, cohort: Cohort, number: str | None = None) -> list[str]:
    """Hour and letter of each rehearsed letter, of one person if so said."""
    return [
        f"{one.due_at} {one.letter}" for one in rehearse(db, cohort) if number is None or one.employee_number == number
    ]


def test_the_whole_course_of_a_real_roster(database: Database) -> None:
    with database.session() as db:
        loaded = load(db, MINATO)
        rehearsed = rehearse(db, db.get_one(Cohort, loaded.cohort))
    assert Counter(f"{one.due_at} {one.letter}" for one in rehearsed) == dict.fromkeys(LETTERS, 120)
    assert rehearsed == sorted(rehearsed)
    assert (rehearsed[0].employee_number, rehearsed[0].email) == ("000012", "e000012@minato.example")


@pytest.mark.parametrize("happening", ["nothing", "started", "paused", "finished"])
def test_only_a_seat_that_is_withdrawn_is_left_out(database: Database, happening: str) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        seat = make_seat(db, cohort)
        left = make_seat(db, cohort)
        make_seat(db, cohort, role=Role.FACILITATOR)
        actions.withdraw(db, cohort, left, now=NOW)
        if happening == "started":
            actions.start(db, cohort, now=NOW)
        elif happening == "paused":
            actions.pause(db, cohort, seat, now=NOW)
        elif happening == "finished":
            actions.finish_step(db, cohort, seat, step="act1", now=NOW)
        db.flush()
        assert letters_of(db, cohort) == LETTERS


def test_a_date_by_hand_moves_its_letters_and_those_of_what_follows_it(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        make_seat(db, cohort)
        actions.override_date(db, cohort, date_id="reflection1_open", day=date(2027, 3, 6), now=NOW)  # a Saturday
        moved = [letter for letter in letters_of(db, cohort) if letter not in LETTERS]
    assert moved == [
        "2027-03-08T09:00:00+09:00 reflection1_open",
        "2027-03-10T09:00:00+09:00 reflection1_reminder",
        "2027-03-15T09:00:00+09:00 reflection1_last",
    ]


def test_an_extension_moves_that_seats_letters_of_that_step_only(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        seats = [make_seat(db, cohort, make_user(db, organization_of(db, cohort), number)) for number in ("1", "2")]
        sunday = date(2027, 2, 21)
        actions.extend(db, cohort, seats[0], step="plan", due_on=sunday, reason="leave", now=NOW)
        assert letters_of(db, cohort, "2") == LETTERS
        theirs = letters_of(db, cohort, "1")
    moved = ["2027-02-18T09:00:00+09:00 plan_due", "2027-02-24T09:00:00+09:00 plan_past_due"]
    assert theirs == sorted([*moved, *(letter for letter in LETTERS if "plan_" not in letter)])


def test_a_third_reminder_in_a_week_is_left_out(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        seat = make_seat(db, cohort)
        # plan_due on Tuesday and plan_past_due on Monday: with the two of reflection 1 they would be three in a week
        actions.extend(db, cohort, seat, step="plan", due_on=date(2027, 3, 11), reason="leave", now=NOW)
        week = [letter for letter in letters_of(db, cohort) if "2027-03-08" <= letter < "2027-03-13"]
    assert week == ["2027-03-08T09:00:00+09:00 reflection1_reminder", "2027-03-09T09:00:00+09:00 plan_due"]


def test_a_boss_gets_a_letter_where_the_cohort_wishes_it(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db, optional_letters=["boss_brief"])
        boss = make_user(db, organization_of(db, cohort), email="boss@minato.example")
        make_seat(db, cohort, make_user(db, organization_of(db, cohort), "000012"), boss_id=boss.id)
        make_seat(db, cohort, make_user(db, organization_of(db, cohort), "000049"))
        rehearsed = [one for one in rehearse(db, cohort) if one.letter == "boss_brief"]
        assert [(one.due_at, one.employee_number, one.email) for one in rehearsed] == [
            ("2027-01-13T09:00:00+09:00", "000012", "boss@minato.example")
        ]
        assert letters_of(db, cohort, "000049") == LETTERS  # the boss's letter supersedes none of the trainee's


def test_hours_are_the_cohorts_own_on_both_sides_of_a_clock_change(database: Database) -> None:
    with database.session() as db:
        organization = make_organization(db, time_zone="Europe/Berlin", holidays="DE", language="en")
        cohort = make_cohort(
            db, organization, day1_on=date(2027, 2, 24), day2_on=date(2027, 2, 25), prompt_time=time(8, 30)
        )
        make_seat(db, cohort)
        hours = {letter.split()[1]: letter.split()[0] for letter in letters_of(db, cohort)}
    assert hours["workshop_eve"] == "2027-02-23T08:30:00+01:00"
    assert hours["reflection1_open"] == "2027-03-25T08:30:00+01:00"
    assert hours["reflection1_reminder"] == "2027-03-30T08:30:00+02:00"  # over Good Friday and Easter Monday


def test_the_csv_is_plain(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        organization = organization_of(db, cohort)
        make_seat(db, cohort, make_user(db, organization, "=1", email='"odd,one"@minato.example'))
        lines = as_csv(rehearse(db, cohort)).split("\n")
    assert lines[0] == "due_at,letter,employee_number,email"
    assert lines[1] == '2027-01-13T09:00:00+09:00,act1_open,=1,"""odd,one""@minato.example"'
    assert (len(lines), lines[-1]) == (14, "")


def test_somebody_without_an_address_gets_no_letter(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        make_seat(db, cohort, make_user(db, organization_of(db, cohort), email=None))
        assert rehearse(db, cohort) == []


def test_the_numbers_of_a_day_are_those_of_the_rehearsal(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db, optional_letters=["boss_brief"])
        organization = organization_of(db, cohort)
        boss, unreachable = make_user(db, organization), make_user(db, organization, email=None)
        seats = [make_seat(db, cohort, boss_id=boss_id) for boss_id in (boss.id, boss.id, unreachable.id, None, None)]
        make_seat(db, cohort, make_user(db, organization, email=None), boss_id=boss.id)
        make_seat(db, make_cohort(db, organization))
        actions.extend(db, cohort, seats[0], step="plan", due_on=date(2027, 2, 26), reason="", now=NOW)
        actions.extend(db, cohort, seats[0], step="act1", due_on=date(2027, 2, 9), reason="", now=NOW)
        actions.extend(db, cohort, seats[3], step="plan", due_on=date(2027, 2, 26), reason="", now=NOW)
        actions.withdraw(db, cohort, seats[4], now=NOW)
        counted = Counter((date.fromisoformat(one.due_at[:10]), one.letter) for one in rehearse(db, cohort))
        assert letters_a_day(db, timetable_of(db, cohort)) == counted
        assert counted[date(2027, 1, 13), "boss_brief"] == 3


def test_nobody_gets_nothing(database: Database) -> None:
    with database.session() as db:
        assert letters_a_day(db, timetable_of(db, make_cohort(db))) == Counter()
