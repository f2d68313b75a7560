"""What the page shows on which a plan is written: its stages, its measures, its map, hints, and what is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from trainer.accounts.audience_words import readers_in_words
from trainer.act2_workshop.checks import CheckedPlan, checks_of
from trainer.act2_workshop.forms import OF_A_WORK, PlanForm, most_measures
from trainer.act2_workshop.hints import Hints, hints_of, left_words
from trainer.act2_workshop.own_plan import PlanWork
from trainer.act2_workshop.plan_reading import joined
from trainer.act2_workshop.plan_words import words_of
from trainer.act2_workshop.sharing_map import MapRow, map_rows
from trainer.act2_workshop.time_sum import TimeSum, time_sum
from trainer.act2_workshop.typed_plan import AUDIENCE, kept_of_removed, removed_ids, title_of, typed_again
from trainer.permissions import Audience
from trainer.writing.actions import Typed, typed_in
from trainer.writing.audiences import audience_of
from trainer.writing.saving import saved_words

MINUTES = "minutes_available"
SHARED = "task_ref"  # the question whether a measure shares a piece of work; others follow from it


@dataclass(frozen=True)
class MeasurePart:
    """One measure of the form: its fields in three parts, and its sentence so far."""

    id: str
    number: int
    title: str
    required: list[Any]
    shared: list[Any]
    later: list[Any]
    sentence: str
    samples: Sequence[tuple[str, str, bool]]  # reaction, first words against it, whether it is the one expected


@dataclass(frozen=True)
class WorkChoice:
    """A piece of work that can be put on the map."""

    id: str
    name: str
    is_chosen: bool
    is_in_measure: bool


@dataclass(frozen=True)
class FormPage:
    """Everything that the page of the form needs."""

    form: PlanForm
    first: list[Any]
    later: list[Any]
    minutes: Any | None  # the question about the time there is, asked beside the sum
    audience: Any  # the field, None once the plan was submitted
    readers: str
    measures: list[MeasurePart]
    can_add: bool
    removed: list[tuple[str, str]]
    carried: Typed
    choices: list[tuple[str, list[WorkChoice]]]
    works: list[tuple[str, str, list[Any]]]  # id, name, fields
    rows: list[MapRow]
    time: TimeSum
    hints: Hints
    left: str
    saved: str
    revision: int
    has_copy: bool


def form_page(work: PlanWork, form: PlanForm, typed: Typed, *, ends_on: date, zone: ZoneInfo) -> FormPage:
    """The page for what was typed so far; `ends_on` is the last day of the workshop."""
    pack, words = form.asked.pack, form.words()
    fields = [field for name, field in form.own._fields.items() if name not in (AUDIENCE, MINUTES)]
    audience = form.own._fields.get(AUDIENCE)
    return FormPage(
        form=form,
        first=[field for field in fields if field.described.required is True],
        later=[field for field in fields if field.described.required is not True],
        minutes=form.own._fields.get(MINUTES),
        audience=audience,
        readers=readers_in_words(_audience(work, audience)),
        measures=[_measure(number, name, form) for number, name in enumerate(form.measures, start=1)],
        can_add=len(form.measures) < most_measures(pack),
        removed=[(name, title_of(typed, name)) for name in removed_ids(typed)],
        carried=kept_of_removed(typed),
        choices=_choices(form),
        works=[(task.id, task.name, _work_fields(form, task.id)) for task in form.shown_works()],
        rows=map_rows(words.sharing_map, pack),
        time=time_sum(words.fields, words.measures),
        hints=hints_of(checks_of(CheckedPlan(words, pack, ends_on, _names(form))), pack),
        left=left_words(words, pack),
        saved=saved_words(work.draft, zone, begins_with_words=work.version is not None),
        revision=work.draft.revision if work.draft else 0,
        has_copy=work.has_copy,
    )


def typed_so_far(work: PlanWork, begin: Typed) -> Typed:
    """What the form shows: the draft, else the version submitted last, else what an empty plan begins with."""
    if work.draft is not None:
        return typed_in(work.draft)
    return typed_again(words_of(work.version)) if work.version is not None else begin


def _audience(work: PlanWork, field: Any) -> Audience:
    if work.plan is not None:
        return work.plan.audience
    chosen = field.data if field is not None and field.data in dict(_pairs(field)) else None
    return audience_of(chosen) if chosen else Audience.FACILITATOR


def _names(form: PlanForm) -> list[str]:
    return [peer.name for peer in form.asked.peers]


def _pairs(field: Any) -> list[tuple[str, str]]:
    return [(choice.value, choice.label) for choice in field.choices if choice.value]


def _measure(number: int, name: str, form: PlanForm) -> MeasurePart:
    fields = form.measures[name]._fields
    expected = fields["expected_resistance"].data if "expected_resistance" in fields else None
    pack = form.asked.pack
    return MeasurePart(
        id=name,
        number=number,
        title=str(fields["title"].data or ""),
        required=[field for field in fields.values() if field.described.required is True],
        shared=[field for field in fields.values() if _is_of_sharing(field)],
        later=[field for field in fields.values() if not (field.described.required is True or _is_of_sharing(field))],
        sentence=joined(fields["when_cue"].data, fields["then_action"].data),
        samples=[(worry.id, worry.first_words, worry.id == expected) for worry in pack.resistance],
    )


def _is_of_sharing(field: Any) -> bool:
    return field.described.id == SHARED or SHARED in (field.described.show_if or {})


def _work_fields(form: PlanForm, task: str) -> list[Any]:
    return [form.works[task][name] for name in OF_A_WORK]


def _choices(form: PlanForm) -> list[tuple[str, list[WorkChoice]]]:
    """Every piece of work, under the activity it belongs to."""
    framework = form.asked.pack.framework
    chosen = {task.id for task in form.chosen}
    shared = {one[SHARED].data for one in form.measures.values()}
    return [
        (
            activity.name,
            [
                WorkChoice(task.id, task.name, task.id in chosen, task.id in shared)
                for task in framework.management_tasks
                if task.activity == activity.id
            ],
        )
        for activity in framework.activities
    ]
