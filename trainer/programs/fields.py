"""A description of fields becomes a form with its validation: the one place for every type of field."""

from collections.abc import Callable, Iterable
from typing import Any

from wtforms import FormField

from trainer.programs.content_fields import FieldDescription, PlanMeasuresPart
from trainer.programs.content_pack import Pack
from trainer.programs.fields_checks import Answered, AtLeast, AtMost
from trainer.programs.fields_compound import (
    RowsField,
    list_field,
    made_of,
    matrix_field,
    per_measure_scale_field,
    per_measure_select_field,
    sharing_map_field,
    table_field,
)
from trainer.programs.fields_context import FieldContext, MeasureChoice, PeerChoice, Saving
from trainer.programs.fields_form import ProgramForm, RowForm
from trainer.programs.fields_simple import (
    checkbox_field,
    date_field,
    measure_select_field,
    number_field,
    peer_select_field,
    scale_field,
    select_field,
    select_multi_field,
    task_select_field,
    text_field,
)
from trainer.programs.fields_values import plain

__all__ = ["FieldContext", "MeasureChoice", "PeerChoice", "ProgramForm", "Saving", "form_class", "plain_values"]


def form_class(fields: Iterable[FieldDescription], *, pack: Pack, context: FieldContext) -> type[ProgramForm]:
    """The form for these fields, in the pack's language and a person's situation.

    `form_class(…)(request.form)` takes what was posted; `form_class(…)(data=stored)` shows what `plain_values` gave.
    """
    return _form(ProgramForm, fields, pack, context)


def plain_values(form: ProgramForm) -> dict[str, Any]:
    """What was answered, field by field, as JSON can hold it; hidden fields are not there.

    A single answer that was not given is None; see `fields_values.plain` for the others.
    """
    return {name: plain(form[name]) for name in form.shown if name in form.described}


def plan_measures_field(part: PlanMeasuresPart, pack: Pack, context: FieldContext) -> Any:
    """First versions of measures, of one scope: of each only the title is needed, the plan asks for the rest."""
    fields = [_first_version(field) for field in pack.plan.measure_fields if field.id != "scope"]
    row = _form(RowForm, fields, pack, context, _facts={"scope": part.scope})
    checks: list[Any] = [Answered(part.required, context.saving), AtMost(part.max_items)]
    if context.saving is Saving.SUBMIT:
        checks.append(AtLeast(part.min_items))
    return RowsField(FormField(row), part.label, checks, offered=1)


def _form(
    kind: type[ProgramForm], fields: Iterable[FieldDescription], pack: Pack, context: FieldContext, **more: Any
) -> type[ProgramForm]:
    described = {field.id: field for field in fields}
    unbound = {name: FIELDS[field.type](field, pack, context) for name, field in described.items()}
    return made_of(kind, unbound, pack, context, _described=described, **more)


def _first_version(field: FieldDescription) -> FieldDescription:
    changed: dict[str, Any] = {"required": field.id == "title"}
    if "default" in type(field).model_fields:
        changed["default"] = None  # a row with nothing but a default would not look blank
    return field.model_copy(update=changed)


FIELDS: dict[str, Callable[[Any, Pack, FieldContext], Any]] = {
    "text": text_field,
    "textarea": text_field,
    "number": number_field,
    "date": date_field,
    "select": select_field,
    "select_multi": select_multi_field,
    "checklist": select_multi_field,
    "checkbox": checkbox_field,
    "scale": scale_field,
    "level": scale_field,
    "matrix": matrix_field,
    "table": table_field,
    "list": list_field,
    "sharing_map": sharing_map_field,
    "plan_measures": plan_measures_field,
    "peer_select": peer_select_field,
    "task_select": task_select_field,
    "measure_select": measure_select_field,
    "per_measure_select": per_measure_select_field,
    "per_measure_level": per_measure_scale_field,
    "per_measure_scale": per_measure_scale_field,
}
