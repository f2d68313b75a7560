"""The demo company: its people, its cohorts, and the doors by which one looks in."""

from typing import Annotated, Literal

from pydantic import Field

from trainer.cohorts.models import SeatStatus
from trainer.demo.content_parts import Day, Instant, Number, Person, Staff
from trainer.demo.content_work import LessonRecord, Note, PlanRecord, ReflectionRecord
from trainer.permissions import Role
from trainer.programs.content_words import Clock, Name, Part, Words
from trainer.programs.rules import Step


class OrganizationPart(Part):
    """The company."""

    name: Words
    time_zone: str
    language: Words  # the file's own


class DoorPart(Part):
    """Somebody who is offered at one click, with the words on the button."""

    person: Name
    role: Role
    cohort: Name | None = None
    label: Words


class People(Part):
    """Everybody who is no trainee."""

    coordinators: tuple[Staff, ...]
    facilitators: tuple[Staff, ...]
    bosses: tuple[Staff, ...]


class Attended(Part):
    """Who came to the workshop, and why not."""

    day1: bool
    day2: bool
    why: Words | None = None


class ExtensionRecord(Part):
    """Somebody's own due date for a step."""

    step: Step
    due: Day
    by: Name
    at: Instant
    why: Words


class Bounce(Part):
    """A letter that came back, with the server's words."""

    at: Instant
    letter: Name
    answer: str


class Trainee(Person):
    """A trainee with everything that has happened to them so far."""

    number: Number
    department: Words
    group: Words
    boss: Name
    status: SeatStatus
    status_since: Instant | None = None
    status_reason: Words | None = None
    joined_at: Instant | None = None
    extensions: tuple[ExtensionRecord, ...] = ()
    bounced: Bounce | None = None
    lessons: dict[Name, LessonRecord] | None = None
    finished: dict[Literal["act1", "workshop"], Instant] = Field(default_factory=dict)
    attended: Attended | None = None
    plan: PlanRecord | None = None
    reflection1: ReflectionRecord | None = None
    notes: tuple[Note, ...] = ()


class Workshop(Part):
    """Which workshop day is placed first, and where."""

    anchor: Literal["day1", "day2"]
    at: Day


class FacilitatorSeat(Part):
    """A facilitator of a cohort, for these groups or for all of it."""

    person: Name
    groups: tuple[Words, ...] = ()


class CohortPart(Part):
    """A cohort; `opened_by` are dates that have come by then, `overrides` dates set by hand."""

    id: Name
    name: Words
    program: Name
    started: Literal[True]
    workshop: Workshop
    opened_by: dict[Name, Day]
    overrides: dict[Name, Day]
    start_time: Clock
    prompt_time: Clock
    venue: Words
    coordinators: tuple[Name, ...]
    facilitators: tuple[FacilitatorSeat, ...]
    groups: Annotated[tuple[Words, ...], Field(min_length=1)]
    trainees: tuple[Trainee, ...]


class Company(Part):
    """A whole file."""

    schema_version: Literal[1]
    lang: Literal["ja", "en"]
    organization: OrganizationPart
    doors: tuple[DoorPart, ...]
    people: People
    cohorts: tuple[CohortPart, ...]
