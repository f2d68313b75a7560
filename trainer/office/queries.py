"""What the office's pages show: people page by page, groups with their counts, and whether a letter has gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from trainer.accounts.models import Coordinator, Organization, User
from trainer.cohorts.models import Cohort, Enrollment, FacilitatorGroup, Group, SeatStatus
from trainer.permissions import Role
from trainer.prompts.models import Prompt, PromptState

STILL_HERE = (PromptState.PLANNED, PromptState.SKIPPED)
PEOPLE_ON_A_PAGE = 100
READING = func.coalesce(func.nullif(User.name_reading, ""), User.name)  # as the board sorts names


@dataclass(frozen=True)
class PersonLine:
    """One trainee on the list."""

    seat: Enrollment
    user: User
    group: str | None
    boss: User | None


@dataclass(frozen=True)
class StaffLine:
    """One facilitator, and the groups given to them; none means the whole cohort."""

    seat: Enrollment
    user: User
    groups: tuple[str, ...]


def count_trainees(db: Session, cohort: Cohort) -> int:
    """How many trainees take part."""
    taking_part = select(func.count()).where(
        Enrollment.cohort_id == cohort.id,
        Enrollment.role == Role.TRAINEE,
        Enrollment.status != SeatStatus.WITHDRAWN,
    )
    return db.scalar(taking_part) or 0


def people_page(
    db: Session, cohort: Cohort, after: UUID | None, words: str = ""
) -> tuple[list[PersonLine], UUID | None]:
    """A page of trainees by reading, and the seat after which the next page begins.

    With `words`: those whose name, reading or number holds each of them.
    """
    boss = aliased(User)
    people = (
        select(Enrollment, User, Group.name, boss)
        .join(User, User.id == Enrollment.user_id)
        .outerjoin(Group, Group.id == Enrollment.group_id)
        .outerjoin(boss, boss.id == Enrollment.boss_id)
        .where(Enrollment.cohort_id == cohort.id, Enrollment.role == Role.TRAINEE)
        .order_by(READING, Enrollment.id)
        .limit(PEOPLE_ON_A_PAGE + 1)
    )
    for word in words.split():
        columns = (User.name, User.name_reading, User.employee_number)
        people = people.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    if after is not None:
        people = people.where(tuple_(READING, Enrollment.id) > tuple_(*_keys_of(cohort, after)))
    lines = [PersonLine(*row) for row in db.execute(people)]
    shown = lines[:PEOPLE_ON_A_PAGE]
    return shown, shown[-1].seat.uid if len(lines) > PEOPLE_ON_A_PAGE else None


def _keys_of(cohort: Cohort, uid: UUID) -> list[ScalarSelect[Any]]:
    """By what the seat at the end of a page is sorted."""
    of_seat = (Enrollment.uid == uid, Enrollment.cohort_id == cohort.id)
    last = select(Enrollment.id).join(User, User.id == Enrollment.user_id).where(*of_seat)
    return [last.with_only_columns(key).scalar_subquery() for key in (READING, Enrollment.id)]


def groups_with_counts(cohort: Cohort) -> Select[str, int]:
    """The names of the cohort's groups with the number of their trainees."""
    return (
        select(Group.name, func.count(Enrollment.id))
        .outerjoin(Enrollment, (Enrollment.group_id == Group.id) & (Enrollment.status != SeatStatus.WITHDRAWN))
        .where(Group.cohort_id == cohort.id)
        .group_by(Group.id, Group.name)
        .order_by(Group.name)
    )


def facilitators_of(db: Session, cohort: Cohort) -> list[StaffLine]:
    """The facilitators of a cohort who have not left."""
    rows = db.execute(
        select(Enrollment, User, Group.name)
        .join(User, User.id == Enrollment.user_id)
        .outerjoin(FacilitatorGroup, FacilitatorGroup.enrollment_id == Enrollment.id)
        .outerjoin(Group, Group.id == FacilitatorGroup.group_id)
        .where(
            Enrollment.cohort_id == cohort.id,
            Enrollment.role == Role.FACILITATOR,
            Enrollment.status != SeatStatus.WITHDRAWN,
        )
        .order_by(Enrollment.id, Group.name)
    ).all()
    people = {seat.id: (seat, user) for seat, user, _group in rows}
    return [
        StaffLine(seat, user, tuple(group for one, _user, group in rows if one is seat and group))
        for seat, user in people.values()
    ]


def office_of(db: Session, organization: Organization) -> Sequence[User]:
    """The people of the company's office, in the order in which they were named."""
    of_office = select(User).join(Coordinator, Coordinator.user_id == User.id)
    return db.scalars(of_office.where(Coordinator.organization_id == organization.id).order_by(Coordinator.id)).all()


def has_sent(db: Session, cohort: Cohort) -> bool:
    """Whether a letter of the cohort has gone out, or is on its way: from then on nothing is undone."""
    gone = select(Prompt.id).where(Prompt.cohort_id == cohort.id, Prompt.state.not_in(STILL_HERE))
    return db.scalar(gone.limit(1)) is not None
