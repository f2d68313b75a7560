"""Companies, their people, and the office that plans for them."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, String, UniqueConstraint, Uuid, true
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id, OfOrganization, belongs_to, owned_by_organization


class Organization(Base):
    """A company: the wall around everything its people do and write."""

    __tablename__ = "organizations"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4, unique=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    time_zone: Mapped[str] = mapped_column(String(60), default="Asia/Tokyo")
    language: Mapped[str] = mapped_column(String(5), default="ja")
    holidays: Mapped[str] = mapped_column(String(10), default="JP")
    closures: Mapped[list[Any]] = mapped_column(JSON, default=list)  # "2027-04-30" or "2027-08-12/2027-08-16"
    created_at: Mapped[datetime]


class User(OfOrganization, Base):
    """A person in one organization; who works for two companies is two users with one address."""

    __tablename__ = "users"
    __table_args__ = (
        *owned_by_organization(),
        UniqueConstraint("organization_id", "employee_number"),
        UniqueConstraint("organization_id", "email"),
    )

    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4, unique=True)
    employee_number: Mapped[str | None] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    name_reading: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str | None] = mapped_column(String(254))
    department: Mapped[str] = mapped_column(String(1000), default="")
    language: Mapped[str | None] = mapped_column(String(5))  # None: the language of the cohort
    has_single_keys: Mapped[bool] = mapped_column(default=True, server_default=true())  # at the desks
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]  # the last time; sessions are forgotten after a while, this is not


class Coordinator(OfOrganization, Base):
    """Somebody of the organization's office: may create and see all its cohorts."""

    __tablename__ = "coordinators"
    __table_args__ = (
        *owned_by_organization(),
        belongs_to("users", "user_id", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "user_id"),
    )

    user_id: Mapped[int] = mapped_column(Id)
    added_at: Mapped[datetime]
