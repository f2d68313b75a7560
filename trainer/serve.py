"""`python -m trainer.serve`: the program on its port, for one machine or (production) behind a proxy."""

import os
import signal
import sys
from types import FrameType

from trainer.accounts.keys import key_ring_of
from trainer.clock import now
from trainer.db import Database
from trainer.key_ring import KeyRingError
from trainer.migrations import SchemaError, migrate
from trainer.programs.content import PackError
from trainer.settings import Settings, SettingsError, read_settings


def main() -> int:
    """Prepare the database, then serve until asked to stop; 1 and a sentence when that is impossible."""
    try:
        settings = read_settings()
        _prepare(settings)
    except (SettingsError, SchemaError, KeyRingError, PackError) as error:
        return _refuse(str(error))
    if settings.is_production:
        command = [sys.executable, "-m", "gunicorn", *gunicorn_arguments(settings), "trainer.app:create_app()"]
        os.execv(sys.executable, command)  # noqa: S606 - gunicorn takes this process's place and gets its signals
    return _serve_here(settings)


def gunicorn_arguments(settings: Settings) -> list[str]:
    """How gunicorn is called: threads, short request lines, and only the proxy is believed."""
    return [
        "--worker-class=gthread",
        f"--workers={settings.web_workers}",
        f"--threads={settings.web_threads}",
        f"--bind={settings.bind}:{settings.port}",
        f"--forwarded-allow-ips={settings.forwarded_allow_ips}",
        "--limit-request-line=4094",
        "--no-control-socket",
        "--config=python:scheduler.beside_gunicorn",
    ]


def _prepare(settings: Settings) -> None:
    database = Database(settings.database_url, lock_wait_seconds=settings.lock_wait_seconds)
    migrate(database)
    if settings.environment == "demo":
        from trainer.demo import ensure_demo, follow_demo_clock  # production never loads it

        follow_demo_clock(settings)
        ensure_demo(database, now(), settings=settings)
    with database.reading() as db:  # what people wrote must open, or nobody is to be let in
        key_ring_of(db, settings.key_ring, settings.master_key)
    database.dispose()


def _serve_here(settings: Settings) -> int:
    from waitress import create_server  # gunicorn's place when not in production

    from scheduler.in_process import start_in_process
    from trainer.app import create_app

    try:
        server = create_server(create_app(settings), host=settings.bind, port=settings.port)
    except OSError as error:
        return _refuse(f"Port {settings.port} cannot be used ({error.strerror}). Choose another: PORT=8001 ./run")
    signal.signal(signal.SIGTERM, _stop)
    start_in_process(settings)
    print(f"Minori: {settings.public_url} (Ctrl-C stops it)", file=sys.stderr, flush=True)
    if settings.environment in ("demo", "development"):
        print(f"Letters: {settings.public_url}/dev/outbox/", file=sys.stderr, flush=True)
    server.run()
    server.close()
    return 0


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)  # waitress finishes what it has begun


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
