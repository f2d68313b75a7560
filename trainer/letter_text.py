"""The words of a letter before they become mail: names filled in, and the blocks a text is made of."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

VARIABLE = re.compile(r"\{\{([^{}]*)\}\}")
PROGRAM_IN_FRONT = re.compile(r"^[\[【]\s*\{\{\s*program_name\s*\}\}\s*[\]】]\s*")  # of a subject
BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
ITEM_MARKS = ("・", "- ")
RULE = re.compile(r"[-─—]+\s*")


class UnknownName(KeyError):
    """A text asks for `{{name}}`, and there is no such name; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class Block:
    """A piece of a letter's body: a paragraph, a list, or the place of the button."""

    kind: Literal["paragraph", "list", "button"]
    lines: tuple[str, ...] = ()


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with every `{{name}}` replaced once by its value; a value is never looked into again.

    Raises UnknownName for anything between double braces that is not a name in `values`.
    """
    return VARIABLE.sub(_value_from(values), text)


def fill_subject(text: str, values: Mapping[str, str]) -> str:
    """`fill`, on one line: line breaks and control characters become a space. Raises UnknownName."""
    return BREAKS.sub(" ", fill(text, values)).strip()


def blocks_of(text: str, url: str | None = None) -> tuple[Block, ...]:
    """The paragraphs and lists of `text`, in order; a line that is only `url` becomes the button's place.

    A blank line ends a paragraph; lines that begin with ・ or "- " are the items of a list.
    """
    lines = [line.strip() for line in text.splitlines()]
    pieces = groupby(lines, key=lambda line: _kind(line, url))
    return tuple(_block(kind, tuple(found)) for kind, found in pieces if kind != "blank")


def without_rule(text: str) -> str:
    """A footer without the line drawn above it: in HTML the frame draws its own."""
    first, _, rest = text.partition("\n")
    return rest if RULE.fullmatch(first) else text


def _value_from(values: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    def value(found: re.Match[str]) -> str:
        name = found[1].strip()
        if name not in values:
            raise UnknownName(name)
        return values[name]

    return value


def _kind(line: str, url: str | None) -> Literal["blank", "button", "list", "paragraph"]:
    if not line:
        return "blank"
    if line == url:
        return "button"
    return "list" if line.startswith(ITEM_MARKS) else "paragraph"


def _block(kind: Literal["button", "list", "paragraph"], lines: tuple[str, ...]) -> Block:
    if kind == "button":
        return Block("button")
    return Block(kind, tuple(line[1:].strip() for line in lines) if kind == "list" else lines)
