"""The dry run of a roster equals the real run, and undoing it leaves what was there."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, make_cohort, make_person, make_reading, make_seat
from trainer.accounts.models import User
from trainer.cohorts.actions import finish_step, withdraw
from trainer.cohorts.enroll import carry_out
from trainer.cohorts.models import Cohort, Enrollment, Group
from trainer.cohorts.queries import seat_of
from trainer.cohorts.roster import Person
from trainer.cohorts.roster_import import import_plan, undo_import
from trainer.cohorts.roster_plan import Outcome, plan_enrollment
from trainer.db import Database
from trainer.permissions import Role

ADDRESSES = [f"{letter}@minato.example" for letter in "abcdef"]


def people(numbers: str = "12345") -> st.SearchStrategy[list[Person]]:
    """A few people who share addresses, groups and bosses; no two with one number or one address."""
    person = st.builds(
        lambda number, address, name, group, boss: make_person(
            number, name=name, email=address, group=group, boss_email="" if boss == address else boss
        ),
        st.sampled_from(numbers),
        st.sampled_from(ADDRESSES),
        st.sampled_from(["Ito", "Abe"]),
        st.sampled_from(["", "A", "B"]),
        st.sampled_from(["", *ADDRESSES, "boss@minato.example"]),
    )
    return st.lists(person, max_size=5, unique_by=(lambda one: one.employee_number, lambda one: one.email))


@pytest.fixture
def database_kind() -> str:
    """One kind: what is compared is two answers of the same database."""
    return "sqlite"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=people(), second=people())
def test_what_is_planned_is_what_happens_and_what_is_undone(
    database: Database, first: list[Person], second: list[Person]
) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        carry_out(db, cohort, plan_enrollment(db, cohort, make_reading(*first)), now=NOW)
        db.flush()
        before = list(shown(db, cohort))
        plan = plan_enrollment(db, cohort, make_reading(*second))
        assert list(shown(db, cohort)) == before
        planned = {row.person.employee_number: row.outcome for row in plan.rows}
        imported = import_plan(db, cohort, plan, now=NOW)
        db.expire_all()
        assert planned == {number: happened(number, before, list(shown(db, cohort))) for number in planned}
        assert undo_import(db, cohort, imported, now=NOW) == 0
        db.expire_all()
        assert list(shown(db, cohort)) == before
        db.rollback()


def test_who_has_withdrawn_stays_so_with_a_warning(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        carry_out(db, cohort, plan_enrollment(db, cohort, make_reading(make_person("1"))), now=NOW)
        seat = seat_of(db, cohort, "1")
        assert seat is not None
        withdraw(db, cohort, seat, now=NOW)
        plan = plan_enrollment(db, cohort, make_reading(make_person("1", name="Another")))
        assert [row.is_withdrawn for row in plan.rows] == [True]
        assert plan.warnings != ()


def test_work_that_hangs_from_a_seat_keeps_it(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        imported = import_plan(db, cohort, plan_enrollment(db, cohort, make_reading(make_person("1"))), now=NOW)
        seat = seat_of(db, cohort, "1")
        assert seat is not None
        finish_step(db, cohort, seat, step="act1", now=NOW)
        db.flush()
        assert undo_import(db, cohort, imported, now=NOW) == 2  # the seat, and so its person
        assert seat_of(db, cohort, "1") is not None


def test_a_facilitator_of_the_cohort_is_refused_in_the_plan_too(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        seat = make_seat(db, cohort, role=Role.FACILITATOR)
        user = db.get_one(User, seat.user_id)
        person = make_person(str(user.employee_number), email=str(user.email))
        plan = plan_enrollment(db, cohort, make_reading(person))
        assert (plan.rows, len(plan.refused)) == ((), 1)


def shown(db: Session, cohort: Cohort) -> Iterator[tuple[object, ...]]:
    """Everybody of the company, with their seats."""
    rows = (
        select(User.id, User.employee_number, User.email, User.name, Enrollment.id, Group.name, Enrollment.boss_id)
        .outerjoin(Enrollment, (Enrollment.user_id == User.id) & (Enrollment.cohort_id == cohort.id))
        .outerjoin(Group, Group.id == Enrollment.group_id)
        .where(User.organization_id == cohort.organization_id)
        .order_by(User.id)
    )
    for row in db.execute(rows):
        yield tuple(row)


def happened(number: str, before: list[tuple[object, ...]], after: list[tuple[object, ...]]) -> Outcome:
    """What became of a person, seen from outside."""
    now = next(row for row in after if row[1] == number)
    then = next((row for row in before if row[0] == now[0]), None)
    if then is None or then[4] is None:
        return Outcome.ADDED
    return Outcome.UNCHANGED if then == now else Outcome.CHANGED
