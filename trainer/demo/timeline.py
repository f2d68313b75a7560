"""Where a cohort of the demo lies in time, seen from the day on which it is loaded."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from trainer.cohorts.rules import Calendar, compute_dates, instant_of, public_holidays
from trainer.demo.content_company import CohortPart
from trainer.demo.rules import TODAY, Moments, place_workshop
from trainer.programs.content import Pack

COUNTRY = "JP"  # whose public holidays the demo keeps
MADE, STARTED = 10, 5  # so many business days before its first date a cohort was made and started
AFTERNOON = time(15, 0)


@dataclass(frozen=True)
class Timeline:
    """A cohort's workshop days, its dates set by hand, and every instant around them."""

    day1: date
    day2: date
    overrides: dict[str, date]
    moments: Moments
    made_at: datetime
    started_on: date  # a business day
    started_at: datetime


def timeline_of(part: CohortPart, pack: Pack, today: date, zone: ZoneInfo) -> Timeline:
    """The cohort's timeline when it is loaded on this local day; all of it follows from the day alone."""
    calendar = Calendar(public_holidays(COUNTRY))
    known = Moments({TODAY: today}, calendar, zone)
    offsets = {entry.id: entry.offset for entry in pack.schedule.dates}
    overrides = {name: known.day(when) for name, when in part.overrides.items()}
    opened_by = {name: known.day(when) for name, when in part.opened_by.items()}
    anchor_on = known.day(part.workshop.at)
    day1, day2 = place_workshop(part.workshop.anchor, anchor_on, opened_by, offsets, overrides, calendar)
    dates = compute_dates(offsets, day1, day2, overrides, calendar)
    first = min(dates.values())
    made_on, started_on = (calendar.business_days_from(first, -days) for days in (MADE, STARTED))
    made_at, started_at = (instant_of(day, AFTERNOON, zone) for day in (made_on, started_on))
    moments = Moments({TODAY: today, "day1": day1, "day2": day2, **dates}, calendar, zone)
    return Timeline(day1, day2, overrides, moments, made_at, started_on, started_at)
