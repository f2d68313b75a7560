"""Ticks on a clock that leaps from one instant at which something is due to the next: a course in a few seconds."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.dispatch import tick
from scheduler.engine import Engine
from scheduler.locks import AlreadySending, SendingLock
from trainer.prompts import reaper, workers
from trainer.prompts.claim import in_state
from trainer.prompts.digests import next_digest_at
from trainer.prompts.models import Prompt, PromptState


@dataclass
class Visited:
    """How many instants were visited, and what was done at them."""

    visited: int = 0
    states: Counter[PromptState] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def as_answer(self) -> dict[str, int]:
        """The same as plain JSON values."""
        counted = (PromptState.SENT, PromptState.SKIPPED, PromptState.FAILED, PromptState.IN_DOUBT)
        return {"visited": self.visited, **{state.value: self.states[state] for state in counted}}


def visit(engine: Engine, now: datetime, until: datetime | None = None) -> Visited:
    """One turn at `now` (UTC), then one at each instant up to `until` at which something is due.

    The clock stands still during a turn; a pause of the relay's breaker moves it. Raises AlreadySending while another
    process sends the letters of this database.
    """
    done = Visited()
    with _alone(engine, now):
        at: datetime | None = now
        while at is not None:
            report = tick(engine, at)
            done.visited += 1
            done.states.update(report.states)
            done.errors += report.errors
            at = _next_instant(engine, at, until)
        _stand_at(engine, max(now, until or now))
    return done


def _stand_at(engine: Engine, at: datetime) -> None:
    """The clock comes to its end, where nothing more is due: the letters were looked after until then."""
    with engine.database.session() as db:
        workers.mark_tick(db, engine.worker, at)
        db.commit()


@contextmanager
def _alone(engine: Engine, now: datetime) -> Iterator[None]:
    lock = SendingLock.of(engine.database.url)
    if lock is not None and not lock.acquire():
        raise AlreadySending
    try:
        with engine.database.session() as db:
            if lock is not None:
                reaper.reap_all(db, now)
            elif workers.living_others(db, engine.worker, timedelta(seconds=engine.pace.lease_seconds)):
                raise AlreadySending
            db.commit()
        engine.begin()
        try:
            yield
        finally:
            engine.end()
    finally:
        if lock is not None:
            lock.release()


def _next_instant(engine: Engine, at: datetime, until: datetime | None) -> datetime | None:
    if until is None:
        return None
    with engine.database.reading() as db:
        instants = [*_planned(db, engine, at), next_digest_at(db, at), _doubtful(db, engine, at)]
    coming = min((instant for instant in instants if instant is not None), default=None)
    return coming if coming is not None and coming <= until else None


def _planned(db: Session, engine: Engine, at: datetime) -> Iterator[datetime | None]:
    """The next letter's instant; for one that is due and waits for the relay, the end of the pause."""
    planned = select(func.min(Prompt.next_at)).where(in_state(PromptState.PLANNED))
    pause = engine.waits_until(at)
    if pause is not None and db.scalar(planned.where(Prompt.next_at <= at)) is not None:
        yield pause
    yield db.scalar(planned.where(Prompt.next_at > at))


def _doubtful(db: Session, engine: Engine, at: datetime) -> datetime | None:
    """The next turn, if something was found in doubt that it would take up."""
    if not reaper.has_doubtful(db, at):
        return None
    return at + timedelta(seconds=engine.pace.tick_seconds)
