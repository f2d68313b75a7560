"""The plan as one form, filled from what was typed: its own questions, its measures, and the work on the map."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from trainer.act2_workshop.plan_words import PlanWords, map_of
from trainer.act2_workshop.typed_plan import AUDIENCE, OWN, measure_ids, prefix_of_work, works_chosen
from trainer.forms import Form
from trainer.i18n import gettext as _
from trainer.i18n import lazy_gettext as _l
from trainer.i18n import ngettext
from trainer.programs.content import Pack
from trainer.programs.content_fields import FieldDescription, SelectPart
from trainer.programs.content_framework import ManagementTask
from trainer.programs.fields import FieldContext, PeerChoice, ProgramForm, Saving, form_class, plain_values
from trainer.programs.fields_simple import tidy
from trainer.writing.actions import Typed
from trainer.writing.audiences import as_offered, with_offered

OF_A_WORK = ("carrier_now", "level_now", "carrier_target", "level_target")  # the same questions as in a measure
MOST_WORKS = 10
LONGEST_REASON = 500


class KeepForm(Form):
    """Why the plan is to stay as it is, after a question."""

    reason = TextAreaField(
        _l("Why you would like to go on as it is"),
        [DataRequired(_l("Please write a word on why.")), Length(max=LONGEST_REASON)],
        filters=[tidy],
    )


@dataclass(frozen=True)
class Asked:
    """The situation in which a plan is filled in; `asks_audience` only until it was submitted for the first time."""

    pack: Pack  # in the reader's language
    dates: Mapping[str, date]
    peers: tuple[PeerChoice, ...] = ()
    asks_audience: bool = True
    has_group: bool = True


@dataclass(frozen=True)
class Wrong:
    """A field that is not in order, for the summary of errors: where it is, and what it is called there."""

    id: str
    label: Any
    errors: Sequence[str]
    type: str = "StringField"


@dataclass(frozen=True)
class Label:
    """The words of a label."""

    text: str


class PlanForm:
    """What was typed into a plan, field by field, as strictly looked at as `saving` says."""

    def __init__(self, asked: Asked, typed: Typed, saving: Saving = Saving.DRAFT) -> None:
        own = plan_fields(asked)
        self.asked, self.saving, self._posted = asked, saving, _posted(own, typed, saving)
        self.form_errors: list[str] = []
        self.own = self._filled(own, OWN)
        self.measures = {name: self._filled(asked.pack.plan.measure_fields, name) for name in measure_ids(typed)}
        chosen = set(works_chosen(typed))
        self.chosen = [task for task in asked.pack.framework.management_tasks if task.id in chosen]
        self.works = {
            task.id: self._filled(work_fields(asked.pack), prefix_of_work(task.id)) for task in self.shown_works()
        }

    def __iter__(self) -> Iterator[Wrong]:
        """Every field with an error, called by its measure or its piece of work."""
        yield from _wrong(self.own, "")
        for number, form in enumerate(self.measures.values(), start=1):
            yield from _wrong(form, _("Move %(number)s, ", number=number))
        names = {task.id: task.name for task in self.chosen}
        for name, form in self.works.items():
            yield from _wrong(form, f"{names[name]}, ")

    @property
    def errors(self) -> list[str]:
        """Every sentence about what is not in order; empty before `validate`."""
        return [*(words for wrong in self for words in wrong.errors), *self.form_errors]

    def shown_works(self) -> list[ManagementTask]:
        """The chosen pieces of work that no measure speaks of: those ask for themselves."""
        in_measures = {form["task_ref"].data for form in self.measures.values()}
        return [task for task in self.chosen if task.id not in in_measures]

    def validate(self) -> bool:
        """Whether the plan can be taken; what is wrong is at the fields and in `form_errors`."""
        forms = [self.own, *self.measures.values(), *(form for form in self.works.values() if plain_work(form))]
        are_valid = [form.validate() for form in forms]
        self.form_errors = [*self._counted_errors()]
        return all(are_valid) and not self.form_errors

    def words(self) -> PlanWords:
        """What the plan says as it is typed now, valid or not."""
        measures = tuple({"id": name, **plain_values(form)} for name, form in self.measures.items())
        rows = {name: plain_values(form) for name, form in self.works.items()}
        return PlanWords(plain_values(self.own), measures, map_of(measures, rows))

    def _filled(self, fields: Sequence[FieldDescription], prefix: str) -> ProgramForm:
        context = FieldContext(peers=self.asked.peers, dates=self.asked.dates, saving=self.saving, prefix=prefix)
        return form_class(fields, pack=self.asked.pack, context=context)(self._posted)

    def _counted_errors(self) -> Iterator[str]:
        limits = self.asked.pack.plan.limits
        if len(self.measures) < limits.measures_min:
            yield ngettext(
                "A plan needs at least %(num)s move.", "A plan needs at least %(num)s moves.", limits.measures_min
            )
        scopes = [form["scope"].data for form in self.measures.values()]
        for scope, most in (("organisation", limits.organisation.max), ("member", limits.member.max)):
            if scopes.count(scope) > most:
                name = dict(self.asked.pack.choices(scope_of(self.asked.pack).options))[scope]
                yield ngettext(
                    "No more than %(num)s move of this kind: %(scope)s",
                    "No more than %(num)s moves of this kind: %(scope)s",
                    most,
                    scope=name,
                )
        if len(self.chosen) > MOST_WORKS:
            yield _("No more than %(most)s pieces of work on the map.", most=MOST_WORKS)


def plan_fields(asked: Asked) -> list[FieldDescription]:
    """The plan's own questions as they are asked now."""
    fields = [field for field in asked.pack.plan.plan_fields if field.id != AUDIENCE or asked.asks_audience]
    return [as_offered(field, has_group=asked.has_group) if field.id == AUDIENCE else field for field in fields]


