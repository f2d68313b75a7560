"""The one writer of tables for spreadsheets: nothing in them is ever taken for a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from xlsxwriter import Workbook

Cell = str | int | float

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA_SIGNS = tuple("=+-@\t\r\n\0＝＋－＠")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_LONGEST_CELL = 32_000  # characters; a spreadsheet takes 32,767
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """CSV as Excel opens it: UTF-8 with byte order mark, CRLF, every value quoted."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in (header, *rows):
        writer.writerow([safe_text(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig", "replace")


def as_xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet: texts are texts, our own numbers are numbers, the header stays in sight."""
    out = io.BytesIO()
    with Workbook(out, _PLAIN) as workbook:
        sheet = workbook.add_worksheet()
        sheet.freeze_panes(1, 0)
        for at, row in enumerate((header, *rows)):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(at, column, safe_text(cell)[:_LONGEST_CELL])
                else:
                    sheet.write_number(at, column, cell)
    return out.getvalue()


def safe_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before what looks like one, no control characters.

    Spaces before a formula sign do not hide it: some programs drop them.
    """
    looks_like_one = text.startswith(_FORMULA_SIGNS) or text.lstrip().startswith(_FORMULA_SIGNS)
    plain = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return f"'{plain}" if looks_like_one or plain.lstrip().startswith(_FORMULA_SIGNS) else plain
