"""What the page shows on which a reflection is written: what is carried over, its stages, and what is left to do."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from trainer.accounts.audience_words import readers_in_words
from trainer.act3_practice.forms import Asked, answered, is_any_short, required
from trainer.act3_practice.models import Mode
from trainer.act3_practice.opening import OpenReflection
from trainer.act3_practice.rules import grain_of, minutes_left
from trainer.act3_practice.summary import chain_of
from trainer.act3_practice.turn_words import DecidedCard, MeasureCard, decided_card, measure_cards
from trainer.i18n import gettext as _
from trainer.i18n import ngettext
from trainer.permissions import Audience
from trainer.programs.content_reflections import AUDIENCE
from trainer.programs.fields import ProgramForm
from trainer.writing.audiences import audience_of
from trainer.writing.saving import saved_words


@dataclass(frozen=True)
class PartOfPage:
    """Some fields that stand together: those that are needed, and those that may be opened. `grain`: how full it is."""

    id: str
    name: str
    minutes: int
    fields: list[Any]
    more: list[Any]
    opens_more: bool
    grain: str
    required: list[str]


@dataclass(frozen=True)
class FormPage:
    """Everything that the page of the form needs."""

    form: ProgramForm
    intro: str
    mode: str
    head: PartOfPage
    stages: list[PartOfPage]
    tail: PartOfPage
    share: Any
    readers: str
    readers_of: dict[str, str]  # answer to the question about readers -> who reads then
    chain: list[dict[str, Any]]
    decided: DecidedCard | None
    measures: list[MeasureCard]
    about: str
    facts: str
    parts: str
    left: str
    saved: str
    revision: int
    has_copy: bool


def form_page(opened: OpenReflection, asked: Asked, form: ProgramForm) -> FormPage:
    """The page for what was typed so far."""
    reflection, practice = opened.practice.asked(opened.step), opened.practice
    turn = practice.before(opened.step)
    done, parts = answered(form), asked.parts(form)
    readers_of = {str(choice.value): readers_in_words(audience_of(choice.value)) for choice in _choices(form)}
    head, stages, tail = _parts(asked, form, done)
    return FormPage(
        form=form,
        intro=str((turn is None and reflection.intro_without_reflection1) or reflection.intro),
        mode=Mode.EXPRESS if asked.is_short else Mode.FULL,
        head=head,
        stages=stages,
        tail=tail,
        share=form[AUDIENCE],
        readers=readers_of.get(form[AUDIENCE].data or "", readers_in_words(Audience.ONLY_ME)),
        readers_of=readers_of,
        chain=chain_of(practice, opened.step),
        decided=decided_card(turn, practice) if turn else None,
        measures=measure_cards(practice, opened.step),
        about=asked.about or "",
        facts=json.dumps({"reflection1": asked.reflection1}),
        parts=json.dumps([{"minutes": part.minutes, "required": sorted(part.required)} for part in parts]),
        left=left_words(minutes_left(parts, done), is_any_short=is_any_short(form)),
        saved=saved_words(opened.draft, practice.schedule.zone),
        revision=opened.draft.revision if opened.draft else 0,
        has_copy=opened.has_copy,
    )


def left_words(minutes: int, *, is_any_short: bool = False) -> str:
    """What is left, in words; never a countdown, and never that all is there while submitting would say otherwise."""
    if not minutes and is_any_short:
        return _("Some answers are short. Add to them, or submit as they are.")
    if not minutes:
        return _("Everything needed is there.")
    return ngettext("about %(num)s minute left", "about %(num)s minutes left", minutes)


def _parts(asked: Asked, form: ProgramForm, done: set[str]) -> tuple[PartOfPage, list[PartOfPage], PartOfPage]:
    """What stands before the stages, the stages, and what stands after them."""
    reflection = asked.practice.asked(asked.step)
    stages = [
        _part(stage.id, stage.name, stage.minutes, asked.of_stage(stage.fields), form, done)
        for stage in reflection.stages
    ]
    after = [one.id for one in reflection.tail if one.id != AUDIENCE]
    head = _part("head", "", 0, asked.head, form, done, levels_too=not asked.is_short)
    return head, stages, _part("tail", "", 0, after, form, done)


def _part(
    part_id: str,
    name: str,
    minutes: int,
    names: Sequence[str],
    form: ProgramForm,
    done: set[str],
    *,
    levels_too: bool = False,
) -> PartOfPage:
    """The fields of one part that this person can ever be asked: those needed in sight, the others to be opened.

    `levels_too` keeps the levels in sight as well, although nobody has to mark them: the map is made of them.
    """
    fields = [form[one] for one in names if form[one].is_shown or _may_come(form, one)]
    needed = [one for one in fields if one.is_required or one.described.show_if or (levels_too and _is_level(one))]
    more = [one for one in fields if one not in needed]
    asked_for = sorted(required(form, names))
    return PartOfPage(
        id=part_id,
        name=name,
        minutes=minutes,
        fields=needed,
        more=more,
        opens_more=any(one.errors or (one.described.id in done and not one.described.prefill) for one in more),
        grain=grain_of(asked_for, done),
        required=asked_for,
    )


def _is_level(field: Any) -> bool:
    return bool(field.described.type in ("level", "per_measure_level"))


def _may_come(form: ProgramForm, name: str) -> bool:
    """Whether an answer on this page can make a hidden field appear."""
    condition = form.described[name].show_if or {}
    return any(one in form.described or one == "status" for one in condition)


def _choices(form: ProgramForm) -> Iterable[Any]:
    return [choice for choice in form[AUDIENCE].choices if choice.value]
