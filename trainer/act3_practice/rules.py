"""When the short form and the week's rest are offered, how much is left, what becomes of a measure: pure."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Answers = Mapping[str, Any]  # field -> answer, as stored

KEEP, REPLACE = "keep", "replace"  # what a program lets somebody decide about a measure; others only change its step


@dataclass(frozen=True)
class Part:
    """A piece of a form: about how long it takes, and what must be answered in it."""

    minutes: float
    required: frozenset[str]


@dataclass(frozen=True)
class Period:
    """One step for one seat on one day: its own days, and whether it was put off already."""

    opens_on: date
    due_on: date
    today: date
    was_put_off: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the form can be filled in; it stays open after the due date."""
        return self.today >= self.opens_on

    def offers_short_form(self, days_before: int) -> bool:
        """Whether so few days are left that the short form will do; it stays so afterwards."""
        return self.is_open and self.today >= self.due_on - timedelta(days=days_before)

    def can_be_put_off(self, most: int) -> bool:
        """Whether the writer may still ask for more time: once, and not after the due date."""
        return self.is_open and most > 0 and not self.was_put_off and self.today <= self.due_on


def parts_of(total: int, stages: Sequence[tuple[int, Collection[str]]], before: Collection[str]) -> list[Part]:
    """The pieces of a form that takes `total` minutes: what stands before the stages takes what they leave."""
    left = max(0, total - sum(minutes for minutes, _ in stages))
    return [Part(left, frozenset(before)), *(Part(minutes, frozenset(names)) for minutes, names in stages)]


def minutes_left(parts: Iterable[Part], answered: Collection[str]) -> int:
    """About how many minutes are left, rounded up; 0 only when everything required is answered."""
    return math.ceil(round(sum(_minutes_left(part, answered) for part in parts), 6))


def grain_of(required: Collection[str], answered: Collection[str]) -> str:
    """How a stage looks: untouched, begun, or with everything it needs."""
    done = sum(name in answered for name in required)
    if done == len(required):
        return "full"
    return "half" if done else "open"


def changed_measure(measure: Answers, change: str | None, when: str | None, then: str | None) -> dict[str, Any] | None:
    """The measure as a reflection leaves it, None where it goes on as it is.

    What was decided to be tried next is its new if-then. Replaced, it is called by what will be done instead; for what
    it is done, and at which level, stays, so that the sharing map goes on.
    """
    if not change or change == KEEP:
        return None
    changed = {**measure, **({"when_cue": when} if when else {}), **({"then_action": then} if then else {})}
    return {**changed, "title": then} if change == REPLACE and then else changed


def next_depth(answers: Answers) -> int:
    """Which level of the depth guide asks what leads further: it looks only for a kind of looking that is missing."""
    if not (answers.get("why") or answers.get("gap")):
        return 1
    if not (answers.get("other_view") or answers.get("others_change")):
        return 3
    return 4 if answers.get("assumption") else 2


def _minutes_left(part: Part, answered: Collection[str]) -> float:
    if not part.required:
        return 0.0
    return part.minutes * len(part.required - frozenset(answered)) / len(part.required)
