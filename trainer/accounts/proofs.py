"""Whom a password proves, and the log of what proved nobody."""

from collections.abc import Sequence
from datetime import datetime

from trainer.accounts.models import User
from trainer.accounts.password_rules import normal_password
from trainer.accounts.passwords import hash_secret, is_outdated, is_right
from trainer.accounts.queries import password_of, users_with_address
from trainer.audit import Act, Result, record
from trainer.db import Database


def people_with_password(database: Database, address: str, password: str) -> list[User]:
    """The people with this address whose password this is; an unknown address takes as long as a known one.

    Nothing is locked while hashes are computed; a hash with weaker parameters is made anew.
    """
    password = normal_password(password)
    with database.reading() as db:
        known = [(user, password_of(db, user)) for user in db.scalars(users_with_address(address)).all()]
    stored = [(user, row) for user, row in known if row is not None]
    if not stored:
        is_right(None, password)
    right = [(user, row) for user, row in stored if is_right(row.password_hash, password)]
    for user, row in right:
        if is_outdated(row.password_hash):
            _store_hash(database, user, row.password_hash, hash_secret(password))
    return [user for user, _row in right]


def record_refusal(database: Database, address: str, *, purpose: str, now: datetime) -> None:
    """Put a refused sign-in into the log: at each person with this address, or at nobody."""
    with database.session() as db:
        users: Sequence[User | None] = db.scalars(users_with_address(address)).all() or [None]
        for user in users:
            record(
                db,
                Act.SIGN_IN,
                now=now,
                organization_id=user.organization_id if user else None,
                object_kind="user" if user else "",
                object_uid=user.uid if user else None,
                purpose=purpose,
                result=Result.REFUSED,
            )
        db.commit()


def _store_hash(database: Database, user: User, old: str, new: str) -> None:
    with database.session() as db:
        row = password_of(db, user)
        if row is not None and row.password_hash == old:
            row.password_hash = new
        db.commit()
