"""What changed from one version of a plan to another: pieces of text that stayed, came and went; pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

PIECES = re.compile(r"[A-Za-z0-9'’-]+|\s+|.", re.DOTALL)  # a word where words are told apart, else one letter
SEAM = 2  # what stayed between two changes and is as short as this reads better as part of them


class Kind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    OUT = "out"
    IN = "in"


@dataclass(frozen=True)
class Piece:
    """Some text, and what became of it."""

    kind: Kind
    text: str


def pieces_between(before: str, after: str) -> list[Piece]:
    """The two texts as one row of pieces: without those that came in it reads `before`, without those out `after`."""
    old, new = PIECES.findall(before), PIECES.findall(after)
    blocks = [block for block in _blocks(old, new) if block[2]]
    found: list[Piece] = []
    at_old = at_new = 0
    for start_old, start_new, length in [*blocks, (len(old), len(new), 0)]:
        found += _pieces(Kind.OUT, old[at_old:start_old])
        found += _pieces(Kind.IN, new[at_new:start_new])
        found += _pieces(Kind.SAME, old[start_old : start_old + length])
        at_old, at_new = start_old + length, start_new + length
    return found


def _blocks(old: list[str], new: list[str]) -> Iterator[tuple[int, int, int]]:
    """What both have in common, without the short seams in the middle of a change."""
    for start_old, start_new, length in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        is_edge = (start_old, start_new) == (0, 0) or (start_old + length, start_new + length) == (len(old), len(new))
        if is_edge or length > SEAM:
            yield start_old, start_new, length


def _pieces(kind: Kind, tokens: list[str]) -> list[Piece]:
    return [Piece(kind, "".join(tokens))] if tokens else []
