"""The whole timetable: what is done, and how often."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from scheduler import dispatch
from scheduler.clock_watch import LONGEST_DRIFT, ClockWatch
from scheduler.engine import Engine
from trainer.accounts.address_notices import tell_old_addresses
from trainer.accounts.clean_up import clean_up_door
from trainer.act1_lessons.actions import refresh_counts
from trainer.act2_workshop.plan_counts import refresh_plan_counts
from trainer.cohorts.standings import recount_all
from trainer.prompts import reaper, workers
from trainer.prompts.claim import prolong
from trainer.prompts.planning import mark_running

log = logging.getLogger(__name__)
A_DAY = timedelta(days=1)
NIGHT = timedelta(hours=18)  # after midnight UTC: 03:00 in Tokyo
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Job:
    """Something that every sending process does again and again."""

    name: str
    function: Callable[[], object]
    seconds: float
    has_own_thread: bool = False  # goes on while a turn waits for the relay


def timetable(engine: Engine) -> list[Job]:
    """Every job of a sending process; digests are made by the tick, when their hour has come."""
    pace = engine.pace
    return [
        Job("tick", Ticker(engine).tick, pace.tick_seconds),
        Job("heartbeat", lambda: heartbeat(engine), pace.heartbeat_seconds, has_own_thread=True),
        Job("reaper", lambda: reap(engine), pace.reaper_seconds),
        Job("notices", lambda: tell(engine), pace.reaper_seconds),
        Job("nightly plan", lambda: once_a_night(engine, "plan", mark_running), 600),
        Job("nightly counts", lambda: once_a_night(engine, "counts", count_answers), 600),
        Job("nightly plan counts", lambda: once_a_night(engine, "plan counts", count_plans), 600),
        Job("nightly standings", lambda: once_a_night(engine, "standings", count_standings), 600),
        Job("nightly clean-up", lambda: once_a_night(engine, "clean-up", clean_up), 600),
    ]


class Ticker:
    """Ticks, but not at once on a clock that has leapt ahead: the leap may be somebody's mistake."""

    def __init__(self, engine: Engine, watch: ClockWatch | None = None) -> None:
        self._engine, self._watch = engine, watch or ClockWatch()

    def tick(self) -> dispatch.TickReport | None:
        """One turn at the present instant; None when it is left out."""
        now = self._engine.present(self._engine.database)
        drift = self._watch.drift(now)
        if drift > LONGEST_DRIFT:
            log.error("the clock has leapt ahead by %s: nothing is sent until the next tick", drift)
            return None
        return dispatch.tick(self._engine, now, seconds=self._engine.pace.turn_seconds)


def heartbeat(engine: Engine) -> None:
    """Say that this process lives, and hold on to the letters it has in hand."""
    lease, asked_at = engine.lease.present, time.monotonic()
    with engine.database.session() as db:
        workers.beat(db, engine.worker)
        is_held = lease is not None and prolong(db, lease)
        db.commit()
    if lease is not None and is_held:
        engine.lease.prolonged(lease, asked_at)


def reap(engine: Engine) -> None:
    """Take back what dead processes held."""
    with engine.database.session() as db:
        reaper.reap(db, engine.present(engine.database), spared=engine.lease.token)
        db.commit()


def tell(engine: Engine) -> int:
    """Tell old addresses of new ones; gives how many."""
    now = engine.present(engine.database)
    return tell_old_addresses(engine.database, engine.make_mailer, engine.sent_from, now=now)


def once_a_night(engine: Engine, task: str, function: Callable[[Session, datetime], object]) -> None:
    """Do a task for the last night that began, unless any process has done so; what was missed is made up for."""
    now = engine.present(engine.database)
    run_at = (now - NIGHT).replace(hour=0, minute=0, second=0, microsecond=0) + NIGHT
    with engine.database.session() as db:
        if workers.is_first(db, task, run_at, engine.worker):
            result = function(db, now)
            workers.finish_task(db, task, run_at, "" if result is None else str(result))
            db.commit()


def count_answers(db: Session, now: datetime) -> bool:
    """Count how often the lessons' questions were missed: once a day, so that two looks tell nobody's answer."""
    return refresh_counts(db, today=now.date())


def count_plans(db: Session, now: datetime) -> bool:
    """Count which work the plans share and which reactions they expect: once a day, for the same reason."""
    return refresh_plan_counts(db, today=now.date())


def count_standings(db: Session, _now: datetime) -> int:
    """Count every board anew; gives how many standings were not as they should be."""
    return recount_all(db)


def clean_up(db: Session, now: datetime) -> int:
    """Forget processes, slots of tasks, sessions and codes that are long gone; gives how many of the first two."""
    clean_up_door(db, now=now)
    return workers.forget_the_old(db, now, KEPT)
