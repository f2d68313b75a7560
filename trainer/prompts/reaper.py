"""Takes letters back from processes that have died: planned again if nothing left, in doubt if it may have."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, true, update
from sqlalchemy.orm import Session

from trainer.cohorts.models import Cohort
from trainer.mail_outcomes import Outcome
from trainer.programs.queries import pack_of
from trainer.prompts.claim import NO_LEASE, PROMPTS, P, in_state
from trainer.prompts.consequences import wait
from trainer.prompts.models import Attempt, Prompt, PromptState
from trainer.prompts.workers import server_now

UNKNOWN = "unknown"  # the phase of a try whose process died
DIED = "The process that was handing the letter over ended without a word."


def reap(db: Session, now: datetime, *, spared: UUID | None) -> int:
    """Take back every lease that has run out by the server's clock; gives how many letters came into doubt.

    `spared` is our own lease: we live, and know better. The caller commits.
    """
    has_run_out = P.lease_until < server_now(db)
    return _take_back(db, has_run_out & (P.lease_token != spared) if spared else has_run_out, now)


def reap_all(db: Session, now: datetime) -> int:
    """Take back every lease: for the one process that may send, at its start, all others are dead."""
    return _take_back(db, true(), now)


def take_up_doubtful(db: Session, now: datetime, back_off: tuple[timedelta, ...]) -> int:
    """Plan again, with the same Message-ID, what was found in doubt before this turn, unless its letter holds.

    The first time at once, later with growing patience: a server that never answers must not get copies without end.
    What is not useful any more stays in doubt. The caller commits.
    """
    taken_up = [row for row in _doubtful(db, now) if not _holds(db, row)]
    for row in taken_up:
        again_at = now if row.attempts <= 1 else now + wait(back_off, row.attempts - 1)
        again = update(PROMPTS).where(P.id == row.id, in_state(PromptState.IN_DOUBT))
        db.execute(again.values(state=PromptState.PLANNED, next_at=again_at, updated_at=now))
    return len(taken_up)


def has_doubtful(db: Session, now: datetime) -> bool:
    """Whether the next turn would take something up that is in doubt."""
    return any(not _holds(db, row) for row in _doubtful(db, now))


def _take_back(db: Session, lost: ColumnElement[bool], now: datetime) -> int:
    claimed = update(PROMPTS).where(_is_free(PromptState.CLAIMED, lost))
    db.execute(claimed.values(state=PromptState.PLANNED, attempts=P.attempts - 1, updated_at=now, **NO_LEASE))
    handing = update(PROMPTS).where(_is_free(PromptState.HANDING, lost))
    handing = handing.values(state=PromptState.IN_DOUBT, lease_token=None, lease_until=None, updated_at=now)
    rows = db.execute(handing.returning(P.id, P.organization_id, P.attempts, P.handed_at, P.worker_id)).all()
    if rows:
        db.execute(insert(Attempt), [_attempt(row, now) for row in rows])
    return len(rows)


def _is_free(state: PromptState, lost: ColumnElement[bool]) -> ColumnElement[bool]:
    """A row that nobody is writing: a process that froze before its commit would keep all others waiting with it."""
    return P.id.in_(select(P.id).where(in_state(state), lost).with_for_update(skip_locked=True))


def _attempt(row: Any, now: datetime) -> dict[str, Any]:
    return {
        "organization_id": row.organization_id,
        "prompt_id": row.id,
        "number": row.attempts,
        "worker_id": row.worker_id or "",
        "started_at": row.handed_at or now,
        "ended_at": now,
        "phase": UNKNOWN,
        "code": None,
        "enhanced": "",
        "reply": DIED,
        "outcome": Outcome.IN_DOUBT.value,
    }


def _doubtful(db: Session, now: datetime) -> Sequence[Any]:
    columns = (Prompt.id, Prompt.letter, Prompt.attempts, Prompt.program_version_id, Cohort.language)
    doubtful = select(*columns).join(Cohort, Cohort.id == Prompt.cohort_id)
    return db.execute(doubtful.where(in_state(PromptState.IN_DOUBT), Prompt.not_after >= now)).all()


def _holds(db: Session, row: Any) -> bool:
    try:
        letter = pack_of(db, row.program_version_id, row.language).letter(row.letter)
    except KeyError:  # a letter nobody knows: a person has to look
        return True
    return letter.on_doubt == "hold"
