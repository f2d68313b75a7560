"""Companies and people, changed."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from trainer.accounts.models import Coordinator, Organization, User
from trainer.accounts.password_rules import normal_password
from trainer.accounts.passwords import hash_secret
from trainer.accounts.queries import password_of, user_with_address
from trainer.accounts.session_models import ClosedAccount, Password
from trainer.accounts.sessions import end_sessions


def add_organization(
    db: Session,
    name: str,
    *,
    now: datetime,
    time_zone: str = "Asia/Tokyo",
    language: str = "ja",
    holidays: str = "JP",
    closures: list[str] | None = None,
) -> Organization:
    """A new company; its name must not be taken. The caller gives it a key and commits."""
    organization = Organization(
        name=name, time_zone=time_zone, language=language, holidays=holidays, closures=closures or [], created_at=now
    )
    db.add(organization)
    db.flush()
    return organization


def ensure_person(db: Session, organization: Organization, *, name: str, email: str, now: datetime) -> User:
    """The person with this address, made if there is none; a known person keeps the name they have."""
    user = user_with_address(db, organization, email)
    if user is None:
        user = User(organization_id=organization.id, name=name, email=email.lower(), created_at=now)
        db.add(user)
        db.flush()
    return user


def ensure_coordinator(db: Session, organization: Organization, user: User, *, now: datetime) -> bool:
    """Make somebody a coordinator of the organization; False if they were one already."""
    known = select(Coordinator).where(Coordinator.organization_id == organization.id, Coordinator.user_id == user.id)
    if db.scalar(known) is not None:
        return False
    db.add(Coordinator(organization_id=organization.id, user_id=user.id, added_at=now))
    db.flush()
    return True


def set_password(db: Session, user: User, password: str, *, keep_session: int | None, now: datetime) -> None:
    """Store a password that the rules allow, and end every session but `keep_session`."""
    known = password_of(db, user)
    if known is None:
        known = Password(organization_id=user.organization_id, user_id=user.id)
        db.add(known)
    known.password_hash, known.set_at = hash_secret(normal_password(password)), now
    end_sessions(db, user, now=now, besides=keep_session)


def close_account(db: Session, user: User, *, now: datetime) -> None:
    """Let a leaver in no more: their sessions end at once, and no code is sent. Safe to repeat."""
    closed = select(ClosedAccount).where(
        ClosedAccount.organization_id == user.organization_id, ClosedAccount.user_id == user.id
    )
    if db.scalar(closed) is None:
        db.add(ClosedAccount(organization_id=user.organization_id, user_id=user.id, closed_at=now))
    end_sessions(db, user, now=now)


def reopen_account(db: Session, user: User) -> None:
    """Let somebody in again whose account was closed."""
    db.execute(
        delete(ClosedAccount).where(
            ClosedAccount.organization_id == user.organization_id, ClosedAccount.user_id == user.id
        )
    )
