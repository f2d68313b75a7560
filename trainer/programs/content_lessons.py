"""ACT1: lessons with their narration, slides and questions; and the cases ACT2 talks about."""

from typing import Annotated, Literal

from pydantic import Field

from trainer.programs.content_words import Count, Name, Part, Seconds, Words


class Slide(Part):
    """What is on the screen."""

    heading: Words
    bullets: tuple[Words, ...]


class Segment(Part):
    """A stretch of narration that begins `at` so many seconds."""

    at: Seconds
    text: Words
    slide: Slide


class Answer(Part):
    """One answer offered to a question."""

    id: Name
    text: Words


class Question(Part):
    """A check question; `answer` is the id of the right one."""

    id: Name
    type: Literal["single"]
    stem: Words
    options: Annotated[tuple[Answer, ...], Field(min_length=2)]
    answer: Name
    explanation: Words


class Lesson(Part):
    """A short video lesson."""

    id: Name
    order: Count
    minutes: Count
    title: Words
    goal: Words
    script: Annotated[tuple[Segment, ...], Field(min_length=1)]
    takeaway: Words
    example: Words
    pause: Words
    script_type: Literal["narration"]
    questions: tuple[Question, ...]


class Case(Part):
    """A story to work on in the workshop."""

    id: Name
    kind: Literal["middle", "short"]
    minutes: Count
    title: Words
    body: Words
    questions: tuple[Words, ...]
    facilitator_note: Words
