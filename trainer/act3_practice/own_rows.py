"""A person's own rows of their practice: reflections, experiments, changed measures, feedback, weeks off."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer import clock
from trainer.accounts.models import User
from trainer.accounts.own_rows import Rows, columns_of
from trainer.act3_practice.models import Experiment, Feedback, MeasureVersion, Reflection, Snooze
from trainer.cohorts.models import Enrollment

OF_FEEDBACK = ("words", "sent_at", "thanks", "thanked_at", "question", "asked_at", "answer", "answered_at")


def reflection_rows(db: Session, user: User) -> Rows:
    """What the seats of a person wrote and decided in ACT3, and what was answered to them; no draft of an answer."""
    arrived = (
        select(Feedback)
        .join(Reflection, Reflection.id == Feedback.reflection_id)
        .join(Enrollment, Enrollment.id == Reflection.enrollment_id)
        .where(Enrollment.user_id == user.id, Feedback.sent_at <= clock.now())  # else it may still be taken back
        .order_by(Feedback.id)
    )
    return {
        "reflections": _written(db, user, Reflection, "step", "mode", "audience", "measure_id", "submitted_at"),
        "experiments": _written(db, user, Experiment, "step", "measure_id", "planned_on", "decided_at"),
        "measure_versions": _written(db, user, MeasureVersion, "measure_id", "step", "change", "made_at"),
        "feedback": [columns_of(row, *OF_FEEDBACK) for row in db.scalars(arrived)],
        "snoozes": [columns_of(row, "step", "snoozed_at", "until_on") for row in _own(db, user, Snooze)],
    }


def _written(db: Session, user: User, model: Any, *columns: str) -> list[dict[str, Any]]:
    rows = _own(db, user, model)
    return [{**columns_of(row, *columns), "words": json.loads(row.words or "{}")} for row in rows]


def _own(db: Session, user: User, model: Any) -> list[Any]:
    rows = select(model).join(Enrollment, Enrollment.id == model.enrollment_id).where(Enrollment.user_id == user.id)
    return list(db.scalars(rows.order_by(model.id)))
