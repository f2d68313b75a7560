"""A roster's file and its limits: bytes into rows of cells, for CSV in the encodings HR offices use."""

import codecs
import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from io import StringIO

from trainer.i18n import gettext as _

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5_000
MAX_COLUMNS = 40
MAX_CELL = 1_000

_DELIMITERS = ",\t;"
_BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16",
    "utf16": "utf-16",
    # Python's shift_jis does not know 髙 and ①; whoever says Shift_JIS means what Excel writes.
    **dict.fromkeys(("cp932", "ms932", "windows-31j", "shift_jis", "shift-jis", "sjis"), "cp932"),
}


class RosterError(Exception):
    """The file as a whole cannot be read; the message is a sentence for the person who sent it."""


@dataclass(frozen=True)
class Table:
    """A header and the rows that are not blank; row 1 is the first after the header, and blank rows count."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    header_line: int = 1  # as a spreadsheet numbers it: blank rows may stand above

    def by_line(self) -> "Table":
        """The same with each row called by its line of the file, as whoever opens it in a spreadsheet counts."""
        return replace(self, rows=tuple((self.header_line + row, cells) for row, cells in self.rows))


def check_bytes(content: bytes) -> None:
    """Refuse a file that is empty or larger than 5 MB."""
    if len(content) > MAX_BYTES:
        raise RosterError(_("The roster is larger than 5 MB. Remove what does not belong to it, or split it."))
    if not content.strip():
        raise RosterError(_("The roster is empty. It needs a header line and one line for each person."))


def decode(content: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text of a CSV file without its byte order mark, and the encoding it was read in.

    Without a wish: what the byte order mark says, else UTF-8, else CP932; a byte that fits none is named.
    """
    marked = next((name for mark, name in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), None)
    guesses = [marked] if marked else ["utf-8", "cp932"]
    failures = []
    for candidate in [_known_encoding(encoding)] if encoding else guesses:
        try:
            text = content.decode("utf-8" if candidate == "utf-8-sig" else candidate)
        except UnicodeDecodeError as error:
            failures.append((error.start, candidate))
        else:
            used = "utf-8-sig" if candidate == "utf-8" and marked == "utf-8-sig" else candidate
            return _without_nul(text.removeprefix("\ufeff")), used
    # The encoding that got furthest is the likeliest, and its failing byte the one to look at.
    offset, candidate = max(failures)
    raise RosterError(
        _(
            "The roster cannot be read as %(encoding)s: it fails at byte offset %(offset)s. "
            "Save it again as .xlsx or as CSV UTF-8.",
            encoding=candidate.upper(),
            offset=offset,
        )
    )


def read_csv(text: str) -> Table:
    """The table in a CSV text; the delimiter (comma, tab or semicolon) is the one that parts the header best."""
    # No csv.field_size_limit here: it would hold for the whole process, and 5 MB with MAX_CELL bound a cell as well.
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        return table(reader)
    except csv.Error as error:
        raise RosterError(
            _(
                "Line %(line)s of the roster is broken, perhaps by a quotation mark that is not closed. "
                "Correct it, or save the roster as .xlsx.",
                line=reader.line_num,
            )
        ) from error


def table(records: Iterable[list[str]]) -> Table:
    """Header (the first row that is not blank) and rows, within the limits of rows, columns and characters a cell."""
    header: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[str, ...]]] = []
    row = header_line = 0
    for line, record in enumerate(records, start=1):
        row += bool(header)
        cells = _filled(record)
        if not cells:
            continue
        _check_cells(cells, row)
        if header:
            rows.append((row, cells))
        else:
            header, header_line = cells, line
    return _within_limits(Table(header, tuple(rows), header_line))


def _known_encoding(encoding: str) -> str:
    known = _ENCODINGS.get(encoding.strip().lower())
    if known is None:
        raise RosterError(
            _(
                "The encoding %(encoding)s is not known. Use utf-8, utf-16 or cp932.",
                encoding=encoding,
            )
        )
    return known


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise RosterError(
            _("The roster holds NUL characters, so it is not a CSV text. Save it again as .xlsx or as CSV UTF-8.")
        )
    return text


def _delimiter(text: str) -> str:
    lines = (line for line in StringIO(text, newline="") if line.strip())
    line = next(lines, "")
    outside_quotes = "".join(line.split('"')[::2])
    return max(_DELIMITERS, key=outside_quotes.count)


def _filled(record: list[str]) -> tuple[str, ...]:
    """The cells up to the last that is not blank: a spreadsheet writes empty ones without end."""
    count = len(record)
    while count and not record[count - 1].strip():
        count -= 1
    return tuple(record[:count])


def _check_cells(cells: tuple[str, ...], row: int) -> None:
    if len(cells) > MAX_COLUMNS:
        raise RosterError(
            _("The roster has more than %(limit)s columns. Remove those it does not need.", limit=MAX_COLUMNS)
        )
    if any(len(cell) > MAX_CELL for cell in cells):
        raise RosterError(
            _(
                "Row %(row)s of the roster (0 is the header) has a cell of more than %(limit)s characters. Shorten it.",
                row=row,
                limit=MAX_CELL,
            )
        )


def _within_limits(found: Table) -> Table:
    if not found.header:
        raise RosterError(_("The roster is empty. It needs a header line and one line for each person."))
    if not found.rows:
        raise RosterError(_("The roster has a header line but nobody in it. Add one line for each person."))
    if len(found.rows) > MAX_ROWS:
        raise RosterError(
            _("The roster has more than %(limit)s rows. Split it into several files.", limit=f"{MAX_ROWS:,}")
        )
    return found
