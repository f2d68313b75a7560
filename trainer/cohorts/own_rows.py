"""A person's own rows in the cohorts: their seats, what each of them finished or was given, and what was changed."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.accounts.own_rows import Rows, columns_of
from trainer.cohorts.change_models import ChangeByHand
from trainer.cohorts.models import Cohort, Enrollment, Extension, FinishedStep, Group, Pause


def cohort_rows(db: Session, user: User) -> Rows:
    """The seats of a person with the names of their cohorts and groups, finished steps, extensions, pauses, changes."""
    seats = db.execute(
        select(Enrollment, Cohort.name, Group.name)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .outerjoin(Group, Group.id == Enrollment.group_id)
        .where(Enrollment.user_id == user.id)
        .order_by(Enrollment.id)
    ).all()
    own = [seat.id for seat, _cohort, _group in seats]
    return {
        "seats": [
            {"cohort": cohort, "group": group, **columns_of(seat, "role", "status", "added_at", "withdrawn_at")}
            for seat, cohort, group in seats
        ],
        "finished_steps": _rows(db, FinishedStep, own, "step", "finished_at", "reason"),
        "extensions": _rows(db, Extension, own, "step", "due_on", "reason", "given_at"),
        "pauses": _rows(db, Pause, own, "paused_at", "resumed_at"),
        "changes_by_hand": _rows(db, ChangeByHand, own, "kind", "facet", "reason", "done_at", "undone_at"),
    }


def _rows(db: Session, model: Any, seats: list[int], *columns: str) -> list[dict[str, Any]]:
    found = db.scalars(select(model).where(model.enrollment_id.in_(seats)).order_by(model.id))
    return [columns_of(row, *columns) for row in found]
