"""A seat's action plan with its versions, the answers to it, and the pieces of work on its sharing map."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Boolean, Index, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from trainer.act2_workshop.rules import PlanState
from trainer.cohorts.models import words_of
from trainer.db import Base, Id, OfOrganization, belongs_to, owned_by_organization
from trainer.permissions import Audience
from trainer.sealed import Sealed


class Decision(StrEnum):
    """What a facilitator answers; the words for each are the program's."""

    CONFIRM = "confirm"
    CONFIRM_WITH_COMMENT = "confirm_with_comment"
    RETURN = "return"


class Wave(StrEnum):
    """When a level on the sharing map was marked; the target is what the plan aims at."""

    BEFORE = "before"
    REFLECTION1 = "reflection1"
    REFLECTION2 = "reflection2"
    TARGET = "target"


class Plan(OfOrganization, Base):
    """One seat's action plan: its state and who may read it; its words lie in the draft and in the versions."""

    __tablename__ = "plans"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("cohorts", "cohort_id", ondelete="CASCADE"),
        belongs_to("enrollments", "enrollment_id", ondelete="CASCADE"),
        UniqueConstraint("enrollment_id"),
    )

    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4, unique=True)
    cohort_id: Mapped[int] = mapped_column(Id)
    enrollment_id: Mapped[int] = mapped_column(Id)
    state: Mapped[PlanState] = mapped_column(words_of(PlanState), default=PlanState.DRAFT)
    audience: Mapped[Audience] = mapped_column(words_of(Audience))
    version: Mapped[int] = mapped_column(default=0)  # the last one submitted; 0 while none was
    submitted_at: Mapped[datetime | None]  # the present version
    opened_at: Mapped[datetime | None]  # by a facilitator, since then
    warnings: Mapped[int] = mapped_column(default=0)  # automatic checks that want a look, in the present version
    decided_at: Mapped[datetime | None]  # an answer waits for its release, or was released


# in the order of the queue, with all that is asked of a plan before it is read
Index(
    "ix_plans_queue",
    *(Plan.cohort_id, Plan.state, Plan.warnings.desc(), Plan.submitted_at, Plan.id),
    *(Plan.decided_at, Plan.audience, Plan.enrollment_id),
)


class PlanVersion(OfOrganization, Base):
    """A plan as it was submitted; never changed afterwards."""

    __tablename__ = "plan_versions"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("plans", "plan_id", ondelete="CASCADE"),
        UniqueConstraint("plan_id", "version"),
    )

    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4, unique=True)
    plan_id: Mapped[int] = mapped_column(Id)
    version: Mapped[int]
    words = Sealed("words")  # JSON: see plan_words.PlanWords
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    keep_as_is = Sealed("keep_as_is")  # why the trainee goes on without a change after a question
    keep_as_is_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    checks: Mapped[list[Any]] = mapped_column(JSON, default=list)  # [{"check": "k3", "measure": "m1"}]: codes, no words
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # {"tasks": [...], "resistances": [...]}: codes
    first_step_on: Mapped[date | None]  # the earliest; a day and no word, so that a letter can follow it
    submitted_at: Mapped[datetime]


class PlanReview(OfOrganization, Base):
    """A facilitator's answer to one version: a draft, then decided, then released to the trainee."""

    __tablename__ = "plan_reviews"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("plans", "plan_id", ondelete="CASCADE"),
        belongs_to("users", "facilitator_id"),
        UniqueConstraint("plan_id", "version", "facilitator_id"),
        Index("ix_plan_reviews_facilitator_id", "facilitator_id", "saved_at"),
        Index("ix_plan_reviews_to_release", "released_at", "decided_at"),
    )

    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4, unique=True)
    plan_id: Mapped[int] = mapped_column(Id)
    version: Mapped[int]
    facilitator_id: Mapped[int] = mapped_column(Id)
    decision: Mapped[Decision | None] = mapped_column(words_of(Decision))
    comments = Sealed("comments")  # JSON: [{"bank": "cm4" or null, "text": "..."}]
    comments_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    is_starred: Mapped[bool] = mapped_column(Boolean, default=False)  # for the facilitator alone
    saved_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]  # from then on the trainee sees it, and its letter is planned


class MapPoint(OfOrganization, Base):
    """One piece of management work of a seat: at which level it was entrusted then, and who carried it."""

    __tablename__ = "map_points"
    __table_args__ = (
        belongs_to("enrollments", "enrollment_id", ondelete="CASCADE"),
        UniqueConstraint("enrollment_id", "task_id", "wave"),
    )

    enrollment_id: Mapped[int] = mapped_column(Id)
    task_id: Mapped[str] = mapped_column(String(60))
    wave: Mapped[Wave] = mapped_column(words_of(Wave))
    level: Mapped[int]
    carrier: Mapped[str] = mapped_column(String(60))
    marked_at: Mapped[datetime]


class PlanCount(OfOrganization, Base):
    """How many plans of a cohort name a piece of work or expect a resistance, as of one day; from 5 on only."""

    __tablename__ = "plan_counts"
    __table_args__ = (
        belongs_to("cohorts", "cohort_id", ondelete="CASCADE"),
        UniqueConstraint("cohort_id", "kind", "code"),
    )

    cohort_id: Mapped[int] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(20))  # tasks or resistances
    code: Mapped[str] = mapped_column(String(60))
    plans: Mapped[int]
    counted_on: Mapped[date]
