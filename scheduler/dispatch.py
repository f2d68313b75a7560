"""One tick: release answers, plan, make digests, take back what was lost, then claim, write and send what is due."""

import logging
import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler import crash_points
from scheduler.carry import carry
from scheduler.engine import Engine
from scheduler.sender import Stopwatch
from scheduler.turn import Turn
from trainer.act2_workshop.releasing import release_reviews
from trainer.prompts import workers
from trainer.prompts.claim import Claim, claim
from trainer.prompts.digests import make_digests
from trainer.prompts.models import PromptState
from trainer.prompts.planning import plan_prompts
from trainer.prompts.reaper import reap, take_up_doubtful

log = logging.getLogger(__name__)


@dataclass
class TickReport:
    """What one turn did; `errors` names the parts that failed while the others went on."""

    states: Counter[PromptState] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)


def tick(engine: Engine, now: datetime, *, seconds: float | None = None) -> TickReport:
    """One turn at the instant `now` (UTC): every date of it is measured by `now`, leases by the database's own time.

    Goes on until nothing is due, or for about so many seconds. Whatever fails is logged, and the rest goes on.
    """
    report = TickReport()
    with engine.languages.app_context():
        _do(engine, report, "tick", lambda db: workers.mark_tick(db, engine.worker, now))
        _do(engine, report, "release", lambda db: _release(db, now))
        _do(engine, report, "plan", lambda db: _plan(db, now))
        _do(engine, report, "digests", lambda db: make_digests(db, now, worker=engine.worker))
        _do(engine, report, "doubtful", lambda db: take_up_doubtful(db, now, engine.pace.back_off))
        _do(engine, report, "reap", lambda db: reap(db, now, spared=engine.lease.token))
        _deliver(engine, now, report, seconds)
    return report


def _do(engine: Engine, report: TickReport, name: str, part: Callable[[Session], object]) -> None:
    try:
        with engine.database.session() as db:
            part(db)
            db.commit()
    except Exception:  # the edge of a job: what is planned already has to go out all the same
        log.exception("this turn could not %s", name)
        report.errors.append(name)


def _release(db: Session, now: datetime) -> None:
    while release_reviews(db, now):
        db.commit()


def _plan(db: Session, now: datetime) -> None:
    while plan_prompts(db, now):
        crash_points.at("planning")
        db.commit()


def _deliver(engine: Engine, now: datetime, report: TickReport, seconds: float | None) -> None:
    started = time.monotonic()
    turn = Turn(engine, Stopwatch(now, started), report.states, report.errors, started + (seconds or math.inf))
    try:
        while turn.goes_on():
            claimed = _claim(turn)
            if not claimed.picked:
                break
            carry(turn, claimed.letters)
    except Exception:  # the edge of a job: the next turn tries again
        turn.give_up("deliver")
    finally:
        engine.lease.end()


def _claim(turn: Turn) -> Claim:
    engine, now = turn.engine, turn.watch.now
    room = 1 if engine.breaker.is_probing else engine.pace.claim
    limit = engine.rate.room(now, room)
    if not limit:
        return Claim(picked=0, letters=(), skipped=0, late=0)
    with engine.database.session() as db:
        claimed = claim(
            db,
            now,
            limit=limit,
            late_limit=engine.late_rate.room(now, limit),
            lease=engine.lease.begin(),
            timetables=turn.timetables,
        )
        db.commit()
    crash_points.at("after_claim")
    turn.states.update({PromptState.SKIPPED: claimed.skipped} if claimed.skipped else {})
    engine.rate.take(len(claimed.letters))
    engine.late_rate.take(claimed.late)
    return claimed
