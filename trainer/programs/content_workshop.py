"""ACT2: the agenda of the two days and the worksheets filled in on them."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from trainer.programs.content_fields import Fields
from trainer.programs.content_words import Clock, Count, Name, Part, Words


class Section(Part):
    """A part of the two days."""

    id: Name
    title: Words


class AgendaItem(Part):
    """One entry of the agenda, from `start` to `end` by the clock of the venue."""

    id: Name
    day: Annotated[int, Field(strict=True, ge=1, le=2)]
    start: Clock
    end: Clock
    section: Name
    title: Words
    worksheets: tuple[Name, ...]
    method: Literal["plenary", "group", "individual", "break", "pair", "trio"]
    added: StrictBool = False  # an item of ours, not of the published timetable


class Agenda(Part):
    """The timetable of the workshop."""

    note: Words
    sections: tuple[Section, ...]
    items: tuple[AgendaItem, ...]


class Worksheet(Part):
    """A sheet to fill in; `feeds` says what its answers become."""

    id: Name
    title: Words
    mode: Literal["individual", "individual_then_group", "group", "peer", "pair", "trio"]
    share_default: Literal["private", "pair", "group"]
    fields: Fields
    case: Name | None = None
    feeds: Literal["sharing_map_before", "plan_org", "plan_member"] | None = None
    minutes_each: Count | None = None
    guide: tuple[Words, ...] = ()
    questions: tuple[Words, ...] = ()
    privacy: Words | None = None
