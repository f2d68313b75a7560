"""The door to cohorts and seats: not found for what you may not know, forbidden for what you may not do."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from trainer.accounts.models import User
from trainer.accounts.refusals import refuse_deed, refuse_unknown
from trainer.accounts.visitor import Seat, Visitor, visitor_here, visitor_signed_in
from trainer.cohorts.assignments import answers_for
from trainer.cohorts.models import Cohort, Enrollment, SeatStatus
from trainer.organization_scope import request_session
from trainer.permissions import Can, Role, is_granted


def open_cohort(uid: UUID, *, needs: Can) -> Cohort:
    """A cohort in which the visitor has a role, or which their office looks after."""
    cohort = request_session().scalar(select(Cohort).where(Cohort.uid == uid))
    roles = visitor_signed_in().roles_in(cohort.id) if cohort else frozenset()
    if cohort is None or not roles:
        refuse_unknown("cohort", uid)
    if not is_granted(needs, roles):
        refuse_deed("cohort", uid, needs)
    return cohort


def open_own_seat(uid: UUID, *, needs: Can = Can.OPEN_HOME) -> Enrollment:
    """A seat of the visitor's own; `needs` asks the role of this very seat."""
    return request_session().get_one(Enrollment, own_seat(uid, needs=needs).id)


def own_seat(uid: UUID, *, needs: Can = Can.OPEN_HOME) -> Seat:
    """The same as the gate has found it, without asking the database again."""
    seat = visitor_signed_in().seat(uid)
    if seat is None:
        refuse_unknown("seat", uid)
    if not is_granted(needs, {seat.role}):
        refuse_deed("seat", uid, needs)
    return seat


def open_trainee(uid: UUID, *, of: UUID, needs: Can) -> Enrollment:
    """A trainee's seat, for the office, the facilitator it is assigned to, or the trainee; also after a withdrawal.

    `of` is the cohort that the address names: a seat of another one is not found there.
    """
    db, visitor = request_session(), visitor_signed_in()
    cohort = select(Cohort.id).where(Cohort.uid == of).scalar_subquery()
    seats = select(Enrollment).where(Enrollment.uid == uid, Enrollment.role == Role.TRAINEE)
    seat = db.scalar(seats.where(Enrollment.cohort_id == cohort))
    roles = _roles_towards(db, visitor, seat) if seat else frozenset()
    if seat is None or not roles:
        refuse_unknown("seat", uid)
    if not is_granted(needs, roles):
        refuse_deed("seat", uid, needs)
    return seat


def can(deed: str, cohort: Cohort | None = None) -> bool:
    """For templates: whether the visitor may do this, in this cohort or at all. An unknown deed is a ValueError."""
    visitor = visitor_here()
    if visitor is None:
        return False
    return is_granted(Can(deed), visitor.roles if cohort is None else visitor.roles_in(cohort.id))


def seats_of(db: Session, user: User) -> tuple[Seat, ...]:
    """Every seat of a person that is not withdrawn, the newest cohort first."""
    seats = (
        select(Enrollment, Cohort)
        .join(Cohort, (Cohort.id == Enrollment.cohort_id) & (Cohort.organization_id == Enrollment.organization_id))
        .where(
            Enrollment.organization_id == user.organization_id,
            Enrollment.user_id == user.id,
            Enrollment.status != SeatStatus.WITHDRAWN,
        )
        .order_by(Cohort.day1_on.desc(), Enrollment.id)
    )
    return tuple(
        Seat(
            id=seat.id,
            uid=seat.uid,
            role=seat.role,
            cohort_id=cohort.id,
            cohort_uid=cohort.uid,
            cohort_name=cohort.name,
            language=cohort.language,
            time_zone=cohort.time_zone,
        )
        for seat, cohort in db.execute(seats)
    )


def _roles_towards(db: Session, visitor: Visitor, trainee: Enrollment) -> frozenset[Role]:
    """What the visitor is to this trainee: a facilitator counts only if assigned, a fellow trainee is nothing."""
    roles = visitor.roles_in(trainee.cohort_id) & {Role.COORDINATOR}
    if trainee.user_id == visitor.user.id:
        roles |= {Role.TRAINEE}
    if any(is_assigned(db, seat, trainee) for seat in visitor.seats if seat.cohort_id == trainee.cohort_id):
        roles |= {Role.FACILITATOR}
    return roles


def is_assigned(db: Session, seat: Seat, trainee: Enrollment) -> bool:
    """Whether this facilitator answers for the trainee of the same cohort."""
    if seat.role is not Role.FACILITATOR:
        return False
    own = aliased(Enrollment)
    pair = select(Enrollment.id).join(own, own.cohort_id == Enrollment.cohort_id)
    theirs = pair.where(own.id == seat.id, Enrollment.id == trainee.id, answers_for(own.id, own.user_id))
    return db.scalar(theirs) is not None
