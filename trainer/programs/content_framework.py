"""The course's ideas: what managing is for, its work, the levels of entrusting, the worries it meets."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from trainer.programs.content_words import Count, Name, Part, Words

Level = Annotated[int, Field(strict=True, ge=1, le=7)]


class TimeBudget(Part):
    """What the course takes of a manager's time."""

    act1_minutes: Count
    act2_days: Count
    reflection_minutes: Count


class Phase(Part):
    """One of the three ACTs."""

    id: Name
    name: Words
    lead: Words


class ProgramHeader(Part):
    """Which program this is, and how it presents itself."""

    id: Name
    version: Annotated[int, Field(strict=True, ge=1)]
    editable: StrictBool
    title: Words
    tagline: Words
    description: Words
    origin: Words
    time_budget: TimeBudget
    film_seen_percent: Annotated[int, Field(strict=True, ge=1, le=100)] = 90  # of a film; from there on it is seen
    phases: tuple[Phase, ...]


class SharedManagement(Part):
    """The subject of the course in a few words."""

    name: Words
    description: Words
    cautions: tuple[Words, ...]


class Outcome(Part):
    """What a team works towards: work or people, now or in future."""

    id: Name
    domain: Literal["work", "people"]
    horizon: Literal["now", "future"]
    name: Words
    description: Words
    signs: tuple[Words, ...]
    survey_items: tuple[Name, ...]


class Activity(Part):
    """A kind of thing that managers do."""

    id: Name
    name: Words
    description: Words
    question: Words


class DelegationLevel(Part):
    """A level of entrusting."""

    level: Level
    id: Name
    name: Words
    who_decides: Literal["manager", "both", "member"]
    description: Words


class Carrier(Part):
    """Who carries a piece of work."""

    id: Name
    name: Words


class ManagementTask(Part):
    """A piece of management work, and up to which level it may be shared."""

    id: Name
    activity: Name
    sharing: Literal["open", "partly", "keep"]
    max_level: Level
    name: Words


class TaskSharingHelp(Part):
    """What `sharing` means, in words."""

    open: Words
    partly: Words
    keep: Words


class SupportNeed(Part):
    """Support a manager may wish for; `benchmark_id` is its name in the published survey."""

    id: Name
    name: Words
    benchmark_id: str


class Framework(Part):
    """The ideas that every other part of the pack refers to."""

    premise: Words
    shared_management: SharedManagement
    outcomes: tuple[Outcome, ...]
    outcomes_note: Words
    activities: tuple[Activity, ...]
    delegation_levels: tuple[DelegationLevel, ...]
    carriers: tuple[Carrier, ...]
    management_tasks: tuple[ManagementTask, ...]
    task_sharing_help: TaskSharingHelp
    support_needs: tuple[SupportNeed, ...]


class Resistance(Part):
    """A worry that sharing work meets, and first words to answer it."""

    id: Name
    voice: Words
    concern: Words
    before: Words
    first_words: Words
