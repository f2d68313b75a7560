"""On which day a letter goes, which of several goes, and until when it is worth sending: tables of cases."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from trainer.cohorts.rules import Calendar, public_holidays
from trainer.programs.rules import Rank, parse_trigger
from trainer.prompts.rules import (
    Candidate,
    Gone,
    Reason,
    last_useful_instant,
    letter_day,
    next_in_window,
    settle,
    week_of,
)

TOKYO = ZoneInfo("Asia/Tokyo")
CALENDAR = Calendar(public_holidays("JP"), frozenset({date(2027, 4, 30)}))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("trigger", "dates", "expected"),
    [
        pytest.param("due", {"due": "2027-02-03"}, "2027-02-03", id="on its date"),
        pytest.param("due", {"due": "2027-02-06"}, "2027-02-08", id="a date by hand on a Saturday: forward"),
        pytest.param("due_plus_1", {"due": "2027-02-05"}, "2027-02-08", id="after its date: forward"),
        pytest.param("due_minus_3", {"due": "2027-02-10"}, "2027-02-05", id="before its date: backward"),
        pytest.param("due_minus_1", {"due": "2027-05-06"}, "2027-04-28", id="backward over holidays and a closure"),
        pytest.param("due_plus_2bd", {"due": "2027-02-09"}, "2027-02-12", id="business days after"),
        pytest.param("due_minus_2bd", {"due": "2027-02-12"}, "2027-02-09", id="business days before"),
        pytest.param("due_minus_1bd", {"due": "2027-02-07"}, "2027-02-05", id="one business day before a Sunday"),
        pytest.param("due_plus_1bd", {"due": "2027-02-07"}, "2027-02-08", id="one business day after a Sunday"),
        pytest.param("midpoint:a:b", {"a": "2027-03-01", "b": "2027-03-08"}, "2027-03-04", id="half-way, rounded down"),
        pytest.param("midpoint:a:b", {"a": "2027-03-15", "b": "2027-04-05"}, "2027-03-25", id="half-way"),
        pytest.param("midpoint:a:b", {"a": "2027-03-05", "b": "2027-03-08"}, "2027-03-08", id="half-way, forward"),
    ],
)
def test_a_letter_goes_on_a_business_day(trigger: str, dates: dict[str, str], expected: str) -> None:
    known = {name: day(text) for name, text in dates.items()}
    assert letter_day(parse_trigger(trigger, known), known, CALENDAR) == day(expected)


@pytest.mark.parametrize("trigger", ["event:feedback_given", "weekly:mon_08:00", "weekdays:08:00", "first_step_date"])
def test_a_letter_without_a_known_date_has_no_day(trigger: str) -> None:
    assert letter_day(parse_trigger(trigger, {}), {}, CALENDAR) is None


MONDAY = day("2027-03-08")


def letters(*told: tuple[str, Rank, int]) -> list[Candidate]:
    """Letters in the pack's order: name, rank, days after a Monday; those called not_… are reminders."""
    return [
        Candidate(name, order, rank, name.startswith("not_"), MONDAY + timedelta(days=after))
        for order, (name, rank, after) in enumerate(told)
    ]


@pytest.mark.parametrize(
    ("told", "superseded"),
    [
        pytest.param([("a", "opening", 0), ("b", "eve", 0)], {"b"}, id="an opening goes before an eve"),
        pytest.param([("a", "reminder", 0), ("b", "last", 0)], {"a"}, id="the last one before a reminder"),
        pytest.param([("a", "nudge", 0), ("b", "reminder", 0), ("c", "eve", 0)], {"a", "b"}, id="one of three"),
        pytest.param([("a", "reminder", 0), ("b", "reminder", 0)], {"a"}, id="of equals the later in the pack"),
        pytest.param([("a", "opening", 0), ("b", "nudge", 1)], set(), id="on two days both"),
    ],
)
def test_of_a_days_letters_one_goes(told: list[tuple[str, Rank, int]], superseded: set[str]) -> None:
    assert settle(letters(*told)) == dict.fromkeys(superseded, Reason.SUPERSEDED)


