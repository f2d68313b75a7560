"""Answers to any described field, as a browser would post them: right ones and wrong ones."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from trainer.programs.content import Pack
from trainer.programs.content_fields import FieldDescription, ScaleColumn
from trainer.programs.fields import FieldContext, MeasureChoice, PeerChoice

Posted = list[tuple[str, str]]

CONTEXT = FieldContext(
    measures=(MeasureChoice("11", "会議を回す", task_ref="t04"), MeasureChoice("12", "声をかける")),
    peers=(PeerChoice("p1", "Mori"), PeerChoice("p2", "Sato"), PeerChoice("p3", "Abe")),
    reflection1="submitted",
    dates={"close": date(2027, 6, 30)},
)
WORDS = "朝の会議で三人が困りごとを話し、となりの人が助言する。次の週も同じように続ける。"


def post(answers: Iterable[tuple[str, str]]) -> Any:
    """Form data as a request brings it."""
    return MultiDict(answers)


def right_answers(fields: Iterable[FieldDescription], pack: Pack) -> Posted:
    """An answer to every field, such as the pack asks for."""
    return [pair for field in fields for pair in RIGHT[field.type](field, pack)]


def wrong_answers(fields: Iterable[FieldDescription], pack: Pack) -> Posted:
    """An answer to every field that cannot be taken; to a checkbox everything can."""
    return [pair for field in fields for pair in WRONG[field.type](field, pack)]


def _words(field: Any, pack: Pack) -> Posted:
    return [(field.id, WORDS[: field.max])]


def _option(field: Any, pack: Pack) -> Posted:
    return [(field.id, pack.choices(field.options)[0][0])]


def _scale(field: Any, pack: Pack) -> Posted:
    return [(field.id, str(field.min))]


def _matrix(field: Any, pack: Pack) -> Posted:
    return [
        (f"{field.id}-{row}-{column.id}", _cell(column))
        for row, _ in pack.options(field.rows)
        for column in field.columns
    ]


def _table(field: Any, pack: Pack) -> Posted:
    return [(f"{field.id}-{row}-{column.id}", _cell(column)) for row in range(2) for column in field.columns]


def _cell(column: Any) -> str:
    return str(column.min) if isinstance(column, ScaleColumn) else WORDS[:8]


def _map(field: Any, pack: Pack) -> Posted:
    tasks = [task for task, _ in pack.options(field.tasks)][: field.min_tasks]
    return [
        (f"{field.id}-{task}-{cell}", value) for task in tasks for cell, value in (("carrier", "self"), ("level", "2"))
    ]


def _measures(field: Any, pack: Pack) -> Posted:
    fields = [one for one in pack.plan.measure_fields if one.id != "scope"]
    return [(f"{field.id}-0-{name}", value) for name, value in right_answers(fields, pack)]


def _for_each_measure(value: Callable[[Any, Pack], str]) -> Callable[[Any, Pack], Posted]:
    return lambda field, pack: [(f"{field.id}-11", value(field, pack)), (f"{field.id}-12", value(field, pack))]


RIGHT: dict[str, Callable[[Any, Pack], Posted]] = {
    "text": _words,
    "textarea": _words,
    "number": lambda field, pack: [(field.id, "30")],
    "date": lambda field, pack: [(field.id, "2027-03-01")],
    "select": _option,
    "select_multi": _option,
    "checklist": _option,
    "checkbox": lambda field, pack: [(field.id, "y")],
    "scale": _scale,
    "level": _scale,
    "matrix": _matrix,
    "table": _table,
    "list": lambda field, pack: [(f"{field.id}-0", "one"), (f"{field.id}-1", "two")],
    "sharing_map": _map,
    "plan_measures": _measures,
    "peer_select": lambda field, pack: [(field.id, "p1"), (field.id, "p2")],
    "task_select": lambda field, pack: [(field.id, "t01")],
    "measure_select": lambda field, pack: [(field.id, "11")],
    "per_measure_select": _for_each_measure(lambda field, pack: pack.choices(field.options)[0][0]),
    "per_measure_level": _for_each_measure(lambda field, pack: str(field.min)),
    "per_measure_scale": _for_each_measure(lambda field, pack: str(field.min)),
}


def _too_long(field: Any, pack: Pack) -> Posted:
    return [(field.id, "長" * (field.max + 1))]


def _no_option(field: Any, pack: Pack) -> Posted:
    return [(field.id, "none_of_these")]


def _no_options(field: Any, pack: Pack) -> Posted:
    return [(f"{field.id}-11", "99"), (f"{field.id}-12", "none_of_these")]


WRONG: dict[str, Callable[[Any, Pack], Posted]] = {
    "text": _too_long,
    "textarea": _too_long,
    "number": lambda field, pack: [(field.id, "about ten")],
    "date": lambda field, pack: [(field.id, "2027-02-30")],
    "select": _no_option,
    "select_multi": _no_option,
    "checklist": _no_option,
    "checkbox": lambda field, pack: [],
    "scale": lambda field, pack: [(field.id, str(field.max + 1))],
    "level": lambda field, pack: [(field.id, "9")],
    "matrix": lambda field, pack: [(f"{field.id}-o1-{column.id}", "長" * 999) for column in field.columns],
    "table": lambda field, pack: [(f"{field.id}-0-{field.columns[0].id}", "長" * 999)],
    "list": lambda field, pack: [(f"{field.id}-0", "長" * (field.max + 1))],
    "sharing_map": lambda field, pack: [(f"{field.id}-t01-carrier", "self"), (f"{field.id}-t01-level", "9")],
    "plan_measures": lambda field, pack: [(f"{field.id}-0-first_step_date", "tomorrow")],
    "peer_select": lambda field, pack: [(field.id, "stranger")],
    "task_select": _no_option,
    "measure_select": lambda field, pack: [(field.id, "13")],
    "per_measure_select": _no_options,
    "per_measure_level": _no_options,
    "per_measure_scale": _no_options,
}
