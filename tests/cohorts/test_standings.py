"""Whatever happens in whatever order, a board's rows and numbers are those that the other tables give on that day."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.cohorts.boards import Expected, board_from_other_tables, board_that_is_kept
from tests.factories import NOW, make_cohort, make_organization, make_person, make_reading, make_seat, make_user
from trainer.accounts.address_changes import change_address
from trainer.accounts.models import Organization, User
from trainer.cohorts import actions, attendance, changes
from trainer.cohorts.change_models import ChangeByHand
from trainer.cohorts.enroll import enroll
from trainer.cohorts.groups import move_to_group, rename_group
from trainer.cohorts.import_models import RosterImport
from trainer.cohorts.models import Cohort, Enrollment, Group
from trainer.cohorts.queries import trainee_seats
from trainer.cohorts.roster_import import import_plan, last_import, undo_import
from trainer.cohorts.roster_plan import plan_enrollment
from trainer.cohorts.rules import ImpossibleSchedule
from trainer.cohorts.sentences import Refused
from trainer.cohorts.standing_models import Standing, Tally
from trainer.cohorts.standings import recount, recount_all, refresh_people
from trainer.db import Database
from trainer.permissions import Role
from trainer.programs.rules import STEPS

PEOPLE = ("000001", "000002", "000003", "000004")
seats = st.integers(0, len(PEOPLE) - 1)
steps = st.sampled_from(STEPS)
happenings = st.one_of(
    st.tuples(st.just("move"), st.integers(-40, 40)),
    st.tuples(st.just("date"), st.integers(0, 40)),
    st.tuples(st.just("computed")),
    st.tuples(st.just("extend"), seats, steps, st.integers(0, 40)),
    st.tuples(st.just("finish"), seats, steps),
    st.tuples(st.just("pause"), seats),
    st.tuples(st.just("resume"), seats),
    st.tuples(st.just("withdraw"), seats),
    st.tuples(st.just("everybody")),
    st.tuples(st.just("undo"), st.integers(0, 3)),
    st.tuples(st.just("undo attendance")),
    st.tuples(st.just("group"), seats, st.sampled_from(["", "A", "B"])),
    st.tuples(st.just("rename"), st.sampled_from(["A", "B"])),
    st.tuples(st.just("roster"), seats, st.sampled_from(["A", "B"]), st.booleans()),
    st.tuples(st.just("undo roster")),
    st.tuples(st.just("address"), seats, st.booleans()),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(happenings, min_size=1, max_size=12), days=st.integers(-30, 120))
def test_a_board_follows_from_the_other_tables(database: Database, story: list[tuple[Any, ...]], days: int) -> None:
    with database.session() as db:
        cohort, by = make_board(db)
        for moment, (what, *how) in enumerate(story):
            happen(db, cohort, by, what, how, NOW + timedelta(hours=moment))
        today = cohort.day1_on + timedelta(days=days)
        assert board_that_is_kept(db, cohort, today) == board_from_other_tables(db, cohort, today)
        assert recount(db, cohort) == 0


def make_board(db: Session) -> tuple[Cohort, User]:
    """A cohort of four people of two groups who came by a roster, and somebody of the office."""
    organization = make_organization(db)
    cohort, by = make_cohort(db, organization, started_at=NOW), make_user(db, organization)
    people = (make_person(number, row, group="AB"[row % 2]) for row, number in enumerate(PEOPLE, 1))
    import_plan(db, cohort, plan_enrollment(db, cohort, make_reading(*people)), now=NOW)
    db.flush()
    return cohort, by


def happen(db: Session, cohort: Cohort, by: User, what: str, how: list[Any], now: Any) -> None:
    """One thing that somebody does; what is refused happens not at all."""
    try:
        with db.begin_nested():
            HAPPENINGS[what](db, cohort, by, now, *how)
    except (ImpossibleSchedule, Refused):
        db.expire_all()


def on_seat(act: Callable[..., object]) -> Callable[..., object]:
    """An act on one of the seats that are there, remembered so that it can be undone."""

    def acting(db: Session, cohort: Cohort, by: User, now: Any, place: int, *how: Any) -> None:
        found = db.scalars(select(Enrollment).where(Enrollment.cohort_id == cohort.id).order_by(Enrollment.id)).all()
        seat = found[place % len(found)]
        facet = f"{FACETS[act]}:{how[0]}" if act in FACETS else "status"
        with changes.remembered(db, cohort, seat, kind="x", facet=facet, by=by, now=now):
            act(db, cohort, seat, now, *how)

    return acting


def extend(db: Session, cohort: Cohort, seat: Enrollment, now: Any, step: str, days: int) -> None:
    actions.extend(db, cohort, seat, step=step, due_on=cohort.day2_on + timedelta(days=days), reason="x", now=now)


def finish(db: Session, cohort: Cohort, seat: Enrollment, now: Any, step: str) -> None:
    actions.finish_step(db, cohort, seat, step=step, now=now, reason="x")


FACETS = {extend: "extension", finish: "finished"}


def move(db: Session, cohort: Cohort, _by: User, _now: Any, days: int) -> None:
    by_days = timedelta(days=days)
    actions.set_schedule(db, cohort, day1=cohort.day1_on + by_days, day2=cohort.day2_on + by_days)


def set_date(db: Session, cohort: Cohort, _by: User, now: Any, days: int) -> None:
    day = cohort.day2_on + timedelta(days=days)
    actions.override_date(db, cohort, date_id="plan_due", day=day, now=now)


def everybody_was_there(db: Session, cohort: Cohort, by: User, now: Any) -> None:
    attendance.note_attendance(db, cohort, trainee_seats(cohort), by=by, reason="there", now=now)


def undo_one(db: Session, cohort: Cohort, _by: User, now: Any, back: int) -> None:
    made = db.scalars(select(ChangeByHand).where(ChangeByHand.cohort_id == cohort.id).order_by(ChangeByHand.id)).all()
    if made:
        change = made[-1 - back % len(made)]
        changes.undo(db, change, cohort, db.get_one(Enrollment, change.enrollment_id), now=now)


def undo_attendance(db: Session, cohort: Cohort, by: User, now: Any) -> None:
    if last := attendance.last_attendance(db, cohort, by):
        attendance.undo_attendance(db, cohort, last, now=now)


def to_group(db: Session, cohort: Cohort, seat: Enrollment, _now: Any, name: str) -> None:
    move_to_group(db, cohort, seat, name)


def rename(db: Session, cohort: Cohort, _by: User, _now: Any, name: str) -> None:
    found = db.scalar(select(Group).where(Group.cohort_id == cohort.id, Group.name == name))
    if found is not None:
        rename_group(db, cohort, found, f"{name}{name}"[:9])


def bring_roster(db: Session, cohort: Cohort, _by: User, now: Any, place: int, group: str, is_new: bool) -> None:
    number = "000009" if is_new else PEOPLE[place]
    person = make_person(number, 1, name=f"Z{place}", department="Sales", group=group)
    import_plan(db, cohort, plan_enrollment(db, cohort, make_reading(person)), now=now)


def undo_roster(db: Session, cohort: Cohort, _by: User, now: Any) -> None:
    imported = last_import(db, cohort)
    first = db.scalar(select(func.min(RosterImport.id)).where(RosterImport.cohort_id == cohort.id))
    if imported is not None and imported.id != first:  # which brought the people of this test
        undo_import(db, cohort, imported, now=now)


def new_address(db: Session, cohort: Cohort, seat: Enrollment, now: Any, is_there: bool) -> None:
    user = db.get_one(User, seat.user_id)
    if is_there:
        change_address(db, user, f"new{seat.id}@minato.example", now=now)
    else:
        user.email = None
    refresh_people(db, cohort.organization_id, [user.id])


HAPPENINGS: dict[str, Callable[..., object]] = {
    "move": move,
    "date": set_date,
    "computed": lambda db, cohort, by, now: actions.compute_again(db, cohort, date_id="plan_due"),
    "extend": on_seat(extend),
    "finish": on_seat(finish),
    "pause": on_seat(lambda db, cohort, seat, now: actions.pause(db, cohort, seat, now=now)),
    "resume": on_seat(lambda db, cohort, seat, now: actions.resume(db, cohort, seat, now=now)),
    "withdraw": on_seat(lambda db, cohort, seat, now: actions.withdraw(db, cohort, seat, now=now)),
    "everybody": everybody_was_there,
    "undo": undo_one,
    "undo attendance": undo_attendance,
    "group": on_seat(to_group),
    "rename": rename,
    "roster": bring_roster,
    "undo roster": undo_roster,
    "address": on_seat(new_address),
}


def test_a_person_in_two_cohorts_is_changed_on_both_boards(database: Database) -> None:
    with database.session() as db:
        cohort, _by = make_board(db)
        other = make_cohort(db, db.get_one(Organization, cohort.organization_id))
        enroll(db, other, make_reading(make_person(PEOPLE[0], 1)), now=NOW)
        enroll(db, cohort, make_reading(make_person(PEOPLE[0], 1, name="Aoki", department="Sales")), now=NOW)
        for one in (cohort, other):
            assert board_that_is_kept(db, one, date(2027, 1, 1)) == board_from_other_tables(db, one, date(2027, 1, 1))
        sales = select(func.count()).select_from(Standing).where(Standing.department == "Sales")
        assert db.scalar(sales) == 2


def test_a_day_that_passes_makes_somebody_overdue_without_a_write(database: Database) -> None:
    with database.session() as db:
        cohort, _by = make_board(db)
        before = board_that_is_kept(db, cohort, date(2027, 2, 1))
        after = board_that_is_kept(db, cohort, date(2027, 2, 2))
        assert (before.overdue, after.overdue) == (0, len(PEOPLE))
        assert before.rows == after.rows


def test_what_went_wrong_is_found_and_put_right_at_night(database: Database) -> None:
    with database.session() as db:
        cohort, _by = make_board(db)
        db.execute(update(Standing).values(finished=3))
        db.execute(update(Tally).values(count=77))
        assert recount_all(db) == len(PEOPLE)
        assert board_that_is_kept(db, cohort, date(2027, 1, 1)) == board_from_other_tables(db, cohort, date(2027, 1, 1))
        assert recount_all(db) == 0


def test_seats_that_were_there_before_standings_get_theirs(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        make_seat(db, cohort)
        make_seat(db, cohort, role=Role.FACILITATOR)
        assert board_that_is_kept(db, cohort, date(2027, 1, 1)).rows == {}
        assert recount_all(db) == 1
        assert len(board_that_is_kept(db, cohort, date(2027, 1, 1)).rows) == 1


@pytest.mark.parametrize("most", [1, 100])
def test_many_seats_at_once_are_counted_like_few(
    database: Database, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("trainer.cohorts.standings.MOST_NAMED", most)
    with database.session() as db:
        cohort, by = make_board(db)
        everybody_was_there(db, cohort, by, NOW)
        expected: Expected = board_from_other_tables(db, cohort, date(2027, 2, 10))
        assert expected.finished["workshop"] == len(PEOPLE)
        assert board_that_is_kept(db, cohort, date(2027, 2, 10)) == expected
