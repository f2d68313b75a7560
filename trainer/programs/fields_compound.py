"""Fields of many answers: rows and columns, lists, maps, one answer for each measure."""

from collections.abc import Mapping
from typing import Any

from wtforms import FieldList, FormField, SelectField, StringField
from wtforms.utils import unset_value

from trainer.programs.conditions import holds
from trainer.programs.content_fields import (
    Column,
    ListPart,
    MatrixPart,
    PerMeasureScalePart,
    PerMeasureSelectPart,
    ScaleColumn,
    SharingMapPart,
    TablePart,
)
from trainer.programs.content_pack import Pack
from trainer.programs.fields_checks import Answered, AtMost
from trainer.programs.fields_context import FieldContext, MeasureChoice
from trainer.programs.fields_form import MapForm, ProgramForm, RowForm
from trainer.programs.fields_simple import lengths, numbered, one_of, tidy_line, whole_number, with_blank

ROWS_OFFERED = 3  # how many blank rows a table begins with


class RowsField(FieldList):
    """Rows as many as were posted, and blank ones to write in after them."""

    def __init__(self, row: Any, label: str, checks: list[Any], *, offered: int, **bound: Any) -> None:
        super().__init__(row, label, checks, **bound)
        self.offered = offered

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        while len(self.entries) < self.offered:
            self._add_entry()  # without what was posted, whose rows have been counted anew


def matrix_field(part: MatrixPart, pack: Pack, context: FieldContext) -> Any:
    """A row for each option of a source: {row: {column: answer}}."""
    cells = {column.id: _cell(column, pack, context, part.max) for column in part.columns}
    row = made_of(RowForm, cells, pack, context)
    rows = {option: FormField(row, label) for option, label in pack.options(part.rows)}
    return FormField(made_of(MapForm, rows, pack, context, _required=part.required), part.label)


def table_field(part: TablePart, pack: Pack, context: FieldContext) -> Any:
    """Rows as many as filled in: [{column: answer}]."""
    row = made_of(RowForm, {column.id: _cell(column, pack, context) for column in part.columns}, pack, context)
    checks = [Answered(part.required, context.saving), AtMost(part.max_rows)]
    return RowsField(FormField(row), part.label, checks, offered=min(ROWS_OFFERED, part.max_rows))


def list_field(part: ListPart, pack: Pack, context: FieldContext) -> Any:
    """Lines of words."""
    line = StringField("", lengths(part.max), filters=[tidy_line])
    checks = [Answered(part.required, context.saving), AtMost(part.max_items)]
    return RowsField(line, part.label, checks, offered=part.max_items)


def sharing_map_field(part: SharingMapPart, pack: Pack, context: FieldContext) -> Any:
    """For each piece of work that is filled in: {task: {"carrier": …, "level": …}}, both or neither."""
    levels = [(str(level.level), level.name) for level in pack.framework.delegation_levels]
    both = [Answered(True, context.saving)]
    cells = {
        "carrier": SelectField("", both, choices=with_blank(pack.options("carriers"))),
        "level": SelectField("", both, choices=with_blank(levels), coerce=whole_number),
    }
    row = made_of(RowForm, cells, pack, context)
    rows = {task: FormField(row, name) for task, name in pack.options(part.tasks)}
    whole = made_of(MapForm, rows, pack, context, _required=part.required, _least=part.min_tasks)
    return FormField(whole, part.label)


def per_measure_select_field(part: PerMeasureSelectPart, pack: Pack, context: FieldContext) -> Any:
    """One answer for each measure: {measure: answer}."""
    choices = pack.choices(part.options)
    answers = {one.id: one_of(part, choices, context, one.title) for one in _measures(part, context)}
    return FormField(made_of(ProgramForm, answers, pack, context), part.label)


def per_measure_scale_field(part: PerMeasureScalePart, pack: Pack, context: FieldContext) -> Any:
    """A whole number for each measure: {measure: number}."""
    choices = numbered(part, pack)
    answers = {
        one.id: one_of(part, choices, context, one.title, coerce=whole_number) for one in _measures(part, context)
    }
    return FormField(made_of(ProgramForm, answers, pack, context), part.label)


def made_of(
    kind: type[ProgramForm], fields: Mapping[str, Any], pack: Pack, context: FieldContext, **more: Any
) -> type[ProgramForm]:
    """A form class of a kind, with these fields, in the pack's language."""
    return type(kind.__name__, (kind,), {"_unbound": fields, "_context": context, "_language": pack.lang, **more})


def _cell(column: Column, pack: Pack, context: FieldContext, longest: int | None = None) -> Any:
    if isinstance(column, ScaleColumn):
        checks = [Answered(False, context.saving)]
        return SelectField(column.label, checks, choices=with_blank(numbered(column, pack)), coerce=whole_number)
    return StringField(column.label, lengths(column.max or longest), filters=[tidy_line])


def _measures(part: PerMeasureSelectPart | PerMeasureScalePart, context: FieldContext) -> list[MeasureChoice]:
    """The measures a question is asked about."""
    return [
        measure
        for measure in context.measures
        if holds(part.show_if_measure, {"task_ref": measure.task_ref, "scope": measure.scope})
    ]
