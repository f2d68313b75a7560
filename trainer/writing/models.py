"""Drafts as they were typed, the versions that lost to a newer one, and who read whose text."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id, OfOrganization, belongs_to, owned_by_organization
from trainer.sealed import Sealed


class Draft(OfOrganization, Base):
    """What a seat has typed into one form so far, unfinished and unchecked: one row for each form it may fill in."""

    __tablename__ = "drafts"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("enrollments", "enrollment_id", ondelete="CASCADE"),
        UniqueConstraint("enrollment_id", "form"),
    )

    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4, unique=True)
    enrollment_id: Mapped[int] = mapped_column(Id)
    form: Mapped[str] = mapped_column(String(20))  # the step it belongs to: plan, reflection1, reflection2
    revision: Mapped[int]  # counts up with each save, so that a save on top of an older one is noticed
    words = Sealed("words")  # JSON: [[name, value], ...] in the order of the form
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    saved_at: Mapped[datetime]


class DraftCopy(OfOrganization, Base):
    """What was typed on top of an older revision: kept beside the draft until its writer chooses one of them."""

    __tablename__ = "draft_copies"
    __table_args__ = (belongs_to("drafts", "draft_id", ondelete="CASCADE"), UniqueConstraint("draft_id", "based_on"))

    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4, unique=True)
    draft_id: Mapped[int] = mapped_column(Id)
    based_on: Mapped[int]  # the revision that its writer saw when beginning to type
    words = Sealed("words")
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    saved_at: Mapped[datetime]


class Reading(OfOrganization, Base):
    """Somebody opened another person's text: told to its writer, by day."""

    __tablename__ = "readings"
    __table_args__ = (
        belongs_to("enrollments", "enrollment_id", ondelete="CASCADE"),
        belongs_to("users", "reader_id"),
        UniqueConstraint("enrollment_id", "text", "reader_id"),
    )

    enrollment_id: Mapped[int] = mapped_column(Id)  # the writer's seat
    text: Mapped[str] = mapped_column(String(20))  # the step whose text it was
    reader_id: Mapped[int] = mapped_column(Id)
    first_read_at: Mapped[datetime]
    last_read_at: Mapped[datetime]
