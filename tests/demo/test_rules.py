"""The demo's times: an expression means one day or instant, and the workshop lies where it must."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from trainer.cohorts.rules import Calendar, public_holidays
from trainer.demo.rules import Anchor, Moments, parse_when, place_workshop
from trainer.programs.rules import parse_offset

CALENDAR = Calendar(public_holidays("JP"))
DAYS = {
    "today": date(2026, 9, 2),  # a Wednesday; the 21st to the 23rd are public holidays
    "day1": date(2026, 8, 27),
    "day2": date(2026, 8, 28),
    "close": date(2026, 11, 12),
}
MOMENTS = Moments(DAYS, CALENDAR, ZoneInfo("Asia/Tokyo"))
OFFSETS = {"opens": parse_offset("day1-21d"), "later": parse_offset("day2+1month")}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", date(2026, 9, 2)),
        ("today-9d", date(2026, 8, 24)),
        ("today+3d", date(2026, 9, 5)),  # a Saturday: only what is said in business days moves
        ("today+3bd", date(2026, 9, 7)),
        ("today-3bd", date(2026, 8, 28)),
        ("day2+1bd", date(2026, 8, 31)),
        ("today+18d+1bd", date(2026, 9, 24)),  # over the weekend and three holidays
        ("today-1month-3d", date(2026, 7, 30)),
        ("today-3d-1month", date(2026, 7, 30)),
        ("day2+1month+3d", date(2026, 10, 1)),
        ("today+28d+5month", date(2027, 2, 28)),  # from left to right: 30 September first, then no 30 February
        ("close", date(2026, 11, 12)),
    ],
)
def test_an_expression_is_applied_from_left_to_right(text: str, day: date) -> None:
    assert MOMENTS.day(parse_when(text)) == day


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("today-2d 11:20", "Asia/Tokyo", datetime(2026, 8, 31, 2, 20, tzinfo=UTC)),
        ("day2 17:00", "Asia/Tokyo", datetime(2026, 8, 28, 8, 0, tzinfo=UTC)),
        ("today-1d 00:05", "Asia/Tokyo", datetime(2026, 8, 31, 15, 5, tzinfo=UTC)),
        ("close 09:00", "Europe/Berlin", datetime(2026, 11, 12, 8, 0, tzinfo=UTC)),
        ("today 09:00", "Europe/Berlin", datetime(2026, 9, 2, 7, 0, tzinfo=UTC)),
    ],
)
def test_an_hour_is_one_of_the_cohorts_zone(text: str, zone: str, instant: datetime) -> None:
    assert Moments(DAYS, CALENDAR, ZoneInfo(zone)).instant(parse_when(text)) == instant


@pytest.mark.parametrize(
    "text", ["", "Today", "today-d", "today-2w", "today 25:00", "today-2d 11", "today - 2d", "-2d"]
)
def test_what_is_no_expression_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no (offset|time of day)"):
        parse_when(text)


@pytest.mark.parametrize("text", ["today-2d 11:20", "day2+5bd", "today-1month-3d"])
def test_an_expression_is_shown_as_it_is_written(text: str) -> None:
    assert str(parse_when(text)) == text


def test_a_day_has_no_instant() -> None:
    with pytest.raises(ValueError, match="is a day, not an instant"):
        MOMENTS.instant(parse_when("today-2d"))


@pytest.mark.parametrize(
    ("anchor", "day", "opened_by", "expected"),
    [
        ("day1", date(2026, 9, 16), {}, (date(2026, 9, 16), date(2026, 9, 17))),
        ("day1", date(2026, 9, 18), {}, (date(2026, 9, 18), date(2026, 9, 24))),  # day2 after weekend and holidays
        ("day1", date(2026, 9, 23), {}, (date(2026, 9, 18), date(2026, 9, 24))),  # back from a holiday
        ("day2", date(2026, 8, 29), {}, (date(2026, 8, 27), date(2026, 8, 28))),  # back from a Saturday
        ("day2", date(2026, 8, 31), {}, (date(2026, 8, 28), date(2026, 8, 31))),  # day1 before the weekend
        # day1-21d falls on Wednesday the 26th: one day later than allowed, so both go back a day
        ("day1", date(2026, 9, 16), {"opens": date(2026, 8, 25)}, (date(2026, 9, 15), date(2026, 9, 16))),
        # 30 August is a Sunday: what would open then opens on Monday, and so both go back to Tuesday
        ("day2", date(2026, 7, 30), {"later": date(2026, 8, 30)}, (date(2026, 7, 27), date(2026, 7, 28))),
        ("day2", date(2026, 7, 28), {"later": date(2026, 8, 28)}, (date(2026, 7, 27), date(2026, 7, 28))),
    ],
)
def test_the_workshop_goes_back_until_it_lies_right(
    anchor: Anchor, day: date, opened_by: dict[str, date], expected: tuple[date, date]
) -> None:
    assert place_workshop(anchor, day, opened_by, OFFSETS, {}, CALENDAR) == expected


def test_a_date_set_by_hand_stands_wherever_the_workshop_lies() -> None:
    saturday = date(2026, 8, 29)
    days = place_workshop("day2", date(2026, 7, 30), {"later": saturday}, OFFSETS, {"later": saturday}, CALENDAR)
    assert days == (date(2026, 7, 29), date(2026, 7, 30))
