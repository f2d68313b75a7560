"""Three ways of sending what is due, each measured in a process of its own: ours, a naive loop, APScheduler's jobs."""

import json
import logging
import os
import resource
import smtplib
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy import select

from scheduler.dispatch import tick
from scheduler.engine import make_engine
from trainer import clock, i18n
from trainer.db import Database
from trainer.prompts.letters import LetterWriter
from trainer.prompts.models import Prompt, PromptState
from trainer.settings import Settings, read_settings

DUE = datetime(2027, 1, 13, tzinfo=UTC)


def ours(settings: Settings) -> None:
    """One worker, the whole chain: claim, write, hand over, record."""
    engine = make_engine(settings)
    engine.begin()
    try:
        tick(engine, DUE)
    finally:
        engine.end()


def naive(settings: Settings) -> None:
    """Row by row through the ORM, a connection and a commit for each letter."""
    database = Database(settings.database_url, durable=True)
    with database.reading() as db:
        due = db.scalars(select(Prompt.id).where(Prompt.state == PromptState.PLANNED, Prompt.next_at <= DUE)).all()
    for prompt_id in due:
        send_one(prompt_id)


def jobs(settings: Settings) -> None:
    """One APScheduler date job for each letter in a store in the same database; adding them counts."""
    database = Database(settings.database_url, durable=True)
    with database.reading() as db:
        due = db.scalars(select(Prompt.id).where(Prompt.state == PromptState.PLANNED, Prompt.next_at <= DUE)).all()
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    store = SQLAlchemyJobStore(engine=database.engine)
    scheduler = BackgroundScheduler(timezone=UTC, jobstores={"default": store})
    scheduler.start(paused=True)
    at = clock.now() + timedelta(milliseconds=1)
    for prompt_id in due:
        scheduler.add_job(send_one, "date", run_date=at, args=[prompt_id], misfire_grace_time=None)
    done = threading.Event()
    scheduler.resume()
    while scheduler.get_jobs() and not done.wait(0.02):
        pass
    scheduler.shutdown(wait=True)


def send_one(prompt_id: int) -> None:
    """What a straightforward program does for one letter."""
    settings, database, app = _here()
    with app.app_context(), database.session() as db:
        prompt = db.get_one(Prompt, prompt_id)
        writer = LetterWriter(settings.public_url, settings.mail_from)
        letter = writer.write(db, [prompt], now=DUE)[prompt.id]
        if not isinstance(letter, EmailMessage):
            raise letter
        relay = urlsplit(settings.smtp_url or "")
        with smtplib.SMTP(relay.hostname or "", relay.port or 25, local_hostname="bench") as server:
            server.send_message(letter)
        prompt.state, prompt.sent_at = PromptState.SENT, DUE
        db.commit()


_kept: list[tuple[Settings, Database, Flask]] = []


def _here() -> tuple[Settings, Database, Flask]:
    if not _kept:
        settings, app = read_settings(os.environ), Flask("bench")
        i18n.init_app(app)
        _kept.append((settings, Database(settings.database_url, durable=True), app))
    return _kept[0]


WAYS: dict[str, Callable[[Settings], None]] = {"ours": ours, "naive": naive, "jobs": jobs}


def main() -> None:
    """Send in the way that is named, and print what it took."""
    settings = read_settings(os.environ)
    begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    WAYS[sys.argv[1]](settings)
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    took = {"seconds": time.perf_counter() - begin, "cpu": cpu, "peak_mb": after.ru_maxrss / 1024}
    print(json.dumps(took))


if __name__ == "__main__":
    from tests.bench import senders  # APScheduler names its jobs by module, and this one is called __main__ here

    senders.main()
