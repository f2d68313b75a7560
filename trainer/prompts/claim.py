"""Takes due letters for one process: leased for a while, or skipped with the reason, or put off to the send window."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, literal_column, select, update
from sqlalchemy.orm import Session

from trainer.cohorts.models import Cohort
from trainer.prompts.eligibility import DueLetter, Judgement, judge
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.rules import Reason
from trainer.prompts.timetables import Timetables
from trainer.prompts.workers import server_now

CLAIM = 200  # measured: more adds nothing, and widens what a crash leaves leased
FRESH = timedelta(minutes=15)  # a letter that waits longer is late, and gives way to those that are not
PROMPTS = cast(Table, Prompt.__table__)
P = PROMPTS.c
NO_LEASE = {"lease_token": None, "lease_until": None, "worker_id": None}


@dataclass(frozen=True)
class Lease:
    """The right of one process to some letters; `token` fences off whoever has lost it."""

    token: UUID
    worker: str
    seconds: float


@dataclass(frozen=True)
class Claim:
    """What came of one claim; `picked` 0 means that nothing is due."""

    picked: int
    letters: tuple[DueLetter, ...]
    skipped: int
    late: int  # how many of the picked had waited long


def claim(db: Session, now: datetime, *, limit: int, late_limit: int, lease: Lease, timetables: Timetables) -> Claim:
    """Take up to `limit` letters that are due at `now`, of which `late_limit` have waited long; the caller commits.

    First those in time, in their order, then the late ones, newest first. No row is taken by two processes.
    """
    too_late = _skip_what_is_too_late(db, now)
    picked, late = _pick(db, now, limit, late_limit)
    if not picked:
        return Claim(picked=too_late, letters=(), skipped=too_late, late=0)
    judgement = judge(db, picked, now, timetables)
    letters = _lease(db, judgement.letters, lease, now)
    skipped = _set_aside(db, judgement, now)
    return Claim(
        picked=too_late + len(picked),
        letters=letters,
        skipped=too_late + skipped,
        late=late,
    )


def release(
    db: Session, letters: Iterable[DueLetter], token: UUID, now: datetime, again_at: datetime | None = None
) -> None:
    """Give letters back that were claimed and not handed over: nothing has left, so it was no try.

    They are due as before, or at `again_at`. The caller commits.
    """
    given_back = update(PROMPTS).where(
        P.id.in_([letter.id for letter in letters]), in_state(PromptState.CLAIMED), P.lease_token == token
    )
    values = {"state": PromptState.PLANNED, "attempts": P.attempts - 1, "updated_at": now, **NO_LEASE}
    db.execute(given_back.values(values if again_at is None else {**values, "next_at": again_at}))


def prolong(db: Session, lease: Lease) -> bool:
    """Hold on to the letters of a lease for another while, by the server's clock; False if none is held any more."""
    held = update(PROMPTS).where(P.lease_token == lease.token, in_state(PromptState.CLAIMED, PromptState.HANDING))
    until = server_now(db, timedelta(seconds=lease.seconds))
    return db.execute(held.values(lease_until=until).returning(P.id)).first() is not None


def in_state(*states: PromptState) -> ColumnElement[bool]:
    """A condition on the state in the partial indexes' own words: a bound value would keep them from being used."""
    column: ColumnElement[str] = literal_column("prompts.state")
    words: list[ColumnElement[str]] = [literal_column(f"'{state.value}'") for state in states]
    return column == words[0] if len(words) == 1 else column.in_(words)


def _skip_what_is_too_late(db: Session, now: datetime) -> int:
    """After a long stop there may be many of them, so this is one statement."""
    due = select(P.id).where(in_state(PromptState.PLANNED), P.next_at <= now, P.not_after < now)
    chosen = due.with_for_update(skip_locked=True)
    return _skip(db, chosen, Reason.TOO_LATE, now)


def _pick(db: Session, now: datetime, limit: int, late_limit: int) -> tuple[list[int], int]:
    """The rows, locked for this transaction, and how many of them have waited long."""
    in_time = _due(now).where(P.due_at > now - FRESH).order_by(P.next_at, P.id).limit(limit)
    picked = list(db.scalars(in_time))
    room = min(limit - len(picked), late_limit)
    if room <= 0:
        return picked, 0
    late = list(db.scalars(_due(now).where(P.due_at <= now - FRESH).order_by(P.due_at.desc(), P.id).limit(room)))
    return picked + late, len(late)


def _due(now: datetime) -> Select[int]:
    """Nothing goes out for a cohort that has not started."""
    return (
        select(P.id)
        .join(Cohort, Cohort.id == P.cohort_id)
        .where(in_state(PromptState.PLANNED), P.next_at <= now, Cohort.started_at <= now)
        .with_for_update(skip_locked=True, of=PROMPTS)
    )


def _lease(db: Session, letters: Sequence[DueLetter], lease: Lease, now: datetime) -> tuple[DueLetter, ...]:
    if not letters:
        return ()
    taken = update(PROMPTS).where(P.id.in_([letter.id for letter in letters]), in_state(PromptState.PLANNED))
    rows = db.execute(
        taken.values(
            state=PromptState.CLAIMED,
            lease_token=lease.token,
            lease_until=server_now(db, timedelta(seconds=lease.seconds)),
            worker_id=lease.worker,
            attempts=P.attempts + 1,
            updated_at=now,
        ).returning(P.id)
    )
    ids = set(rows.scalars())
    return tuple(letter for letter in letters if letter.id in ids)


def _set_aside(db: Session, judgement: Judgement, now: datetime) -> int:
    for opening, ids in judgement.put_off.items():
        waiting = update(PROMPTS).where(P.id.in_(ids), in_state(PromptState.PLANNED))
        db.execute(waiting.values(next_at=opening, updated_at=now))
    return sum(_skip(db, ids, reason, now) for reason, ids in judgement.skipped.items())


def _skip(db: Session, ids: Collection[int] | Select[int], reason: Reason, now: datetime) -> int:
    skipped = update(PROMPTS).where(P.id.in_(ids), in_state(PromptState.PLANNED))
    skipped = skipped.values(state=PromptState.SKIPPED, reason=reason.value, updated_at=now)
    return len(db.execute(skipped.returning(P.id)).all())
