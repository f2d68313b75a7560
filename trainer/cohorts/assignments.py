"""The people around a trainee: the facilitators who answer for them, their group, their cohort.

The rule of who answers for whom is written here and nowhere else. A number in it is one that is known, or a column.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from trainer.accounts.models import User
from trainer.cohorts.models import Enrollment, FacilitatorGroup, SeatStatus
from trainer.permissions import Role

Number = int | SQLColumnExpression[int]


@dataclass(frozen=True)
class Around:
    """By name as far as they know each other; of the cohort only how many there are."""

    facilitators: tuple[str, ...]
    group: tuple[str, ...]
    fellows: int  # trainees of the cohort besides oneself


def answers_for(seat_id: Number, user_id: Number, trainee: type[Enrollment] = Enrollment) -> ColumnElement[bool]:
    """Whether a facilitator, by seat and user, answers for a trainee of the same cohort: may read, and replies.

    Never where one of them is the other's boss: nobody writes freely to who judges them, or is judged by them.
    """
    return and_(is_in_groups_of(seat_id, trainee), ~is_boss_of(user_id, trainee), ~is_below(user_id, trainee))


def is_in_groups_of(seat_id: Number, trainee: type[Enrollment] = Enrollment) -> ColumnElement[bool]:
    """Whether a trainee is of this facilitator's groups: everybody of the cohort, unless groups were given to them."""
    given = aliased(FacilitatorGroup)
    groups = select(given.group_id).where(given.enrollment_id == seat_id).correlate_except(given)
    return or_(~groups.exists(), trainee.group_id.in_(groups))


def is_boss_of(user_id: Number, trainee: type[Enrollment]) -> ColumnElement[bool]:
    """Whether a person is the trainee's boss; true or false, also for who has none."""
    return trainee.boss_id.is_not_distinct_from(user_id)


def is_below(user_id: Number, trainee: type[Enrollment]) -> ColumnElement[bool]:
    """Whether the trainee is a person's boss, by any seat that person has or had."""
    own = aliased(Enrollment)
    return exists().where(own.user_id == user_id, own.boss_id == trainee.user_id).correlate_except(own)


def people_around(db: Session, seat: Enrollment) -> Around:
    """Who takes part with a trainee at present, in two queries."""
    present = and_(Enrollment.cohort_id == seat.cohort_id, Enrollment.status != SeatStatus.WITHDRAWN)
    trainee = aliased(Enrollment)
    is_of_group = and_(
        Enrollment.role == Role.TRAINEE, Enrollment.group_id.is_not(None), Enrollment.group_id == seat.group_id
    )
    is_assigned = answers_for(Enrollment.id, Enrollment.user_id, trainee)
    rows = db.execute(
        select(Enrollment.role, User.name)
        .join(User, User.id == Enrollment.user_id)
        .join(trainee, and_(trainee.cohort_id == Enrollment.cohort_id, trainee.id == seat.id))
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
