"""The surveys: what members see at the workplace, and what managers and HR see of managing."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from trainer.programs.content_fields import TextPart
from trainer.programs.content_words import Count, Name, Option, Part, Whole, Words


class ObservationScale(Part):
    """The answers to every item."""

    min: Whole
    max: Whole
    labels: dict[str, Words]
    unknown: Words


class Anonymity(Part):
    """From how many answers on what is shown."""

    min_n_for_mean: Count
    min_n_for_items: Count
    min_n_for_comments: Count
    round_to: Annotated[float, Field(gt=0)]
    show_exact_n: StrictBool
    release: Literal["once_after_close"]
    compare_only_if: Literal["both_waves_meet_threshold"]


class Wave(Part):
    """When the survey is held: `when` is a date of the schedule."""

    id: Name
    when: Name


class ObservationItem(Part):
    """One statement; `group` is an activity, or what lies beside them."""

    id: Name
    group: Name
    text: Words


class Observation(Part):
    """The survey among members, before and after."""

    title: Words
    intro: Words
    scale: ObservationScale
    anonymity: Anonymity
    waves: tuple[Wave, ...]
    items: tuple[ObservationItem, ...]
    control_note: Words
    comment: TextPart


class RespondentGroup(Part):
    """Who answers."""

    id: Name
    name: Words


class GapScale(Part):
    """The answers, and which two count as agreeing."""

    options: tuple[Option, ...]
    top_two_box: tuple[Name, ...]


class GapQuestion(Part):
    """One question; `source` says where its statements or options come from."""

    id: Name
    type: Literal["matrix", "multi", "single"]
    text: Words
    audience: Name | None = None  # None: everybody
    max_choices: Count | None = None
    options: tuple[Option, ...] = ()
    source: (
        Literal[
            "benchmark.figure1_org_issues",
            "benchmark.figure4_troubles_partial",
            "framework.outcomes+survey",
            "framework.support_needs",
        ]
        | None
    ) = None


class PerceptionGap(Part):
    """The survey among managers and HR."""

    title: Words
    intro: Words
    audiences: tuple[RespondentGroup, ...]
    scale: GapScale
    scale_note: Words
    questions: tuple[GapQuestion, ...]
    display_rules: tuple[Words, ...]
