"""What the parts of a pack say of each other: every reference leads somewhere, every id is there once."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from trainer.programs.content_checks_fields import problems_of_fields
from trainer.programs.content_checks_letters import problems_of_letters
from trainer.programs.content_errors import Problem
from trainer.programs.content_pack import Pack
from trainer.programs.rules import ANCHORS, STEPS


def problems_between_parts(pack: Pack) -> Iterator[Problem]:
    """Everything that is wrong with a pack whose shape is right."""
    for check in CHECKS:
        yield from check(pack)


def doubled_ids(part: Any, path: str = "") -> Iterator[Problem]:
    """Ids that stand twice in one list, anywhere in the pack."""
    for name in type(part).model_fields:
        value, place = getattr(part, name), f"{path}.{name}" if path else name
        if isinstance(value, BaseModel):
            yield from doubled_ids(value, place)
        elif isinstance(value, tuple):
            yield from _doubled_in_list(value, place)


def problems_of_lessons(pack: Pack) -> Iterator[Problem]:
    """A right answer is one of the answers; no question is there twice; no two lessons share a place."""
    seen: set[str] = set()
    for lesson in pack.lessons:
        for question in lesson.questions:
            path = f"lessons[{lesson.id}].questions[{question.id}]"
            if question.answer not in {answer.id for answer in question.options}:
                yield Problem(f"{path}.answer", f"{question.answer!r} is none of the question's options")
            if question.id in seen:
                yield Problem(f"{path}.id", f"{question.id!r} is there twice")
            seen.add(question.id)
    orders = [lesson.order for lesson in pack.lessons]
    if len(set(orders)) != len(orders):
        yield Problem("lessons", "two lessons have the same order")


def problems_of_framework(pack: Pack) -> Iterator[Problem]:
    """Tasks and statements belong to known activities; levels are named from 1 upwards."""
    activities = {activity.id for activity in pack.framework.activities}
    for task in pack.framework.management_tasks:
        if task.activity not in activities:
            yield Problem(f"framework.management_tasks[{task.id}].activity", f"{task.activity!r} is no activity")
    levels = [level.level for level in pack.framework.delegation_levels]
    if levels != list(range(1, len(levels) + 1)):
        yield Problem("framework.delegation_levels", "the levels must count from 1 upwards without a gap")


def problems_of_workshop(pack: Pack) -> Iterator[Problem]:
    """What the agenda and the worksheets name exists; nothing ends before it starts."""
    items = pack.agenda.items
    sheets = {sheet.id for sheet in pack.worksheets}
    named = ((item.id, sheet) for item in items for sheet in item.worksheets)
    yield from _strangers("agenda.items[{}].worksheets", named, sheets)
    sections = {section.id for section in pack.agenda.sections}
    yield from _strangers("agenda.items[{}].section", ((item.id, item.section) for item in items), sections)
    cases = {case.id for case in pack.cases} | {None}
    yield from _strangers("worksheets[{}].case", ((sheet.id, sheet.case) for sheet in pack.worksheets), cases)
    for item in items:
        if item.end <= item.start:
            yield Problem(f"agenda.items[{item.id}].end", f"{item.end:%H:%M} is not after {item.start:%H:%M}")


def problems_of_schedule(pack: Pack) -> Iterator[Problem]:
    """Every offset leads back to a workshop day; the steps are the five steps, with dates that exist."""
    bases = {date.id: date.offset.base for date in pack.schedule.dates}
    yield from _strangers("schedule.dates[{}].offset", bases.items(), {*bases, *ANCHORS})
    for date_id in bases:
        if _goes_in_a_circle(date_id, bases):
            yield Problem(f"schedule.dates[{date_id}].offset", f"{date_id!r} depends on itself")
    steps = pack.schedule.steps
    if tuple(step.id for step in steps) != STEPS:
        yield Problem("schedule.steps", f"must be {' '.join(STEPS)}, in this order")
    yield from _strangers("schedule.steps[{}].opens", ((step.id, step.opens) for step in steps), set(bases))
    yield from _strangers("schedule.steps[{}].due", ((step.id, step.due) for step in steps), set(bases))


def problems_of_reflections(pack: Pack) -> Iterator[Problem]:
    """Each of the two steps has its reflection."""
    if [reflection.step for reflection in pack.reflections] != ["reflection1", "reflection2"]:
        yield Problem("reflections", "must be one for the step reflection1 and one for reflection2, in this order")


def problems_of_surveys(pack: Pack) -> Iterator[Problem]:
    """Waves have dates, statements a group, questions an audience, and agreeing is among the answers."""
    dates = {date.id for date in pack.schedule.dates}
    groups = {activity.id for activity in pack.framework.activities} | {"shared", "climate", "control"}
    audiences = {audience.id for audience in pack.perception_gap.audiences} | {None}
    answers = {option.id for option in pack.perception_gap.scale.options}
    yield from _strangers("observation.waves[{}].when", ((w.id, w.when) for w in pack.observation.waves), dates)
    yield from _strangers("observation.items[{}].group", ((i.id, i.group) for i in pack.observation.items), groups)
    asked = ((question.id, question.audience) for question in pack.perception_gap.questions)
    yield from _strangers("perception_gap.questions[{}].audience", asked, audiences)
    top_two = ((name, name) for name in pack.perception_gap.scale.top_two_box)
    yield from _strangers("perception_gap.scale.top_two_box[{}]", top_two, answers)


CHECKS: tuple[Callable[[Pack], Iterable[Problem]], ...] = (
    doubled_ids,
    problems_of_framework,
    problems_of_lessons,
    problems_of_workshop,
    problems_of_fields,
    problems_of_reflections,
    problems_of_surveys,
    problems_of_schedule,
    problems_of_letters,
)


def _doubled_in_list(parts: tuple[Any, ...], path: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, part in enumerate(parts):
        if not isinstance(part, BaseModel):
            continue
        name = getattr(part, "id", None) or getattr(part, "name", None)
        if name in seen:
            yield Problem(f"{path}[{place}].id", f"{name!r} is there twice")
        if name:
            seen.add(name)
        yield from doubled_ids(part, f"{path}[{name or place}]")


def _strangers(path: str, named: Iterable[tuple[str, Any]], known: set[Any]) -> Iterator[Problem]:
    for name, value in named:
        if value not in known:
            yield Problem(path.format(name), f"{value!r} is not known")


def _goes_in_a_circle(date_id: str, bases: dict[str, str]) -> bool:
    seen = set()
    while date_id in bases and date_id not in seen:
        seen.add(date_id)
        date_id = bases[date_id]
    return date_id in seen
