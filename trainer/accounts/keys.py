"""Which key ring belongs to a database, and a key for each of its organizations."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import Organization
from trainer.key_ring import KeyRing


def key_ring_of(db: Session, path: Path, master_key: bytes) -> KeyRing:
    """The ring of this database, made at first use. Raises KeyRingError if it is missing or another database's."""
    organizations = db.scalars(select(Organization.uid)).all()
    if not organizations:
        return KeyRing.open_or_create(path, master_key)
    ring = KeyRing.open(path, master_key)
    ring.refuse_if_foreign(organizations)
    return ring


def give_keys(db: Session, ring: KeyRing) -> None:
    """Give every organization of the session its key, before the caller commits the new ones."""
    for organization in db.scalars(select(Organization.uid)).all():
        ring.add_organization(organization)
