"""Where each trainee stands, and a cohort's numbers, kept current by whatever changes them: a board only reads."""

from datetime import date

from sqlalchemy import Boolean, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from trainer.cohorts.models import SeatStatus, words_of
from trainer.cohorts.standing_rules import COMPLETE
from trainer.db import Base, Id, OfOrganization, belongs_to

NOT_DONE = f"finished <> {COMPLETE}"


def _index_of_some(name: str, *, sqlite: str, postgresql: str) -> Index:
    """Some standings of a cohort by reading, so that a few of very many are found at once."""
    columns = ("cohort_id", "reading", "enrollment_id")
    return Index(f"ix_standings_{name}", *columns, sqlite_where=text(sqlite), postgresql_where=text(postgresql))


class Standing(OfOrganization, Base):
    """One trainee's seat as a board shows, sorts and filters it; it follows from other tables, and can be made anew."""

    __tablename__ = "standings"
    __table_args__ = (
        belongs_to("cohorts", "cohort_id", ondelete="CASCADE"),
        belongs_to("enrollments", "enrollment_id", ondelete="CASCADE"),
        UniqueConstraint("enrollment_id"),
        Index("ix_standings_reading", "cohort_id", "reading", "enrollment_id"),
        Index("ix_standings_department", "cohort_id", "department", "reading", "enrollment_id"),
        Index("ix_standings_group", "cohort_id", "group_name", "reading", "enrollment_id"),
        Index("ix_standings_due", "cohort_id", "due_on"),
        Index("ix_standings_status", "cohort_id", "status", "reading", "enrollment_id"),
        _index_of_some("not_done", sqlite=NOT_DONE, postgresql=NOT_DONE),
        _index_of_some("no_address", sqlite="has_address = 0", postgresql="NOT has_address"),
    )

    cohort_id: Mapped[int] = mapped_column(Id)
    enrollment_id: Mapped[int] = mapped_column(Id)
    status: Mapped[SeatStatus] = mapped_column(words_of(SeatStatus))
    finished: Mapped[int]  # a bit for each step, in the order of STEPS
    due_on: Mapped[date | None]  # the earliest due date of a step that is left; the workshop has none
    step: Mapped[str | None] = mapped_column(String(20))  # the one that is due then
    has_address: Mapped[bool] = mapped_column(Boolean)
    reading: Mapped[str] = mapped_column(String(200))  # what names are sorted by
    department: Mapped[str] = mapped_column(String(200))
    group_name: Mapped[str] = mapped_column(String(200))


class Tally(OfOrganization, Base):
    """How many standings of a cohort have something in common."""

    __tablename__ = "tallies"
    __table_args__ = (
        belongs_to("cohorts", "cohort_id", ondelete="CASCADE"),
        UniqueConstraint("cohort_id", "kind", "key"),
    )

    cohort_id: Mapped[int] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(200))
    count: Mapped[int]
