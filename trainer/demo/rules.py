"""The times of the demo's file: distances from today and from the workshop days; pure, on plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from trainer.cohorts.rules import Calendar, apply_offset, compute_dates, instant_of
from trainer.programs.rules import Offset, parse_offset, parse_time

TODAY = "today"

Anchor = Literal["day1", "day2"]


@dataclass(frozen=True)
class When:
    """A day at a distance from a base; with a time of day an instant."""

    offset: Offset
    at: time | None = None

    def __str__(self) -> str:
        return f"{self.offset} {self.at:%H:%M}" if self.at else str(self.offset)


@dataclass(frozen=True)
class Moments:
    """What times are told from: the known days by name (`today`, `day1`, `day2`, the program's dates), and where."""

    days: Mapping[str, date]
    calendar: Calendar
    zone: ZoneInfo

    def day(self, when: When) -> date:
        """The local day, exactly as far from its base as told. Raises KeyError for an unknown base."""
        return apply_offset(when.offset, self.days[when.offset.base], self.calendar)

    def instant(self, when: When) -> datetime:
        """The UTC instant of the local day and hour. Raises ValueError if no hour is told."""
        if when.at is None:
            raise ValueError(f"{when} is a day, not an instant")
        return instant_of(self.day(when), when.at, self.zone)


def parse_when(text: str) -> When:
    """Read "day2+5bd", "today-1month-3d" or "today-2d 11:20". Raises ValueError with a sentence."""
    place, space, clock = text.partition(" ")
    return When(parse_offset(place), parse_time(clock) if space else None)


def place_workshop(
    anchor: Anchor,
    day: date,
    opened_by: Mapping[str, date],
    offsets: Mapping[str, Offset],
    overrides: Mapping[str, date],
    calendar: Calendar,
) -> tuple[date, date]:
    """The two workshop days: `anchor` on `day` or the business day before, the other on the business day beside it.

    Then both go back, a business day at a time, until every date in `opened_by` (date id -> day) has come.
    """
    placed = calendar.backward(day)
    while True:
        days = _with_neighbour(anchor, placed, calendar)
        dates = compute_dates(offsets, *days, overrides, calendar)
        if all(dates[date_id] <= latest for date_id, latest in opened_by.items()):
            return days
        placed = calendar.backward(placed - timedelta(days=1))


def _with_neighbour(anchor: Anchor, placed: date, calendar: Calendar) -> tuple[date, date]:
    if anchor == "day1":
        return placed, calendar.business_days_from(placed, 1)
    return calendar.business_days_from(placed, -1), placed
