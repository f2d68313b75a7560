"""How many letters a relay is given in a minute: a token bucket, filled by the instants of the turns."""

from datetime import datetime, timedelta
from math import ceil

SECONDS_OF_BURST = 10


class Rate:
    """At most `per_minute` letters a minute (None: no limit), a sixth of them at once."""

    def __init__(self, per_minute: float | None) -> None:
        self._per_second = per_minute / 60 if per_minute else None
        self._most = max(1.0, self._per_second * SECONDS_OF_BURST) if self._per_second else 0.0
        self._tokens = self._most
        self._filled_at: datetime | None = None

    def room(self, now: datetime, most: int) -> int:
        """How many letters may go at `now`, at most `most`."""
        if self._per_second is None:
            return most
        self._fill(now)
        return min(most, int(self._tokens))

    def take(self, letters: int) -> None:
        """So many letters have gone."""
        self._tokens -= letters

    def next_at(self, now: datetime) -> datetime | None:
        """When the next letter may go, if that is after `now`."""
        if self._per_second is None or self.room(now, 1):
            return None
        return now + timedelta(seconds=ceil((1 - self._tokens) / self._per_second))

    def _fill(self, now: datetime) -> None:
        passed = (now - self._filled_at).total_seconds() if self._filled_at else 0.0
        if self._per_second is not None and passed > 0:  # a clock that went back gives nothing
            self._tokens = min(self._most, self._tokens + passed * self._per_second)
        self._filled_at = now
