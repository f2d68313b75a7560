"""The threads that talk to the relay: one connection each, one group of letters at a time, and no database."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from scheduler.pace import GROUP, RESULTS_WAIT_SECONDS
from trainer.mail_outcomes import Handed, Mailer, Outcome
from trainer.prompts.consequences import OF_THE_RELAY
from trainer.prompts.eligibility import DueLetter
from trainer.prompts.outcomes import Tried

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parcel:
    """A letter that is ready to leave."""

    letter: DueLetter
    address: str
    message: EmailMessage


@dataclass(frozen=True)
class Stopwatch:
    """The instants of a turn: the one handed in, and what has passed since by the monotonic clock."""

    now: datetime
    started: float

    def at(self) -> datetime:
        return self.now + timedelta(seconds=time.monotonic() - self.started)


class Senders:
    """Up to `connections` threads, each with a mailer of its own; they end with the process."""

    def __init__(self, make_mailer: Callable[[], Mailer], connections: int, may_send: Callable[[], bool]) -> None:
        self._make_mailer, self._may_send = make_mailer, may_send
        self._connections = max(1, min(connections, 8))
        self._groups: queue.SimpleQueue[tuple[Sequence[Parcel], Stopwatch] | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[tuple[Tried, bool]] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._busy = 0

    @property
    def is_free(self) -> bool:
        """Whether a group would leave at once."""
        return self._busy < self._connections

    @property
    def is_busy(self) -> bool:
        """Whether results are still to come."""
        return self._busy > 0

    def prepare(self) -> None:
        """Have a thread ready for one more group; raises what making its mailer raises (a wrong SMTP_URL, say)."""
        if len(self._threads) <= self._busy:
            thread = threading.Thread(target=self._work, args=(self._make_mailer(),), name="sender", daemon=True)
            self._threads.append(thread)
            thread.start()

    def send(self, group: Sequence[Parcel], watch: Stopwatch) -> None:
        """Hand a group to a thread that was prepared for it."""
        self._busy += 1
        self._groups.put((group, watch))

    def collect(self, wait_seconds: float) -> list[Tried]:
        """The results that have come: at most 20, or those of 50 ms after the first; empty if none comes."""
        results: list[Tried] = []
        until = time.monotonic() + wait_seconds
        while self.is_busy and len(results) < GROUP:
            try:
                one, ends_group = self._results.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                break
            if not results:
                until = time.monotonic() + RESULTS_WAIT_SECONDS
            results.append(one)
            self._busy -= ends_group
        return results

    def use_one_less(self) -> None:
        """The relay finds us too many: one connection fewer from now on, but at least one."""
        self._connections = max(1, self._connections - 1)

    def close(self, seconds: float) -> None:
        """Say goodbye to the relay; waits so long for letters in hand."""
        for _ in self._threads:
            self._groups.put(None)
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        self._threads.clear()

    def _work(self, mailer: Mailer) -> None:
        while (work := self._groups.get()) is not None:
            group, watch = work
            goes_on = True
            for parcel in group:
                goes_on = goes_on and self._may_send()
                result = _send(mailer, parcel, watch) if goes_on else _untouched(parcel, watch)
                goes_on = goes_on and not (result.handed and result.handed.outcome in OF_THE_RELAY)
                self._results.put((result, parcel is group[-1]))
        mailer.close()


def _send(mailer: Mailer, parcel: Parcel, watch: Stopwatch) -> Tried:
    started_at = watch.at()
    handed: Handed | None = None
    error: Exception | None = None
    try:
        handed = mailer.send(parcel.message, envelope_id=str(parcel.letter.uid))
    except ValueError as unwritable:  # raised before anything left
        error = unwritable
    except Exception as unexpected:  # nobody knows how far it came
        log.exception("letter %s is in doubt", parcel.letter.id)
        handed = Handed(Outcome.IN_DOUBT, None, "", type(unexpected).__name__, "unknown")
    return Tried(parcel.letter, parcel.address, started_at, watch.at(), handed, error)


def _untouched(parcel: Parcel, watch: Stopwatch) -> Tried:
    return Tried(parcel.letter, parcel.address, watch.at(), watch.at())
