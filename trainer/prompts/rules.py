"""On which day a letter goes, and which of several goes: pure, on plain values."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from trainer.cohorts.rules import Calendar, instant_of
from trainer.programs.rules import (
    FIRST_STEP,
    RANKS,
    WINDOW_CLOSES,
    WINDOW_OPENS,
    DateTrigger,
    FirstStepTrigger,
    MidpointTrigger,
    Rank,
    Trigger,
)

REMINDERS_A_WEEK = 2  # per seat and ISO week
USEFUL_BUSINESS_DAYS: dict[Rank, int] = {"reminder": 2, "last": 2, "nudge": 2, "opening": 10, "event": 10, "digest": 0}
FOLLOW_UP: tuple[Rank, ...] = ("opening", "eve", "last", "reminder", "nudge")


class Reason(StrEnum):
    """Why a letter is skipped."""

    FINISHED = "finished"
    WITHDRAWN = "withdrawn"
    PAUSED = "paused"
    JOINED_LATE = "joined_late"
    SUPERSEDED = "superseded"
    OVER_LIMIT = "over_limit"
    TOO_LATE = "too_late"
    OPTED_OUT = "opted_out"
    NO_ADDRESS = "no_address"
    BOUNCED = "bounced"


@dataclass(frozen=True)
class Candidate:
    """A follow-up letter to one trainee that is due on a local day; `order` is its place in the pack."""

    letter: str
    order: int
    rank: Rank
    is_reminder: bool
    day: date


@dataclass(frozen=True)
class Gone:
    """A follow-up letter that one trainee has got, on this local day."""

    day: date
    is_reminder: bool


@dataclass(frozen=True)
class FirstStep:
    """The day of a plan's first step, and the local day on which the plan was submitted that names it."""

    on: date
    known_on: date


@dataclass(frozen=True)
class PutOff:
    """A step that its trainee asked to be left alone with, from one UTC instant until another, which is not in it."""

    step: str
    since: datetime
    until: datetime


def letter_day(trigger: Trigger, dates: Mapping[str, date], calendar: Calendar) -> date | None:
    """The business day of a dated letter, None for letters without a known date.

    A letter placed before its date moves backward, so that it never comes late; every other moves forward.
    """
    if isinstance(trigger, MidpointTrigger):
        start, end = dates[trigger.start], dates[trigger.end]
        return calendar.forward(start + timedelta(days=(end - start).days // 2))
    if isinstance(trigger, DateTrigger):
        return near(dates[trigger.date_id], trigger.days, trigger.business, calendar)
    if isinstance(trigger, FirstStepTrigger) and FIRST_STEP in dates:
        return near(dates[FIRST_STEP], trigger.days, trigger.business, calendar)
    return None


def near(day: date, days: int, business: bool, calendar: Calendar) -> date:
    """The business day `days` (business days, if so said) after `day`, or before it if negative."""
    if business and days:
        return calendar.business_days_from(day, days)
    moved = day + timedelta(days=days)
    return calendar.backward(moved) if days < 0 else calendar.forward(moved)


def last_useful_instant(
    rank: Rank, day: date, workshop_begins_at: datetime, calendar: Calendar, zone: ZoneInfo
) -> datetime:
    """After this UTC instant a letter that was due on `day` is worse than none.

    18:00 of the n-th business day after its day; the letter on the eve, until the workshop begins; a digest, its day.
    """
    if rank == "eve":
        return workshop_begins_at
    useful = USEFUL_BUSINESS_DAYS[rank]
    return instant_of(calendar.business_days_from(day, useful), WINDOW_CLOSES, zone)


def next_in_window(at: datetime, calendar: Calendar, zone: ZoneInfo) -> datetime:
    """The first UTC instant from `at` on, to the second, that lies inside the send window of a business day."""
    local = at.astimezone(zone).replace(microsecond=0)
    day = local.date()
    if local.time() >= WINDOW_CLOSES:
        day += timedelta(days=1)
    opens = instant_of(calendar.forward(day), WINDOW_OPENS, zone)
    return max(opens, local.astimezone(UTC))


def settle(candidates: Iterable[Candidate], gone: Iterable[Gone] = ()) -> dict[str, Reason]:
    """Which letters of one seat stay behind, and why: one letter a local day, two reminders an ISO week.

    Of a day's letters the highest rank goes, among equals the last in the pack's order; of a week's reminders that
    are left the first two go. What has gone already counts. Event letters and digests are no candidates.
    """
    gone = list(gone)
    taken = {one.day for one in gone}
    behind: dict[str, Reason] = {}
    left: dict[date, Candidate] = {}
    for candidate in sorted(candidates, key=_precedence):
        if candidate.day in taken:
            behind[candidate.letter] = Reason.SUPERSEDED
        else:
            taken.add(candidate.day)
            left[candidate.day] = candidate
    reminders = Counter(week_of(one.day) for one in gone if one.is_reminder)
    for day in sorted(day for day, candidate in left.items() if candidate.is_reminder):
        reminders[week_of(day)] += 1
        if reminders[week_of(day)] > REMINDERS_A_WEEK:
            behind[left[day].letter] = Reason.OVER_LIMIT
    return behind


def week_of(day: date) -> tuple[int, int]:
    """The ISO week of a day: year and number."""
    return day.isocalendar()[:2]


def _precedence(candidate: Candidate) -> tuple[int, int]:
    """The smallest goes: the highest rank, among equals the last in the pack's order."""
    return RANKS.index(candidate.rank), -candidate.order
