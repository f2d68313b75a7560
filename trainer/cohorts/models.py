"""A cohort, the seats in it, and what each seat has finished or was given."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Boolean, Enum, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id, OfOrganization, belongs_to, owned_by_organization
from trainer.permissions import Role


class SeatStatus(StrEnum):
    """Whether the person of a seat takes part at present."""

    ACTIVE = "active"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"


def words_of(kind: type[StrEnum]) -> Enum:
    """An enum stored as its own words, so that the table can be read."""
    return Enum(kind, native_enum=False, length=20, values_callable=lambda members: [one.value for one in members])


class Cohort(OfOrganization, Base):
    """People who share dates: two workshop days, from which all other dates are computed."""

    __tablename__ = "cohorts"
    __table_args__ = (*owned_by_organization(), UniqueConstraint("organization_id", "name"))

    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4, unique=True)
    name: Mapped[str] = mapped_column(String(200))
    program_version_id: Mapped[int] = mapped_column(ForeignKey("program_versions.id"))
    day1_on: Mapped[date]
    day2_on: Mapped[date]
    start_time: Mapped[time]
    prompt_time: Mapped[time]
    time_zone: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(5))
    holidays: Mapped[str] = mapped_column(String(10))
    closures: Mapped[list[Any]] = mapped_column(JSON, default=list)  # besides the organization's own
    venue: Mapped[str] = mapped_column(String(1000), default="")
    optional_letters: Mapped[list[Any]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    rehearsed_digest: Mapped[str | None] = mapped_column(String(64))  # of the dates that somebody has seen rehearsed
    rehearsed_at: Mapped[datetime | None]
    is_to_plan: Mapped[bool] = mapped_column(Boolean, default=True)  # something changed since letters were planned


class Group(OfOrganization, Base):
    """Some of a cohort's trainees who work together."""

    __tablename__ = "groups"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("cohorts", "cohort_id", ondelete="CASCADE"),
        UniqueConstraint("cohort_id", "name"),
    )

    cohort_id: Mapped[int] = mapped_column(Id)
    name: Mapped[str] = mapped_column(String(1000))


class Enrollment(OfOrganization, Base):
    """A seat: one person in one role in one cohort. A trainee's work hangs from it."""

    __tablename__ = "enrollments"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("cohorts", "cohort_id", ondelete="CASCADE"),
        belongs_to("users", "user_id"),
        belongs_to("users", "boss_id"),
        belongs_to("groups", "group_id"),
        UniqueConstraint("cohort_id", "user_id", "role"),
        Index("ix_enrollments_seats", "cohort_id", "role"),
    )

    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4, unique=True)
    cohort_id: Mapped[int] = mapped_column(Id)
    user_id: Mapped[int] = mapped_column(Id, index=True)
    role: Mapped[Role] = mapped_column(words_of(Role))
    status: Mapped[SeatStatus] = mapped_column(words_of(SeatStatus), default=SeatStatus.ACTIVE)
    group_id: Mapped[int | None] = mapped_column(Id)
    boss_id: Mapped[int | None] = mapped_column(Id)
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class FacilitatorGroup(OfOrganization, Base):
    """A group that a facilitator answers for; a facilitator without any answers for the whole cohort."""

    __tablename__ = "facilitator_groups"
    __table_args__ = (
        belongs_to("enrollments", "enrollment_id", ondelete="CASCADE"),
        belongs_to("groups", "group_id", ondelete="CASCADE"),
        UniqueConstraint("enrollment_id", "group_id"),
    )

    enrollment_id: Mapped[int] = mapped_column(Id)
    group_id: Mapped[int] = mapped_column(Id)


class DateOverride(OfOrganization, Base):
    """A date of the cohort that was set by hand and stands as given."""

    __tablename__ = "date_overrides"
    __table_args__ = (
        belongs_to("cohorts", "cohort_id", ondelete="CASCADE"),
        UniqueConstraint("cohort_id", "date_id"),
    )

    cohort_id: Mapped[int] = mapped_column(Id)
    date_id: Mapped[str] = mapped_column(String(60))
    day_on: Mapped[date]
    set_at: Mapped[datetime]


class Extension(OfOrganization, Base):
    """One seat's own due date for one step, who gave it and why."""

    __tablename__ = "extensions"
    __table_args__ = (
        belongs_to("enrollments", "enrollment_id", ondelete="CASCADE"),
        belongs_to("users", "given_by_id"),
        UniqueConstraint("enrollment_id", "step"),
    )

    enrollment_id: Mapped[int] = mapped_column(Id)
    step: Mapped[str] = mapped_column(String(20))
    due_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(1000))
    given_by_id: Mapped[int | None] = mapped_column(Id)
    given_at: Mapped[datetime]


class FinishedStep(OfOrganization, Base):
    """This seat finished this step, then; by whichever path."""

    __tablename__ = "finished_steps"
    __table_args__ = (
        belongs_to("enrollments", "enrollment_id", ondelete="CASCADE"),
        belongs_to("users", "finished_by_id"),
        UniqueConstraint("enrollment_id", "step"),
    )

    enrollment_id: Mapped[int] = mapped_column(Id)
    step: Mapped[str] = mapped_column(String(20))
    finished_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(1000), default="")  # why somebody else finished it for them
    finished_by_id: Mapped[int | None] = mapped_column(Id)


class Pause(OfOrganization, Base):
    """A time in which a seat gets no letters: a leave, an illness, a season of too much work."""

    __tablename__ = "pauses"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("enrollments", "enrollment_id", ondelete="CASCADE"),
        Index("ix_pauses_enrollment_id", "enrollment_id"),
    )

    enrollment_id: Mapped[int] = mapped_column(Id)
    paused_at: Mapped[datetime]
    resumed_at: Mapped[datetime | None]
