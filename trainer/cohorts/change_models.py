"""What the office changed by hand, with what was before, so that it can be taken back exactly."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id, OfOrganization, belongs_to


class ChangeByHand(OfOrganization, Base):
    """One change of a seat or of a cohort's dates; `facet` names the part, `before` and `after` are how it stood."""

    __tablename__ = "changes_by_hand"
    __table_args__ = (
        belongs_to("cohorts", "cohort_id", ondelete="CASCADE"),
        belongs_to("enrollments", "enrollment_id", ondelete="CASCADE"),
        belongs_to("users", "done_by_id"),
        Index("ix_changes_by_hand_seat", "enrollment_id", "id"),
        Index("ix_changes_by_hand_cohort", "cohort_id", "id"),
    )

    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4, unique=True)
    cohort_id: Mapped[int] = mapped_column(Id)
    enrollment_id: Mapped[int | None] = mapped_column(Id)  # None: a change of the cohort's dates
    kind: Mapped[str] = mapped_column(String(20))
    facet: Mapped[str] = mapped_column(String(80))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(1000), default="")
    done_at: Mapped[datetime]
    done_by_id: Mapped[int] = mapped_column(Id)
    undone_at: Mapped[datetime | None]
