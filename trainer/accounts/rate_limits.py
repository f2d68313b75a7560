"""How often one may try: buckets in the database, so that all processes count together."""

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from trainer.accounts.session_models import RateBucket
from trainer.db import Database


@dataclass(frozen=True)
class Limit:
    """A bucket of `capacity` tries; one comes back every `seconds_each`."""

    name: str
    capacity: int
    seconds_each: float


# Per account AND network: who tries from elsewhere never locks the person out.
TRIES = Limit("tries", 20, 60)
# Per network: a whole company signs in behind one address on Monday morning, and what succeeds is given back.
TRIES_OF_NETWORK = Limit("tries of network", 300, 2)
LETTERS = Limit("letters", 5, 180)
# Per address, from everywhere: wide, since a narrow one would let a stranger keep somebody's code away.
LETTERS_TO_ADDRESS = Limit("letters to address", 30, 60)
LETTERS_OF_NETWORK = Limit("letters of network", 1000, 1)


class TooManyTriesError(TooManyRequests):
    """Somebody tried too often; `retry_after` says in how many seconds the next try is welcome."""


def take(database: Database, limit: Limit, *whose: str, now: datetime) -> None:
    """Take one try out of a bucket, in a transaction of its own; raises TooManyTriesError when it is empty."""
    seconds = now.timestamp()
    with database.session() as db:
        insert = postgresql.insert if not database.is_sqlite else sqlite.insert
        statement: Any = insert(RateBucket).values(key=_key(limit, whose), full_at_seconds=seconds + limit.seconds_each)
        filled = case((RateBucket.full_at_seconds > seconds, RateBucket.full_at_seconds), else_=seconds)
        statement = statement.on_conflict_do_update(
            index_elements=["key"],
            set_={"full_at_seconds": filled + limit.seconds_each},
            where=filled - seconds <= (limit.capacity - 1) * limit.seconds_each,
        ).returning(RateBucket.key)
        was_taken = db.execute(statement).first() is not None
        db.commit()
    if not was_taken:
        raise TooManyTriesError(retry_after=math.ceil(limit.seconds_each))


def give_back(db: Session, limit: Limit, *whose: str) -> None:
    """Put back a try that succeeded, within the caller's transaction."""
    bucket = db.get(RateBucket, _key(limit, whose))
    if bucket is not None:
        bucket.full_at_seconds -= limit.seconds_each


def forget_full_buckets(db: Session, now: datetime) -> None:
    """Delete the buckets that are full again: they say nothing any more. The caller commits."""
    db.execute(delete(RateBucket).where(RateBucket.full_at_seconds < now.timestamp()))


def _key(limit: Limit, whose: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join((limit.name, *whose)).encode()).hexdigest()
