"""A roster into seats: added, changed, unchanged, missing, refused; and what a second roster does."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, make_cohort, make_organization, make_person, make_reading, make_seat, make_user
from trainer.cohorts.actions import withdraw
from trainer.cohorts.enroll import Enrolled, enroll
from trainer.cohorts.models import Cohort, Enrollment, Group, SeatStatus
from trainer.cohorts.queries import seat_of
from trainer.cohorts.roster import Person
from trainer.db import Database
from trainer.permissions import Role


def take(db: Session, cohort: Cohort, *people: Person) -> Enrolled:
    enrolled = enroll(db, cohort, make_reading(*people), now=NOW)
    db.flush()
    db.expire_all()
    return enrolled


def seat(db: Session, cohort: Cohort, number: str) -> Enrollment:
    found = seat_of(db, cohort, number)
    assert found is not None
    return found


FULL = make_person("1", department="Sales", group="A", boss_name="Boss", boss_email="boss@minato.example")


def test_a_new_person_gets_a_seat_a_group_and_a_boss(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        assert take(db, cohort, FULL) == Enrolled(added=1)
        found = seat(db, cohort, "1")
        assert (found.role, found.status) == (Role.TRAINEE, SeatStatus.ACTIVE)
        assert db.get_one(Group, found.group_id).name == "A"
        assert found.boss_id is not None


def test_the_same_roster_twice_changes_nothing(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        take(db, cohort, FULL)
        cohort.is_to_plan = False
        assert take(db, cohort, FULL) == Enrolled(unchanged=1)
        assert not cohort.is_to_plan


@pytest.mark.parametrize(
    "cells",
    [
        {"name": "Another"},
        {"name_reading": "ヨミ"},
        {"email": "new@minato.example"},
        {"department": "Factory"},
        {"group": "B"},
        {"boss_email": "other@minato.example"},
    ],
    ids=lambda cells: next(iter(cells)),
)
def test_a_difference_in_one_cell_is_a_change(database: Database, cells: dict[str, str]) -> None:
    told = {name: getattr(FULL, name) for name in ("name", "email", "department", "group", "boss_name", "boss_email")}
    with database.session() as db:
        cohort = make_cohort(db)
        take(db, cohort, FULL)
        db.get_one(Cohort, cohort.id).is_to_plan = False
        assert take(db, cohort, make_person("1", 1, **{**told, **cells})) == Enrolled(changed=1)
        assert cohort.is_to_plan


def test_empty_cells_change_nothing(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        take(db, cohort, FULL)
        assert take(db, cohort, make_person("1")) == Enrolled(unchanged=1)
        assert seat(db, cohort, "1").group_id is not None


def test_whom_a_later_roster_does_not_name_is_listed_and_stays(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        take(db, cohort, make_person("2"), make_person("1", 2), make_person("3", 3))
        assert take(db, cohort, make_person("3")) == Enrolled(unchanged=1, missing=["1", "2"])
        assert seat(db, cohort, "1").status == SeatStatus.ACTIVE


def test_whoever_has_withdrawn_stays_so_with_a_warning(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        take(db, cohort, make_person("1"), make_person("2", 2))
        withdraw(db, cohort, seat(db, cohort, "1"), now=NOW)
        withdraw(db, cohort, seat(db, cohort, "2"), now=NOW)
        enrolled = take(db, cohort, make_person("1"))
        assert enrolled.warnings == ["1 has withdrawn and stays so, although the roster names them."]
        assert (enrolled.added, enrolled.unchanged, enrolled.missing) == (0, 1, [])
        assert seat(db, cohort, "1").status == SeatStatus.WITHDRAWN


def test_a_boss_may_be_a_trainee_of_the_same_roster(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        take(db, cohort, make_person("1", boss_email="e2@minato.example"), make_person("2", 2))
        assert seat(db, cohort, "1").boss_id == seat(db, cohort, "2").user_id


def test_a_facilitator_cannot_be_a_trainee_of_the_same_cohort(database: Database) -> None:
    with database.session() as db:
        organization = make_organization(db)
        cohort = make_cohort(db, organization)
        make_seat(db, cohort, make_user(db, organization, "1"), role=Role.FACILITATOR)
        enrolled = take(db, cohort, make_person("1"), make_person("2", 2))
        assert [(row.row, row.employee_number) for row in enrolled.refused] == [(1, "1")]
        assert enrolled.added == 1


def test_a_new_address_has_all_cohorts_of_the_company_planned_again(database: Database) -> None:
    with database.session() as db:
        organization = make_organization(db)
        first, second = make_cohort(db, organization), make_cohort(db, organization)
        take(db, first, make_person("1"))
        take(db, second, make_person("1"))
        first.is_to_plan = second.is_to_plan = False
        take(db, second, make_person("1", email="new@minato.example"))
        assert (first.is_to_plan, second.is_to_plan) == (True, True)


def test_one_person_may_sit_in_two_cohorts(database: Database) -> None:
    with database.session() as db:
        organization = make_organization(db)
        cohorts = make_cohort(db, organization), make_cohort(db, organization)
        assert [take(db, cohort, FULL).added for cohort in cohorts] == [1, 1]
        seats = db.scalars(select(Enrollment.user_id).where(Enrollment.role == Role.TRAINEE)).all()
        assert len(seats) == 2
        assert len(set(seats)) == 1
