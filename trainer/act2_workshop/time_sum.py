"""Minutes a week: what the measures take, what the trainee says there is, and what is stopped for them; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class TimeSum:
    """The minutes a week of a plan. `available` is None where nothing was said; `stops` are the writer's words."""

    needed: float
    available: float | None
    stops: tuple[str, ...]

    @property
    def over(self) -> float:
        """By how many minutes the measures take more than there is; 0 where they fit or nothing was said."""
        return max(0, self.needed - self.available) if self.available is not None else 0


def time_sum(fields: Mapping[str, Any], measures: Iterable[Mapping[str, Any]]) -> TimeSum:
    """Add up what a plan says about time."""
    measures = list(measures)
    return TimeSum(
        needed=sum(one.get("minutes_week") or 0 for one in measures),
        available=fields.get("minutes_available"),
        stops=tuple(str(one["stops"]) for one in measures if one.get("stops")),
    )
