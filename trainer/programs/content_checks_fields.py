"""What descriptions of fields say of each other and of the rest of a pack."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from trainer.programs.content_errors import Problem
from trainer.programs.content_fields import FieldDescription, SelectPart, TextPart
from trainer.programs.content_pack import Pack
from trainer.programs.content_reflections import AUDIENCE, Reflection, is_about_measures

REFLECTION1 = ("submitted", "missing")
ASKED_OF_MEASURES = ("task_ref", "scope")  # what a form knows of a measure


@dataclass(frozen=True)
class Group:
    """The fields of one form, and what else its conditions may name (name -> values)."""

    path: str
    fields: tuple[FieldDescription, ...]
    facts: Mapping[str, Collection[str]] = field(default_factory=dict)


def problems_of_fields(pack: Pack) -> Iterator[Problem]:
    """Every problem of the worksheets', the plan's and the reflections' fields."""
    dates = {date.id for date in pack.schedule.dates}
    for group in _groups(pack):
        yield from _doubled(group)
        for described in group.fields:
            path = f"{group.path}[{described.id}]"
            yield from _problems_of_conditions(pack, group, described, path)
            yield from _problems_of_limits(described, path)
            yield from _problems_of_defaults(pack, described, path, dates)
    yield from _problems_of_carrying(pack)
    for reflection in pack.reflections:
        yield from _problems_of_reflection(pack, reflection)


def _groups(pack: Pack) -> Iterator[Group]:
    for sheet in pack.worksheets:
        yield Group(f"worksheets[{sheet.id}].fields", sheet.fields)
    yield Group("plan.plan_fields", pack.plan.plan_fields)
    yield Group("plan.measure_fields", pack.plan.measure_fields)
    for reflection in pack.reflections:
        statuses = next((_ids(pack, one) for one in reflection.quick if one.id == "m_status"), set())
        facts = {"reflection1": REFLECTION1, "status": statuses}
        yield Group(f"reflections[{reflection.id}].fields", reflection.fields, facts)
        yield Group(f"reflections[{reflection.id}].without_plan", reflection.without_plan, facts)


def _doubled(group: Group) -> Iterator[Problem]:
    ids = [described.id for described in group.fields]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield Problem(f"{group.path}[{name}].id", f"{str(name)!r} is there twice")


def _problems_of_conditions(pack: Pack, group: Group, described: FieldDescription, path: str) -> Iterator[Problem]:
    siblings = {one.id: _ids(pack, one) for one in group.fields}
    known = {**siblings, **group.facts}
    yield from _unknown_conditions(f"{path}.show_if", described.show_if or {}, known)
    asked_of_measures = getattr(described, "show_if_measure", None) or {}
    measure = {one.id: _ids(pack, one) for one in pack.plan.measure_fields if one.id in ASKED_OF_MEASURES}
    yield from _unknown_conditions(f"{path}.show_if_measure", asked_of_measures, measure)
    if isinstance(described, TextPart) and described.alt_if:
        if not described.alt_if.condition:
            yield Problem(f"{path}.alt_if", "names no condition (status or reflection1)")
        yield from _unknown_conditions(f"{path}.alt_if", described.alt_if.condition, group.facts)
    if isinstance(described.required, str) and described.required.removeprefix("if_") not in known:
        yield Problem(f"{path}.required", f"{described.required!r} speaks of a field that is not there")


def _unknown_conditions(
    path: str, condition: Mapping[str, str], known: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    for name, value in condition.items():
        if name not in known:
            yield Problem(path, f"{str(name)!r} is no field of this form")
        elif value != "*" and known[name] and value not in known[name]:
            yield Problem(f"{path}.{name}", f"{str(value)!r} is none of the answers of {str(name)!r}")


def _problems_of_limits(described: FieldDescription, path: str) -> Iterator[Problem]:
    for part, place in [
        (described, path),
        *((one, f"{path}.columns[{one.id}]") for one in getattr(described, "columns", ())),
    ]:
        least, most = getattr(part, "min", None), getattr(part, "max", None)
        if least is not None and most is not None and least > most:
            yield Problem(f"{place}.min", f"{int(least)} is more than the max, {int(most)}")
    labels = getattr(described, "labels", None) or {}
    levels = {str(level) for level in range(getattr(described, "min", 0) or 0, (getattr(described, "max", 0) or 0) + 1)}
    for name in sorted(set(labels) - levels):
        yield Problem(f"{path}.labels", f"{name!r} lies outside the scale")


def _problems_of_defaults(pack: Pack, described: FieldDescription, path: str, dates: set[str]) -> Iterator[Problem]:
    default = getattr(described, "default", None)
    known = _ids(pack, described) if isinstance(described, SelectPart) else dates
    if default is not None and default not in known:
        yield Problem(f"{path}.default", f"{default!r} is not known")


def _problems_of_carrying(pack: Pack) -> Iterator[Problem]:
    """What is carried over from a worksheet to the plan was asked there."""
    asked = {f"{sheet.id}.{one.id}" for sheet in pack.worksheets for one in sheet.fields}
    for group in _groups(pack):
        for described in group.fields:
            if described.carry_from and described.carry_from not in asked:
                yield Problem(
                    f"{group.path}[{described.id}].carry_from", f"{described.carry_from!r} is no field of a worksheet"
                )


def _problems_of_reflection(pack: Pack, reflection: Reflection) -> Iterator[Problem]:
    path = f"reflections[{reflection.id}]"
    own = {one.id for one in reflection.fields}
    if not reflection.without_plan and any(map(is_about_measures, reflection.fields)):
        yield Problem(f"{path}.without_plan", "is missing: somebody without a plan must be asked something else")
    others = {one.id for one in reflection.fields if not is_about_measures(one)}
    for name in sorted(others & {one.id for one in reflection.without_plan}):
        yield Problem(f"{path}.without_plan[{name}].id", f"{str(name)!r} is there twice")
    if AUDIENCE not in own:
        yield Problem(f"{path}.tail", f"has no field {AUDIENCE!r}, which says who may read the reflection")
    yield from _absent(f"{path}.express.fields", reflection.express.fields, own)
    first = {one.id for other in pack.reflections if other.step == "reflection1" for one in other.fields}
    shown = {"plan": {one.id for one in (*pack.plan.plan_fields, *pack.plan.measure_fields)}, "reflection1": first}
    for carried in reflection.carry_over:
        yield from _absent(f"{path}.carry_over[{carried.source}].show", carried.show, shown[carried.source])
    prefilled = [(one.prefill or "").partition(".") for one in reflection.fields]
    yield from _absent(f"{path}.prefill", (name for source, _, name in prefilled if source == "reflection1"), first)


def _absent(path: str, names: Iterable[str], known: set[Any]) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            yield Problem(path, f"{name!r} is no field that is asked")


def _ids(pack: Pack, described: FieldDescription) -> set[str]:
    """The answers a field offers, as far as the pack lists them."""
    options = getattr(described, "options", None)
    return {option for option, _ in pack.choices(options)} if options else set()
