"""The letters: to whom, when, on what condition, and in which words."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictBool

from trainer.programs.content_words import Clock, Count, Name, Part, Subject, Template, Words
from trainer.programs.rules import Rank, Step, Trigger, read_trigger

SendIf = Literal[
    "not_complete",
    "not_submitted",
    "reflection1_submitted",
    "cohort_active",
    "waiting_count_gt_0",
    "trainee_chose_to_share",
]


def _trigger(text: str) -> str:
    read_trigger(text)
    return text


class SendWindow(Part):
    """Between which hours, on which days."""

    weekdays_only: StrictBool
    opens: Clock = Field(alias="from")
    closes: Clock = Field(alias="to")


class LetterLimits(Part):
    """How many letters at most."""

    reminders_per_person_and_iso_week: Count
    letters_per_seat_and_day: Count
    stop_when_done: StrictBool


class Variable(Part):
    """A name that may stand between double braces: in any letter, or only where its scope says."""

    name: Name
    description: Words
    scope: Literal["auto_check", "digest_line"] | None = None


class DigestLine(Part):
    """A line of a digest; not written under `min_n` people."""

    id: Name
    text: Template
    min_n: Count | None = None


class Letter(Part):
    """One letter of the course."""

    id: Name
    to: Literal["trainee", "boss", "observer", "coordinator", "facilitator"]
    trigger: Annotated[str, AfterValidator(_trigger)]
    step: Step | None = None
    rank: Rank
    send_if: SendIf | None = None
    optional: StrictBool = False
    opt_out: StrictBool = False
    on_doubt: Literal["resend", "hold"] = "resend"
    subject: Subject
    body: Template
    digest_line_templates: tuple[DigestLine, ...] = ()

    @cached_property
    def when(self) -> Trigger:
        """The trigger, read."""
        return read_trigger(self.trigger)

    @property
    def is_reminder(self) -> bool:
        """Whether the letter goes only to somebody who has not finished something."""
        return self.send_if is not None and self.send_if.startswith("not_")


class Messages(Part):
    """All letters, and what may stand in them."""

    rendering: Words
    send_window: SendWindow
    limits: LetterLimits
    variables: tuple[Variable, ...]
    footer: Template
    items: tuple[Letter, ...]
