"""A reflection as a form, made from the pack for one person's situation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from trainer.act3_practice.queries import Measure, Practice
from trainer.act3_practice.rules import Part, parts_of
from trainer.programs.content_fields import FieldDescription
from trainer.programs.content_reflections import AUDIENCE, is_about_measures
from trainer.programs.fields import FieldContext, MeasureChoice, ProgramForm, Saving, form_class
from trainer.programs.fields_values import is_blank
from trainer.writing.audiences import as_offered, with_offered

LAST_KNOWN, BEFORE = "last_known", "reflection1."  # where an answer may come from before anybody gives it


@dataclass(frozen=True)
class Asked:
    """What one seat is asked in one step, in full or in short."""

    practice: Practice
    step: str
    is_short: bool = False
    has_plan: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "has_plan", bool(self.practice.measures))

    @property
    def reflection1(self) -> Literal["submitted", "missing"]:
        """Whether there is a turn before this one."""
        return "submitted" if self.practice.before(self.step) else "missing"

    @property
    def about(self) -> str | None:
        """The measure this reflection goes on with, where the form itself does not ask: that of the experiment."""
        turn = self.practice.before(self.step)
        tried = turn.reflection.measure_id if turn else None
        measures = self.practice.measures
        return tried or (measures[0].id if len(measures) == 1 else None)

    @property
    def fields(self) -> tuple[FieldDescription, ...]:
        """Every field in the order of the page; in short, only what the program lists there is needed."""
        reflection = self.practice.asked(self.step)
        fields = reflection.fields if self.has_plan else reflection.fields_without_plan
        has_group = self.practice.seat.group_id is not None
        fields = tuple(as_offered(one, has_group=has_group) if one.id == AUDIENCE else one for one in fields)
        if not self.is_short:
            return fields
        return tuple(one.model_copy(update={"required": one.id in self.short_list}) for one in fields)

    @property
    def short_list(self) -> frozenset[str]:
        """The fields that the short form needs."""
        reflection = self.practice.asked(self.step)
        instead = () if self.has_plan else (one.id for one in reflection.without_plan)
        return frozenset([*reflection.express.fields, *instead, AUDIENCE])

    @property
    def head(self) -> list[str]:
        """The fields that stand before the stages."""
        reflection = self.practice.asked(self.step)
        return [one.id for one in (reflection.quick if self.has_plan else reflection.without_plan)]

    def of_stage(self, fields: Sequence[FieldDescription]) -> list[str]:
        """Those fields of a stage that are asked of this person."""
        return [one.id for one in fields if self.has_plan or not is_about_measures(one)]

    def parts(self, form: ProgramForm) -> list[Part]:
        """The pieces of the form with what each needs, for the minutes that are left."""
        reflection = self.practice.asked(self.step)
        stages = [(stage.minutes, required(form, self.of_stage(stage.fields))) for stage in reflection.stages]
        return parts_of(reflection.minutes, stages, required(form, self.head))


def reflection_form(asked: Asked, posted: Any = None, saving: Saving = Saving.DRAFT) -> ProgramForm:
    """The form as it was typed, or, where nothing was, with what is known from the plan and the turn before.

    A draft's readers are such as are offered; who submits with others is asked again.
    """
    measures = tuple(_choice(measure) for measure in asked.practice.measures)
    context = FieldContext(
        measures=measures,
        reflection1=asked.reflection1,
        about=asked.about,
        dates=asked.practice.schedule.dates,
        saving=saving,
    )
    made = form_class(asked.fields, pack=asked.practice.pack, context=context)
    if posted is None:
        return made(data=known_before(asked))
    question = next(one for one in asked.fields if one.id == AUDIENCE)
    return made(with_offered(posted, AUDIENCE, question) if saving is Saving.DRAFT else posted)


def known_before(asked: Asked) -> dict[str, Any]:
    """What the form begins with: the last known levels, the rule of the turn before, the only measure there is."""
    turn = asked.practice.before(asked.step)
    known: dict[str, Any] = {}
    for one in asked.fields:
        if one.prefill == LAST_KNOWN:
            known[one.id] = {measure.id: _last_known(asked, measure, one.id) for measure in asked.practice.measures}
        elif turn and one.prefill and one.prefill.startswith(BEFORE):
            known[one.id] = turn.answers.get(one.prefill.removeprefix(BEFORE))
        elif one.type == "measure_select" and len(asked.practice.measures) == 1:
            known[one.id] = asked.practice.measures[0].id
    return known


def required(form: ProgramForm, names: Sequence[str]) -> set[str]:
    """Those of these fields that must be answered now."""
    return {name for name in names if form[name].is_required}


def answered(form: ProgramForm) -> set[str]:
    """The fields in which something stands; one answer for each measure only when none is missing."""
    return {name for name in form.shown if name in form.described and not _is_open(form[name])}


def is_any_short(form: ProgramForm) -> bool:
    """Whether something is written in fewer characters than the program asks for; what is blank is not short."""
    asked = [form[name] for name in form.shown if name in form.described and form[name].least]
    return any(0 < len(shown.data or "") < shown.least for shown in asked)


def _is_open(shown: Any) -> bool:
    if shown.described.type.startswith("per_measure_"):
        return any(is_blank(part) for part in shown)
    return is_blank(shown)


def _choice(measure: Measure) -> MeasureChoice:
    words = measure.words
    return MeasureChoice(measure.id, measure.title, words.get("task_ref"), words.get("scope"))


def _last_known(asked: Asked, measure: Measure, name: str) -> Any:
    turn = asked.practice.before(asked.step)
    before = (turn.answers.get(name) or {}) if turn else {}
    return before.get(measure.id, measure.words.get(name))
