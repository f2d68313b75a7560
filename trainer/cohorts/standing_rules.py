"""What a standing says of a seat, and in which of a board's numbers it counts: pure."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from trainer.programs.rules import STEPS

LONGEST_KEY = 200
COMPLETE = (1 << len(STEPS)) - 1


def steps_as_bits(steps: Collection[str]) -> int:
    """Finished steps as one number: a bit for each, in the order of STEPS."""
    return sum(1 << place for place, step in enumerate(STEPS) if step in steps)


def is_finished(finished: int, step: str) -> bool:
    """Whether this step is among the finished ones."""
    return bool(finished >> STEPS.index(step) & 1)


def next_due(due_dates: Mapping[str, date], finished: int) -> tuple[date | None, str | None]:
    """The earliest due date of a step that is left, and the step; (None, None) where none is left."""
    left = [(due_dates[step], STEPS.index(step)) for step in due_dates if not is_finished(finished, step)]
    if not left:
        return None, None
    due_on, place = min(left)
    return due_on, STEPS[place]


def counted(standing: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The (kind, key) of every number in which a standing counts; who has withdrawn counts as that alone."""
    yield "status", str(standing["status"])
    if standing["status"] == "withdrawn":
        return
    yield from (("finished", step) for step in STEPS if is_finished(standing["finished"], step))
    if standing["finished"] == COMPLETE:
        yield "complete", ""
    if standing["due_on"] is not None and standing["status"] == "active":
        yield "due", standing["due_on"].isoformat()
    if not standing["has_address"]:
        yield "no_address", ""
    yield "group", standing["group_name"]
