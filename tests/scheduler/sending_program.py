"""`python -m tests.scheduler.sending_program`: a sending process at a given instant, to be killed and stopped."""

import logging
import os
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta

from scheduler import crash_points
from scheduler.__main__ import CRASH_AT, run
from scheduler.engine import Engine
from scheduler.pace import Pace
from scheduler.visits import visit
from tests.scheduler.postbox import ORIGIN
from trainer.db import Database
from trainer.prompts.letters import LetterWriter
from trainer.smtp import SmtpMailer
from trainer.smtp_relay import Timeouts

QUICK = Pace(
    lease_seconds=1.5,
    heartbeat_seconds=0.3,
    tick_seconds=0.1,
    reaper_seconds=0.3,
    breaker_seconds=0.2,
    timeouts=Timeouts(command=5, data=5, dot=5),
    stop_seconds=10,
)
STANDSTILL = 1.0  # seconds in the middle of a transaction, after which PostgreSQL ends it


def engine_at(database_url: str, smtp_url: str, instant: datetime, pace: Pace = QUICK) -> Engine:
    """An engine whose clock begins at `instant`, on a relay."""
    database = Database(database_url, lock_wait_seconds=5, standstill_seconds=STANDSTILL, durable=True)
    writer = LetterWriter(ORIGIN, "Minori <no-reply@minori.example.jp>")

    def make_mailer() -> SmtpMailer:
        return SmtpMailer(smtp_url, timeouts=pace.timeouts, on_phase=crash_points.on_phase)

    engine = Engine(database, writer, make_mailer, replace(pace))
    started = time.monotonic()
    engine.present = lambda database: instant + timedelta(seconds=time.monotonic() - started)
    return engine


def main() -> None:
    """DATABASE_URL SMTP_URL INSTANT [once]: send until SIGTERM, or for one turn."""
    logging.basicConfig(level=logging.WARNING)
    if CRASH_AT in os.environ:
        crash_points.arm(os.environ[CRASH_AT])
    database_url, smtp_url, instant = sys.argv[1:4]
    engine = engine_at(database_url, smtp_url, datetime.fromisoformat(instant))
    if sys.argv[4:] == ["once"]:
        visit(engine, datetime.fromisoformat(instant))
    else:
        run(engine)


if __name__ == "__main__":
    main()
