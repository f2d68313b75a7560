"""How long an answer can be taken back, and how long a plan takes to read: pure."""

from datetime import datetime, timedelta

UNDO_WITHIN = timedelta(seconds=60)
SECONDS_A_PLAN = 120  # 30 plans in an hour


def is_released_at(decided_at: datetime, now: datetime) -> bool:
    """Whether the time for taking an answer back is over."""
    return now >= decided_at + UNDO_WITHIN


def minutes_for(plans: int) -> int:
    """About how many minutes so many plans take."""
    return -(-plans * SECONDS_A_PLAN // 60)
