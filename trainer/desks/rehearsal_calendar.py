"""The three months as a calendar of steps and letters, and what goes on one of its days."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from trainer.cohorts.models import Cohort
from trainer.cohorts.queries import Schedule
from trainer.desks.holiday_names import holiday_name
from trainer.i18n import get_locale
from trainer.i18n import gettext as _
from trainer.i18n import lazy_gettext as _l
from trainer.programs.content import Pack
from trainer.prompts.frames import step_name

MARKS = {
    "act1": _l("L due"),
    "plan": _l("P due"),
    "reflection1": _l("1 due"),
    "reflection2": _l("2 due"),
}
Letters = Counter[tuple[date, str]]  # (local day, letter) -> how many


def calendar_days(
    cohort: Cohort, schedule: Schedule, pack: Pack, letters: Letters, address_of: Callable[[date], str]
) -> list[dict[str, Any]]:
    """Whole weeks from a Monday on, for the macro `calendar`: every day with what happens on it.

    `address_of` leads to a day that has letters.
    """
    counts = letters_per_day(letters)
    days = [*schedule.dates.values(), schedule.day1, schedule.day2, *counts]
    first, last = min(days), max(days)
    first, last = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    dues = _dues(schedule, pack)
    return [
        {**_day(cohort, schedule, on, dues), "letters": counts[on], "url": address_of(on) if counts[on] else ""}
        for on in (first + timedelta(days=number) for number in range((last - first).days + 1))
    ]


def letters_per_day(letters: Letters) -> Counter[date]:
    """How many letters go on each day, of whatever kind."""
    counts = Counter[date]()
    for (day, _letter), count in letters.items():
        counts[day] += count
    return counts


def _day(cohort: Cohort, schedule: Schedule, on: date, dues: dict[date, tuple[str, str]]) -> dict[str, Any]:
    is_workshop = on in (schedule.day1, schedule.day2)
    mark, due = dues.get(on, ("", ""))
    return {
        "on": on,
        "kind": "on" if is_workshop else _ground(schedule, on),
        "event": _("class") if is_workshop else "",
        "due_mark": mark,
        "due": due,
        "holiday": _holiday(cohort, schedule, on),
    }


def _ground(schedule: Schedule, on: date) -> str:
    if not schedule.calendar.is_business_day(on):
        return "off"
    return "in" if any(first <= on <= last for first, last in _periods(schedule)) else ""


def _periods(schedule: Schedule) -> Iterator[tuple[date, date]]:
    for step in schedule.pack.schedule.steps:
        yield schedule.dates[step.opens], schedule.dates[step.due]


def _dues(schedule: Schedule, pack: Pack) -> dict[date, tuple[str, str]]:
    """Day -> the short marks and the words of what is due then."""
    steps = defaultdict(list)
    for step in schedule.pack.schedule.steps:
        if step.id in MARKS:
            steps[schedule.dates[step.due]].append(step.id)
    return {
        on: (
            " ".join(str(MARKS[step]) for step in due),
            _(", ").join(_("%(step)s: due", step=step_name(step, pack)) for step in due),
        )
        for on, due in steps.items()
    }


def _holiday(cohort: Cohort, schedule: Schedule, on: date) -> str:
    """What a weekday on which nothing is sent is called; weekends are seen anyhow."""
    if schedule.calendar.is_business_day(on) or on.weekday() >= 5:
        return ""
    if on in schedule.calendar.closures:
        return _(" (the company is closed)")
    name = holiday_name(cohort.holidays, on, str(get_locale() or "ja"))
    return _(" (%(holiday)s)", holiday=name) if name else _(" (public holiday)")
