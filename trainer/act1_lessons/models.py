"""What a seat has watched, read and answered; and, per cohort, what was often missed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id, OfOrganization, belongs_to, owned_by_organization


class LessonProgress(OfOrganization, Base):
    """One seat and one lesson, from the moment it was opened."""

    __tablename__ = "lesson_progress"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("enrollments", "enrollment_id", ondelete="CASCADE"),
        UniqueConstraint("enrollment_id", "lesson_id"),
    )

    enrollment_id: Mapped[int] = mapped_column(Id)
    lesson_id: Mapped[str] = mapped_column(String(60))
    opened_at: Mapped[datetime]
    last_post_at: Mapped[datetime]  # a little later where a post was lent time, see rules.SLACK_MS
    segments: Mapped[list[Any]] = mapped_column(JSON, default=list)  # [start, end] in milliseconds, see rules.Segments
    position_ms: Mapped[int] = mapped_column(default=0)
    watched_share: Mapped[float] = mapped_column(default=0.0)  # of the film, so that a list need not count segments
    seen_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class QuestionAttempt(OfOrganization, Base):
    """A seat's first and last answer to a check question; what lay between is nobody's business."""

    __tablename__ = "question_attempts"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("enrollments", "enrollment_id", ondelete="CASCADE"),
        UniqueConstraint("enrollment_id", "question_id"),
    )

    enrollment_id: Mapped[int] = mapped_column(Id)
    lesson_id: Mapped[str] = mapped_column(String(60))
    question_id: Mapped[str] = mapped_column(String(60))
    first_option_id: Mapped[str] = mapped_column(String(60))
    first_correct: Mapped[bool]
    first_at: Mapped[datetime]
    last_option_id: Mapped[str] = mapped_column(String(60))
    last_correct: Mapped[bool]
    last_at: Mapped[datetime]


class QuestionCount(OfOrganization, Base):
    """How many of a cohort answered a question, and how many missed it at first, as of one day."""

    __tablename__ = "question_counts"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("cohorts", "cohort_id", ondelete="CASCADE"),
        UniqueConstraint("cohort_id", "question_id"),
    )

    cohort_id: Mapped[int] = mapped_column(Id)
    lesson_id: Mapped[str] = mapped_column(String(60))
    question_id: Mapped[str] = mapped_column(String(60))
    answered: Mapped[int]
    missed: Mapped[int]
    counted_on: Mapped[date]
