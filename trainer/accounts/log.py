"""What staff did, written into the log within the transaction of the act itself."""

from datetime import datetime
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from trainer.accounts.visitor import visitor_signed_in
from trainer.audit import Act, record
from trainer.db import Database
from trainer.permissions import Role


def note(db: Session, act: Act, kind: str, uid: UUID, *, now: datetime, role: Role = Role.COORDINATOR) -> None:
    """Put an act of the visitor into the log."""
    visitor = visitor_signed_in()
    record(
        db,
        act,
        now=now,
        organization_id=visitor.organization.id,
        actor_uid=visitor.user.uid,
        acting_role=role,
        object_kind=kind,
        object_uid=uid,
    )


def note_export(act: Act, kind: str, uid: UUID, *, now: datetime) -> None:
    """Put an export into the log before it leaves, in a session of its own: a page that is read cannot write."""
    database: Database = current_app.extensions["database"]
    with database.session() as db:
        note(db, act, kind, uid, now=now)
        db.commit()
