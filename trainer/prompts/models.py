"""The letters: one row for each, what happened at each try, and the processes that send them."""

from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import Enum, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id, OfOrganization, belongs_to, owned_by_organization


class PromptState(StrEnum):
    """What the machine is doing with a letter; the arcs between are in actions.py, and nowhere else."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    HANDING = "handing"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"


class Prompt(OfOrganization, Base):
    """One planned letter to one person; its text is made when it is sent."""

    __tablename__ = "prompts"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("cohorts", "cohort_id", ondelete="CASCADE"),
        belongs_to("enrollments", "enrollment_id", ondelete="CASCADE"),
        Index(
            "ix_prompts_due",
            "next_at",
            "id",
            postgresql_where=text("state = 'planned'"),
            sqlite_where=text("state = 'planned'"),
        ),
        Index(
            "ix_prompts_lease",
            "lease_until",
            postgresql_where=text("state IN ('claimed', 'handing')"),
            sqlite_where=text("state IN ('claimed', 'handing')"),
        ),
        Index(
            "ix_prompts_doubt",
            "id",
            postgresql_where=text("state = 'in_doubt'"),
            sqlite_where=text("state = 'in_doubt'"),
        ),
        Index("ix_prompts_seat", "enrollment_id", "letter"),
        Index("ix_prompts_day", "organization_id", "due_at"),
        Index("ix_prompts_ledger", "cohort_id", "local_date", "letter", "state", "id", "organization_id"),
        Index(
            "ix_prompts_open",
            "cohort_id",
            "due_at",
            postgresql_where=text("state IN ('planned', 'claimed', 'handing')"),
            sqlite_where=text("state IN ('planned', 'claimed', 'handing')"),
        ),
    )

    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4)
    cohort_id: Mapped[int] = mapped_column(Id)
    enrollment_id: Mapped[int] = mapped_column(Id)
    letter: Mapped[str] = mapped_column(String(60))
    step: Mapped[str | None] = mapped_column(String(20))
    occasion: Mapped[str] = mapped_column(String(60), default="")  # "" for a dated letter, else what left it
    idem_key: Mapped[str] = mapped_column(String(160), unique=True)  # seat + letter + occasion

    local_date: Mapped[date]  # the intent: this day and hour in this zone, by this version of the program
    local_time: Mapped[time]
    zone: Mapped[str] = mapped_column(String(60))
    program_version_id: Mapped[int] = mapped_column(Id)

    due_at: Mapped[datetime]
    next_at: Mapped[datetime]  # due_at, later the instant of the next try
    not_after: Mapped[datetime]
    state: Mapped[PromptState] = mapped_column(
        Enum(PromptState, native_enum=False, length=20, values_callable=lambda kind: [one.value for one in kind])
    )
    reason: Mapped[str | None] = mapped_column(String(40))
    attempts: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[UUID | None] = mapped_column(Uuid)
    lease_until: Mapped[datetime | None]
    worker_id: Mapped[str | None] = mapped_column(String(80))
    smtp_code: Mapped[int | None]
    smtp_reply: Mapped[str | None] = mapped_column(String(500))  # the relay's words, never the letter
    handed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    sent_to: Mapped[str | None] = mapped_column(String(254))  # the address then; the person's may be another by now
    updated_at: Mapped[datetime]


class Attempt(OfOrganization, Base):
    """One try to hand a letter over, and how it ended; never changed afterwards."""

    __tablename__ = "attempts"
    __table_args__ = (belongs_to("prompts", "prompt_id", ondelete="CASCADE"), Index("ix_attempts_prompt", "prompt_id"))

    prompt_id: Mapped[int] = mapped_column(Id)
    number: Mapped[int]
    worker_id: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    phase: Mapped[str] = mapped_column(String(20))
    code: Mapped[int | None]
    enhanced: Mapped[str] = mapped_column(String(20), default="")
    reply: Mapped[str] = mapped_column(String(500), default="")
    outcome: Mapped[str] = mapped_column(String(30))


class Address(OfOrganization, Base):
    """What relays said of an address; at a score of 4 it has bounced, and gets no letters until it is corrected."""

    __tablename__ = "addresses"
    __table_args__ = (
        *owned_by_organization(),
        UniqueConstraint("organization_id", "address"),
        Index(
            "ix_addresses_bounced",
            "organization_id",
            postgresql_where=text("score >= 4"),
            sqlite_where=text("score >= 4"),
        ),
    )

    address: Mapped[str] = mapped_column(String(254))
    score: Mapped[int] = mapped_column(default=0)
    suppressed_until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), default="")
    last_bounce_at: Mapped[datetime | None]


class OptOut(OfOrganization, Base):
    """Somebody asked not to get one kind of letter for their seat any more."""

    __tablename__ = "opt_outs"
    __table_args__ = (
        belongs_to("enrollments", "enrollment_id", ondelete="CASCADE"),
        UniqueConstraint("enrollment_id", "letter"),
    )

    enrollment_id: Mapped[int] = mapped_column(Id)
    letter: Mapped[str] = mapped_column(String(60))
    opted_out_at: Mapped[datetime]


class Worker(Base):
    """A process that sends letters, and the last sign of life it gave."""

    __tablename__ = "workers"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    host: Mapped[str] = mapped_column(String(200))
    process: Mapped[int]
    started_at: Mapped[datetime]
    heartbeat_at: Mapped[datetime]
    last_tick_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(500), default="")


class TaskRun(Base):
    """A task that is done exactly once per slot, whichever process comes first."""

    __tablename__ = "task_runs"

    task: Mapped[str] = mapped_column(String(120), primary_key=True)
    run_at: Mapped[datetime] = mapped_column(primary_key=True)
    worker_id: Mapped[str] = mapped_column(String(80))
    ended_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(String(500), default="")
