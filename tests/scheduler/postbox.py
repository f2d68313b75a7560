"""An engine for tests, and a mailer that remembers what it was handed and answers as it is told."""

import threading
from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.message import EmailMessage
from random import Random

from scheduler.engine import Engine, Writer
from scheduler.pace import Pace
from trainer.db import Database
from trainer.mail import people_of
from trainer.mail_outcomes import Handed, Mailer, Outcome
from trainer.prompts.letters import LetterWriter

ORIGIN = "https://minori.example.jp"
SENT = Handed(Outcome.SENT, 250, "2.0.0", "2.0.0 Ok", "reply")
REPLIES = {
    Outcome.SENT: SENT,
    Outcome.RELAY_AWAY: Handed(Outcome.RELAY_AWAY, None, "", "Connection refused", "connect"),
    Outcome.RELAY_REFUSES_US: Handed(Outcome.RELAY_REFUSES_US, 535, "5.7.8", "5.7.8 no", "connect"),
    Outcome.TOO_MANY: Handed(Outcome.TOO_MANY, 432, "4.3.2", "4.3.2 slower", "mail"),
    Outcome.TRY_LATER: Handed(Outcome.TRY_LATER, 451, "4.7.1", "4.7.1 greylisted", "rcpt"),
    Outcome.ADDRESS_REFUSED: Handed(Outcome.ADDRESS_REFUSED, 550, "5.1.1", "5.1.1 unknown", "rcpt"),
    Outcome.MAILBOX_FULL: Handed(Outcome.MAILBOX_FULL, 552, "5.2.2", "5.2.2 full", "rcpt"),
    Outcome.POLICY: Handed(Outcome.POLICY, 554, "5.7.1", "5.7.1 spam", "dot"),
    Outcome.LOST_BEFORE_DOT: Handed(Outcome.LOST_BEFORE_DOT, None, "", "closed", "body"),
    Outcome.IN_DOUBT: Handed(Outcome.IN_DOUBT, None, "", "timed out", "dot"),
}


class Postbox:
    """A Mailer for any number of threads: takes everything, unless told to answer otherwise."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, str]] = []  # (Message-ID, address) of what was taken
        self.tries = 0
        self.closed = 0
        self._answers: deque[Handed | Exception] = deque()
        self._always: Handed | None = None
        self._lock = threading.Lock()

    def __call__(self) -> Mailer:
        """A mailer for one more thread: this one."""
        return self

    def then(self, *outcomes: Outcome | Exception) -> None:
        """Answer the next tries so, one after the other."""
        self._answers.extend(one if isinstance(one, Exception) else REPLIES[one] for one in outcomes)

    def always(self, outcome: Outcome | None) -> None:
        """Answer every try so, until told otherwise."""
        self._always = REPLIES[outcome] if outcome else None

    def send(self, message: EmailMessage, *, envelope_id: str) -> Handed:
        with self._lock:
            self.tries += 1
            answer = self._answers.popleft() if self._answers else self._always or SENT
            if isinstance(answer, Exception):
                raise answer
            if answer.outcome is Outcome.SENT:
                self.letters.append((str(message["Message-ID"]), people_of(message)[1]))
            return answer

    def close(self) -> None:
        self.closed += 1

    @property
    def addresses(self) -> list[str]:
        return [address for _, address in self.letters]


PATIENT = Pace(lease_seconds=60, heartbeat_seconds=1, tick_seconds=5, stop_seconds=5)


def make_engine(
    database: Database, postbox: Postbox, *, pace: Pace = PATIENT, writer: Writer | None = None, worker: str = "test:1"
) -> Engine:
    """An engine on a database, with a steady hand: the breaker's pauses are not spread."""
    engine = Engine(database, writer or LetterWriter(ORIGIN, "Minori <no-reply@minori.example.jp>"), postbox, pace)
    engine.worker = worker
    engine.breaker._random = Steady()
    return engine


class Steady(Random):
    """No jitter."""

    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


def minutes(*counts: float) -> tuple[timedelta, ...]:
    """Durations."""
    return tuple(timedelta(minutes=count) for count in counts)


def subjects(letters: Iterable[tuple[str, str]]) -> list[str]:
    """The Message-IDs of letters."""
    return [message_id for message_id, _ in letters]


def later(at: datetime, **by: float) -> datetime:
    """An instant so much later."""
    return at + timedelta(**by)
