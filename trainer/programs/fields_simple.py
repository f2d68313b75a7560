"""Fields of one answer, or of one list of answers to choose."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, DateField, DecimalField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from trainer.programs.content_fields import (
    CheckboxPart,
    DatePart,
    FieldPart,
    MeasureSelectPart,
    NumberPart,
    PeerSelectPart,
    PerMeasureScalePart,
    ScaleColumn,
    ScalePart,
    SelectMultiPart,
    SelectPart,
    TaskSelectPart,
    TextPart,
)
from trainer.programs.content_pack import Pack
from trainer.programs.content_words import LONGEST_WORDS
from trainer.programs.fields_checks import LARGEST_NUMBER, Answered, AtMost, LongEnough, Within, check_day, no_number
from trainer.programs.fields_context import FieldContext, Saving

Choices = Iterable[tuple[str, str]]


class DayField(DateField):
    """A day; stored answers give it as an ISO text."""

    def process_data(self, value: date | str | None) -> None:
        self.data = date.fromisoformat(value) if isinstance(value, str) else value


class NumberField(DecimalField):
    """A number that can be counted with: neither infinite nor endless."""

    data: Decimal | float | None

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        number = Decimal(self.data or 0)
        if not (number.is_finite() and -LARGEST_NUMBER <= number <= LARGEST_NUMBER):
            self.data = None
            raise ValueError(self.invalid_value_message)


def text_field(part: TextPart, pack: Pack, context: FieldContext) -> Any:
    """Words: too long is always an error, too short on submitting only."""
    shortest = part.min if context.saving is Saving.SUBMIT else None
    checks = [Answered(part.required, context.saving), *lengths(part.max, shortest)]
    if part.type == "textarea":
        return TextAreaField(part.label, checks, filters=[tidy])
    return StringField(part.label, checks, filters=[tidy_line])


def number_field(part: NumberPart, pack: Pack, context: FieldContext) -> Any:
    """A number, whole or not."""
    checks = [Answered(part.required, context.saving), Within(part.min, part.max)]
    return NumberField(part.label, checks, places=None, invalid_value_message=no_number())


def date_field(part: DatePart, pack: Pack, context: FieldContext) -> Any:
    """A day; by default the date of the cohort's schedule that the description names."""
    checks = [Answered(part.required, context.saving), check_day]
    return DayField(part.label, checks, default=context.dates.get(part.default or ""))


def select_field(part: SelectPart, pack: Pack, context: FieldContext) -> Any:
    """One of the pack's answers."""
    return one_of(part, pack.choices(part.options), context, default=part.default)


def select_multi_field(part: SelectMultiPart, pack: Pack, context: FieldContext) -> Any:
    """Some of the pack's answers."""
    return some_of(part, pack.choices(part.options), context, part.max_choices)


def checkbox_field(part: CheckboxPart, pack: Pack, context: FieldContext) -> Any:
    """Yes or no."""
    return BooleanField(part.label, [Answered(part.required, context.saving)])


def scale_field(part: ScalePart, pack: Pack, context: FieldContext) -> Any:
    """One whole number of a scale, or one level of entrusting."""
    return one_of(part, numbered(part, pack), context, coerce=whole_number)


def peer_select_field(part: PeerSelectPart, pack: Pack, context: FieldContext) -> Any:
    """Some of the people of the cohort."""
    return some_of(part, [(peer.id, peer.name) for peer in context.peers], context, part.max_choices)


def task_select_field(part: TaskSelectPart, pack: Pack, context: FieldContext) -> Any:
    """One piece of management work."""
    return one_of(part, pack.options(part.options), context)


def measure_select_field(part: MeasureSelectPart, pack: Pack, context: FieldContext) -> Any:
    """One measure of the person's plan."""
    return one_of(part, [(measure.id, measure.title) for measure in context.measures], context)


def one_of(part: FieldPart, choices: Choices, context: FieldContext, label: str | None = None, **more: Any) -> Any:
    """A field for one of several answers, with a blank one before them."""
    checks = [Answered(part.required, context.saving)]
    return SelectField(label or part.label, checks, choices=with_blank(choices), **more)


def some_of(part: FieldPart, choices: Choices, context: FieldContext, most: int | None) -> Any:
    """A field for some of several answers, up to `most`."""
    checks: list[Any] = [Answered(part.required, context.saving)]
    if most is not None:
        checks.append(AtMost(most))
    offered = [SelectChoice(value, label) for value, label in choices]
    return SelectMultipleField(part.label, checks, choices=offered)


def with_blank(choices: Choices) -> list[Any]:
    """Choices as WTForms takes them, after a blank one."""
    return [SelectChoice(value, label) for value, label in [("", ""), *choices]]


def numbered(part: ScalePart | PerMeasureScalePart | ScaleColumn, pack: Pack) -> list[tuple[str, str]]:
    """The numbers of a scale with their labels; a level's label is its name."""
    labels: dict[str, str] = dict(getattr(part, "labels", None) or {})
    if part.type in ("level", "per_measure_level"):
        labels = {str(level.level): level.name for level in pack.framework.delegation_levels}
    return [(str(number), labels.get(str(number), str(number))) for number in range(part.min, part.max + 1)]


def lengths(longest: int | None, shortest: int | None = None) -> list[Any]:
    """The checks of a text's length in characters."""
    checks = [Length(max=longest or LONGEST_WORDS)]
    return [*checks, LongEnough(shortest)] if shortest else checks


def tidy(text: str | None) -> str | None:
    """A text as it is kept: line ends as LF, no blanks around it, no NUL."""
    return text and text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def tidy_line(text: str | None) -> str | None:
    """A text of one line as it is kept."""
    tidied = tidy(text)
    return tidied and tidied.replace("\n", " ")


def whole_number(value: Any) -> Any:
    """The number of a choice, None for the blank one. Raises ValueError for anything else."""
    return None if value == "" else int(value)
