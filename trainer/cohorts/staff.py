"""Who answers for a cohort: facilitators, for all of it or for some groups, and the company's coordinators."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from trainer.accounts.actions import ensure_coordinator, ensure_person
from trainer.accounts.models import Coordinator, Organization, User
from trainer.cohorts.actions import mark_to_plan
from trainer.cohorts.models import Cohort, Enrollment, FacilitatorGroup, Group, SeatStatus
from trainer.cohorts.queries import seats_in_role
from trainer.cohorts.sentences import Refused
from trainer.i18n import gettext as _
from trainer.permissions import Role


def seat_staff(db: Session, cohort: Cohort, user: User, role: Role, *, now: datetime) -> Enrollment:
    """Somebody's seat as facilitator or coordinator of a cohort, made if there is none."""
    for seat in seats_in_role(db, cohort, role):
        if seat.user_id == user.id:
            return seat
    mark_to_plan(db, cohort)
    seat = Enrollment(
        organization_id=cohort.organization_id, cohort_id=cohort.id, user_id=user.id, role=role, added_at=now
    )
    db.add(seat)
    db.flush()
    return seat


def add_facilitator(db: Session, cohort: Cohort, *, name: str, email: str, now: datetime) -> Enrollment:
    """Let somebody answer for the whole cohort; who left comes back. Raises Refused for one of its trainees."""
    organization = db.get_one(Organization, cohort.organization_id)
    user = ensure_person(db, organization, name=name, email=email, now=now)
    trainees = seats_in_role(db, cohort, Role.TRAINEE)
    if any(seat.user_id == user.id and seat.status != SeatStatus.WITHDRAWN for seat in trainees):
        raise Refused(_("This person is a trainee of this cohort and cannot be a facilitator in it."))
    seat = seat_staff(db, cohort, user, Role.FACILITATOR, now=now)
    seat.status, seat.withdrawn_at = SeatStatus.ACTIVE, None
    return seat


def give_groups(db: Session, cohort: Cohort, seat: Enrollment, names: Iterable[str]) -> None:
    """Let a facilitator answer for these groups of the cohort only; with none, for the whole cohort."""
    db.execute(
        delete(FacilitatorGroup).where(
            FacilitatorGroup.organization_id == cohort.organization_id, FacilitatorGroup.enrollment_id == seat.id
        )
    )
    chosen = select(Group).where(Group.cohort_id == cohort.id, Group.name.in_(list(names)))
    for group in db.scalars(chosen):
        db.add(FacilitatorGroup(organization_id=seat.organization_id, enrollment_id=seat.id, group_id=group.id))
    mark_to_plan(db, cohort)


def remove_facilitator(db: Session, cohort: Cohort, seat: Enrollment, *, now: datetime) -> None:
    """Somebody does not answer for the cohort any more; what they wrote stays."""
    give_groups(db, cohort, seat, ())
    seat.status, seat.withdrawn_at = SeatStatus.WITHDRAWN, now
    db.flush()


def add_coordinator(db: Session, organization: Organization, *, name: str, email: str, now: datetime) -> User:
    """Let somebody of the office create and see all the company's cohorts."""
    user = ensure_person(db, organization, name=name, email=email, now=now)
    ensure_coordinator(db, organization, user, now=now)
    return user


def remove_coordinator(
    db: Session, organization: Organization, user: User, *, by: User, now: datetime
) -> tuple[User, list[Cohort]]:
    """Somebody leaves the office, and their coordinator's seats. Raises Refused for the last one.

    A cohort left without a coordinator would be without a digest: it goes to whoever removes them, or where they leave
    by themselves to the next of the office. Gives the person, and the cohorts that went to them.
    """
    of_office = select(Coordinator).where(Coordinator.organization_id == organization.id).order_by(Coordinator.id)
    rows = db.scalars(of_office).all()
    if len(rows) < 2:
        raise Refused(_("A company needs a coordinator. Add another person first."))
    staying = [row.user_id for row in rows if row.user_id != user.id]
    heir = db.get_one(User, by.id if by.id in staying else staying[0])
    for row in rows:
        if row.user_id == user.id:
            db.delete(row)
    left = _leave_coordinators_seats(db, user, now=now)
    for cohort in left:
        seat = seat_staff(db, cohort, heir, Role.COORDINATOR, now=now)
        seat.status, seat.withdrawn_at = SeatStatus.ACTIVE, None
    db.flush()
    return heir, left


def _leave_coordinators_seats(db: Session, user: User, *, now: datetime) -> list[Cohort]:
    """Withdraw them all; gives the cohorts in which no other coordinator's seat is left."""
    is_there = (Enrollment.role == Role.COORDINATOR) & (Enrollment.status != SeatStatus.WITHDRAWN)
    own = db.scalars(select(Enrollment).where(Enrollment.user_id == user.id, is_there)).all()
    for seat in own:
        seat.status, seat.withdrawn_at = SeatStatus.WITHDRAWN, now
    db.flush()
    cohorts = select(Cohort).where(Cohort.id.in_([seat.cohort_id for seat in own])).order_by(Cohort.day1_on, Cohort.id)
    others = select(Enrollment.id).where(Enrollment.cohort_id == Cohort.id, is_there)
    return list(db.scalars(cohorts.where(~others.exists())))
