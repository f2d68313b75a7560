"""A plan as its form types it, name by name: measures added, removed and brought back, and words typed again."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from trainer.act2_workshop.plan_words import PlanWords

OWN = "plan"  # before the plan's own fields: plan-desired_state; a measure's: m1-title; a work's: work-t04-level_now
AUDIENCE = "visibility"  # the plan's question about who may read it
MEASURE, REMOVED, WORK = "measure", "removed", "work"  # names that stand for lists
MEASURE_ID = re.compile(r"m[1-9][0-9]{0,2}")

Pairs = list[tuple[str, str]]
Typed = Sequence[tuple[str, str]]


def measure_ids(typed: Typed) -> list[str]:
    """The ids of the measures that are there, in the order of the form."""
    return _ids(typed, MEASURE)


def removed_ids(typed: Typed) -> list[str]:
    """The ids of measures that were taken away and can be brought back."""
    there = set(measure_ids(typed))
    return [name for name in _ids(typed, REMOVED) if name not in there]


def works_chosen(typed: Typed) -> list[str]:
    """The pieces of work that are to be on the map, besides those of the measures."""
    return list(dict.fromkeys(value for name, value in typed if name == WORK))


def add_measure(typed: Typed, defaults: Iterable[tuple[str, str]], measure_id: str) -> Pairs:
    """The same with one more measure, which begins with these answers."""
    return [*typed, (MEASURE, measure_id), *defaults]


def new_measure_id(typed: Typed, used: Iterable[str] = ()) -> str:
    """An id that no measure of this plan ever had."""
    known = [*measure_ids(typed), *removed_ids(typed), *used]
    return f"m{1 + max((int(name[1:]) for name in known), default=0)}"


def remove_measure(typed: Typed, measure_id: str) -> Pairs:
    """The same without a measure; what it said stays with the draft until the plan is submitted."""
    left = [pair for pair in typed if pair != (MEASURE, measure_id)]
    return [*left, (REMOVED, measure_id)] if len(left) < len(typed) else left


def bring_back(typed: Typed, measure_id: str) -> Pairs:
    """The same with a measure that was removed."""
    if measure_id not in removed_ids(typed):
        return list(typed)
    return [*(pair for pair in typed if pair != (REMOVED, measure_id)), (MEASURE, measure_id)]


def kept_of_removed(typed: Typed) -> Pairs:
    """What removed measures said: the page carries it along unseen."""
    prefixes = tuple(f"{name}-" for name in removed_ids(typed))
    said = [(name, value) for name, value in typed if value and prefixes and name.startswith(prefixes)]
    return [*((REMOVED, name) for name in removed_ids(typed)), *said]


def prefix_of_work(task: str) -> str:
    """What stands before the names of the questions about a piece of work."""
    return f"{WORK}-{task}"


def title_of(typed: Typed, measure_id: str) -> str:
    """What a measure is called so far."""
    return next((value for name, value in typed if name == f"{measure_id}-title"), "")


def typed_again(words: PlanWords) -> Pairs:
    """What has to be typed so that the form says these words: the beginning of another version."""
    pairs = _pairs(OWN, words.fields)
    for measure in words.measures:
        answers = {name: value for name, value in measure.items() if name != "id"}
        pairs += [(MEASURE, str(measure["id"])), *_pairs(str(measure["id"]), answers)]
    shared = {measure.get("task_ref") for measure in words.measures}
    for task, waves in words.sharing_map.items():
        if task not in shared:
            pairs += [(WORK, task), *_work_pairs(task, waves)]
    return pairs


def say_the_same(one: PlanWords, other: PlanWords) -> bool:
    """Whether two versions have the same answers. Who may read the plan is not part of it."""
    return _without_readers(one) == _without_readers(other)


def _without_readers(words: PlanWords) -> Pairs:
    return sorted(pair for pair in typed_again(words) if pair[0] != f"{OWN}-{AUDIENCE}")


def _work_pairs(task: str, waves: Any) -> Pairs:
    answers = {
        f"{name}_{suffix}": waves.get(wave, {}).get(name)
        for wave, suffix in (("before", "now"), ("target", "target"))
        for name in ("level", "carrier")
    }
    return _pairs(prefix_of_work(task), answers)


def _pairs(prefix: str, answers: Any) -> Pairs:
    pairs = []
    for name, value in answers.items():
        values = value if isinstance(value, list | tuple) else [value]
        pairs += [(f"{prefix}-{name}", str(one)) for one in values if one not in (None, "", False)]
    return pairs


def _ids(typed: Typed, list_name: str) -> list[str]:
    values = (value for name, value in typed if name == list_name)
    return list(dict.fromkeys(value for value in values if MEASURE_ID.fullmatch(value)))
