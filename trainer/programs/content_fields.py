"""Descriptions of fields: what a worksheet, a plan or a reflection asks, and what may be answered."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag

from trainer.programs.content_words import Count, Length, Name, Option, Part, Whole, Words

OptionSource = Literal["outcomes", "activities", "carriers", "management_tasks", "resistance", "support_needs"]
Writer = Literal["owner", "interviewer", "peer", "manager", "observer", "member"]
Condition = dict[Name, Name | Literal["*"]]  # field -> the value it must have, "*" for any; all must hold
Scope = Literal["organisation", "member"]
Options = Annotated[
    Annotated[OptionSource, Tag("source")] | Annotated[tuple[Option, ...], Field(min_length=1), Tag("list")],
    Discriminator(lambda value: "source" if isinstance(value, str) else "list"),
]


class FieldPart(Part):
    """What every description of a field may say."""

    id: Annotated[Name, Field(pattern="^[a-z]")]
    label: Words
    required: Literal[True, False, "if_task_ref", "if_reflection1"] = False
    hint: Words | None = None
    example: Words | None = None
    note: Words | None = None
    by: Writer | None = None
    show_if: Condition | None = None
    carry_from: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$")] | None = None
    prefill: Annotated[str, StringConstraints(pattern=r"^(last_known|reflection1\.[a-z0-9_]+)$")] | None = None


class OtherWording(Part):
    """Another label and hint for the same field when a condition holds."""

    status: Name | None = None  # of the measure the reflection is about
    reflection1: Literal["submitted", "missing"] | None = None
    label: Words
    hint: Words | None = None

    @property
    def condition(self) -> dict[str, str]:
        """The condition in the form of `show_if`."""
        both = {"status": self.status, "reflection1": self.reflection1}
        return {name: value for name, value in both.items() if value is not None}


class TextPart(FieldPart):
    """Words to write; `min` asks for so many characters, on submitting only."""

    type: Literal["text", "textarea"]
    min: Length | None = None
    max: Length | None = None
    alt_if: OtherWording | None = None
    suggest_from: Literal["resistance.first_words"] | None = None


class NumberPart(FieldPart):
    """A number."""

    type: Literal["number"]
    min: Whole | None = None
    max: Whole | None = None
    unit: Words | None = None


class DatePart(FieldPart):
    """A day; `default` names a date of the schedule, `rule` is a hint and never refuses."""

    type: Literal["date"]
    default: Name | None = None
    rule: Annotated[str, StringConstraints(pattern=r"^within_days(_of_workshop)?:[1-9][0-9]{0,2}$")] | None = None


class SelectPart(FieldPart):
    """One of several answers."""

    type: Literal["select"]
    options: Options
    default: Name | None = None


class SelectMultiPart(FieldPart):
    """Some of several answers; a checklist differs in its look alone."""

    type: Literal["select_multi", "checklist"]
    options: Options
    max_choices: Count | None = None


class CheckboxPart(FieldPart):
    """Yes or no."""

    type: Literal["checkbox"]


class ScalePart(FieldPart):
    """One of the whole numbers from `min` to `max`; a level is one of the levels of entrusting."""

    type: Literal["scale", "level"]
    min: Whole
    max: Whole
    labels: dict[str, Words] | None = None


class TextColumn(Part):
    """A column of words."""

    id: Name
    label: Words
    type: Literal["text"] = "text"
    max: Length | None = None


class ScaleColumn(Part):
    """A column of whole numbers."""

    id: Name
    label: Words
    type: Literal["scale"]
    min: Whole
    max: Whole


def _column_type(value: Any) -> str:
    kind = value.get("type", "text") if isinstance(value, dict) else getattr(value, "type", "text")
    return str(kind)


Column = Annotated[
    Annotated[TextColumn, Tag("text")] | Annotated[ScaleColumn, Tag("scale")],
    Discriminator(_column_type),
]
Columns = Annotated[tuple[Column, ...], Field(min_length=1)]


class MatrixPart(FieldPart):
    """A row for each of a source's options; `max` is the length of a cell whose column says nothing."""

    type: Literal["matrix"]
    rows: OptionSource
    columns: Columns
    max: Length | None = None


class TablePart(FieldPart):
    """As many rows as wanted, up to `max_rows`."""

    type: Literal["table"]
    columns: Columns
    max_rows: Annotated[Count, Field(ge=1, le=100)]


class ListPart(FieldPart):
    """Several lines of words."""

    type: Literal["list"]
    max_items: Annotated[Count, Field(ge=1, le=100)]
    max: Length | None = None


class SharingMapPart(FieldPart):
    """For pieces of management work: who carries it, and at which level."""

    type: Literal["sharing_map"]
    tasks: OptionSource
    min_tasks: Count = 0


class PlanMeasuresPart(FieldPart):
    """First versions of the plan's measures of one scope."""

    type: Literal["plan_measures"]
    scope: Scope
    min_items: Count = 0
    max_items: Annotated[Count, Field(ge=1, le=20)]


class PeerSelectPart(FieldPart):
    """Some of the people of one's cohort."""

    type: Literal["peer_select"]
    max_choices: Annotated[Count, Field(ge=1)] = 1


class TaskSelectPart(FieldPart):
    """One piece of management work."""

    type: Literal["task_select"]
    options: OptionSource = "management_tasks"


class MeasureSelectPart(FieldPart):
    """One of the measures of one's plan."""

    type: Literal["measure_select"]


class PerMeasureSelectPart(FieldPart):
    """One answer for each measure of the plan."""

    type: Literal["per_measure_select"]
    options: Options
    show_if_measure: Condition | None = None


class PerMeasureScalePart(FieldPart):
    """A whole number for each measure of the plan."""

    type: Literal["per_measure_scale", "per_measure_level"]
    min: Whole
    max: Whole
    labels: dict[str, Words] | None = None
    show_if_measure: Condition | None = None


FieldDescription = Annotated[
    TextPart
    | NumberPart
    | DatePart
    | SelectPart
    | SelectMultiPart
    | CheckboxPart
    | ScalePart
    | MatrixPart
    | TablePart
    | ListPart
    | SharingMapPart
    | PlanMeasuresPart
    | PeerSelectPart
    | TaskSelectPart
    | MeasureSelectPart
    | PerMeasureSelectPart
    | PerMeasureScalePart,
    Field(discriminator="type"),
]
Fields = Annotated[tuple[FieldDescription, ...], Field(min_length=1)]
