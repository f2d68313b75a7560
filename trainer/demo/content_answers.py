"""What the demo's people answered, each answer beside the description of its field, and whether it may be said."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trainer.demo.content_company import CohortPart, Company, Trainee
from trainer.demo.content_parts import Value
from trainer.demo.content_work import PlanRecord, ReflectionRecord
from trainer.demo.rules import parse_when
from trainer.programs.content_errors import Problem
from trainer.programs.content_fields import FieldDescription
from trainer.programs.content_pack import Pack

TEXTS = ("text", "textarea")


@dataclass(frozen=True)
class Answer:
    """An answer; `field` is None where the program asks nothing of this name."""

    path: str
    field: FieldDescription | None
    value: Value


@dataclass(frozen=True)
class Known:
    """What an answer may name: the program's options, the cohort's people, the days, the trainee's own measures."""

    pack: Pack
    people: frozenset[str]
    bases: frozenset[str]
    measures: frozenset[str]


def choices_of(company: Company, packs: Mapping[str, Pack]) -> Iterator[tuple[str, Value]]:
    """Every answer that is no text, with its path: the same in every language. `packs`: cohort id -> pack."""
    for cohort in company.cohorts:
        for trainee in cohort.trainees:
            for answer in answers_of(cohort, trainee, packs[cohort.id]):
                if answer.field is None or answer.field.type not in TEXTS:
                    yield answer.path, answer.value


def answers_of(cohort: CohortPart, trainee: Trainee, pack: Pack) -> Iterator[Answer]:
    """Every answer in a trainee's plan and reflection."""
    path = f"cohorts[{cohort.id}].trainees[{trainee.id}]"
    if trainee.plan:
        yield from _in_plan(f"{path}.plan", trainee.plan, pack)
    if trainee.reflection1:
        yield from _in_reflection(f"{path}.reflection1", trainee.reflection1, pack)


def problem_of(answer: Answer, known: Known) -> Problem | None:
    """Why the program would not take this answer; None if it would."""
    if answer.field is None:
        return Problem(answer.path, "is not a field of the program")
    check = _CHECKS.get(answer.field.type, _cannot_be_told)
    reason = check(answer.field, answer.value, known)
    return Problem(answer.path, reason) if reason else None


def _in_plan(path: str, plan: PlanRecord, pack: Pack) -> Iterator[Answer]:
    plan_fields, measure_fields = pack.plan.plan_fields, pack.plan.measure_fields
    yield from _answers(f"{path}.fields", plan.fields, plan_fields)
    for measure in plan.measures:
        asked = {name: value for name, value in measure.items() if name != "id"}
        yield from _answers(f"{path}.measures[{measure.get('id')}]", asked, measure_fields)
    if plan.version_1_differs:
        earlier = f"{path}.version_1_differs"
        yield from _answers(f"{earlier}.fields", plan.version_1_differs.fields, plan_fields)
        for name, values in plan.version_1_differs.measures.items():
            yield from _answers(f"{earlier}.measures.{name}", values, measure_fields)


def _in_reflection(path: str, record: ReflectionRecord, pack: Pack) -> Iterator[Answer]:
    fields = pack.reflection("reflection1").fields
    for name, values in record.measures.items():
        yield from _answers(f"{path}.measures.{name}", values, fields)
    yield from _answers(f"{path}.values", record.values, fields)
    if record.share is not None:
        yield from _answers(path, {"share": record.share}, fields)


def _answers(path: str, values: Mapping[str, Value], fields: Iterable[FieldDescription]) -> Iterator[Answer]:
    described = {field.id: field for field in fields}
    for name, value in values.items():
        yield Answer(f"{path}.{name}", described.get(name), value)


def _cannot_be_told(field: Any, value: Value, known: Known) -> str:
    return f"is of the type {field.type}, which this file cannot tell"


def _text(field: Any, value: Value, known: Known) -> str:
    if not isinstance(value, str):
        return "must be a text"
    longest = getattr(field, "max", None)
    return f"is longer than {longest} characters" if longest and len(value) > longest else ""


def _number(field: Any, value: Value, known: Known) -> str:
    if not isinstance(value, int):
        return "must be a number"
    lowest, highest = field.min, field.max
    fits = (lowest is None or value >= lowest) and (highest is None or value <= highest)
    return "" if fits else f"{value} is not between {lowest} and {highest}"


def _day(field: Any, value: Value, known: Known) -> str:
    try:
        when = parse_when(str(value))
    except ValueError as error:
        return str(error)
    return "" if when.offset.base in known.bases else f"{when.offset.base!r} is not known as a date"


def _one_of(known_ids: Callable[[Any, Known], Iterable[str]]) -> Callable[[Any, Value, Known], str]:
    def check(field: Any, value: Value, known: Known) -> str:
        return "" if value in set(known_ids(field, known)) else f"{value!r} is not known"

    return check


def _some_of(known_ids: Callable[[Any, Known], Iterable[str]]) -> Callable[[Any, Value, Known], str]:
    def check(field: Any, value: Value, known: Known) -> str:
        if not isinstance(value, tuple):
            return "must be a list"
        strangers = [one for one in value if one not in set(known_ids(field, known))]
        return f"{strangers[0]!r} is not known" if strangers else ""

    return check


def _options(field: Any, known: Known) -> list[str]:
    return [name for name, _label in known.pack.choices(field.options)]


_CHECKS: dict[str, Callable[[Any, Value, Known], str]] = {
    "text": _text,
    "textarea": _text,
    "number": _number,
    "level": _number,
    "scale": _number,
    "per_measure_level": _number,
    "per_measure_scale": _number,
    "date": _day,
    "select": _one_of(_options),
    "task_select": _one_of(_options),
    "per_measure_select": _one_of(_options),
    "select_multi": _some_of(_options),
    "checklist": _some_of(_options),
    "peer_select": _some_of(lambda field, known: known.people),
    "measure_select": _one_of(lambda field, known: known.measures),
}