@pytest.mark.parametrize(
    ("told", "behind"),
    [
        pytest.param(
            [("not_a", "reminder", 3), ("not_b", "reminder", 1), ("not_c", "last", 0)],
            {"not_a": Reason.OVER_LIMIT},
            id="the third of a week stays, whatever its rank",
        ),
        pytest.param(
            [("not_a", "reminder", 0), ("not_b", "reminder", 1), ("c", "opening", 2), ("d", "nudge", 3)],
            {},
            id="only reminders count",
        ),
        pytest.param(
            [("not_a", "reminder", 0), ("b", "opening", 0), ("not_c", "last", 1), ("not_d", "last", 2)],
            {"not_a": Reason.SUPERSEDED},
            id="they are counted after superseding",
        ),
        pytest.param(
            [("not_a", "reminder", 3), ("not_b", "reminder", 4), ("not_c", "reminder", 7)],
            {},
            id="a week begins on Monday",
        ),
    ],
)
def test_two_reminders_go_in_a_week(told: list[tuple[str, Rank, int]], behind: dict[str, Reason]) -> None:
    assert settle(letters(*told)) == behind


def test_what_has_gone_counts() -> None:
    gone = [Gone(MONDAY, is_reminder=True), Gone(MONDAY + timedelta(days=1), is_reminder=True)]
    candidates = letters(("a", "opening", 0), ("not_b", "reminder", 2), ("c", "nudge", 3))
    assert settle(candidates, gone) == {"a": Reason.SUPERSEDED, "not_b": Reason.OVER_LIMIT}


def test_the_first_days_of_a_year_may_belong_to_the_last_week_of_the_old_one() -> None:
    assert week_of(day("2027-01-01")) == week_of(day("2026-12-31")) == (2026, 53)


@pytest.mark.parametrize(
    ("rank", "on", "expected"),
    [
        ("reminder", "2027-02-03", "2027-02-05T18:00"),
        ("last", "2027-02-05", "2027-02-09T18:00"),
        ("nudge", "2027-02-10", "2027-02-15T18:00"),
        ("opening", "2027-02-03", "2027-02-18T18:00"),
        ("event", "2027-02-03", "2027-02-18T18:00"),
        ("digest", "2027-02-03", "2027-02-03T18:00"),
        ("eve", "2027-02-02", "2027-02-03T09:30"),
    ],
)
def test_a_letter_is_useful_for_a_while(rank: Rank, on: str, expected: str) -> None:
    begins = datetime(2027, 2, 3, 9, 30, tzinfo=TOKYO)
    until = last_useful_instant(rank, day(on), begins, CALENDAR, TOKYO)
    assert until.astimezone(TOKYO).isoformat()[:16] == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param("2027-02-03T10:00:30", "2027-02-03T10:00:30", id="inside the window at once"),
        pytest.param("2027-02-03T07:59:59", "2027-02-03T08:00:00", id="too early"),
        pytest.param("2027-02-03T18:00:00", "2027-02-04T08:00:00", id="too late"),
        pytest.param("2027-02-05T21:00:00", "2027-02-08T08:00:00", id="on a Friday night"),
        pytest.param("2027-02-06T10:00:00", "2027-02-08T08:00:00", id="on a Saturday"),
        pytest.param("2027-02-10T18:00:01", "2027-02-12T08:00:00", id="on the eve of a holiday"),
    ],
)
def test_what_has_no_hour_of_its_own_waits_for_the_window(at: str, expected: str) -> None:
    instant = datetime.fromisoformat(at).replace(tzinfo=TOKYO).astimezone(UTC)
    assert next_in_window(instant, CALENDAR, TOKYO) == datetime.fromisoformat(expected).replace(tzinfo=TOKYO)
