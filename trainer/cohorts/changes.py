"""Changes by hand that can be taken back: remembered when they are made, undone exactly while they still stand."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.cohorts.actions import dates_have_changed, mark_to_plan, take_turns
from trainer.cohorts.change_models import ChangeByHand
from trainer.cohorts.facets import Facet, put_back, read_facet
from trainer.cohorts.models import Cohort, Enrollment
from trainer.cohorts.standings import refresh_standing

SHOWN = 20


@contextmanager
def remembered(
    db: Session,
    cohort: Cohort,
    seat: Enrollment | None,
    *,
    kind: str,
    facet: Facet,
    by: User,
    now: datetime,
    reason: str = "",
) -> Iterator[list[ChangeByHand]]:
    """What the block changes of this part can be undone; the list then holds the one change, if there was any."""
    made: list[ChangeByHand] = []
    take_turns(db, cohort, seat)
    before = read_facet(db, facet, cohort, seat)
    yield made
    after = read_facet(db, facet, cohort, seat)
    if after != before:
        change = ChangeByHand(
            organization_id=cohort.organization_id,
            cohort_id=cohort.id,
            enrollment_id=seat.id if seat else None,
            kind=kind,
            facet=facet,
            before=before,
            after=after,
            reason=reason,
            done_at=now,
            done_by_id=by.id,
        )
        db.add(change)
        db.flush()
        made.append(change)


def still_applies(db: Session, change: ChangeByHand, cohort: Cohort, seat: Enrollment | None) -> bool:
    """Whether the part still stands as this change left it, so that taking it back takes back nothing else."""
    return change.undone_at is None and read_facet(db, change.facet, cohort, seat) == change.after


def undo(db: Session, change: ChangeByHand, cohort: Cohort, seat: Enrollment | None, *, now: datetime) -> bool:
    """Put back what was before a change, exactly; False, and nothing happens, if it does not apply any more."""
    take_turns(db, cohort, seat)
    db.refresh(change)
    if not still_applies(db, change, cohort, seat):
        return False
    mark_to_plan(db, cohort)
    put_back(db, change.facet, cohort, seat, change.before)
    change.undone_at = now
    if seat is None:
        dates_have_changed(db, cohort)
    else:
        refresh_standing(db, cohort, seat)
    return True


def changes_of_seat(db: Session, seat: Enrollment) -> Sequence[ChangeByHand]:
    """The newest changes of a seat, the last one first."""
    changes = select(ChangeByHand).where(ChangeByHand.enrollment_id == seat.id)
    return db.scalars(changes.order_by(ChangeByHand.id.desc()).limit(SHOWN)).all()


def changes_of_dates(db: Session, cohort: Cohort) -> Sequence[ChangeByHand]:
    """The newest changes of a cohort's dates, the last one first."""
    changes = select(ChangeByHand).where(ChangeByHand.cohort_id == cohort.id, ChangeByHand.enrollment_id.is_(None))
    return db.scalars(changes.order_by(ChangeByHand.id.desc()).limit(SHOWN)).all()


def change_of(db: Session, cohort: Cohort, uid: UUID) -> ChangeByHand | None:
    """A change of this cohort or of one of its seats."""
    return db.scalar(select(ChangeByHand).where(ChangeByHand.cohort_id == cohort.id, ChangeByHand.uid == uid))
