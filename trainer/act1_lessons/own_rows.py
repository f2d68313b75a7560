"""A person's own rows in the lessons: what they watched, read and answered."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.accounts.own_rows import Rows, columns_of
from trainer.act1_lessons.models import LessonProgress, QuestionAttempt
from trainer.cohorts.models import Enrollment


def lesson_rows(db: Session, user: User) -> Rows:
    """The lessons of all seats of a person, and their first and last answers."""
    return {
        "lesson_progress": _rows(
            db, user, LessonProgress, "lesson_id", "opened_at", "watched_share", "seen_at", "read_at", "finished_at"
        ),
        "question_attempts": _rows(
            db, user, QuestionAttempt, "question_id", "first_option_id", "first_at", "last_option_id", "last_at"
        ),
    }


def _rows(db: Session, user: User, model: Any, *columns: str) -> list[dict[str, Any]]:
    rows = (
        select(model)
        .join(Enrollment, Enrollment.id == model.enrollment_id)
        .where(Enrollment.user_id == user.id)
        .order_by(model.id)
    )
    return [columns_of(row, *columns) for row in db.scalars(rows)]
