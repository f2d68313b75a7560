"""The people around a trainee: the facilitators who answer for them, their group, their cohort."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from trainer.accounts.models import User
from trainer.cohorts.models import Enrollment, FacilitatorGroup, SeatStatus
from trainer.permissions import Role


@dataclass(frozen=True)
class Around:
    """By name as far as they know each other; of the cohort only how many there are."""

    facilitators: tuple[str, ...]
    group: tuple[str, ...]
    fellows: int  # trainees of the cohort besides oneself


def answers_for(*seat_ids: int) -> ColumnElement[bool]:
    """Whether an `Enrollment` of the cohort is one for whom these facilitators' seats answer.

    Everybody of the cohort, unless groups were given to them.
    """
    given = select(FacilitatorGroup.group_id).where(FacilitatorGroup.enrollment_id.in_(seat_ids))
    return or_(~given.exists(), Enrollment.group_id.in_(given))


def people_around(db: Session, seat: Enrollment) -> Around:
    """Who takes part with a trainee at present, in two queries."""
    present = and_(Enrollment.cohort_id == seat.cohort_id, Enrollment.status != SeatStatus.WITHDRAWN)
    given, theirs = aliased(FacilitatorGroup), aliased(FacilitatorGroup)
    is_assigned = or_(
        ~exists().where(given.enrollment_id == Enrollment.id),
        exists().where(theirs.enrollment_id == Enrollment.id, theirs.group_id == seat.group_id),
    )
    is_of_group = and_(
        Enrollment.role == Role.TRAINEE, Enrollment.group_id.is_not(None), Enrollment.group_id == seat.group_id
    )
    rows = db.execute(
        select(Enrollment.role, User.name)
        .join(User, User.id == Enrollment.user_id)
        .where(
            present,
            Enrollment.id != seat.id,
            or_(is_of_group, and_(Enrollment.role == Role.FACILITATOR, is_assigned)),
        )
        .order_by(User.name_reading, User.name, Enrollment.id)
    ).all()
    fellows = select(func.count()).where(present, Enrollment.role == Role.TRAINEE, Enrollment.id != seat.id)
    return Around(
        facilitators=tuple(name for role, name in rows if role is Role.FACILITATOR),
        group=tuple(name for role, name in rows if role is Role.TRAINEE),
        fellows=db.scalar(fellows) or 0,
    )
