"""What is wrong with a pack, as sentences that name file, place and reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

PLAIN = {
    "missing": "is missing",
    "extra_forbidden": "is not a known key",
    "string_type": "must be a text (put it in quotes)",
    "string_too_short": "must not be empty",
    "string_pattern_mismatch": "is not written as it must be ({pattern})",
    "literal_error": "must be one of {expected}",
    "union_tag_invalid": "is of an unknown type {tag}; known: {expected_tags}",
    "union_tag_not_found": "has no type",
    "tuple_type": "must be a list",
    "invalid_key": "is no key: write keys as text",
    "model_type": "must hold keys and values",
    "model_attributes_type": "must hold keys and values",
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where (`lessons[l1].questions[l1q2].answer`) and why."""

    path: str
    reason: str


class PackError(Exception):
    """A pack that cannot be used, with everything that is wrong with it."""

    def __init__(self, source: str, problems: Iterable[Problem]) -> None:
        self.source = source
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{source}: {problem.path}: {problem.reason}" for problem in self.problems))


def problems_of_shape(error: ValidationError, data: Any) -> list[Problem]:
    """The problems that pydantic found in `data`."""
    return [Problem(_path(data, detail["loc"]), _reason(detail)) for detail in error.errors(include_url=False)]


def _path(data: Any, loc: tuple[int | str, ...]) -> str:
    """The place in the pack; an element of a list is called by its id, pydantic's own tags are left out."""
    path = ""
    for position, key in enumerate(loc):
        if isinstance(key, int) and isinstance(data, list | tuple) and key < len(data):
            data = data[key]
            path += f"[{_name_of(data, key)}]"
        elif isinstance(data, dict) and (key in data or position == len(loc) - 1):
            data = data.get(key)
            path += f".{key}" if path else str(key)
    return path or "the file"


def _name_of(element: Any, place: int) -> str:
    name = (element.get("id") or element.get("name")) if isinstance(element, dict) else None
    return name if isinstance(name, str) else str(place)


def _reason(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    if detail["type"] == "value_error":
        return str(context["error"])
    if detail["type"] in PLAIN:
        return PLAIN[detail["type"]].format(**context)
    return detail["msg"]
