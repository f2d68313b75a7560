"""A roster as HR sends it: who is on it, which rows are refused and why, without asking any database."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from trainer.cohorts.roster_file import RosterError, Table, check_bytes, decode, read_csv, table
from trainer.cohorts.roster_header import find_columns
from trainer.cohorts.roster_row import Person, ReadRow, read_row
from trainer.cohorts.roster_workbook import is_workbook, read_workbook
from trainer.i18n import gettext as _

__all__ = ["Person", "RefusedRow", "RosterError", "RosterReading", "read_roster"]

_NAMED_ROWS = 5  # of the rows that share a number; a sentence naming thousands would help nobody


NO_TABLE = Table((), ())


@dataclass(frozen=True)
class RefusedRow:
    """A row that is not taken, its number as written, and the reason in the language in force."""

    row: int
    employee_number: str
    reason: str


@dataclass(frozen=True)
class RosterReading:
    """What a roster says; `encoding` is how it was read: xlsx, utf-8, utf-8-sig, utf-16 or cp932."""

    people: tuple[Person, ...]
    refused: tuple[RefusedRow, ...]
    encoding: str
    warnings: tuple[str, ...]
    table: Table = NO_TABLE  # the cells as written


def read_roster(
    content: bytes, *, filename: str = "", encoding: str | None = None, by_line: bool = False
) -> RosterReading:
    """Read a roster (.xlsx or CSV, told apart by content); raises RosterError if the file as a whole cannot be read.

    No two people share a number or an address: all rows of a double are refused. Rows are counted as a sheet shows
    them: row 1 is the first after the header, a blank row counts, a line break within quotation marks does not.
    `encoding` overrides the guess for CSV. `by_line` counts lines of the file instead, the header's included: so a
    page calls them, in sentences too.
    """
    check_bytes(content)
    found, used, warnings = _read_table(content, filename, encoding)
    found = found.by_line() if by_line else found
    columns = find_columns(found.header)
    rows = [_read(row, cells, columns, len(found.header)) for row, cells in found.rows]
    doubles = _doubles(rows)
    people: list[Person] = []
    refused: list[RefusedRow] = []
    told = list(warnings)
    for read in rows:
        person, reasons = read.person, (*read.reasons, *doubles[read.person.row])
        if reasons:
            refused.append(RefusedRow(person.row, person.employee_number, " ".join(reasons)))
        else:
            people.append(person)
            told.extend([read.warning] if read.warning else [])
    return RosterReading(tuple(people), tuple(refused), used, tuple(told), found)


def _read_table(content: bytes, filename: str, encoding: str | None) -> tuple[Table, str, tuple[str, ...]]:
    if is_workbook(content):
        cells, warnings = read_workbook(content)
        return table(cells), "xlsx", warnings
    if filename.lower().endswith((".xlsx", ".xlsm")) or content.startswith(b"\xd0\xcf\x11\xe0"):
        raise RosterError(
            _("This is no readable .xlsx workbook. Open it in Excel and save it again as .xlsx, without a password.")
        )
    text, used = decode(content, encoding)
    return read_csv(text), used, ()


def _read(row: int, cells: Sequence[str], columns: dict[str, int], width: int) -> ReadRow:
    read = read_row(row, {field: cells[at] for field, at in columns.items() if at < len(cells)})
    if len(cells) <= width:
        return read
    # A comma too many moves every cell behind it into the wrong column.
    reason = _("The row has more cells than the header. Put a cell that holds a comma in quotation marks.")
    return ReadRow(read.person, (*read.reasons, reason))


def _doubles(rows: Sequence[ReadRow]) -> dict[int, list[str]]:
    """Row -> why it is refused for a number or an address that another row has too."""
    reasons = defaultdict[int, list[str]](list)
    for others, row in _shared(rows, lambda person: person.employee_number):
        reasons[row].append(_("The same employee number is in row %(rows)s too. Correct one of them.", rows=others))
    for others, row in _shared(rows, lambda person: person.email.casefold()):
        reasons[row].append(_("The same e-mail address is in row %(rows)s too. Correct one of them.", rows=others))
    return reasons


def _shared(rows: Sequence[ReadRow], key: Callable[[Person], str]) -> Iterator[tuple[str, int]]:
    """For each row whose key another row has too: the other rows, named together, and the row."""
    by_key = defaultdict[str, list[int]](list)
    for read in rows:
        by_key[key(read.person)].append(read.person.row)
    for value, numbers in by_key.items():
        if not value or len(numbers) < 2:
            continue
        for row in numbers:
            others = [str(other) for other in numbers[: _NAMED_ROWS + 1] if other != row][:_NAMED_ROWS]
            yield ", ".join(others) + (", …" if len(numbers) > _NAMED_ROWS + 1 else ""), row
