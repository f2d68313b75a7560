"""What the account page shows and does with sessions and passwords."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from trainer.accounts.password_rules import normal_password
from trainer.accounts.passwords import is_right
from trainer.accounts.queries import password_of
from trainer.accounts.rules import is_over
from trainer.accounts.sessions import end_sessions, sessions_of
from trainer.accounts.visitor import Visitor
from trainer.audit import Act, record


@dataclass(frozen=True)
class OpenSession:
    """One session as its owner sees it."""

    uid: UUID
    browser: str
    created_at: datetime
    seen_at: datetime
    is_this_one: bool


def open_sessions(db: Session, visitor: Visitor, now: datetime) -> Sequence[OpenSession]:
    """The sessions in which this person is signed in now, the last used first."""
    return [
        OpenSession(
            uid=session.uid,
            browser=session.browser,
            created_at=session.created_at,
            seen_at=session.seen_at,
            is_this_one=session.id == visitor.session.id,
        )
        for session in db.scalars(sessions_of(visitor.user))
        if not is_over(session.created_at, session.seen_at, visitor.limits(), now)
    ]


def end_one(db: Session, visitor: Visitor, uid: UUID, *, now: datetime) -> bool:
    """End one of the person's own sessions; False when there is none of this uid. The caller commits."""
    ending = [session for session in db.scalars(sessions_of(visitor.user)) if session.uid == uid]
    for session in ending:
        session.ended_at = now
        _record_end(db, visitor, now, uid)
    return bool(ending)


def end_others(db: Session, visitor: Visitor, *, now: datetime) -> None:
    """End every session of the person but this one. The caller commits."""
    end_sessions(db, visitor.user, now=now, besides=visitor.session.id)
    _record_end(db, visitor, now, None)


def present_password_is_wrong(db: Session, visitor: Visitor, typed: str) -> bool:
    """Whether the present password is asked for, and this is not it.

    Who came by a mailed code has just proved more than the password would; so a forgotten one is replaced.
    """
    present = password_of(db, visitor.user)
    if present is None or visitor.session.opened_by != "password":
        return False
    return not is_right(present.password_hash, normal_password(typed))


def own_words(visitor: Visitor) -> list[str]:
    """What nobody's password may be made of: the names of the company, of the person and of their address."""
    user, organization = visitor.user, visitor.organization
    address = (user.email or "").replace("@", " ").replace(".", " ")
    words = [organization.name, user.name, user.name_reading, user.department, user.employee_number or "", address]
    return [word for word in words if word]


def _record_end(db: Session, visitor: Visitor, now: datetime, uid: UUID | None) -> None:
    record(
        db,
        Act.END_SESSION,
        now=now,
        organization_id=visitor.organization.id,
        actor_uid=visitor.user.uid,
        object_kind="session",
        object_uid=uid,
    )
