"""Two languages of one program: the same things in the same places, only the words differ."""

from typing import Any

from pydantic import BaseModel

from trainer.programs.content_errors import Problem
from trainer.programs.content_words import Length, Words


def differences(one: BaseModel, other: BaseModel) -> list[Problem]:
    """Where two packs differ in more than their words, lengths of texts and language."""
    return _differ("", _bones(one), _bones(other))


def _bones(value: Any) -> Any:
    """A value with its words and lengths taken out."""
    if isinstance(value, Words | Length):
        return "…"
    if isinstance(value, BaseModel):
        return {name: _bones(getattr(value, name)) for name in type(value).model_fields if name != "lang"}
    if isinstance(value, dict):
        return {name: _bones(part) for name, part in value.items()}
    return [_bones(part) for part in value] if isinstance(value, tuple) else value


def _differ(path: str, one: Any, other: Any) -> list[Problem]:
    if isinstance(one, dict) and isinstance(other, dict):
        return _differ_in_keys(path, one, other)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [problem for place, (left, right) in pairs for problem in _differ(f"{path}[{place}]", left, right)]
    if isinstance(one, list) and isinstance(other, list):
        return [Problem(path, f"has {len(one)} entries in one language and {len(other)} in the other")]
    return [] if one == other else [Problem(path, f"is {one!r} in one language and {other!r} in the other")]


def _differ_in_keys(path: str, one: dict[str, Any], other: dict[str, Any]) -> list[Problem]:
    dot = "." if path else ""
    names = list(dict.fromkeys([*one, *other]))
    return [problem for name in names for problem in _differ(f"{path}{dot}{name}", one.get(name), other.get(name))]
