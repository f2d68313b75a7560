"""When a field is shown, must be answered, or is worded otherwise: pure, on plain values."""

from collections.abc import Mapping

ANYTHING = "*"


def holds(condition: Mapping[str, str] | None, situation: Mapping[str, str | None]) -> bool:
    """Whether every named value is as asked; "*" asks for any answer at all. No condition always holds."""
    return all(_is(situation.get(name), wanted) for name, wanted in (condition or {}).items())


def is_required(rule: bool | str, situation: Mapping[str, str | None]) -> bool:
    """Whether an answer is needed: always, never, `if_task_ref` or `if_reflection1` (which was submitted)."""
    if isinstance(rule, bool):
        return rule
    name = rule.removeprefix("if_")
    return holds({name: "submitted" if name == "reflection1" else ANYTHING}, situation)


def status_of(measure: str | None, statuses: Mapping[str, str | None]) -> str | None:
    """The status of the measure a reflection is about; of the only one there is if none is named."""
    if measure is None and len(statuses) == 1:
        (measure,) = statuses
    return statuses.get(measure) if measure is not None else None


def _is(value: str | None, wanted: str) -> bool:
    return bool(value) if wanted == ANYTHING else value == wanted
