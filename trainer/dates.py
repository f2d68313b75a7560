"""Days and times as people read them, in Japanese and English."""

from datetime import date, datetime, time, tzinfo
from functools import lru_cache

from babel.dates import format_date

DAY = {"ja": "y年M月d日（E）", "en": "EEE, MMM d, y"}
SHORT_DAY = {"ja": "M月d日（E）", "en": "EEE, MMM d"}
SAME_MONTH_DAY = {"ja": "d日（E）", "en": "EEE, MMM d"}
MONTH = {"ja": "M月", "en": "MMM"}
BETWEEN = {"ja": "〜", "en": " – "}


@lru_cache(maxsize=4096)
def day_words(on: date, language: str) -> str:
    """A calendar day with its year: 2027年2月3日（水）, or Wed, Feb 3, 2027."""
    return format_date(on, DAY[language], locale=language)


@lru_cache(maxsize=4096)  # a batch of letters names the same few days again and again
def short_day_words(on: date, language: str) -> str:
    """A calendar day whose year is known from its surroundings: 4月15日（木）, or Thu, Apr 15."""
    return format_date(on, SHORT_DAY[language], locale=language)


def day_range_words(first_on: date, last_on: date, language: str) -> str:
    """From day to day, both included, without years: 3月4日（木）〜15日（月）, or Thu, Mar 4 – Mon, Mar 15."""
    if first_on == last_on:
        return short_day_words(first_on, language)
    same_month = (first_on.year, first_on.month) == (last_on.year, last_on.month)
    pattern = SAME_MONTH_DAY if same_month else SHORT_DAY
    last = format_date(last_on, pattern[language], locale=language)
    return f"{short_day_words(first_on, language)}{BETWEEN[language]}{last}"


def weekday_words(on: date, language: str) -> str:
    """The day of the week, short: 水, or Wed."""
    return format_date(on, "E", locale=language)


def month_words(on: date, language: str) -> str:
    """The month alone: 2月, or Feb."""
    return format_date(on, MONTH[language], locale=language)


def clock_words(at: time | datetime) -> str:
    """Hours and minutes, the same in both languages: 09:00."""
    return f"{at:%H:%M}"


def local(at: datetime, zone: tzinfo) -> datetime:
    """The instant `at` (aware) on the calendars and clocks of `zone`. ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return at.astimezone(zone)
