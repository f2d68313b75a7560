"""What is said of a day that somebody chose although nobody works on it."""

from datetime import date

from trainer.cohorts.rules import Calendar
from trainer.dates import short_day_words
from trainer.i18n import gettext as _


def off_day_words(calendar: Calendar, day: date, language: str) -> str:
    """Why a day is no business day; "" for one that is."""
    told = short_day_words(day, language)
    if calendar.is_business_day(day):
        return ""
    if day.weekday() >= 5:
        return _("%(day)s is on a weekend.", day=told)
    if day in calendar.holidays:
        return _("%(day)s is a public holiday.", day=told)
    return _("%(day)s is one of the company's closed days.", day=told)
