"""What a trainee of the demo has done: lessons, plan, reflection, notes."""

from typing import Annotated, Literal

from pydantic import Field

from trainer.demo.content_parts import Instant, Remark, Value, Values
from trainer.programs.content_words import Name, Part, Words

Percent = Annotated[int, Field(strict=True, ge=0, le=100)]


class LessonRecord(Part):
    """A lesson somebody opened; `answers` holds each question's answers in the order tried."""

    state: Literal["watching", "questions_left", "finished"]
    how: Literal["watched", "read"] | None = None
    opened_at: Instant
    finished_at: Instant | None = None
    segments: tuple[tuple[Percent, Percent], ...] = ()  # watched, in percent of the lesson
    answers: dict[Name, Annotated[tuple[Name, ...], Field(min_length=1)]] = Field(default_factory=dict)


class ReviewComment(Part):
    """A facilitator's comment, taken from the comment bank or not."""

    bank: Name | None = None
    text: Words


class PlanEvent(Part):
    """A plan was submitted or reviewed."""

    event: Literal["submitted", "reviewed"]
    version: Annotated[int, Field(strict=True, ge=1)]
    at: Instant
    by: Name | None = None
    decision: Name | None = None
    comments: tuple[ReviewComment, ...] = ()
    star: bool = False
    keep_as_is: Words | None = None


class Carried(Part):
    """Who carries a piece of management work, and at which level of entrusting."""

    level: int
    carrier: Name


class MapRow(Part):
    """A piece of management work through the course."""

    task: Name
    before: Carried
    reflection1: Carried | None = None
    target: Carried


class Differences(Part):
    """What an earlier version of a plan said otherwise; measures by their id."""

    fields: Values = Field(default_factory=dict)
    measures: dict[Name, Values] = Field(default_factory=dict)


class PlanRecord(Part):
    """An action plan as it stands, and its history in order of time."""

    state: Literal["draft", "submitted", "returned", "confirmed"]
    saved_at: Instant | None = None
    history: tuple[PlanEvent, ...]
    fields: Values
    measures: tuple[Values, ...]
    version_1_differs: Differences | None = None
    map: tuple[MapRow, ...]

    @property
    def submitted_at(self) -> Instant | None:
        """When it was submitted for the first time."""
        return next((event.at for event in self.history if event.event == "submitted"), None)


class FeedbackRecord(Part):
    """A facilitator's answer to a reflection; a draft is not yet sent."""

    state: Literal["draft", "sent"]
    by: Name
    at: Instant
    words: Words
    thanks: Remark | None = None
    ask_back: Remark | None = None


class ReflectionRecord(Part):
    """The first reflection; `measures` holds the quick answers for each measure."""

    state: Literal["not_started", "draft", "submitted"]
    mode: Literal["full", "express"] | None = None
    saved_at: Instant | None = None
    submitted_at: Instant | None = None
    share: Value | None = None
    measures: dict[Name, Values] = Field(default_factory=dict)
    values: Values = Field(default_factory=dict)
    feedback: FeedbackRecord | None = None


class Note(Part):
    """A pocket note, for its writer's eyes only."""

    at: Instant
    text: Words
