"""Every date of a cohort, computed from its two workshop days: pure, on plain values."""

from calendar import monthrange
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from trainer.programs.rules import WINDOW_CLOSES, WINDOW_OPENS, Offset

LONGEST_WORKSHOP_SPAN = timedelta(days=14)
LONGEST_STANDSTILL = 60  # days in a row without a business day
REACH_OF_LETTERS = timedelta(days=14)  # letters lie a little before and after the dates they belong to
LONGEST_CLOSURE = timedelta(days=3660)
YEARS = range(1950, 2200)
ONE_DAY = timedelta(days=1)


class Problem(StrEnum):
    """Why a schedule is impossible."""

    DAYS_REVERSED = "days_reversed"
    DAYS_FAR_APART = "days_far_apart"
    YEAR_OUT_OF_RANGE = "year_out_of_range"
    PROMPT_TIME_OUTSIDE_WINDOW = "prompt_time_outside_window"
    DUE_BEFORE_OPENING = "due_before_opening"
    NO_BUSINESS_DAY = "no_business_day"
    UNKNOWN_DATE = "unknown_date"
    WORKSHOP_DAY_BY_HAND = "workshop_day_by_hand"


class ImpossibleSchedule(Exception):
    """A schedule that cannot be; `values` are what its sentence names."""

    def __init__(self, problem: Problem, **values: object) -> None:
        super().__init__(problem, values)
        self.problem = problem
        self.values = values


@dataclass(frozen=True)
class Calendar:
    """Which days are business days: no weekend, no public holiday, no closure."""

    holidays: Container[date]
    closures: frozenset[date] = frozenset()

    def is_business_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.closures and day not in self.holidays

    def forward(self, day: date) -> date:
        """`day` itself if it is a business day, else the next one. Raises ImpossibleSchedule after 60 days."""
        return self._walk(day, ONE_DAY)

    def backward(self, day: date) -> date:
        """`day` itself if it is a business day, else the one before. Raises ImpossibleSchedule after 60 days."""
        return self._walk(day, -ONE_DAY)

    def business_days_from(self, day: date, count: int) -> date:
        """The `count`-th business day after `day` (before it, if negative), whether or not `day` is one."""
        step = ONE_DAY if count > 0 else -ONE_DAY
        for _ in range(abs(count)):
            day = self._walk(day + step, step)
        return day

    def _walk(self, day: date, step: timedelta) -> date:
        start = day
        while not self.is_business_day(day):
            day += step
            if abs((day - start).days) > LONGEST_STANDSTILL:
                raise ImpossibleSchedule(Problem.NO_BUSINESS_DAY, day=start)
        return day


@lru_cache(maxsize=64)
def public_holidays(country: str) -> Container[date]:
    """The public holidays of a country (ISO 3166 code, "JP"). Raises ValueError for a country nobody keeps."""
    from holidays import country_holidays  # takes most of a second to import

    try:
        return country_holidays(country)
    except NotImplementedError as error:
        raise ValueError(country) from error


def parse_closure(text: str) -> frozenset[date]:
    """The days of "2027-04-30" or "2027-08-12/2027-08-16", ends included. Raises ValueError."""
    first, _, last = text.partition("/")
    start = date.fromisoformat(first.strip())
    end = date.fromisoformat(last.strip()) if last else start
    if not timedelta(0) <= end - start <= LONGEST_CLOSURE:
        raise ValueError(text)
    return frozenset(start + timedelta(days=n) for n in range((end - start).days + 1))


def months_after(day: date, months: int) -> date:
    """The same day of a later (or earlier) month, or that month's last day if it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def compute_dates(
    offsets: Mapping[str, Offset], day1: date, day2: date, overrides: Mapping[str, date], calendar: Calendar
) -> dict[str, date]:
    """Every date of the program: anchors and offsets, moved forward to business days.

    An override stands as given and what refers to it follows it; the workshop days never move.
    """
    known: dict[str, date] = {"day1": day1, "day2": day2, **overrides}

    def day_of(name: str) -> date:
        if name not in known:
            offset = offsets[name]
            day = apply_offset(offset, day_of(offset.base), calendar)
            known[name] = calendar.forward(day) if offset.terms else day
        return known[name]

    return {name: day_of(name) for name in offsets}


def apply_offset(offset: Offset, base: date, calendar: Calendar) -> date:
    """The day an offset leads to from the day of its base, not yet moved to a business day."""
    day = base
    for term in offset.terms:
        if term.unit == "d":
            day += timedelta(days=term.count)
        elif term.unit == "month":
            day = months_after(day, term.count)
        else:
            day = calendar.business_days_from(day, term.count)
    return day


def check_anchors(day1: date, day2: date, prompt_time: time) -> None:
    """Raise ImpossibleSchedule unless two workshop days and an hour can carry a course."""
    check_year(day1)
    check_year(day2)
    if day2 < day1:
        raise ImpossibleSchedule(Problem.DAYS_REVERSED, day1=day1, day2=day2)
    if day2 - day1 > LONGEST_WORKSHOP_SPAN:
        raise ImpossibleSchedule(Problem.DAYS_FAR_APART, day1=day1, day2=day2)
    if not WINDOW_OPENS <= prompt_time < WINDOW_CLOSES:
        raise ImpossibleSchedule(Problem.PROMPT_TIME_OUTSIDE_WINDOW, time=prompt_time)


def check_year(day: date) -> None:
    """Raise ImpossibleSchedule for a day that no course can reach: the calendar ends there, or a digit is wrong."""
    if day.year not in YEARS:
        raise ImpossibleSchedule(Problem.YEAR_OUT_OF_RANGE, day=day)


def check_periods(periods: Mapping[str, tuple[str, str]], dates: Mapping[str, date]) -> None:
    """Raise ImpossibleSchedule if a step is due before it opens; `periods`: step -> (opening, due) date ids."""
    for step, (opens, due) in periods.items():
        if dates[due] < dates[opens]:
            raise ImpossibleSchedule(Problem.DUE_BEFORE_OPENING, step=step, opens=dates[opens], due=dates[due])


def check_standstill(calendar: Calendar, first: date, last: date) -> None:
    """Raise ImpossibleSchedule if over 60 days in a row have no business day, from two weeks before to two after."""
    rest = calendar.backward(first - REACH_OF_LETTERS)
    while rest <= last + REACH_OF_LETTERS:
        rest = calendar.forward(rest) + ONE_DAY


def instant_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a wall-clock time on a local day.

    A time that the spring change leaves out is that much later, one that comes twice is the first (PEP 495, fold 0).
    """
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
