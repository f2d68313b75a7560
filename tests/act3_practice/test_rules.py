"""When the short form and the week's rest are offered, how much is left, what becomes of a measure."""

from datetime import date
from typing import Any

import pytest

from trainer.act3_practice.rules import (
    Part,
    Period,
    changed_measure,
    grain_of,
    minutes_left,
    next_depth,
    parts_of,
)

OPENS, DUE = date(2027, 3, 4), date(2027, 3, 15)


def on(day: date, *, was_put_off: bool = False) -> Period:
    return Period(OPENS, DUE, day, was_put_off)


@pytest.mark.parametrize(
    ("day", "offered"),
    [(date(2027, 3, 11), False), (date(2027, 3, 12), True), (DUE, True), (date(2027, 3, 30), True)],
)
def test_the_short_form_is_offered_from_three_days_before_the_due_date(day: date, offered: bool) -> None:
    assert on(day).offers_short_form(3) is offered


def test_nothing_is_offered_before_a_step_opens() -> None:
    early = Period(OPENS, OPENS, date(2027, 3, 3))
    assert not early.is_open
    assert not early.offers_short_form(3)
    assert not early.can_be_put_off(1)


@pytest.mark.parametrize(
    ("period", "most", "expected"),
    [
        (on(OPENS), 1, True),
        (on(DUE), 1, True),
        (on(date(2027, 3, 16)), 1, False),
        (on(OPENS, was_put_off=True), 1, False),
        (on(OPENS), 0, False),
    ],
)
def test_a_step_is_put_off_once_until_it_is_due(period: Period, most: int, expected: bool) -> None:
    assert period.can_be_put_off(most) is expected


def test_minutes_left_go_down_with_what_is_answered() -> None:
    parts = parts_of(10, [(4, ["a", "b"]), (3, []), (2, ["c"])], ["q"])
    assert parts[0] == Part(1, frozenset({"q"}))
    assert minutes_left(parts, []) == 7  # nothing is required in the stage of three minutes
    assert minutes_left(parts, ["a"]) == 5
    assert minutes_left(parts, ["a", "b", "c"]) == 1
    assert minutes_left(parts, ["a", "b", "c", "q", "else"]) == 0
    assert parts_of(1, [(4, ["a"])], [])[0].minutes == 0


@pytest.mark.parametrize(
    ("required", "answered", "grain"),
    [(["a", "b"], [], "open"), (["a", "b"], ["b"], "half"), (["a", "b"], ["a", "b", "c"], "full"), ([], [], "full")],
)
def test_a_stage_fills_with_what_it_needs(required: list[str], answered: list[str], grain: str) -> None:
    assert grain_of(required, answered) == grain


MEASURE = {"id": "m1", "title": "Rotate", "task_ref": "t04", "when_cue": "old cue", "then_action": "old deed"}


@pytest.mark.parametrize("change", [None, "", "keep"])
def test_a_measure_that_goes_on_as_it_is_has_no_new_version(change: str | None) -> None:
    assert changed_measure(MEASURE, change, "cue", "deed") is None


@pytest.mark.parametrize("change", ["smaller", "bigger", "stop"])
def test_a_changed_measure_takes_over_what_is_tried_next(change: str) -> None:
    assert changed_measure(MEASURE, change, "cue", "deed") == {**MEASURE, "when_cue": "cue", "then_action": "deed"}
    assert changed_measure(MEASURE, change, None, None) == MEASURE


def test_a_replaced_measure_is_called_by_what_is_done_instead() -> None:
    changed = changed_measure(MEASURE, "replace", "cue", "deed")
    assert changed == {**MEASURE, "title": "deed", "when_cue": "cue", "then_action": "deed"}
    assert changed_measure(MEASURE, "replace", None, None) == MEASURE


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ({}, 1),
        ({"why": "x"}, 3),
        ({"gap": "x", "others_change": "y"}, 2),
        ({"why": "x", "other_view": "y", "assumption": "z"}, 4),
    ],
)
def test_the_next_question_asks_for_a_kind_of_looking_that_is_missing(answers: dict[str, Any], level: int) -> None:
    assert next_depth(answers) == level
