"""The small languages of a pack: offsets of dates, triggers of letters, times; pure, on plain values."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import time
from typing import Literal, get_args

Step = Literal["act1", "workshop", "plan", "reflection1", "reflection2"]
Rank = Literal["opening", "eve", "last", "reminder", "nudge", "event", "digest"]
Event = Literal[
    "where_we_are",
    "plan_returned",
    "plan_confirmed",
    "plan_shared_with_boss",
    "feedback_given",
    "observation_opened",
    "observation_closing",
]
Unit = Literal["d", "bd", "month"]

STEPS: tuple[Step, ...] = get_args(Step)  # in the order in which a trainee meets them
RANKS: tuple[Rank, ...] = get_args(Rank)  # of two letters on one day the one named earlier goes
EVENTS: tuple[Event, ...] = get_args(Event)
ANCHORS = ("day1", "day2")
FIRST_STEP = "first_step_date"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WINDOW_OPENS, WINDOW_CLOSES = time(8, 0), time(18, 0)  # letters go from the first until before the second

NAME = r"[a-z][a-z0-9_]*"
COUNT = r"[1-9][0-9]{0,3}"
DISTANCE = re.compile(rf"({NAME}?)(?:_(minus|plus)_({COUNT})(bd)?)?", re.ASCII)
OFFSET = re.compile(rf"({NAME})((?:[+-]{COUNT}(?:bd|d|month))*)", re.ASCII)
TERM = re.compile(rf"([+-]{COUNT})(bd|d|month)", re.ASCII)
CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


@dataclass(frozen=True)
class Term:
    """A signed number of days (d), business days (bd) or months."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count:+d}{self.unit}"


@dataclass(frozen=True)
class Offset:
    """Where a date lies: so many days, business days or months from its base, one term after the other."""

    base: str
    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        return self.base + "".join(map(str, self.terms))


@dataclass(frozen=True)
class DateTrigger:
    """On a date of the program, or so many days (business days) before (negative) or after it."""

    date_id: str
    days: int = 0
    business: bool = False


@dataclass(frozen=True)
class MidpointTrigger:
    """Half-way between two dates of the program."""

    start: str
    end: str


@dataclass(frozen=True)
class FirstStepTrigger:
    """On the day a trainee chose for the first step of a plan, or so many days before it (negative)."""

    days: int = 0
    business: bool = False


@dataclass(frozen=True)
class EventTrigger:
    """When something has happened, one of EVENTS."""

    name: Event


@dataclass(frozen=True)
class WeeklyTrigger:
    """On one weekday (Monday is 0) of every week, at a local time."""

    weekday: int
    at: time


@dataclass(frozen=True)
class WeekdaysTrigger:
    """On every business day, at a local time."""

    at: time


Trigger = DateTrigger | MidpointTrigger | FirstStepTrigger | EventTrigger | WeeklyTrigger | WeekdaysTrigger


def parse_offset(text: str) -> Offset:
    """Read "day1-21d", "day2+1month" or "plan_due+5bd". Raises ValueError with a sentence."""
    found = OFFSET.fullmatch(text)
    if not found:
        raise ValueError(
            f"{text!r} is no offset: write a date and a distance from it, such as day1-21d or plan_due+5bd."
        )
    terms = tuple(Term(int(count), _unit(unit)) for count, unit in TERM.findall(found[2]))
    return Offset(found[1], terms)


def parse_trigger(text: str, date_ids: Collection[str]) -> Trigger:
    """Read the trigger of a letter; `date_ids` are the program's dates. Raises ValueError with a sentence."""
    trigger = read_trigger(text)
    for name in dates_of(trigger):
        if name not in date_ids:
            raise ValueError(f"{text!r} refers to {name!r}, which is no date of the schedule.")
    return trigger


def read_trigger(text: str) -> Trigger:
    """Read a trigger without asking whether its dates exist. Raises ValueError with a sentence."""
    kind, colon, rest = text.partition(":")
    readers: dict[str, Callable[[str, str], Trigger]] = {
        "midpoint": _midpoint,
        "event": _event,
        "weekly": _weekly,
        "weekdays": _weekdays,
    }
    if not colon:
        return _day_trigger(text)
    if kind not in readers:
        raise _no_trigger(text)
    return readers[kind](text, rest)


def dates_of(trigger: Trigger) -> tuple[str, ...]:
    """The dates of the schedule that a trigger refers to."""
    if isinstance(trigger, DateTrigger):
        return (trigger.date_id,)
    if isinstance(trigger, MidpointTrigger):
        return (trigger.start, trigger.end)
    return ()


def is_date_id(text: str) -> bool:
    """Whether a date of a schedule may bear this name: no anchor, and none that a trigger could mean otherwise."""
    found = DISTANCE.fullmatch(text)
    return found is not None and not found[2] and text not in (*ANCHORS, FIRST_STEP)


def parse_time(value: str | int) -> time:
    """Read "09:00" or "9:00", or the minutes YAML 1.1 makes of an unquoted 9:00 (540). Raises ValueError."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 24 * 60:
        return time(*divmod(value, 60))
    found = CLOCK.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError(f"{value!r} is no time of day: write it like '09:00'.")
    return time(int(found[1]), int(found[2]))


def _day_trigger(text: str) -> DateTrigger | FirstStepTrigger:
    found = DISTANCE.fullmatch(text)
    if not found or not found[1]:
        raise _no_trigger(text)
    days = int(found[3] or 0) * (-1 if found[2] == "minus" else 1)
    if found[1] != FIRST_STEP:
        return DateTrigger(found[1], days, bool(found[4]))
    if days > 0:
        raise ValueError(f"{text!r} comes after the first step: only {FIRST_STEP} and {FIRST_STEP}_minus_N are known.")
    return FirstStepTrigger(days, bool(found[4]))


def _midpoint(text: str, rest: str) -> MidpointTrigger:
    start, _, end = rest.partition(":")
    if not (is_date_id(start) and is_date_id(end)):
        raise _no_trigger(text)
    return MidpointTrigger(start, end)


def _event(text: str, rest: str) -> EventTrigger:
    for name in EVENTS:
        if name == rest:
            return EventTrigger(name)
    raise ValueError(f"{text!r} names an unknown event; the events are {', '.join(EVENTS)}.")


def _weekly(text: str, rest: str) -> WeeklyTrigger:
    day, _, clock = rest.partition("_")
    if day not in WEEKDAYS:
        raise ValueError(f"{text!r} names no weekday: write weekly:DAY_HH:MM, the day one of {', '.join(WEEKDAYS)}.")
    return WeeklyTrigger(WEEKDAYS.index(day), _time_in_window(clock))


def _weekdays(text: str, rest: str) -> WeekdaysTrigger:
    return WeekdaysTrigger(_time_in_window(rest))


def _time_in_window(text: str) -> time:
    at = parse_time(text)
    if not WINDOW_OPENS <= at < WINDOW_CLOSES:
        raise ValueError(f"{text!r} lies outside the hours for letters: from 08:00 until before 18:00.")
    return at


def _no_trigger(text: str) -> ValueError:
    return ValueError(
        f"{text!r} is no trigger: write DATE, DATE_minus_3, DATE_plus_2bd, midpoint:DATE:DATE, "
        "first_step_date_minus_1bd, event:NAME, weekly:mon_08:00 or weekdays:08:00."
    )


def _unit(text: str) -> Unit:
    return "month" if text == "month" else "bd" if text == "bd" else "d"
