"""Every rule about dates, in tables: business days, months, offsets, overrides, zones and what cannot be."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from trainer.cohorts.rules import (
    Calendar,
    ImpossibleSchedule,
    Problem,
    check_anchors,
    check_periods,
    check_standstill,
    check_year,
    compute_dates,
    instant_of,
    months_after,
    parse_closure,
    public_holidays,
)
from trainer.programs.content import load_program
from trainer.programs.rules import parse_offset

MINATO_CLOSURES = frozenset({date(2027, 4, 30)}) | parse_closure("2027-08-12/2027-08-16")
MINATO = Calendar(public_holidays("JP"), MINATO_CLOSURES)
PACK_DATES = {entry.id: entry.offset for entry in load_program("management_basics_default")["ja"].schedule.dates}


def day(text: str) -> date:
    return date.fromisoformat(text)


def dates_of(offsets: Mapping[str, str], day1: str, day2: str, **overrides: str) -> dict[str, str]:
    read = {name: parse_offset(offset) for name, offset in offsets.items()}
    by_hand = {name: day(text) for name, text in overrides.items()}
    return {name: str(on) for name, on in compute_dates(read, day(day1), day(day2), by_hand, MINATO).items()}


@pytest.mark.parametrize(
    ("start", "forward", "backward"),
    [
        pytest.param("2027-02-03", "2027-02-03", "2027-02-03", id="a business day stays"),
        pytest.param("2027-02-06", "2027-02-08", "2027-02-05", id="Saturday"),
        pytest.param("2027-02-07", "2027-02-08", "2027-02-05", id="Sunday"),
        pytest.param("2027-02-11", "2027-02-12", "2027-02-10", id="a holiday in the week"),
        pytest.param("2026-09-22", "2026-09-24", "2026-09-18", id="a day between two holidays is one too"),
        pytest.param("2027-03-22", "2027-03-23", "2027-03-19", id="the Monday after a holiday on Sunday"),
        pytest.param("2027-05-01", "2027-05-06", "2027-04-28", id="the golden week, with a closure before it"),
        pytest.param("2027-08-11", "2027-08-17", "2027-08-10", id="a holiday that leads into a closure"),
        pytest.param("2027-08-14", "2027-08-17", "2027-08-10", id="in the middle of a closure"),
        pytest.param("2027-01-31", "2027-02-01", "2027-01-29", id="across a month's end"),
        pytest.param("2027-01-01", "2027-01-04", "2026-12-31", id="New Year: only the holiday itself is closed"),
    ],
)
def test_a_day_moves_to_a_business_day(start: str, forward: str, backward: str) -> None:
    assert MINATO.forward(day(start)) == day(forward)
    assert MINATO.backward(day(start)) == day(backward)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        pytest.param("2027-02-04", 5, "2027-02-12", id="five after a Thursday, a holiday between"),
        pytest.param("2027-02-03", -1, "2027-02-02", id="one before a Wednesday"),
        pytest.param("2027-02-12", -2, "2027-02-09", id="two before, a holiday between"),
        pytest.param("2027-02-06", 1, "2027-02-08", id="one after a Saturday is Monday"),
        pytest.param("2027-02-06", -1, "2027-02-05", id="one before a Saturday is Friday"),
        pytest.param("2027-05-03", 1, "2027-05-06", id="one after a holiday"),
        pytest.param("2027-05-03", -1, "2027-04-28", id="one before a holiday, a closure between"),
        pytest.param("2027-05-03", 2, "2027-05-07", id="two after a holiday"),
        pytest.param("2027-08-12", 1, "2027-08-17", id="one after a closed day"),
        pytest.param("2027-08-12", -1, "2027-08-10", id="one before a closed day"),
    ],
)
def test_business_days_are_counted_from_any_day(start: str, count: int, expected: str) -> None:
    assert MINATO.business_days_from(day(start), count) == day(expected)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2027-02-04", 1, "2027-03-04"),
        ("2027-01-31", 1, "2027-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2027-08-31", 1, "2027-09-30"),
        ("2027-02-28", 1, "2027-03-28"),
        ("2027-12-15", 1, "2028-01-15"),
        ("2027-03-31", -1, "2027-02-28"),
        ("2027-01-31", -2, "2026-11-30"),
    ],
)
def test_a_month_later_is_the_same_day_or_the_months_last(start: str, months: int, expected: str) -> None:
    assert months_after(day(start), months) == day(expected)


def test_all_dates_of_the_course_follow_from_two_days() -> None:
    found = compute_dates(PACK_DATES, day("2027-02-03"), day("2027-02-04"), {}, MINATO)
    assert {name: str(on) for name, on in found.items()} == {
        "act1_open": "2027-01-13",
        "observation_before_open": "2027-01-13",
        "observation_before_close": "2027-01-25",  # the 24th is a Sunday
        "act1_due": "2027-02-01",  # the 30th is a Saturday
        "workshop": "2027-02-03",
        "plan_due": "2027-02-12",
        "plan_review_due": "2027-02-19",
        "reflection1_open": "2027-03-04",
        "reflection1_due": "2027-03-15",
        "reflection2_open": "2027-04-05",
        "reflection2_due": "2027-04-15",
        "observation_after_open": "2027-04-05",
        "observation_after_close": "2027-04-15",
        "close": "2027-04-20",
    }


CHAIN = {"workshop": "day1", "opens": "day2+1month", "due": "opens+10d", "close": "due+3bd"}


@pytest.mark.parametrize(
    ("days", "overrides", "expected"),
    [
        pytest.param(
            ("2027-01-30", "2027-01-31"),
            {},
            {"workshop": "2027-01-30", "opens": "2027-03-01", "due": "2027-03-11", "close": "2027-03-16"},
            id="workshop days never move; 28 February is a Sunday and moves across the month's end; due counts from it",
        ),
        pytest.param(
            ("2027-02-03", "2027-02-04"),
            {"opens": "2027-03-06"},
            {"workshop": "2027-02-03", "opens": "2027-03-06", "due": "2027-03-16", "close": "2027-03-19"},
            id="a date by hand stands on its Saturday, and what refers to it follows",
        ),
        pytest.param(
            ("2027-02-03", "2027-02-04"),
            {"due": "2027-03-21"},
            {"workshop": "2027-02-03", "opens": "2027-03-04", "due": "2027-03-21", "close": "2027-03-25"},
            id="what it does not refer to stays",
        ),
        pytest.param(
            ("2027-02-03", "2027-02-04"),
            {"close": "2027-03-01"},
            {"workshop": "2027-02-03", "opens": "2027-03-04", "due": "2027-03-15", "close": "2027-03-01"},
            id="the last of the chain",
        ),
    ],
)
def test_dates_follow_each_other(days: tuple[str, str], overrides: dict[str, str], expected: dict[str, str]) -> None:
    assert dates_of(CHAIN, *days, **overrides) == expected


def test_several_terms_are_taken_one_after_the_other() -> None:
    offsets = {"later": "day2+1month+2d", "earlier": "day1-1month-1bd"}
    assert dates_of(offsets, "2027-02-03", "2027-02-04") == {"later": "2027-03-08", "earlier": "2026-12-31"}


def test_another_country_has_other_holidays() -> None:
    german = Calendar(public_holidays("DE"))
    assert (german.forward(day("2027-02-11")), german.forward(day("2027-05-17"))) == (
        day("2027-02-11"),
        day("2027-05-18"),  # Whit Monday
    )


def test_a_country_without_known_holidays_is_refused() -> None:
    with pytest.raises(ValueError, match="QQ"):
        public_holidays("QQ")


@pytest.mark.parametrize(
    ("text", "first", "count"),
    [
        ("2027-04-30", "2027-04-30", 1),
        ("2027-08-12/2027-08-16", "2027-08-12", 5),
        ("2027-12-29 / 2028-01-04", "2027-12-29", 7),
    ],
)
def test_a_closure_has_both_its_ends(text: str, first: str, count: int) -> None:
    assert parse_closure(text) == {day(first) + timedelta(days=n) for n in range(count)}


@pytest.mark.parametrize("text", ["", "summer", "2027-02-30", "2027-08-16/2027-08-12", "2027-01-01/2037-12-31"])
def test_what_is_no_closure_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_closure(text)


@pytest.mark.parametrize(
    ("zone", "on", "at", "expected"),
    [
        ("Asia/Tokyo", "2027-02-03", "09:00", "2027-02-03T00:00"),
        ("Asia/Kolkata", "2027-02-03", "09:00", "2027-02-03T03:30"),
        ("Europe/Berlin", "2027-03-26", "09:00", "2027-03-26T08:00"),
        ("Europe/Berlin", "2027-03-29", "09:00", "2027-03-29T07:00"),
        ("Europe/Berlin", "2027-10-29", "09:00", "2027-10-29T07:00"),
        ("Europe/Berlin", "2027-11-01", "09:00", "2027-11-01T08:00"),
        ("America/New_York", "2027-03-12", "17:59", "2027-03-12T22:59"),
        ("America/New_York", "2027-03-15", "17:59", "2027-03-15T21:59"),
        ("America/New_York", "2027-11-05", "08:00", "2027-11-05T12:00"),
        ("America/New_York", "2027-11-08", "08:00", "2027-11-08T13:00"),
        ("Australia/Lord_Howe", "2027-04-02", "09:00", "2027-04-01T22:00"),
        ("Australia/Lord_Howe", "2027-04-05", "09:00", "2027-04-04T22:30"),
        pytest.param("Europe/Berlin", "2027-03-28", "02:30", "2027-03-28T01:30", id="an hour that is left out"),
        pytest.param("Europe/Berlin", "2027-10-31", "02:30", "2027-10-31T00:30", id="an hour that comes twice"),
    ],
)
def test_an_hour_of_the_wall_is_an_instant_on_both_sides_of_a_clock_change(
    zone: str, on: str, at: str, expected: str
) -> None:
    instant = instant_of(day(on), time.fromisoformat(at), ZoneInfo(zone))
    assert instant == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day1", "day2", "at", "problem"),
    [
        ("2027-02-04", "2027-02-03", "09:00", Problem.DAYS_REVERSED),
        ("2027-02-03", "2027-02-18", "09:00", Problem.DAYS_FAR_APART),
        ("2027-02-03", "2027-02-04", "07:59", Problem.PROMPT_TIME_OUTSIDE_WINDOW),
        ("2027-02-03", "2027-02-04", "18:00", Problem.PROMPT_TIME_OUTSIDE_WINDOW),
        ("0207-02-03", "2027-02-04", "09:00", Problem.YEAR_OUT_OF_RANGE),
        ("2027-02-03", "9999-12-31", "09:00", Problem.YEAR_OUT_OF_RANGE),
    ],
)
def test_impossible_anchors_are_refused(day1: str, day2: str, at: str, problem: Problem) -> None:
    with pytest.raises(ImpossibleSchedule) as caught:
        check_anchors(day(day1), day(day2), time.fromisoformat(at))
    assert caught.value.problem is problem


@pytest.mark.parametrize(
    ("day1", "day2", "at"),
    [
        ("2027-02-03", "2027-02-03", "08:00"),
        ("2027-02-03", "2027-02-17", "17:59"),
        ("2027-02-06", "2027-02-07", "09:00"),
        ("1999-12-31", "2000-01-01", "09:00"),
    ],
)
def test_unusual_anchors_are_accepted(day1: str, day2: str, at: str) -> None:
    check_anchors(day(day1), day(day2), time.fromisoformat(at))


def test_a_year_that_no_calendar_keeps_is_refused() -> None:
    check_year(day("2199-12-31"))
    with pytest.raises(ImpossibleSchedule) as caught:
        check_year(day("2200-01-01"))
    assert caught.value.problem is Problem.YEAR_OUT_OF_RANGE


def test_a_step_may_be_due_on_the_day_it_opens_and_not_before() -> None:
    periods = {"plan": ("opens", "due")}
    check_periods(periods, {"opens": day("2027-02-03"), "due": day("2027-02-03")})
    with pytest.raises(ImpossibleSchedule) as caught:
        check_periods(periods, {"opens": day("2027-02-03"), "due": day("2027-02-02")})
    assert caught.value.problem is Problem.DUE_BEFORE_OPENING


def closed_for(days: int) -> Calendar:
    """A calendar that is closed from Monday 7 June 2027 for so many days, and has no holidays."""
    first = day("2027-06-07")
    return Calendar(frozenset(), frozenset(first + timedelta(days=n) for n in range(days)))


def test_sixty_days_without_a_business_day_are_borne() -> None:
    # the Saturday and Sunday before belong to the standstill as well
    calendar = closed_for(58)
    check_standstill(calendar, day("2027-06-04"), day("2027-09-01"))
    assert calendar.forward(day("2027-06-05")) == day("2027-08-04")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2027-06-04", "2027-09-01"),
        ("2027-06-04", "2027-06-05"),
        ("2027-06-05", "2027-06-05"),
        ("2027-07-01", "2027-07-01"),
        ("2027-08-06", "2027-09-01"),
        ("2027-05-01", "2027-06-01"),
    ],
)
def test_more_than_sixty_days_without_a_business_day_are_refused(first: str, last: str) -> None:
    with pytest.raises(ImpossibleSchedule) as caught:
        check_standstill(closed_for(59), day(first), day(last))
    assert caught.value.problem is Problem.NO_BUSINESS_DAY


def test_a_walk_backward_ends_as_well() -> None:
    with pytest.raises(ImpossibleSchedule):
        closed_for(59).backward(day("2027-08-04"))
    assert closed_for(58).backward(day("2027-08-03")) == day("2027-06-04")
