"""Taking back a change of a cohort's dates: possible until the next letter has gone."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from trainer.cohorts.change_models import ChangeByHand
from trainer.cohorts.changes import still_applies
from trainer.cohorts.models import Cohort
from trainer.cohorts.queries import Schedule
from trainer.prompts.models import Prompt


def undoable_change(db: Session, schedule: Schedule, cohort: Cohort) -> ChangeByHand | None:
    """The last change of a cohort's dates, while it can be taken back; one query."""
    changes = select(ChangeByHand).where(
        ChangeByHand.cohort_id == cohort.id,
        ChangeByHand.enrollment_id.is_(None),
        ChangeByHand.undone_at.is_(None),
        ~_has_gone_since(cohort, ChangeByHand.done_at),
    )
    last = db.scalar(changes.order_by(ChangeByHand.id.desc()).limit(1))
    return last if last is not None and _stands(last, schedule) else None


def is_undoable(db: Session, cohort: Cohort, change: ChangeByHand) -> bool:
    """Whether the dates still stand as this change left them, and no letter has gone out since."""
    has_gone = db.scalar(select(_has_gone_since(cohort, change.done_at)))
    return not has_gone and still_applies(db, change, cohort, None)


def _has_gone_since(cohort: Cohort, since: datetime | Any) -> ColumnElement[bool]:
    """Whether a letter of the cohort has been handed over since an instant."""
    return exists().where(Prompt.cohort_id == cohort.id, or_(Prompt.sent_at > since, Prompt.handed_at > since))


def _stands(change: ChangeByHand, schedule: Schedule) -> bool:
    """Whether the days are those that the change made: what a page can tell without asking once more."""
    if change.facet == "days":
        return change.after == {"day1": schedule.day1.isoformat(), "day2": schedule.day2.isoformat()}
    by_hand = schedule.overrides.get(change.facet.partition(":")[2])
    return change.after.get("day_on") == (by_hand.isoformat() if by_hand else None)
