"""What staff did, written into the log within the transaction of the act itself."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from trainer.accounts.visitor import visitor_signed_in
from trainer.audit import Act, record
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
