"""Who answers for whom: their groups, and never one of two of whom one is the other's boss."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.factories import make_cohort, make_group, make_organization, make_seat, make_user
from trainer.accounts.visitor import Seat
from trainer.cohorts.access import is_assigned
from trainer.cohorts.assignments import answers_for, is_in_groups_of, people_around
from trainer.cohorts.models import Cohort, Enrollment, SeatStatus
from trainer.db import Database
from trainer.permissions import Role

SEATS = (("Own", Role.FACILITATOR), ("Trainee", Role.TRAINEE), ("Other", Role.FACILITATOR))


@dataclass
class People:
    """A facilitator, a trainee of theirs, and another facilitator of the cohort."""

    db: Session
    cohort: Cohort
    own: Enrollment
    trainee: Enrollment
    other: Enrollment

    def asked_everywhere(self) -> set[bool]:
        """Whether the facilitator answers for the trainee, by every way to ask."""
        own, found = self.own, self.trainee
        rows = select(Enrollment.id).where(Enrollment.id == found.id, answers_for(own.id, own.user_id))
        around = people_around(self.db, found).facilitators
        return {self.db.scalar(rows) is not None, is_assigned(self.db, seat_of(own), found), "Own" in around}


def seat_of(seat: Enrollment) -> Seat:
    return Seat(seat.id, seat.uid, seat.role, seat.cohort_id, seat.uid, "", "en", "Asia/Tokyo")


@pytest.fixture
def people(database: Database) -> Iterator[People]:
    with database.session() as db:
        organization = make_organization(db)
        cohort = make_cohort(db, organization)
        seats = [make_seat(db, cohort, make_user(db, organization, name=name), role) for name, role in SEATS]
        yield People(db, cohort, *seats)


def test_without_ties_and_groups_everybody_answers_for_everybody(people: People) -> None:
    assert people.asked_everywhere() == {True}


def test_nobody_answers_for_their_own_report(people: People) -> None:
    people.trainee.boss_id = people.own.user_id
    people.db.flush()
    assert people.asked_everywhere() == {False}
    assert people_around(people.db, people.trainee).facilitators == ("Other",)


@pytest.mark.parametrize("status", [SeatStatus.ACTIVE, SeatStatus.WITHDRAWN])
def test_nobody_answers_for_their_own_boss(people: People, status: SeatStatus) -> None:
    """Known from any seat they have or had, in whichever cohort."""
    organization_id = people.cohort.organization_id
    earlier = Enrollment(
        organization_id=organization_id,
        cohort_id=people.cohort.id,
        user_id=people.own.user_id,
        role=Role.TRAINEE,
        status=status,
        boss_id=people.trainee.user_id,
        added_at=people.cohort.created_at,
    )
    people.db.add(earlier)
    people.db.flush()
    assert people.asked_everywhere() == {False}


def test_another_boss_changes_nothing(people: People) -> None:
    people.trainee.boss_id = people.other.user_id
    people.db.flush()
    assert people.asked_everywhere() == {True}


def test_the_groups_count_besides(people: People) -> None:
    make_group(people.db, people.cohort, people.own)
    assert people.asked_everywhere() == {False}


def test_an_attendance_list_asks_for_the_groups_alone(people: People) -> None:
    people.trainee.boss_id = people.own.user_id
    people.db.flush()
    rows = select(Enrollment.id).where(Enrollment.id == people.trainee.id, is_in_groups_of(people.own.id))
    assert people.db.scalar(rows) == people.trainee.id
