"""A pack: the whole course in one language, as data."""

from functools import cached_property
from typing import Literal

from trainer.programs.content_fields import Options, OptionSource
from trainer.programs.content_framework import Framework, ProgramHeader, Resistance
from trainer.programs.content_lessons import Case, Lesson
from trainer.programs.content_letters import Letter, Messages
from trainer.programs.content_plan import Plan
from trainer.programs.content_reflections import DepthGuide, Reflection
from trainer.programs.content_schedule import Schedule
from trainer.programs.content_surveys import Observation, PerceptionGap
from trainer.programs.content_words import Part
from trainer.programs.content_workshop import Agenda, Worksheet


class Pack(Part):
    """A program in one language. Validating one checks its shape; `read_pack` checks what its parts say of each other.

    It goes to JSON and back: `Pack.model_validate(pack.model_dump(mode="json", by_alias=True)) == pack`.
    """

    schema_version: Literal[1]
    lang: Literal["ja", "en"]
    program: ProgramHeader
    framework: Framework
    resistance: tuple[Resistance, ...]
    lessons: tuple[Lesson, ...]
    cases: tuple[Case, ...]
    agenda: Agenda
    worksheets: tuple[Worksheet, ...]
    plan: Plan
    reflections: tuple[Reflection, ...]
    depth_guide: DepthGuide
    observation: Observation
    perception_gap: PerceptionGap
    schedule: Schedule
    messages: Messages

    @property
    def letters(self) -> tuple[Letter, ...]:
        """The letters in the pack's order, which decides between equals."""
        return self.messages.items

    def letter(self, letter_id: str) -> Letter:
        """The letter of that id. Raises KeyError."""
        return self._letters[letter_id]

    def worksheet(self, worksheet_id: str) -> Worksheet:
        """The worksheet of that id. Raises KeyError."""
        return {sheet.id: sheet for sheet in self.worksheets}[worksheet_id]

    def reflection(self, step: str) -> Reflection:
        """The reflection of a step. Raises KeyError."""
        return {str(reflection.step): reflection for reflection in self.reflections}[step]

    def options(self, source: OptionSource) -> list[tuple[str, str]]:
        """The (id, label) pairs of a named source of options."""
        return self._sources[source]

    def choices(self, options: Options) -> list[tuple[str, str]]:
        """The (id, label) pairs of a field's options, whether listed there or taken from a source."""
        if isinstance(options, str):
            return self.options(options)
        return [(option.id, option.label) for option in options]

    @cached_property
    def _letters(self) -> dict[str, Letter]:
        return {letter.id: letter for letter in self.messages.items}

    @cached_property
    def _sources(self) -> dict[str, list[tuple[str, str]]]:
        parts = self.framework
        return {
            "outcomes": [(outcome.id, outcome.name) for outcome in parts.outcomes],
            "activities": [(activity.id, activity.name) for activity in parts.activities],
            "carriers": [(carrier.id, carrier.name) for carrier in parts.carriers],
            "management_tasks": [(task.id, task.name) for task in parts.management_tasks],
            "support_needs": [(need.id, need.name) for need in parts.support_needs],
            "resistance": [(worry.id, worry.voice) for worry in self.resistance],
        }
