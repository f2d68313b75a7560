"""When a field is shown, must be answered, or is worded otherwise."""

from collections.abc import Mapping

import pytest

from trainer.programs.conditions import holds, is_required, status_of


@pytest.mark.parametrize(
    ("condition", "situation", "expected"),
    [
        (None, {}, True),
        ({}, {}, True),
        ({"scope": "member"}, {"scope": "member"}, True),
        ({"scope": "member"}, {"scope": "organisation"}, False),
        ({"scope": "member"}, {"scope": None}, False),
        ({"scope": "member"}, {}, False),
        ({"task_ref": "*"}, {"task_ref": "t01"}, True),
        ({"task_ref": "*"}, {"task_ref": ""}, False),
        ({"task_ref": "*"}, {"task_ref": None}, False),
        ({"task_ref": "*"}, {}, False),
        ({"task_ref": "*", "scope": "member"}, {"task_ref": "t01", "scope": "member"}, True),
        ({"task_ref": "*", "scope": "member"}, {"task_ref": "t01", "scope": "organisation"}, False),
    ],
)
def test_a_condition_holds_if_every_value_is_as_asked(
    condition: Mapping[str, str] | None, situation: Mapping[str, str | None], expected: bool
) -> None:
    assert holds(condition, situation) is expected


@pytest.mark.parametrize(
    ("rule", "situation", "expected"),
    [
        (True, {}, True),
        (False, {"task_ref": "t01"}, False),
        ("if_task_ref", {"task_ref": "t01"}, True),
        ("if_task_ref", {"task_ref": None}, False),
        ("if_reflection1", {"reflection1": "submitted"}, True),
        ("if_reflection1", {"reflection1": "missing"}, False),
        ("if_reflection1", {}, False),
    ],
)
def test_an_answer_is_required_always_never_or_if_something_is_there(
    rule: bool | str, situation: Mapping[str, str | None], expected: bool
) -> None:
    assert is_required(rule, situation) is expected


@pytest.mark.parametrize(
    ("measure", "statuses", "expected"),
    [
        ("m1", {"m1": "not_yet", "m2": "done"}, "not_yet"),
        ("m3", {"m1": "not_yet"}, None),
        (None, {"m1": "not_yet"}, "not_yet"),
        (None, {"m1": "not_yet", "m2": "not_yet"}, None),
        (None, {}, None),
    ],
)
def test_the_status_is_that_of_the_measure_the_reflection_is_about(
    measure: str | None, statuses: Mapping[str, str | None], expected: str | None
) -> None:
    assert status_of(measure, statuses) == expected
