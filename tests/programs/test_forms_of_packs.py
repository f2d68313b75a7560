"""A form for each worksheet, the plan, a measure and both reflections, in both languages."""

import json
from itertools import cycle
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.programs.answers import CONTEXT, RIGHT, post, right_answers, wrong_answers
from tests.programs.packs import LANGUAGES, shipped
from trainer.programs.content import Pack
from trainer.programs.content_fields import FieldDescription, FieldPart
from trainer.programs.fields import FIELDS, form_class, plain_values

WORKSHEETS = tuple(f"w{number}" for number in range(1, 15))
FORMS = (*WORKSHEETS, "plan", "measure", "reflection1", "reflection2")


def fields_of(pack: Pack, name: str) -> tuple[FieldDescription, ...]:
    """The fields of one of FORMS."""
    if name == "plan":
        return pack.plan.plan_fields
    if name == "measure":
        return pack.plan.measure_fields
    return pack.worksheet(name).fields if name in WORKSHEETS else pack.reflection(name).fields


@pytest.fixture(params=LANGUAGES)
def pack(request: pytest.FixtureRequest) -> Pack:
    """The shipped pack, in each language."""
    return shipped(request.param)


def test_every_type_of_the_schema_becomes_a_field() -> None:
    parts = [part for part in get_args(get_args(FieldDescription)[0]) if issubclass(part, FieldPart)]
    types = {name for part in parts for name in get_args(part.model_fields["type"].annotation)}
    assert set(FIELDS) == set(RIGHT) == types


@pytest.mark.parametrize("name", FORMS)
def test_what_the_pack_asks_for_is_taken(pack: Pack, name: str) -> None:
    fields = fields_of(pack, name)
    form = form_class(fields, pack=pack, context=CONTEXT)(post(right_answers(fields, pack)))
    assert form.validate(), form.errors
    values = plain_values(form)
    hidden = {field.id for field in fields if field.id not in form.shown}
    assert values.keys() == {field.id for field in fields} - hidden
    assert hidden == ({"member_label"} if name == "measure" else set())
    assert all(value not in (None, "", [], {}) for value in values.values())
    assert json.loads(json.dumps(values)) == values


@pytest.mark.parametrize("name", FORMS)
def test_what_was_stored_is_shown_again(pack: Pack, name: str) -> None:
    fields = fields_of(pack, name)
    made = form_class(fields, pack=pack, context=CONTEXT)
    values = plain_values(made(post(right_answers(fields, pack))))
    again = made(data=values)
    assert plain_values(again) == values
    assert all(str(field()) for field in again)  # each can be drawn


@pytest.mark.parametrize("name", FORMS)
def test_what_cannot_be_taken_has_an_error_at_each_field(pack: Pack, name: str) -> None:
    fields = fields_of(pack, name)
    wrong = [*wrong_answers(fields, pack), ("scope", "member"), ("task_ref", "t01")]
    answers = [pair for pair in wrong if pair not in [("scope", "none_of_these"), ("task_ref", "none_of_these")]]
    form = form_class(fields, pack=pack, context=CONTEXT)(post(answers))
    assert not form.validate()
    asked = {field.id for field in fields if field.type != "checkbox"}
    assert form.errors.keys() == asked - ({"scope", "task_ref"} if name == "measure" else set())


@pytest.mark.parametrize("name", FORMS)
def test_nothing_but_what_is_required_must_be_answered(pack: Pack, name: str) -> None:
    fields = fields_of(pack, name)
    form = form_class(fields, pack=pack, context=CONTEXT)(post([]))
    required = {field.id for field in fields if field.required is True and field.id != "deadline"}
    if name == "reflection2":
        required |= {"tried", "rule_fate"}
    if name in ("plan", "reflection1", "reflection2"):
        required -= {"visibility", "share"}  # they begin with their default
    form.validate()
    assert set(form.errors) - {"visibility", "share", "deadline"} == required


junk = st.text(max_size=8) | st.sampled_from(
    ["t01", "self", "o1", "3", "-2", "1e9", "NaN", "2027-03-01", "not_yet", "11"]
)


@given(name=st.sampled_from(FORMS), language=st.sampled_from(LANGUAGES), values=st.lists(junk, min_size=1))
@settings(max_examples=60, deadline=None)
def test_whatever_is_posted_is_judged_and_what_is_taken_is_plain(name: str, language: str, values: list[str]) -> None:
    pack = shipped(language)
    fields = fields_of(pack, name)
    names = [posted for posted, _ in right_answers(fields, pack)]
    form = form_class(fields, pack=pack, context=CONTEXT)(post(zip(names, cycle(values), strict=False)))
    assert form.validate() is (not form.errors)
    assert json.loads(json.dumps(plain_values(form), allow_nan=False)) == plain_values(form)


def test_the_values_of_a_worksheet_are_rows_and_columns() -> None:
    pack = shipped("ja")
    values = _values(pack, "w5", [("outcome_now-o1-score", "0"), ("outcome_now-o3-fact", " 事実 "), ("hours", "2.5")])
    assert values["outcome_now"] == {"o1": {"score": 0}, "o3": {"fact": "事実"}}
    assert values["hours"] == 2.5
    assert values["sharing_now"] == {}
    assert values["discover"] is None


def test_the_values_of_lists_leave_out_what_was_left_blank() -> None:
    pack = shipped("ja")
    posted = [
        ("ideas-0", ""),
        ("ideas-1", "一"),
        ("ideas-3", "二"),
        ("measures-0-title", ""),
        ("measures-1-title", "三"),
    ]
    values = _values(pack, "w9", posted)
    assert values["ideas"] == ["一", "二"]
    assert values["measures"] == [{"title": "三"}]


def test_the_values_of_a_reflection_are_by_measure() -> None:
    pack = shipped("ja")
    values = _values(
        pack,
        "reflection1",
        [("m_status-11", "done"), ("m_status-12", "not_yet"), ("level_now-11", "3"), ("gas-12", "-2")],
    )
    assert values["m_status"] == {"11": "done", "12": "not_yet"}
    assert values["level_now"] == {"11": 3}
    assert values["gas"] == {"12": -2}


def _values(pack: Pack, name: str, posted: list[tuple[str, str]]) -> dict[str, Any]:
    return plain_values(form_class(fields_of(pack, name), pack=pack, context=CONTEXT)(post(posted)))
