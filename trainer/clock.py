"""The only place that asks what time it is; everything else is handed `now`."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_ahead: Callable[[], timedelta] | None = None


def now() -> datetime:
    """The present instant, aware, in UTC; in the demo as far ahead as it was moved."""
    return datetime.now(UTC) + ahead()


def ahead() -> timedelta:
    """How far the demo was moved ahead of the time outside; nothing anywhere else."""
    return timedelta(0) if _ahead is None else _ahead()


def follow(teller: Callable[[], timedelta] | None) -> None:
    """Be as far ahead of the time outside as `teller` says whenever it is asked; for the demo alone. None undoes it."""
    global _ahead
    _ahead = teller
