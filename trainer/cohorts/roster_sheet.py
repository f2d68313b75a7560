"""Weighing the XML of a workbook: how much memory its sheets would take, found out without taking it.

calamine lays a sheet out as one dense rectangle, copies a shared text into every cell that names it, and reserves room
for as many texts as a `count` promises: a file of one kilobyte can ask for so much that the process ends.
"""

import re
from collections.abc import Mapping
from xml.parsers import expat

MAX_SHEET_ROW = 10_000  # people are at most 5,000; blank rows between them are allowed, but not without end
MAX_SHEET_COLUMN = 100
MAX_COUNT_DIGITS = 6

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class SheetTooLargeError(Exception):
    """The sheet reaches farther, or says more, than any roster."""


def weigh(parts: Mapping[str, bytes], max_text: int) -> None:
    """Raise SheetTooLargeError for parts calamine must not be given; ExpatError or ValueError for malformed ones.

    `max_text` is the number of characters all cells together may hold.
    """
    lengths = _Scale(parts.get("xl/sharedStrings.xml", b"<sst/>")).text_lengths
    for part in parts.values():
        shared_texts = _Scale(part).shared_texts
        if any(index >= len(lengths) for index in shared_texts):
            raise ValueError("a shared text that is not there")
        if sum(lengths[index] for index in shared_texts) > max_text:
            raise SheetTooLargeError


class _Scale:
    """One part, read once: the length of each shared text it holds, and the numbers of those its cells name."""

    def __init__(self, part: bytes) -> None:
        self.text_lengths: list[int] = []
        self.shared_texts: list[int] = []
        self._row = 0
        self._cell: tuple[int, int] | None = None
        self._column = 0
        self._is_shared = False
        self._pieces: list[str] = []
        self._is_in_text = False
        self._starts = {"row": self._start_row, "c": self._start_cell, "si": self._start_text}
        self._starts |= {"v": self._start_text, "is": self._start_text}
        self._ends = {"c": self._end_cell, "v": self._end_value, "is": self._end_text, "si": self._end_shared_text}
        # The encoding is fixed, as calamine's is: a declaration may not make the two read different things.
        parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.CommentHandler = parser.ProcessingInstructionHandler = self._refuse_inside_text
        parser.StartCdataSectionHandler = self._refuse_inside_text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.Parse(part, True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            if key.lower().endswith("count") and len(value) > MAX_COUNT_DIGITS:
                raise SheetTooLargeError
        start = self._starts.get(tag.rpartition(":")[2])
        if start:
            start(attributes)

    def _end(self, tag: str) -> None:
        end = self._ends.get(tag.rpartition(":")[2])
        if end:
            end()

    def _characters(self, text: str) -> None:
        if self._is_in_text:
            self._pieces.append(text)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row = int(attributes["r"]) if "r" in attributes else self._row + 1
        self._column = 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        if self._cell:
            raise ValueError("a cell in a cell")
        if "r" in attributes:
            self._cell = _position(attributes["r"])
        else:
            self._cell = (self._row, self._column + 1)
        self._column = self._cell[1]
        self._is_shared = attributes.get("t") == "s"

    def _end_cell(self) -> None:
        self._cell = None
        self._is_shared = False

    def _start_text(self, _attributes: dict[str, str]) -> None:
        """Only a cell with a value or a text counts: calamine forgets those that are merely painted."""
        if self._cell and (self._cell[0] > MAX_SHEET_ROW or self._cell[1] > MAX_SHEET_COLUMN):
            raise SheetTooLargeError
        self._refuse_inside_text()
        self._is_in_text = True
        self._pieces = []

    def _end_text(self) -> None:
        self._is_in_text = False

    def _end_value(self) -> None:
        self._end_text()
        if self._is_shared:
            (number,) = self._pieces  # more than one where &#50; stands for 2, which calamine reads otherwise
            if not re.fullmatch("[0-9]{1,7}", number):
                raise ValueError("not the number of a shared text")
            self.shared_texts.append(int(number))

    def _end_shared_text(self) -> None:
        self._end_text()
        self.text_lengths.append(sum(map(len, self._pieces)))

    def _refuse_inside_text(self, *_found: object) -> None:
        """Refuse what one reader of XML would count to the text and another would not."""
        if self._is_in_text:
            raise ValueError("a text that is not plain")


def _position(reference: str) -> tuple[int, int]:
    """Row and column of a reference such as AB12, both from 1."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        raise ValueError("not a cell reference")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def _refuse_doctype(*_declaration: object) -> None:
    raise ValueError("a workbook has no document type")
