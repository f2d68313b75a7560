"""The action plan: its fields, the fields of a measure, what is checked, and how a facilitator answers it."""

from typing import Literal

from trainer.programs.content_fields import Fields
from trainer.programs.content_words import Count, Name, Option, Part, Template, Words


class ScopeLimits(Part):
    """How many measures of one scope."""

    min: Count
    max: Count
    recommended: Count


class PlanLimits(Part):
    """How many measures a plan holds, and from how many characters on it is called long."""

    organisation: ScopeLimits
    member: ScopeLimits
    total_chars_soft: Count
    measures_min: Count


class AutoCheck(Part):
    """Something a plan is looked over for."""

    id: Name
    level: Literal["block", "warn", "hint"]
    rule: Literal[
        "missing_required",
        "target_state_vague",
        "first_step_after_14_days",
        "level_jump_ge_3",
        "level_above_task_max",
        "share_without_offset",
        "no_if_then_cue",
        "all_shared_with_one_person",
        "too_many_measures",
        "looks_like_personal_sensitive",
    ]
    message: Template


class Comment(Part):
    """A ready-made comment."""

    id: Name
    kind: Literal["praise", "question", "suggest"]
    text: Words


class Review(Part):
    """How a facilitator answers a plan."""

    decisions: tuple[Option, ...]
    lenses: tuple[Option, ...]
    comment_bank: tuple[Comment, ...]


class Plan(Part):
    """The form of the action plan."""

    limits: PlanLimits
    intro: Words
    plan_fields: Fields
    measure_fields: Fields
    auto_checks: tuple[AutoCheck, ...]
    review: Review
