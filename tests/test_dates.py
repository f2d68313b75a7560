"""Days and times read as the people of each language write them."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from trainer.dates import (
    clock_words,
    day_range_words,
    day_words,
    local,
    month_words,
    short_day_words,
    weekday_words,
)

WORKSHOP_ON = date(2027, 2, 3)


@pytest.mark.parametrize(("language", "words"), [("ja", "2027年2月3日（水）"), ("en", "Wed, Feb 3, 2027")])
def test_a_day_has_its_year_and_its_weekday(language: str, words: str) -> None:
    assert day_words(WORKSHOP_ON, language) == words


@pytest.mark.parametrize(("language", "words"), [("ja", "4月15日（木）"), ("en", "Thu, Apr 15")])
def test_inside_a_cohort_the_year_falls_away(language: str, words: str) -> None:
    assert short_day_words(date(2027, 4, 15), language) == words


RANGES = [
    (date(2027, 3, 4), date(2027, 3, 15), "ja", "3月4日（木）〜15日（月）"),
    (date(2027, 1, 13), date(2027, 2, 1), "ja", "1月13日（水）〜2月1日（月）"),
    (date(2026, 12, 28), date(2027, 12, 3), "ja", "12月28日（月）〜12月3日（金）"),
    (date(2027, 2, 3), date(2027, 2, 3), "ja", "2月3日（水）"),
    (date(2027, 3, 4), date(2027, 3, 15), "en", "Thu, Mar 4 \N{EN DASH} Mon, Mar 15"),
]


@pytest.mark.parametrize(("first_on", "last_on", "language", "words"), RANGES)
def test_a_range_says_the_month_once_where_it_is_the_same(
    first_on: date, last_on: date, language: str, words: str
) -> None:
    assert day_range_words(first_on, last_on, language) == words


def test_weekday_month_and_clock_stand_alone() -> None:
    assert [weekday_words(WORKSHOP_ON, language) for language in ("ja", "en")] == ["水", "Wed"]
    assert [month_words(WORKSHOP_ON, language) for language in ("ja", "en")] == ["2月", "Feb"]
    assert clock_words(time(9, 0)) == "09:00"


def test_an_instant_is_read_on_the_clocks_of_its_zone() -> None:
    at = datetime(2027, 2, 2, 23, 30, tzinfo=UTC)
    assert clock_words(local(at, ZoneInfo("Asia/Tokyo"))) == "08:30"
    assert local(at, ZoneInfo("Asia/Tokyo")).date() == WORKSHOP_ON


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs its zone"):
        local(datetime(2027, 2, 3, 9, 0), ZoneInfo("Asia/Tokyo"))  # noqa: DTZ001 - the naive one is the point
