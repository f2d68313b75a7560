"""Notices that the wall clock was moved, by a clock that nobody can move."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

LONGEST_DRIFT = timedelta(seconds=60)


class ClockWatch:
    """Compares the time between two instants with what has really passed."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._seen: tuple[datetime, float] | None = None

    def drift(self, now: datetime) -> timedelta:
        """How far the clock was moved since the last question: ahead, or back if negative."""
        seen, self._seen = self._seen, (now, self._monotonic())
        if seen is None:
            return timedelta(0)
        return (now - seen[0]) - timedelta(seconds=self._seen[1] - seen[1])
