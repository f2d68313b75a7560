"""What a person's situation gives to a form: measures, peers, dates, and what the form is saved as."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal


class Saving(StrEnum):
    """What a form is saved as, and so how strictly it is looked at. Too long is too long in every case."""

    DRAFT = "draft"  # nothing is required
    SUBMIT = "submit"  # what is required must be there, and as long as asked
    SUBMIT_AS_IS = "submit_as_is"  # what is required must be there, however short


@dataclass(frozen=True)
class MeasureChoice:
    """A measure of the person's plan."""

    id: str
    title: str
    task_ref: str | None = None  # the piece of management work it shares
    scope: str | None = None


@dataclass(frozen=True)
class PeerChoice:
    """Somebody of the person's cohort."""

    id: str
    name: str


@dataclass(frozen=True)
class FieldContext:
    """The situation in which a form is filled in."""

    measures: tuple[MeasureChoice, ...] = ()
    peers: tuple[PeerChoice, ...] = ()
    reflection1: Literal["submitted", "missing"] | None = None
    about: str | None = None  # the measure a reflection is about, where the form itself does not ask
    dates: Mapping[str, date] = field(default_factory=dict)  # the cohort's dates, for defaults
    saving: Saving = Saving.SUBMIT
    prefix: str = ""
