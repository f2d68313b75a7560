"""Packs for tests: the shipped one as plain values, to be spoilt at will."""

from copy import deepcopy
from functools import cache
from typing import Any

from trainer.programs.content import PACKS, Pack, load_program
from trainer.programs.content_yaml import read_yaml

PROGRAM = "management_basics_default"
LANGUAGES = ("ja", "en")


@cache
def shipped(language: str) -> Pack:
    """The shipped pack in a language."""
    return load_program(PROGRAM)[language]


def shipped_data(language: str = "en") -> dict[str, Any]:
    """The shipped pack as plain values of its own."""
    return deepcopy(_data(language))


def element(data: dict[str, Any], path: str) -> Any:
    """What lies at `messages.items.act1_open`: keys, and ids of the elements of lists."""
    found: Any = data
    for key in path.split("."):
        found = next(one for one in found if one["id"] == key) if isinstance(found, list) else found[key]
    return found


@cache
def _data(language: str) -> dict[str, Any]:
    data: dict[str, Any] = read_yaml(PACKS / f"{PROGRAM}.{language}.yaml")
    return data
