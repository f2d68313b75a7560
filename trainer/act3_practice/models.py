"""Reflections, what each decided to try next, what became of the measures, and the answers to them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from trainer.cohorts.models import words_of
from trainer.db import Base, Id, OfOrganization, belongs_to, owned_by_organization
from trainer.permissions import Audience
from trainer.sealed import Sealed


class Mode(StrEnum):
    """Whether the whole form was filled in or the short one of the last days."""

    FULL = "full"
    EXPRESS = "express"


class Experiment(OfOrganization, Base):
    """The fourth stage of a turn: what a seat will try next, when, and what it expects; it opens the next turn."""

    __tablename__ = "experiments"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("enrollments", "enrollment_id", ondelete="CASCADE"),
        UniqueConstraint("enrollment_id", "step"),
    )

    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4, unique=True)
    enrollment_id: Mapped[int] = mapped_column(Id)
    step: Mapped[str] = mapped_column(String(20))  # the reflection that decided it
    measure_id: Mapped[str | None] = mapped_column(String(60))
    words = Sealed("words")  # JSON: {"when": ..., "then": ..., "prediction": ...}
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    planned_on: Mapped[date | None]
    decided_at: Mapped[datetime]


class Reflection(OfOrganization, Base):
    """One turn of Kolb's cycle, as submitted."""

    __tablename__ = "reflections"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("cohorts", "cohort_id", ondelete="CASCADE"),
        belongs_to("enrollments", "enrollment_id", ondelete="CASCADE"),
        belongs_to("experiments", "source_experiment_id"),
        UniqueConstraint("enrollment_id", "step"),
        Index("ix_reflections_queue", "cohort_id", "answered_at", "submitted_at", "id"),
    )

    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4, unique=True)
    cohort_id: Mapped[int] = mapped_column(Id)
    enrollment_id: Mapped[int] = mapped_column(Id)
    step: Mapped[str] = mapped_column(String(20))
    mode: Mapped[Mode] = mapped_column(words_of(Mode))
    audience: Mapped[Audience] = mapped_column(words_of(Audience))
    measure_id: Mapped[str | None] = mapped_column(String(60))  # the one written about
    source_experiment_id: Mapped[int | None] = mapped_column(Id)  # what the turn before decided to try
    words = Sealed("words")  # JSON: the answers by field
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    submitted_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]  # the first feedback was sent


class MeasureVersion(OfOrganization, Base):
    """A measure as a reflection changed it; the plan's own is the first version, and the old ones stay."""

    __tablename__ = "measure_versions"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("enrollments", "enrollment_id", ondelete="CASCADE"),
        UniqueConstraint("enrollment_id", "measure_id", "step"),
    )

    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4, unique=True)
    enrollment_id: Mapped[int] = mapped_column(Id)
    measure_id: Mapped[str] = mapped_column(String(60))
    step: Mapped[str] = mapped_column(String(20))  # the reflection that changed it
    change: Mapped[str] = mapped_column(String(20))  # the program's id: keep, smaller, bigger, replace, stop
    words = Sealed("words")  # JSON: the measure's answers by field
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]


class Feedback(OfOrganization, Base):
    """A facilitator's answer to a reflection: a draft until it is sent; the trainee may thank, and ask back once."""

    __tablename__ = "feedback"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("reflections", "reflection_id", ondelete="CASCADE"),
        belongs_to("users", "facilitator_id"),
        UniqueConstraint("reflection_id", "facilitator_id"),
        Index("ix_feedback_facilitator_id", "facilitator_id", "saved_at"),
    )

    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4, unique=True)
    reflection_id: Mapped[int] = mapped_column(Id)
    facilitator_id: Mapped[int] = mapped_column(Id)
    words = Sealed("words")
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    saved_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    thanks = Sealed("thanks")
    thanks_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    thanked_at: Mapped[datetime | None]
    question = Sealed("question")
    question_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    asked_at: Mapped[datetime | None]
    answer = Sealed("answer")
    answer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_at: Mapped[datetime | None]


class Snooze(OfOrganization, Base):
    """A trainee asked to be left alone with one step for a week, once."""

    __tablename__ = "snoozes"
    __table_args__ = (
        belongs_to("enrollments", "enrollment_id", ondelete="CASCADE"),
        UniqueConstraint("enrollment_id", "step"),
    )

    enrollment_id: Mapped[int] = mapped_column(Id)
    step: Mapped[str] = mapped_column(String(20))
    snoozed_at: Mapped[datetime]
    until_on: Mapped[date]
