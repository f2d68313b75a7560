"""ACT3: the reflections, each one turn of Kolb's cycle, and the guide to one more question."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from trainer.programs.content_fields import (
    FieldDescription,
    Fields,
    MeasureSelectPart,
    PerMeasureScalePart,
    PerMeasureSelectPart,
)
from trainer.programs.content_words import Count, Name, Part, Words

AUDIENCE = "share"  # the field that says who may read a reflection; every form of one has it


class Express(Part):
    """The short form, offered near the end."""

    available_from: Annotated[str, StringConstraints(pattern=r"^due_minus_[1-9][0-9]?d$")]
    fields: Annotated[tuple[Name, ...], Field(min_length=1)]
    note: Words

    @property
    def days_before(self) -> int:
        """From how many days before the due date on."""
        return int(self.available_from.removeprefix("due_minus_").removesuffix("d"))


class Snooze(Part):
    """Putting the reflection off."""

    days: Count
    max_times: Literal[0, 1]
    label: Words


class CarryOver(Part):
    """What is shown of the plan, or of the reflection before."""

    source: Literal["plan", "reflection1"] = Field(alias="from")
    show: tuple[Name, ...]


class Stage(Part):
    """One of the four stages."""

    id: Name
    kolb: Literal[
        "concrete_experience", "reflective_observation", "abstract_conceptualization", "active_experimentation"
    ]
    minutes: Count
    name: Words
    fields: Fields


class Reflection(Part):
    """A reflection's form: quick taps, four stages, and a tail."""

    id: Name
    step: Literal["reflection1", "reflection2"]
    minutes: Count
    title: Words
    intro: Words
    intro_without_reflection1: Words | None = None
    express: Express
    snooze: Snooze
    carry_over: tuple[CarryOver, ...]
    quick: Fields
    without_plan: tuple[FieldDescription, ...] = ()  # asked instead of everything that is asked of measures
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
    tail: Fields

    @property
    def fields(self) -> tuple[FieldDescription, ...]:
        """Every field in the order of the page, for somebody with a plan."""
        return (*self.quick, *(field for stage in self.stages for field in stage.fields), *self.tail)

    @property
    def fields_without_plan(self) -> tuple[FieldDescription, ...]:
        """The same for somebody without a plan: nothing is asked of measures."""
        return (*self.without_plan, *(field for field in self.fields if not is_about_measures(field)))


def is_about_measures(field: FieldDescription) -> bool:
    """Whether a field asks something of the plan's measures, so that it needs a plan."""
    return isinstance(field, PerMeasureSelectPart | PerMeasureScalePart | MeasureSelectPart)


class DepthLevel(Part):
    """A depth of reflecting, and the question that leads further."""

    id: Name
    level: Count
    name: Words
    next_question: Words


class DepthGuide(Part):
    """One more question, chosen by depth."""

    note: Words
    levels: tuple[DepthLevel, ...]
