"""Who was at the workshop: finishes that step for one person or for all at once, and takes it back exactly."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.cohorts.actions import mark_to_plan, take_turns
from trainer.cohorts.change_models import ChangeByHand
from trainer.cohorts.models import Cohort, Enrollment, FinishedStep
from trainer.cohorts.standings import refresh_standings

STEP = "workshop"
KIND = "attend"


def note_attendance(
    db: Session, cohort: Cohort, seats: Select[Enrollment], *, by: User, reason: str, now: datetime
) -> Sequence[Enrollment]:
    """Finish the workshop for these seats; gives those for whom it was not finished yet. The caller commits."""
    take_turns(db, cohort)
    done = select(FinishedStep.enrollment_id).where(
        FinishedStep.organization_id == cohort.organization_id, FinishedStep.step == STEP
    )
    left = db.scalars(seats.where(Enrollment.id.not_in(done))).all()
    if not left:
        return []
    of = {"organization_id": cohort.organization_id}
    finished = {"step": STEP, "finished_at": now, "reason": reason, "finished_by_id": by.id}
    db.execute(insert(FinishedStep), [{**of, "enrollment_id": seat.id, **finished} for seat in left])
    after = {"finished_at": now.astimezone(UTC).isoformat(), "reason": reason, "finished_by_id": by.id}
    told = {"cohort_id": cohort.id, "kind": KIND, "facet": f"finished:{STEP}", "before": {}, "after": after}
    made = {"reason": "", "done_at": now, "done_by_id": by.id}
    db.execute(insert(ChangeByHand), [{**of, "enrollment_id": seat.id, **told, **made} for seat in left])
    mark_to_plan(db, cohort)
    refresh_standings(db, cohort, [seat.id for seat in left])
    return left


def undo_attendance(db: Session, cohort: Cohort, change: ChangeByHand, *, now: datetime) -> int:
    """Take back what was noted together with this change, where it still stands; gives for how many it was."""
    take_turns(db, cohort)
    together = _noted_with(cohort, change)
    still_so = delete(FinishedStep).where(
        FinishedStep.organization_id == cohort.organization_id,
        FinishedStep.enrollment_id.in_(together.with_only_columns(ChangeByHand.enrollment_id)),
        FinishedStep.step == STEP,
        FinishedStep.finished_at == change.done_at,
        FinishedStep.finished_by_id == change.done_by_id,
    )
    gone = db.scalars(still_so.returning(FinishedStep.enrollment_id)).all()
    if gone:
        rows = {seat: number for number, seat in db.execute(together)}
        undone = [{"id": rows[seat], "undone_at": now} for seat in gone]
        db.execute(update(ChangeByHand), undone)
        mark_to_plan(db, cohort)
        refresh_standings(db, cohort, gone)
    return len(gone)


def last_attendance(db: Session, cohort: Cohort, by: User) -> ChangeByHand | None:
    """What this person noted last and has not taken back."""
    changes = select(ChangeByHand).where(
        ChangeByHand.cohort_id == cohort.id,
        ChangeByHand.kind == KIND,
        ChangeByHand.done_by_id == by.id,
        ChangeByHand.undone_at.is_(None),
    )
    return db.scalar(changes.order_by(ChangeByHand.id.desc()).limit(1))


def _noted_with(cohort: Cohort, change: ChangeByHand) -> Select[*tuple[int, int | None]]:
    """(change, seat) of everything noted by the same person at the same instant that was not taken back."""
    return select(ChangeByHand.id, ChangeByHand.enrollment_id).where(
        ChangeByHand.organization_id == cohort.organization_id,
        ChangeByHand.cohort_id == cohort.id,
        ChangeByHand.kind == KIND,
        ChangeByHand.done_at == change.done_at,
        ChangeByHand.done_by_id == change.done_by_id,
        ChangeByHand.undone_at.is_(None),
    )
