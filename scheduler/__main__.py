"""`python -m scheduler`: sends the letters until asked to stop; any number of them on PostgreSQL."""

import logging
import os
import signal
import sys
import threading

from scheduler import crash_points
from scheduler.engine import Engine, make_engine
from scheduler.process import SendingProcess
from trainer.db import Database
from trainer.migrations import SchemaError, migrate
from trainer.settings import Settings, SettingsError, read_settings

CRASH_AT = "MINORI_CRASH_AT"


def main() -> int:
    """Prepare the database, then send until SIGTERM or SIGINT; 1 and a sentence when that is impossible."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    try:
        settings = read_settings()
        _prepare(settings)
    except (SettingsError, SchemaError) as error:
        print(error, file=sys.stderr)
        return 1
    run(make_engine(settings))
    return 0


def run(engine: Engine) -> None:
    """Send until SIGTERM or SIGINT, then stop in good order."""
    asked_to_stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: asked_to_stop.set())
    process = SendingProcess(engine)
    process.start()
    asked_to_stop.wait()
    process.stop()


def _prepare(settings: Settings) -> None:
    if CRASH_AT in os.environ and not settings.is_production:
        crash_points.arm(os.environ[CRASH_AT])
    database = Database(settings.database_url, lock_wait_seconds=settings.lock_wait_seconds)
    migrate(database)
    database.dispose()


if __name__ == "__main__":
    sys.exit(main())
