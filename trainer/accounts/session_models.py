"""The door's own tables: sessions, browsers on their way in, passwords, closed accounts, buckets of tries."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Float, Index, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id, OfOrganization, belongs_to, owned_by_organization


class UserSession(OfOrganization, Base):
    """One browser in which somebody is signed in; the cookie holds the handle, this row only its hash."""

    __tablename__ = "user_sessions"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("users", "user_id", ondelete="CASCADE"),
        Index("ix_user_sessions_user", "user_id"),
    )

    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4, unique=True)
    handle_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[int] = mapped_column(Id)
    browser: Mapped[str] = mapped_column(String(60), default="")
    opened_by: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignIn(Base):
    """One browser on its way in: the address it named, its code, where it wants to go. Belongs to no company yet."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    browser_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    address: Mapped[str] = mapped_column(String(254))
    code_hash: Mapped[str | None] = mapped_column(String(200))  # None: proved by password, only a choice is left
    tries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    user_ids: Mapped[list[Any]] = mapped_column(JSON, default=list)  # whom this browser has proved to be
    chosen_at: Mapped[datetime | None]
    target: Mapped[str] = mapped_column(String(500), default="")


class Password(OfOrganization, Base):
    """The password that somebody has set, as an argon2id hash."""

    __tablename__ = "passwords"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("users", "user_id", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "user_id"),
    )

    user_id: Mapped[int] = mapped_column(Id)
    password_hash: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime]


class ClosedAccount(OfOrganization, Base):
    """Somebody who may not sign in any more: a leaver. Taking the row away opens the account again."""

    __tablename__ = "closed_accounts"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("users", "user_id", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "user_id"),
    )

    user_id: Mapped[int] = mapped_column(Id)
    closed_at: Mapped[datetime]


class RateBucket(Base):
    """A bucket of tries, stored as the second (since 1970) at which it will be full again."""

    __tablename__ = "rate_buckets"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # a hash: no address and no network is kept
    full_at_seconds: Mapped[float] = mapped_column(Float)