def work_fields(pack: Pack) -> list[FieldDescription]:
    """The questions about a piece of work on the map: those of a measure, without their conditions."""
    described = {field.id: field for field in pack.plan.measure_fields}
    plain = {"show_if": None, "required": True, "hint": None}
    return [described[name].model_copy(update=plain) for name in OF_A_WORK]


def scope_of(pack: Pack) -> SelectPart:
    """The question about whom a measure is for."""
    field = next(field for field in pack.plan.measure_fields if field.id == "scope")
    assert isinstance(field, SelectPart)  # noqa: S101 - the pack's checks see to it
    return field


def most_measures(pack: Pack) -> int:
    """How many measures a plan may hold of both scopes together."""
    return pack.plan.limits.organisation.max + pack.plan.limits.member.max


def plain_work(form: ProgramForm) -> bool:
    """Whether anything was answered about a piece of work."""
    return any(value is not None for value in plain_values(form).values())


def starting_pairs(fields: Sequence[FieldDescription], asked: Asked, prefix: str) -> list[tuple[str, str]]:
    """What a form begins with: the pack's defaults, as if they had been typed."""
    context = FieldContext(dates=asked.dates, prefix=prefix)
    form = form_class(fields, pack=asked.pack, context=context)()
    return [(f"{prefix}-{name}", str(value)) for name, value in plain_values(form).items() if value]


def _posted(own: Sequence[FieldDescription], typed: Typed, saving: Saving) -> MultiDict[str, str]:
    """What was typed, as a form takes it; a draft's readers are such as are offered, who submits is asked again."""
    posted = MultiDict(typed)
    asked = next((field for field in own if field.id == AUDIENCE), None)
    return with_offered(posted, f"{OWN}-{AUDIENCE}", asked) if asked and saving is Saving.DRAFT else posted


def _wrong(form: ProgramForm, before: str) -> Iterator[Wrong]:
    for field in form:
        if field.errors:
            yield Wrong(field.id, Label(before + field.label.text), field.errors)
