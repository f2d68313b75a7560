"""The sender of one process: its database, its mailers, its lease, and what it has learnt of the relay."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from random import Random
from typing import Protocol

from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from scheduler import crash_points
from scheduler.breaker import Breaker
from scheduler.held_lease import HeldLease
from scheduler.pace import Pace, pace_of
from scheduler.rate import Rate
from scheduler.sender import Senders
from trainer import i18n
from trainer.accounts.address_notices import From
from trainer.db import Database
from trainer.mail_outcomes import Mailer
from trainer.mailers import mailers_of
from trainer.prompts import workers
from trainer.prompts.letters import LetterWriter
from trainer.prompts.models import Prompt
from trainer.settings import Settings

log = logging.getLogger(__name__)


class Writer(Protocol):
    """What writes letters, many at once; a letter that cannot be written is an exception in its place."""

    def write(self, db: Session, prompts: Sequence[Prompt], *, now: datetime) -> dict[int, EmailMessage | Exception]:
        """Row id -> letter."""


def instant_of_turn(database: Database) -> datetime:
    """The present instant (UTC), by the clock that all processes of this database share."""
    with database.reading() as db:
        return workers.present(db)


@dataclass
class Engine:
    """Made once for a process, before any of its threads."""

    database: Database
    writer: Writer
    make_mailer: Callable[[], Mailer]
    pace: Pace = field(default_factory=Pace)
    random: Random = field(default_factory=Random)
    worker: str = field(default_factory=workers.new_worker_id)
    stopping: threading.Event = field(default_factory=threading.Event)
    present: Callable[[Database], datetime] = instant_of_turn
    sent_from: From = field(default_factory=lambda: From("minori@localhost", "http://localhost"))

    def __post_init__(self) -> None:
        self.languages = Flask("scheduler")
        i18n.init_app(self.languages)
        self.lease = HeldLease(self.worker, self.pace.lease_seconds, self.pace.margin_seconds)
        self.senders = Senders(self.make_mailer, self.pace.connections, self.may_send)
        self.breaker = Breaker(timedelta(seconds=self.pace.breaker_seconds), self.random)
        rate = self.pace.rate_per_minute
        self.rate, self.late_rate = Rate(rate), Rate(rate / 2 if rate else None)

    def may_send(self) -> bool:
        """Whether one more letter may be handed over; asked by every thread before each."""
        return not self.stopping.is_set() and self.lease.is_good

    def waits_until(self, now: datetime) -> datetime | None:
        """Until when (UTC) neither the breaker nor the rate lets a letter go, if that is after `now`."""
        if self.breaker.is_open(now):
            return self.breaker.open_until
        return self.rate.next_at(now)

    def begin(self) -> None:
        """Make this process known."""
        with self.database.session() as db:
            workers.register(db, self.worker)
            db.commit()

    def end(self, seconds: float = 5) -> None:
        """Say goodbye: to the relay, then to the other processes; no connection stays open."""
        self.stopping.set()
        self.senders.close(seconds)
        try:
            with self.database.session() as db:
                workers.leave(db, self.worker)
                db.commit()
        except DBAPIError:
            log.exception("the database is away, so this process leaves without a word")
        self.database.dispose()


def make_engine(settings: Settings) -> Engine:
    """The engine that the settings ask for, with a database of its own whose commits survive a power cut."""
    database = Database(settings.database_url, lock_wait_seconds=settings.lock_wait_seconds, durable=True)
    writer = LetterWriter(settings.public_url, settings.mail_from)
    sent_from = From(settings.mail_from, settings.public_url)
    mailers = mailers_of(settings, crash_points.on_phase)
    return Engine(database, writer, mailers, pace_of(settings), sent_from=sent_from)
