"""What became of letters that were handed over, written down: their states, each try, and what it says of addresses."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Integer, String, Update, bindparam, func, insert, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from trainer.db import UTCDateTime
from trainer.mail_outcomes import Handed, one_line
from trainer.prompts.bounces import count_against
from trainer.prompts.claim import PROMPTS, P, in_state
from trainer.prompts.consequences import UNWRITTEN, Earlier, Fate, fate_of
from trainer.prompts.eligibility import DueLetter
from trainer.prompts.models import Attempt, PromptState

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tried:
    """One letter that was to be handed over, and how that ended; without `handed` and `error` nothing was tried."""

    letter: DueLetter
    address: str
    started_at: datetime
    ended_at: datetime
    handed: Handed | None = None
    error: Exception | None = None

    @property
    def is_untouched(self) -> bool:
        return self.handed is None and self.error is None

    @property
    def outcome(self) -> str:
        return self.handed.outcome.value if self.handed else UNWRITTEN


@dataclass(frozen=True)
class Record:
    """Whose results are written, at which instant, and how patient the sender is."""

    token: UUID
    worker: str
    now: datetime
    back_off: tuple[timedelta, ...]


def record(db: Session, results: Sequence[Tried], how: Record) -> Counter[PromptState]:
    """Write results down, one row of `attempts` for each try; gives how many letters came into which state.

    The caller commits. A row whose lease was lost meanwhile is not overwritten: that is logged.
    """
    earlier = _earlier(db, results)
    fates = [(one, _fate(one, earlier, how)) for one in results]
    changes = [_values(one, fate, how) for one, fate in fates]
    written = cast("CursorResult[Any]", db.execute(_result_statement(), changes))
    if written.rowcount != len(results):
        ids = [one.letter.id for one in results]
        log.warning("%s of the results of letters %s came after the lease was lost", len(ids) - written.rowcount, ids)
    tries = [_attempt(one, how) for one in results if not one.is_untouched]
    if tries:
        db.execute(insert(Attempt), tries)
    for one, fate in fates:
        if fate.score:
            reply = one.handed.reply if one.handed else ""
            count_against(db, one.letter.organization_id, one.address, fate.score, reply, how.now)
    return Counter(fate.state for one, fate in fates if not one.is_untouched)


def _fate(one: Tried, earlier: dict[tuple[int, str], Earlier], how: Record) -> Fate:
    if one.is_untouched:
        return Fate(PromptState.PLANNED, is_a_try=False)
    return fate_of(
        one.handed.outcome if one.handed else None,
        attempts=one.letter.attempts,
        not_after=one.letter.not_after,
        earlier=earlier.get((one.letter.id, one.outcome), Earlier()),
        now=how.now,
        back_off=how.back_off,
    )


def _earlier(db: Session, results: Sequence[Tried]) -> dict[tuple[int, str], Earlier]:
    """(row, outcome) -> how often it ended so before; most letters go at once and are not asked about."""
    ids = [one.letter.id for one in results if one.error or (one.handed and one.handed.outcome.value != "sent")]
    if not ids:
        return {}
    counted = (
        select(Attempt.prompt_id, Attempt.outcome, func.count(), func.min(Attempt.started_at))
        .where(Attempt.prompt_id.in_(ids))
        .group_by(Attempt.prompt_id, Attempt.outcome)
    )
    return {(row, outcome): Earlier(times, first) for row, outcome, times, first in db.execute(counted)}


@cache
def _result_statement() -> Update:
    return (
        update(PROMPTS)
        .where(
            P.id == bindparam("prompt"),
            in_state(PromptState.HANDING),
            P.lease_token == bindparam("token"),
        )
        .values(
            state=bindparam("new_state", type_=P.state.type),
            next_at=func.coalesce(bindparam("again_at", type_=UTCDateTime()), P.next_at),
            attempts=P.attempts - bindparam("uncounted", type_=Integer()),
            sent_at=bindparam("sent", type_=UTCDateTime()),
            sent_to=bindparam("address", type_=String()),
            smtp_code=func.coalesce(bindparam("code", type_=Integer()), P.smtp_code),
            smtp_reply=func.coalesce(bindparam("reply", type_=String()), P.smtp_reply),
            lease_token=None,
            lease_until=None,
            updated_at=bindparam("now", type_=UTCDateTime()),
        )
    )


def _values(one: Tried, fate: Fate, how: Record) -> dict[str, Any]:
    return {
        "prompt": one.letter.id,
        "token": how.token,
        "new_state": fate.state,
        "again_at": fate.next_at,
        "uncounted": 0 if fate.is_a_try else 1,
        "sent": how.now if fate.state is PromptState.SENT else None,
        "address": one.address if fate.state is PromptState.SENT else None,
        "code": one.handed.code if one.handed else None,
        "reply": _words(one) if not one.is_untouched else None,
        "now": how.now,
    }


def _attempt(one: Tried, how: Record) -> dict[str, Any]:
    return {
        "organization_id": one.letter.organization_id,
        "prompt_id": one.letter.id,
        "number": one.letter.attempts,
        "worker_id": how.worker,
        "started_at": one.started_at,
        "ended_at": one.ended_at,
        "phase": one.handed.phase if one.handed else "write",
        "code": one.handed.code if one.handed else None,
        "enhanced": one.handed.enhanced if one.handed else "",
        "reply": _words(one),
        "outcome": one.outcome,
    }


def _words(one: Tried) -> str:
    """The relay's words; of an error of ours its kind alone, since its text may quote the letter."""
    return one.handed.reply if one.handed else one_line(type(one.error).__name__)
