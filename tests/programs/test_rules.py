"""The small languages of a pack: offsets, triggers, times."""

from collections.abc import Callable
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.programs.rules import (
    ANCHORS,
    EVENTS,
    WEEKDAYS,
    DateTrigger,
    EventTrigger,
    FirstStepTrigger,
    MidpointTrigger,
    Offset,
    Term,
    Trigger,
    Unit,
    WeekdaysTrigger,
    WeeklyTrigger,
    is_date_id,
    parse_offset,
    parse_time,
    parse_trigger,
)

DATES = ("act1_open", "act1_due", "workshop", "plan_due", "reflection1_due", "reflection2_open", "close")


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("day1", Offset("day1")),
        ("day1-21d", Offset("day1", (Term(-21, "d"),))),
        ("day2+1month", Offset("day2", (Term(1, "month"),))),
        ("plan_due+5bd", Offset("plan_due", (Term(5, "bd"),))),
        ("day2+1month-3bd+2d", Offset("day2", (Term(1, "month"), Term(-3, "bd"), Term(2, "d")))),
    ],
)
def test_an_offset_is_a_base_and_terms(text: str, offset: Offset) -> None:
    assert parse_offset(text) == offset
    assert str(offset) == text


@pytest.mark.parametrize(
    "text",
    ["", "day1-", "day1-21", "day1 -21d", "day1-021d", "day1-0d", "day1-1week", "21d", "+1d", "day1-1d\n", "日1"],
)
def test_anything_else_is_no_offset(text: str) -> None:
    with pytest.raises(ValueError, match="is no offset"):
        parse_offset(text)


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("act1_open", DateTrigger("act1_open")),
        ("act1_due_minus_3", DateTrigger("act1_due", -3)),
        ("act1_due_plus_1", DateTrigger("act1_due", 1)),
        ("workshop_minus_1bd", DateTrigger("workshop", -1, business=True)),
        ("plan_due_plus_12bd", DateTrigger("plan_due", 12, business=True)),
        ("midpoint:reflection1_due:reflection2_open", MidpointTrigger("reflection1_due", "reflection2_open")),
        ("first_step_date", FirstStepTrigger()),
        ("first_step_date_minus_2", FirstStepTrigger(-2)),
        ("first_step_date_minus_1bd", FirstStepTrigger(-1, business=True)),
        ("event:feedback_given", EventTrigger("feedback_given")),
        ("weekly:mon_08:00", WeeklyTrigger(0, time(8))),
        ("weekly:sun_9:30", WeeklyTrigger(6, time(9, 30))),
        ("weekdays:17:59", WeekdaysTrigger(time(17, 59))),
        ("weekdays:8:00", WeekdaysTrigger(time(8))),
    ],
)
def test_a_trigger_says_when_a_letter_goes(text: str, trigger: Trigger) -> None:
    assert parse_trigger(text, DATES) == trigger


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nowhere",
        "day1",
        "act1_due_minus_0",
        "act1_due_minus_03",
        "act1_due_minus_-3",
        "act1_due_minus_3 bd",
        "act1_due_minus_3wd",
        "act1_due_minus_3_plus_1",
        "act1_due_minus_３",
        "minus_3",
        "midpoint:act1_due",
        "midpoint:act1_due:nowhere",
        "midpoint:act1_due:close_minus_3",
        "midpoint:act1_due:close:workshop",
        "first_step_date_plus_1",
        "event:",
        "event:full_moon",
        "weekly:mon",
        "weekly:08:00",
        "weekly:someday_08:00",
        "weekly:mon_18:00",
        "weekdays:07:59",
        "weekdays:24:00",
        "monthly:1_08:00",
        "act1_open\n",
    ],
)
def test_anything_else_is_no_trigger(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        parse_trigger(text, DATES)


names = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True).filter(is_date_id)
counts = st.integers(1, 9999)
hours = st.times(time(8), time(17, 59)).map(lambda at: at.replace(second=0, microsecond=0))


@given(
    st.sampled_from([*ANCHORS, "plan_due"]),
    st.lists(st.tuples(counts, st.booleans(), st.sampled_from(("d", "bd", "month")))),
)
def test_an_offset_reads_back_as_it_was_written(base: str, parts: list[tuple[int, bool, Unit]]) -> None:
    offset = Offset(base, tuple(Term(-count if before else count, unit) for count, before, unit in parts))
    assert parse_offset(str(offset)) == offset


@given(names, counts, st.booleans(), st.booleans())
def test_a_distance_from_any_date_is_read_as_meant(name: str, count: int, before: bool, business: bool) -> None:
    text = f"{name}_{'minus' if before else 'plus'}_{count}{'bd' if business else ''}"
    assert parse_trigger(text, [name]) == DateTrigger(name, -count if before else count, business)


@given(st.sampled_from(WEEKDAYS), hours)
def test_a_time_inside_the_window_is_read_as_meant(day: str, at: time) -> None:
    assert parse_trigger(f"weekly:{day}_{at.hour}:{at:%M}", ()) == WeeklyTrigger(WEEKDAYS.index(day), at)
    assert parse_trigger(f"weekdays:{at:%H:%M}", ()) == WeekdaysTrigger(at)


fragments = st.sampled_from(
    [
        "midpoint:",
        "event:",
        "weekly:",
        "weekdays:",
        "_minus_",
        "_plus_",
        "3",
        "bd",
        ":",
        "08:00",
        "mon_",
        *DATES,
        *EVENTS,
    ]
)


@given(st.text() | st.lists(fragments | st.text(max_size=3)).map("".join))
def test_no_text_raises_anything_but_a_value_error_with_a_sentence(text: str) -> None:
    for read in (parse_offset, parse_time, lambda one: parse_trigger(one, DATES)):
        assert outcome(read, text)


def outcome(read: Callable[[str], object], text: str) -> str:
    """What reading a text came to, or the sentence with which it was refused."""
    try:
        return repr(read(text))
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize(
    ("value", "at"),
    [("09:00", time(9)), ("9:00", time(9)), ("23:59", time(23, 59)), (540, time(9)), (1080, time(18)), (0, time(0))],
)
def test_a_time_is_read_with_and_without_quotes(value: str | int, at: time) -> None:
    assert parse_time(value) == at


@pytest.mark.parametrize(
    "value", ["", "9", "24:00", "9:60", "9:0", "09:00:00", "-1:00", " 9:00", "９:00", 1440, -1, True]
)
def test_what_is_no_time_of_day_is_refused(value: str | int) -> None:
    with pytest.raises(ValueError, match="no time of day"):
        parse_time(value)


@pytest.mark.parametrize("name", ["day1", "day2", "first_step_date", "close_minus_3", "close_plus_2bd", "Close", ""])
def test_a_date_cannot_bear_a_name_that_a_trigger_means_otherwise(name: str) -> None:
    assert not is_date_id(name)
