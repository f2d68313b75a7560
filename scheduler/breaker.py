"""Leaves a relay in peace that cannot take letters now, ever longer, and then tries it with a single one."""

from collections import deque
from datetime import datetime, timedelta
from random import Random

from trainer.mail_outcomes import Outcome

LONGEST_PAUSE = timedelta(minutes=10)
JITTER = 0.2
LAST_LETTERS, POLICY_SHARE = 100, 0.05
LOST_IN_A_ROW = 2
AWAY = (Outcome.RELAY_AWAY, Outcome.TOO_MANY)
LOST = (Outcome.LOST_BEFORE_DOT, Outcome.IN_DOUBT)


class Breaker:
    """Open until an instant (UTC) after trouble of the relay itself; trouble with one letter does not open it."""

    def __init__(self, base: timedelta, random: Random) -> None:
        self.open_until: datetime | None = None
        self._base, self._random = base, random
        self._failures = 0
        self._lost = 0
        self._recent: deque[bool] = deque(maxlen=LAST_LETTERS)

    def is_open(self, now: datetime) -> bool:
        """Whether no letter is to be handed over at `now`."""
        return self.open_until is not None and now < self.open_until

    @property
    def is_probing(self) -> bool:
        """Whether the relay has still to show, with a single letter, that it takes letters again."""
        return self._failures > 0

    def note(self, outcome: Outcome, now: datetime) -> None:
        """Learn from how handing over one letter ended."""
        if outcome in AWAY:
            self._trip(now)
        elif outcome is Outcome.RELAY_REFUSES_US:
            self._open(now, LONGEST_PAUSE)
        elif outcome in LOST:
            self._note_lost(now)
        else:
            self._failures = self._lost = 0
            self._note_policy(outcome is Outcome.POLICY, now)

    def _note_lost(self, now: datetime) -> None:
        """One lost connection may be the letter's fault, several in a row are the relay's."""
        self._lost += 1
        if self._lost >= LOST_IN_A_ROW:
            self._trip(now)

    def _note_policy(self, is_refused: bool, now: datetime) -> None:
        self._recent.append(is_refused)
        if sum(self._recent) > LAST_LETTERS * POLICY_SHARE:
            self._recent.clear()
            self._trip(now)

    def _trip(self, now: datetime) -> None:
        self._open(now, min(self._base * 2.0 ** min(self._failures, 20), LONGEST_PAUSE))

    def _open(self, now: datetime, pause: timedelta) -> None:
        if not self.is_open(now):  # several connections that notice the same trouble open it once
            self._failures += 1
            self._lost = 0
            self.open_until = now + pause * self._random.uniform(1 - JITTER, 1 + JITTER)
