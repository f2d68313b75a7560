"""Whose attendance somebody may note: everybody's for the office, the assigned trainees' for a facilitator."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.accounts.visitor import Visitor
from trainer.cohorts.assignments import is_in_groups_of
from trainer.cohorts.attendance import STEP
from trainer.cohorts.models import Cohort, Enrollment, FinishedStep, Group
from trainer.cohorts.queries import trainee_seats
from trainer.permissions import Role

ON_A_PAGE = 200


def people_page(
    db: Session, cohort: Cohort, visitor: Visitor, after: UUID | None
) -> Sequence[Row[Enrollment, str, str | None, int | None]]:
    """(seat, name, group, the finished workshop) of a page of people and one more, from a seat on."""
    seats = assigned_seats(cohort, visitor)
    if after is not None:
        last = select(Enrollment.id).where(Enrollment.uid == after, Enrollment.cohort_id == cohort.id)
        seats = seats.where(Enrollment.id > last.scalar_subquery())
    finished = (FinishedStep.enrollment_id == Enrollment.id) & (FinishedStep.step == STEP)
    people = (
        seats.join(User, User.id == Enrollment.user_id)
        .outerjoin(Group, Group.id == Enrollment.group_id)
        .outerjoin(FinishedStep, finished)
        .limit(ON_A_PAGE + 1)
    )
    return db.execute(people.with_only_columns(Enrollment, User.name, Group.name, FinishedStep.id)).all()


def assigned_seats(cohort: Cohort, visitor: Visitor) -> Select[Enrollment]:
    """The trainees of a cohort; for a facilitator to whom groups were given, those of the groups."""
    seats = trainee_seats(cohort)
    if Role.COORDINATOR in visitor.roles_in(cohort.id):
        return seats
    own = [seat.id for seat in visitor.seats if seat.cohort_id == cohort.id and seat.role is Role.FACILITATOR]
    return seats.where(or_(*map(is_in_groups_of, own)))


def assigned_seat(db: Session, cohort: Cohort, visitor: Visitor, uid: UUID | None) -> Select[Enrollment] | None:
    """One of these seats, if it is one of them."""
    named = assigned_seats(cohort, visitor).where(Enrollment.uid == uid)
    return named if uid is not None and db.scalar(named) is not None else None
