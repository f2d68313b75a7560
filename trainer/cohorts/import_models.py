"""What bringing in a roster leaves behind: the file between preview and confirmation, and how to undo it afterwards."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id, OfOrganization, belongs_to, owned_by_organization


class RosterUpload(OfOrganization, Base):
    """A roster that somebody looks at before it counts; gone after an hour, or when all of it was taken."""

    __tablename__ = "roster_uploads"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("cohorts", "cohort_id", ondelete="CASCADE"),
        belongs_to("users", "uploaded_by_id", ondelete="CASCADE"),
    )

    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4, unique=True)
    cohort_id: Mapped[int] = mapped_column(Id)
    uploaded_by_id: Mapped[int] = mapped_column(Id)
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    uploaded_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class RosterImport(OfOrganization, Base):
    """One roster, or one person by hand, that was brought in; `traces` is what undoing it needs, then nothing."""

    __tablename__ = "roster_imports"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("cohorts", "cohort_id", ondelete="CASCADE"),
        Index("ix_roster_imports_cohort", "cohort_id"),
    )

    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4, unique=True)
    cohort_id: Mapped[int] = mapped_column(Id)
    imported_at: Mapped[datetime]
    added: Mapped[int]
    changed: Mapped[int]
    traces: Mapped[dict[str, Any]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None]
