"""Server-side sessions: opened with a random handle, found by its hash, ended everywhere at once."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import Row, Select, exists, select, update
from sqlalchemy.orm import Session

from trainer.accounts.models import Organization, User
from trainer.accounts.rules import SEEN_EVERY
from trainer.accounts.session_models import ClosedAccount, UserSession
from trainer.db import Database

HANDLE_BYTES = 32


def new_handle() -> str:
    """256 random bits as text, for a cookie; the database gets only `hash_of` it."""
    return secrets.token_urlsafe(HANDLE_BYTES)


def hash_of(handle: str) -> bytes:
    """What is stored of a handle; it is random enough to need no salt."""
    return hashlib.sha256(handle.encode()).digest()


def open_session(db: Session, user: User, *, browser: str, opened_by: str, now: datetime) -> str:
    """A new session of a person; gives its handle, which is stored nowhere. The caller commits."""
    handle = new_handle()
    db.add(
        UserSession(
            organization_id=user.organization_id,
            handle_hash=hash_of(handle),
            user_id=user.id,
            browser=browser,
            opened_by=opened_by,
            created_at=now,
            seen_at=now,
        )
    )
    known = update(User).where(User.organization_id == user.organization_id, User.id == user.id)
    db.execute(known.values(signed_in_at=now), execution_options={"synchronize_session": "fetch"})
    db.flush()
    return handle


def find_session(db: Session, handle: str) -> Row[UserSession, User, Organization] | None:
    """The session of a handle with its person and company, unless it was ended or the account is closed."""
    closed = exists().where(ClosedAccount.user_id == User.id, ClosedAccount.organization_id == User.organization_id)
    found = (
        select(UserSession, User, Organization)
        .join(User, (User.id == UserSession.user_id) & (User.organization_id == UserSession.organization_id))
        .join(Organization, Organization.id == UserSession.organization_id)
        .where(UserSession.handle_hash == hash_of(handle), UserSession.ended_at.is_(None), ~closed)
    )
    return db.execute(found).first()


def sessions_of(user: User) -> Select[UserSession]:
    """The sessions of a person that were not ended, the last used first; some may be over by themselves."""
    return (
        select(UserSession)
        .where(
            UserSession.organization_id == user.organization_id,
            UserSession.user_id == user.id,
            UserSession.ended_at.is_(None),
        )
        .order_by(UserSession.seen_at.desc(), UserSession.id.desc())
    )


def end_sessions(db: Session, user: User, *, now: datetime, besides: int | None = None) -> int:
    """End every session of a person, or all but the one with the id `besides`; gives how many ended."""
    ending = [session for session in db.scalars(sessions_of(user)) if session.id != besides]
    for session in ending:
        session.ended_at = now
    db.flush()
    return len(ending)


def note_use(database: Database, session: UserSession, now: datetime) -> None:
    """Remember that a session is in use, at most once a minute, in a transaction of its own."""
    if now - session.seen_at < SEEN_EVERY:
        return
    used = update(UserSession).where(UserSession.id == session.id, UserSession.seen_at < now)
    with database.session() as db:
        db.execute(used.values(seen_at=now))
        db.commit()
