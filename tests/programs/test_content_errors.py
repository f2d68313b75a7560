"""Packs that cannot be used: each fault is named with its file, its place and its reason."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.programs.packs import element, shipped_data
from trainer.programs.content import PackError, load_pack, read_pack

Data = dict[str, Any]


def put(path: str, key: str, value: Any) -> Callable[[Data], None]:
    """A way to spoil a pack: another value at a place."""

    def spoil(data: Data) -> None:
        element(data, path)[key] = value

    return spoil


def take(path: str, key: str) -> Callable[[Data], None]:
    """A way to spoil a pack: a key less."""

    def spoil(data: Data) -> None:
        del element(data, path)[key]

    return spoil


def twice(path: str) -> Callable[[Data], None]:
    """A way to spoil a pack: the first element of a list is there twice."""

    def spoil(data: Data) -> None:
        found = element(data, path)
        found.append(found[0])

    return spoil


LETTER = "messages.items.act1_open"
SHAPES = [
    (put("lessons.l1", "colour", "red"), "lessons[l1].colour", "not a known key"),
    (put("program", "colour", "red"), "program.colour", "not a known key"),
    (put("worksheets.w1.fields.team", "colour", "red"), "worksheets[w1].fields[team].colour", "not a known key"),
    (put("worksheets.w1.fields.team", "type", "essay"), "worksheets[w1].fields[team]", "unknown type"),
    (take("lessons.l1.questions.l1q1", "answer"), "lessons[l1].questions[l1q1].answer", "is missing"),
    (take(LETTER, "trigger"), "messages.items[act1_open].trigger", "is missing"),
    (put(LETTER, "trigger", "soon"), "messages.items[act1_open].trigger", "'soon' refers to 'soon', which is no date"),
    (put(LETTER, "trigger", "Soon!"), "messages.items[act1_open].trigger", "'Soon!' is no trigger"),
    (put(LETTER, "trigger", "weekdays:18:00"), "messages.items[act1_open].trigger", "outside the hours"),
    (put(LETTER, "trigger", "event:full_moon"), "messages.items[act1_open].trigger", "unknown event"),
    (put(LETTER, "rank", "loud"), "messages.items[act1_open].rank", "must be one of 'opening'"),
    (put(LETTER, "step", "month1"), "messages.items[act1_open].step", "must be one of 'act1'"),
    (put(LETTER, "send_if", "it_rains"), "messages.items[act1_open].send_if", "must be one of"),
    (put(LETTER, "on_doubt", "ask"), "messages.items[act1_open].on_doubt", "must be one of"),
    (put(LETTER, "optional", "no"), "messages.items[act1_open].optional", "boolean"),
    (put(LETTER, "subject", "one\nBcc: two"), "messages.items[act1_open].subject", "one line"),
    (put(LETTER, "body", ""), "messages.items[act1_open].body", "must not be empty"),
    (put(LETTER, "body", 12), "messages.items[act1_open].body", "must be a text"),
    (put("schedule.dates.plan_due", "offset", "day2+5weeks"), "schedule.dates[plan_due].offset", "is no offset"),
    (put("schedule.dates.plan_due", "id", "day1"), "schedule.dates[day1].id", "cannot be the name of a date"),
    (put("agenda.items.d1_01", "start", "nine"), "agenda.items[d1_01].start", "no time of day"),
    (put("agenda.items.d1_01", "start", None), "agenda.items[d1_01].start", "no time of day"),
    (put("lessons.l1", "minutes", True), "lessons[l1].minutes", "integer"),
    (
        put("worksheets.w3.fields.activities", "options", "moods"),
        "worksheets[w3].fields[activities].options",
        "must be",
    ),
    (put("framework.outcomes.o1", "id", "data"), "framework.outcomes[data].id", "cannot be a name here"),
]
REFERENCES = [
    (lambda data: data["reflections"].pop(), "reflections", "one for the step reflection1"),
    (put("lessons.l1.questions.l1q1", "answer", "z"), "lessons[l1].questions[l1q1].answer", "none of the question's"),
    (put("lessons.l2", "order", 1), "lessons", "the same order"),
    (twice("lessons"), "lessons[8].id", "there twice"),
    (twice("messages.items"), "messages.items[25].id", "there twice"),
    (twice("messages.variables"), "messages.variables[30].id", "there twice"),
    (twice("reflections.reflection1.quick"), "reflections[reflection1].fields[m_status].id", "there twice"),
    (
        put("framework.management_tasks.t01", "activity", "a9"),
        "framework.management_tasks[t01].activity",
        "no activity",
    ),
    (put("framework.delegation_levels.lv2", "level", 3), "framework.delegation_levels", "count from 1"),
    (put("agenda.items.d1_02", "worksheets", ["w99"]), "agenda.items[d1_02].worksheets", "'w99' is not known"),
    (put("agenda.items.d1_02", "section", "s9"), "agenda.items[d1_02].section", "'s9' is not known"),
    (put("agenda.items.d1_02", "end", "9:30"), "agenda.items[d1_02].end", "is not after"),
    (put("worksheets.w2", "case", "case_long"), "worksheets[w2].case", "'case_long' is not known"),
    (put("schedule.dates.plan_due", "offset", "payday+1d"), "schedule.dates[plan_due].offset", "'payday' is not known"),
    (put("schedule.dates.plan_due", "offset", "plan_review_due+1d"), "schedule.dates[plan_due].offset", "on itself"),
    (put("schedule.steps.plan", "due", "payday"), "schedule.steps[plan].due", "'payday' is not known"),
    (lambda data: data["schedule"]["steps"].pop(), "schedule.steps", "must be act1 workshop plan"),
    (put("observation.waves.before", "when", "payday"), "observation.waves[before].when", "'payday' is not known"),
    (put("observation.items.b1", "group", "a9"), "observation.items[b1].group", "'a9' is not known"),
    (put("perception_gap.questions.g3", "audience", "cats"), "perception_gap.questions[g3].audience", "'cats'"),
    (put("perception_gap.scale", "top_two_box", ["6"]), "perception_gap.scale.top_two_box[6]", "not known"),
    (put("messages.items.plan_due", "trigger", "payday_minus_1bd"), "messages.items[plan_due].trigger", "'payday'"),
    (take("messages.items.plan_due", "step"), "messages.items[plan_due].send_if", "needs a step"),
    (put("messages.send_window", "to", "8:00"), "messages.send_window.to", "is not after"),
    (
        put("plan.measure_fields.share_with", "show_if", {"mood": "*"}),
        "plan.measure_fields[share_with].show_if",
        "'mood'",
    ),
    (
        put("plan.measure_fields.share_with", "show_if", {"scope": "family"}),
        "plan.measure_fields[share_with].show_if.scope",
        "none of the answers",
    ),
    (put("worksheets.w1.fields.team", "required", "if_task_ref"), "worksheets[w1].fields[team].required", "not there"),
    (put("worksheets.w1.fields.team", "min", 999), "worksheets[w1].fields[team].min", "more than the max"),
    (put("plan.plan_fields.visibility", "default", "world"), "plan.plan_fields[visibility].default", "'world'"),
    (put("plan.measure_fields.deadline", "default", "payday"), "plan.measure_fields[deadline].default", "'payday'"),
    (put("plan.plan_fields.buddies", "carry_from", "w14.pet"), "plan.plan_fields[buddies].carry_from", "'w14.pet'"),
    (
        take("reflections.reflection1", "without_plan"),
        "reflections[reflection1].without_plan",
        "somebody without a plan",
    ),
    (
        put("reflections.reflection1.without_plan.trying", "id", "scene"),
        "reflections[reflection1].without_plan[scene].id",
        "there twice",
    ),
    (
        put("reflections.reflection1.tail.share", "id", "readers"),
        "reflections[reflection1].tail",
        "who may read",
    ),
    (put("reflections.reflection1.snooze", "max_times", 2), "reflections[reflection1].snooze.max_times", "must be one"),
    (
        put("reflections.reflection1.express", "fields", ["mood"]),
        "reflections[reflection1].express.fields",
        "'mood' is no field",
    ),
    (
        lambda data: data["reflections"][1]["carry_over"][0]["show"].append("mood"),
        "reflections[reflection2].carry_over[reflection1].show",
        "'mood' is no field",
    ),
    (
        put("reflections.reflection2.stages.conceptualization.fields.rule", "prefill", "reflection1.mood"),
        "reflections[reflection2].prefill",
        "'mood' is no field",
    ),
    (
        put("reflections.reflection1.stages.experience.fields.scene", "alt_if", {"label": "What else?"}),
        "reflections[reflection1].fields[scene].alt_if",
        "names no condition",
    ),
    (
        put("reflections.reflection1.quick.gas", "labels", {"5": "Too far"}),
        "reflections[reflection1].fields[gas].labels",
        "outside the scale",
    ),
    (
        put("reflections.reflection1.quick.level_now", "show_if_measure", {"mood": "*"}),
        "reflections[reflection1].fields[level_now].show_if_measure",
        "'mood' is no field",
    ),
]


@pytest.mark.parametrize(
    ("spoil", "path", "reason"), [*SHAPES, *REFERENCES], ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_fault_is_named_with_file_place_and_reason(spoil: Callable[[Data], None], path: str, reason: str) -> None:
    data = shipped_data()
    spoil(data)
    with pytest.raises(PackError) as caught:
        read_pack(data, "our.en.yaml")
    found = {problem.path: problem.reason for problem in caught.value.problems}
    assert path in found, found
    assert reason in found[path]
    assert f"our.en.yaml: {path}: " in str(caught.value)


TEMPLATES = [
    (put(LETTER, "body", "Dear {{config}}"), "messages.items[act1_open].body", "{{config}} is no variable"),
    (
        put(LETTER, "subject", "{{treiner_name}}"),
        "messages.items[act1_open].subject",
        "{{treiner_name}} is no variable",
    ),
    (put(LETTER, "body", "{{count}} left"), "messages.items[act1_open].body", "{{count}} is no variable"),
    (put("messages", "footer", "{{done}}"), "messages.footer", "{{done}} is no variable"),
    (put("plan.auto_checks.k1", "message", "{{total}}"), "plan.auto_checks[k1].message", "{{total}} is no variable"),
    (
        put("messages.items.coordinator_digest.digest_line_templates.dl1", "text", "{{n}}"),
        "messages.items[coordinator_digest].digest_line_templates[dl1].text",
        "{{n}} is no variable",
    ),
]


@pytest.mark.parametrize(("spoil", "path", "reason"), TEMPLATES)
def test_a_variable_stands_only_where_it_may(spoil: Callable[[Data], None], path: str, reason: str) -> None:
    data = shipped_data()
    spoil(data)
    with pytest.raises(PackError) as caught:
        read_pack(data, "our.en.yaml")
    assert [(problem.path, reason in problem.reason) for problem in caught.value.problems] == [(path, True)]


@pytest.mark.parametrize(
    "code", ["{% if x %}", "{{7*7}}", "{{ url }}", "{{url | upper}}", "{{url}", "{0.__class__}", "{#x#}", "${url}"]
)
@pytest.mark.parametrize(
    ("path", "key"),
    [
        (LETTER, "subject"),
        (LETTER, "body"),
        ("messages", "footer"),
        ("plan.auto_checks.k1", "message"),
        ("messages.items.coordinator_digest.digest_line_templates.dl1", "text"),
    ],
)
def test_template_code_in_a_letter_is_refused(path: str, key: str, code: str) -> None:
    data = shipped_data()
    put(path, key, f"Dear {code}")(data)
    with pytest.raises(PackError, match="no other braces"):
        read_pack(data, "our.en.yaml")


@pytest.mark.parametrize("code", ["{% if x %}", "{{7*7}}", "{{url}}", "{# #}"])
def test_template_code_in_any_other_text_is_refused(code: str) -> None:
    data = shipped_data()
    data["lessons"][0]["title"] = code
    with pytest.raises(PackError, match=r"lessons\[l1\].title: has signs of template code"):
        read_pack(data, "our.en.yaml")


def test_everything_that_is_wrong_is_told_at_once() -> None:
    data = shipped_data()
    for spoil, _, _ in SHAPES[:3]:
        spoil(data)
    with pytest.raises(PackError) as caught:
        read_pack(data, "our.en.yaml")
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"program: {", "cannot be read"),
        (b"lang: ja\nlang: en\n", "line 2 says 'lang' a second time"),
        (b"program:\n- {id: a, id: b}\n", "line 2 says 'id' a second time"),
        ("題: あ".encode("cp932"), "cannot be read"),
        (b"!!python/object/apply:os.system [echo]", "cannot be read"),
        (b"", "must hold keys and values"),
        (b"- a\n- b\n", "must hold keys and values"),
        (b"? [a, b]\n: c\n", "cannot be read"),
        (b"1: one\n", "1: is no key"),
        (b"lang: 2027-01-01\n", "must be one of"),
        (b"#" * 5_000_001, "larger than 5 MB"),
    ],
)
def test_a_file_that_is_no_pack_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "broken.en.yaml"
    path.write_bytes(content)
    with pytest.raises(PackError) as caught:
        load_pack(path)
    assert reason in str(caught.value)
    assert str(caught.value).startswith("broken.en.yaml: ")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"nowhere.yaml: the file: cannot be read"):
        load_pack(tmp_path / "nowhere.yaml")
