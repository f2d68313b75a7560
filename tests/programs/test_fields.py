"""Single fields and their validation: limits, conditions, wording, messages."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.programs.answers import CONTEXT, WORDS, post, right_answers
from tests.programs.packs import shipped
from trainer.programs.content_fields import FieldDescription
from trainer.programs.fields import ProgramForm, Saving, form_class, plain_values

PACK = shipped("ja")
SCENE = next(field for field in PACK.reflection("reflection1").fields if field.id == "scene")


def measure_form(*answers: tuple[str, str], saving: Saving = Saving.SUBMIT, language: str = "ja") -> ProgramForm:
    """A measure's form, validated: all of a small measure's answers, unless others are given."""
    pack = shipped(language)
    small = {
        "scope": "organisation",
        "title": "T",
        "outcome": "o1",
        "target_state": "S",
        "first_step": "F",
        "first_step_date": "2027-03-01",
        "when_cue": "W",
        "then_action": "A",
        "deadline": "2027-05-01",
    }
    made = form_class(pack.plan.measure_fields, pack=pack, context=replace(CONTEXT, saving=saving))
    form = made(post({**small, **dict(answers)}.items()))
    form.validate()
    return form


def field_form(field: FieldDescription, answers: list[tuple[str, str]], **context: Any) -> ProgramForm:
    """The form of one field, validated."""
    form = form_class([field], pack=PACK, context=replace(CONTEXT, **context))(post(answers))
    form.validate()
    return form


def test_a_small_measure_needs_no_more_than_the_starred_fields() -> None:
    assert measure_form().errors == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "長" * 81),
        ("title", ""),
        ("title", "   "),
        ("scope", ""),
        ("scope", "family"),
        ("outcome", "o5"),
        ("first_step_date", ""),
        ("first_step_date", "2027-02-30"),
        ("first_step_date", "tomorrow"),
        ("first_step_date", "0001-01-01"),
        ("minutes_week", "-1"),
        ("minutes_week", "2401"),
        ("minutes_week", "NaN"),
        ("minutes_week", "sNaN"),
        ("minutes_week", "Infinity"),
        ("minutes_week", "1e999999999"),
        ("minutes_week", "-1e-999999999"),
        ("minutes_week", "many"),
    ],
)
def test_a_wrong_answer_has_one_error_at_its_field(name: str, value: str) -> None:
    errors = measure_form((name, value)).errors
    assert errors.keys() == {name}
    assert len(errors[name]) == 1


@pytest.mark.parametrize("level", ["0", "8", "9", "-1", "1.5", "two", "9" * 5000])
def test_a_level_is_one_of_the_levels(level: str) -> None:
    form = measure_form(("task_ref", "t01"), ("level_now", level), ("level_target", "3"), ("asked_first", "asked"))
    assert form.errors.keys() == {"level_now"}


def test_sharing_work_asks_for_more() -> None:
    form = measure_form(("task_ref", "t01"))
    assert form.errors.keys() == {"level_now", "level_target", "asked_first"}
    assert form["level_now"].is_required
    assert not form["load_offset"].is_required


def test_what_is_hidden_is_neither_checked_nor_kept() -> None:
    form = measure_form(("level_now", "9"), ("share_with", "長" * 999), ("member_label", "長" * 999))
    assert form.errors == {}
    assert plain_values(form).keys().isdisjoint({"level_now", "share_with", "member_label"})
    assert not form["level_now"].is_shown
    assert not form["level_now"].is_required


def test_a_condition_on_an_answer_shows_a_field() -> None:
    form = measure_form(("scope", "member"), ("member_label", "B"))
    assert plain_values(form)["member_label"] == "B"


def test_a_draft_requires_nothing_but_is_never_too_long() -> None:
    assert measure_form(("title", ""), ("scope", ""), ("first_step_date", ""), saving=Saving.DRAFT).errors == {}
    assert measure_form(("title", "長" * 81), saving=Saving.DRAFT).errors.keys() == {"title"}


@pytest.mark.parametrize(
    ("saving", "length", "is_valid"),
    [
        (Saving.DRAFT, 29, True),
        (Saving.SUBMIT, 29, False),
        (Saving.SUBMIT, 30, True),
        (Saving.SUBMIT_AS_IS, 1, True),
        (Saving.SUBMIT_AS_IS, 0, False),
        (Saving.SUBMIT_AS_IS, 401, False),
        (Saving.SUBMIT, 400, True),
        (Saving.DRAFT, 401, False),
    ],
)
def test_too_short_counts_on_submitting_only(saving: Saving, length: int, is_valid: bool) -> None:
    assert (field_form(SCENE, [("scene", "場" * length)], saving=saving).errors == {}) is is_valid


def test_a_line_end_counts_as_one_character() -> None:
    form = field_form(SCENE, [("scene", "\r\n".join("場" * 200) + "終")])
    assert form.errors == {}
    assert plain_values(form)["scene"] == "\n".join("場" * 200) + "終"


def test_a_default_comes_from_the_cohorts_dates() -> None:
    form = form_class(PACK.plan.measure_fields, pack=PACK, context=CONTEXT)()
    assert form["deadline"].data == date(2027, 6, 30)
    assert form_class(PACK.plan.plan_fields, pack=PACK, context=CONTEXT)()["visibility"].data == "facilitator"


def test_the_words_of_the_pack_stay_at_the_field() -> None:
    title = form_class(PACK.plan.measure_fields, pack=PACK, context=CONTEXT)()["title"]
    described = next(field for field in PACK.plan.measure_fields if field.id == "title")
    assert (title.label.text, title.hint, title.example) == (described.label, described.hint, described.example)
    assert title.described is described


@pytest.mark.parametrize(
    ("step", "name", "situation", "statuses", "is_other"),
    [
        ("reflection1", "scene", {}, {"measure_ref": "11", "m_status-11": "not_yet", "m_status-12": "done"}, True),
        ("reflection1", "scene", {}, {"measure_ref": "12", "m_status-11": "not_yet", "m_status-12": "done"}, False),
        ("reflection2", "scene", {"about": "11"}, {"m_status-11": "not_yet"}, True),
        ("reflection2", "scene", {"about": "12"}, {"m_status-11": "not_yet"}, False),
        ("reflection2", "gap", {"reflection1": "missing"}, {}, True),
        ("reflection2", "gap", {"reflection1": "submitted"}, {}, False),
    ],
)
def test_the_wording_follows_the_situation(
    step: str, name: str, situation: dict[str, Any], statuses: dict[str, str], is_other: bool
) -> None:
    fields = PACK.reflection(step).fields
    described: Any = next(field for field in fields if field.id == name)
    form = form_class(fields, pack=PACK, context=replace(CONTEXT, **situation))(post(statuses.items()))
    assert form[name].label.text == (described.alt_if.label if is_other else described.label)


def test_without_a_first_reflection_the_second_does_not_ask_about_it() -> None:
    fields = PACK.reflection("reflection2").fields
    context = replace(CONTEXT, reflection1="missing")
    form = form_class(fields, pack=PACK, context=context)(post(right_answers(fields, PACK)))
    assert form.validate(), form.errors
    assert plain_values(form).keys().isdisjoint({"tried", "rule_fate"})


def test_levels_are_asked_for_measures_that_share_work_only() -> None:
    form = form_class(PACK.reflection("reflection1").fields, pack=PACK, context=CONTEXT)()
    assert [field.short_name for field in form["level_now"]] == ["11"]
    assert [field.label.text for field in form["m_status"]] == ["会議を回す", "声をかける"]


def test_every_measure_needs_its_status() -> None:
    described = next(field for field in PACK.reflection("reflection1").fields if field.id == "m_status")
    assert field_form(described, [("m_status-11", "done")]).errors == {"m_status": {"12": ["一つ選んでください。"]}}


@pytest.mark.parametrize(
    ("sheet", "name", "answers", "is_valid"),
    [
        ("w14", "buddy", [("buddy", "p1"), ("buddy", "p2")], True),
        ("w14", "buddy", [("buddy", "p1"), ("buddy", "p2"), ("buddy", "p3")], False),
        ("w14", "buddy", [("buddy", "p1"), ("buddy", "p1"), ("buddy", "p1")], True),
        ("w9", "ideas", [(f"ideas-{row}", "案") for row in range(5)], True),
        ("w9", "ideas", [(f"ideas-{row}", "案") for row in range(6)], False),
        ("w9", "ideas", [(f"ideas-{row}", "案" if row % 2 else " ") for row in range(8)], True),
        ("w11", "people", [(f"people-{row}-label", "甲") for row in range(10)], True),
        ("w11", "people", [(f"people-{row}-label", "甲") for row in range(11)], False),
        ("w11", "measures", [(f"measures-{row}-title", "策") for row in range(3)], True),
        ("w11", "measures", [(f"measures-{row}-title", "策") for row in range(4)], False),
        ("w11", "measures", [("measures-0-first_step", "題のない策")], False),
        ("w5", "sharing_now", [(f"sharing_now-t0{row}-carrier", "self") for row in range(1, 6)], False),
        ("w5", "outcome_now", [("outcome_now-o1-score", "10")], True),
        ("w5", "outcome_now", [("outcome_now-o1-score", "11")], False),
    ],
)
def test_lists_and_maps_have_their_limits(
    sheet: str, name: str, answers: list[tuple[str, str]], is_valid: bool
) -> None:
    described = next(field for field in PACK.worksheet(sheet).fields if field.id == name)
    assert (field_form(described, answers).errors == {}) is is_valid


@pytest.mark.parametrize(
    ("tasks", "saving", "is_valid"),
    [
        (0, Saving.SUBMIT, True),
        (4, Saving.SUBMIT, False),
        (4, Saving.SUBMIT_AS_IS, True),
        (4, Saving.DRAFT, True),
        (5, Saving.SUBMIT, True),
    ],
)
def test_a_sharing_map_asks_for_several_pieces_of_work(tasks: int, saving: Saving, is_valid: bool) -> None:
    described = next(field for field in PACK.worksheet("w5").fields if field.id == "sharing_now")
    cells = [
        (f"sharing_now-t0{n + 1}-{cell}", "2" if cell == "level" else "self")
        for n in range(tasks)
        for cell in ("carrier", "level")
    ]
    assert (field_form(described, cells, saving=saving).errors == {}) is is_valid


@pytest.mark.parametrize(
    ("sheet", "name", "blank"), [("w5", "sharing_now", {}), ("w5", "outcome_now", {}), ("w9", "ideas", [])]
)
def test_a_map_or_list_that_is_required_must_not_be_left_blank(sheet: str, name: str, blank: Any) -> None:
    described = next(field for field in PACK.worksheet(sheet).fields if field.id == name)
    required = described.model_copy(update={"required": True})
    form = field_form(required, [])
    assert form.errors.keys() == {name}
    assert plain_values(form) == {name: blank}
    assert field_form(required, [], saving=Saving.DRAFT).errors == {}


def test_a_checkbox_that_is_required_must_be_ticked() -> None:
    consent = next(field for field in PACK.reflection("reflection2").fields if field.id == "success_consent")
    required = consent.model_copy(update={"required": True})
    assert field_form(required, []).errors.keys() == {"success_consent"}
    assert plain_values(field_form(required, [("success_consent", "y")])) == {"success_consent": True}


def test_a_member_measure_on_a_worksheet_asks_for_the_members_label() -> None:
    described = next(field for field in PACK.worksheet("w11").fields if field.id == "measures")
    form = field_form(described, [("measures-0-title", "策"), ("measures-0-member_label", "甲")])
    assert plain_values(form) == {"measures": [{"title": "策", "member_label": "甲"}]}


def test_several_forms_stand_on_one_page_by_their_prefixes() -> None:
    made = form_class([SCENE], pack=PACK, context=replace(CONTEXT, prefix="m1"))
    form = made(post([("m1-scene", WORDS), ("scene", "other")]))
    assert form.validate()
    assert plain_values(form) == {"scene": WORDS}


def test_fields_that_nobody_described_are_not_taken() -> None:
    form = field_form(SCENE, [("scene", WORDS), ("organization_id", "2"), ("state", "confirmed")])
    assert plain_values(form) == {"scene": WORDS}


@pytest.mark.parametrize(
    ("language", "missing", "too_long"),
    [
        ("ja", "一つ選んでください。", "40文字までにしてください（いま999文字）。"),
        ("en", "Please choose one.", "Please shorten this to 80 characters (it has 999 now)."),
    ],
)
def test_the_messages_are_in_the_packs_language(language: str, missing: str, too_long: str) -> None:
    errors = measure_form(("title", "長" * 999), ("scope", ""), language=language).errors
    assert errors["scope"] == [missing]
    assert errors["title"] == [too_long]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("title", "", "入力してください。"),
        ("scope", "", "一つ選んでください。"),
        ("scope", "family", "選択肢にないものです。選び直してください。"),
        ("first_step_date", "", "日を選んでください。"),
        ("first_step_date", "tomorrow", "日付として読み取れません。2027-02-03 のように書いてください。"),
        ("first_step_date", "0001-01-01", "日付として読み取れません。2027-02-03 のように書いてください。"),
        ("minutes_week", "2401", "0から2400までの数を入力してください。"),
    ],
)
def test_each_mistake_has_our_sentence(name: str, value: str, sentence: str) -> None:
    assert measure_form((name, value)).errors == {name: [sentence]}


@pytest.mark.parametrize(
    ("sheet", "name", "sentence"),
    [
        ("w14", "buddy", "一つ以上選んでください。"),
        ("w5", "sharing_now", "入力してください。"),
        ("w9", "ideas", "入力してください。"),
    ],
)
def test_several_answers_left_out_have_our_sentence(sheet: str, name: str, sentence: str) -> None:
    described = next(field for field in PACK.worksheet(sheet).fields if field.id == name)
    field = field_form(described.model_copy(update={"required": True}), [])[name]
    assert [*field.errors, *(field.form.form_errors if field.type == "FormField" else [])][-1] == sentence


def test_a_checkbox_left_out_has_our_sentence() -> None:
    consent = next(field for field in PACK.reflection("reflection2").fields if field.id == "success_consent")
    form = field_form(consent.model_copy(update={"required": True}), [])
    assert form.errors == {"success_consent": ["チェックを入れてください。"]}


@pytest.mark.parametrize(
    ("language", "written", "sentence"),
    [
        ("ja", 18, "あと12文字ほど書き足すと、伝わりやすくなります。"),
        ("en", 18, "About {} more characters would help your reader."),
        ("en", -1, "About 1 more character would help your reader."),
    ],
)
def test_too_short_says_how_much_would_help(language: str, written: int, sentence: str) -> None:
    pack = shipped(language)
    scene: Any = next(field for field in pack.reflection("reflection1").fields if field.id == "scene")
    length = written if written > 0 else scene.min + written
    form = form_class([scene], pack=pack, context=CONTEXT)(post([("scene", "a" * length)]))
    form.validate()
    assert form.errors == {"scene": [sentence.format(scene.min - length)]}
