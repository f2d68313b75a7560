"""One's own rows as plain values: each slice says which of its rows and columns belong to the person."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.held_models import HeldAddress
from trainer.accounts.models import Coordinator, Organization, User
from trainer.accounts.queries import password_of
from trainer.accounts.session_models import UserSession

Rows = dict[str, list[dict[str, Any]]]
OwnRows = Callable[[Session, User], Rows]


def own_rows(db: Session, user: User, slices: Iterable[OwnRows]) -> Rows:
    """Everything the slices hold of a person, by table; a table of two slices would be a mistake, and raises."""
    found: Rows = {}
    for rows_of in slices:
        rows = rows_of(db, user)
        if not found.keys().isdisjoint(rows):
            raise ValueError("two slices give the same table")
        found |= rows
    return found


def account_rows(db: Session, user: User) -> Rows:
    """The person, their company's name, their sessions, and when they set a password."""
    sessions = select(UserSession).where(UserSession.user_id == user.id).order_by(UserSession.id)
    office = select(Coordinator).where(Coordinator.user_id == user.id)
    password = password_of(db, user)
    told = ("uid", "employee_number", "name", "name_reading", "email", "department", "language", "created_at")
    changes = select(HeldAddress).where(HeldAddress.user_id == user.id).order_by(HeldAddress.id)
    return {
        "organization": [columns_of(db.get_one(Organization, user.organization_id), "name", "time_zone", "language")],
        "users": [columns_of(user, *told, "signed_in_at")],
        "coordinators": [columns_of(row, "added_at") for row in db.scalars(office)],
        "held_addresses": [
            columns_of(row, "old_address", "address", "changed_at", "held_until", "confirmed_at")
            for row in db.scalars(changes)
        ],
        "passwords": [columns_of(password, "set_at")] if password else [],
        "user_sessions": [
            columns_of(row, "browser", "opened_by", "created_at", "seen_at", "ended_at") for row in db.scalars(sessions)
        ],
    }


def columns_of(row: object, *names: str) -> dict[str, Any]:
    """The named values of a row, as JSON can hold them; instants in UTC, ISO 8601."""
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return dict(value) if isinstance(value, Mapping) else value
