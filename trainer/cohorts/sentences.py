"""What is said to a person about a schedule: the sentence of each problem and of each warning."""

from collections.abc import Callable
from datetime import date

from trainer.cohorts.rules import Calendar, ImpossibleSchedule, Problem
from trainer.dates import day_words
from trainer.i18n import get_locale
from trainer.i18n import gettext as _


class Refused(Exception):
    """Something asked for cannot be done; the text is a whole sentence in the language in force."""


_SENTENCES: dict[Problem, Callable[..., str]] = {
    Problem.DAYS_REVERSED: lambda day1, day2: _(
        "The second workshop day (%(day2)s) is before the first (%(day1)s). Give the earlier day first.",
        day1=day1,
        day2=day2,
    ),
    Problem.DAYS_FAR_APART: lambda day1, day2: _(
        "The workshop days (%(day1)s and %(day2)s) are more than 14 days apart. Choose days closer together.",
        day1=day1,
        day2=day2,
    ),
    Problem.YEAR_OUT_OF_RANGE: lambda day: _("The year of %(day)s cannot be right. Correct the date.", day=day),
    Problem.PROMPT_TIME_OUTSIDE_WINDOW: lambda time: _(
        "Letters go out from 08:00 until before 18:00; %(time)s is outside. Choose another hour.",
        time=f"{time:%H:%M}",
    ),
    Problem.DUE_BEFORE_OPENING: lambda step, opens, due: _(
        "The step %(step)s would be due on %(due)s, before it opens on %(opens)s. Choose a later date.",
        step=step,
        opens=opens,
        due=due,
    ),
    Problem.NO_BUSINESS_DAY: lambda day: _(
        "There is no business day within 60 days of %(day)s. Shorten the closures.", day=day
    ),
    Problem.UNKNOWN_DATE: lambda date_id, known: _(
        "The program has no date %(date_id)s. It has: %(known)s.", date_id=date_id, known=known
    ),
    Problem.WORKSHOP_DAY_BY_HAND: lambda date_id: _(
        "%(date_id)s is a workshop day. Change it with set-schedule.", date_id=date_id
    ),
}


def sentence_of(error: ImpossibleSchedule) -> str:
    """Why the schedule is impossible and what to do, in the language in force."""
    told = {name: _day(value) if isinstance(value, date) else value for name, value in error.values.items()}
    return _SENTENCES[error.problem](**told)


def workshop_warnings(day1: date, day2: date, calendar: Calendar, today: date) -> list[str]:
    """What is unusual about two workshop days, though it is accepted; `today` is the cohort's local day."""
    warnings = []
    for day in sorted({day1, day2}):
        named = _day(day)
        if day.weekday() >= 5:
            warnings.append(_("The workshop day %(day)s is on a weekend.", day=named))
        elif day in calendar.holidays:
            warnings.append(_("The workshop day %(day)s is a public holiday.", day=named))
        elif day in calendar.closures:
            warnings.append(_("The workshop day %(day)s is in a closure of the company.", day=named))
        if day < today:
            warnings.append(_("The workshop day %(day)s is in the past.", day=named))
    return warnings


def _day(day: date) -> str:
    """The day as the pages name it, in the language in force."""
    return day_words(day, str(get_locale() or "en"))  # without a language the sentence around it is English too
