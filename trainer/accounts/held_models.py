"""Addresses that somebody else changed for a person, and that receive no sign-in code for a while."""

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id, OfOrganization, belongs_to

NOT_TOLD = "told_at IS NULL"


class HeldAddress(OfOrganization, Base):
    """A new address of somebody who has signed in before: whoever reads there may not be that person."""

    __tablename__ = "held_addresses"
    __table_args__ = (
        belongs_to("users", "user_id", ondelete="CASCADE"),
        Index("ix_held_addresses_user", "user_id"),
        Index("ix_held_addresses_to_tell", "id", postgresql_where=text(NOT_TOLD), sqlite_where=text(NOT_TOLD)),
    )

    user_id: Mapped[int] = mapped_column(Id)
    old_address: Mapped[str | None] = mapped_column(String(254))
    address: Mapped[str] = mapped_column(String(254))
    changed_at: Mapped[datetime]
    held_until: Mapped[datetime]
    told_at: Mapped[datetime | None]  # when the old address was written to
    confirmed_at: Mapped[datetime | None]  # the person has said that the new one is theirs
