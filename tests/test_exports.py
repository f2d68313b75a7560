"""Tables for spreadsheets: whatever stands in them, nothing is a formula, and the words arrive."""

import csv
import re
import zipfile
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from trainer.exports import as_csv, as_xlsx, safe_text

SIGNS = tuple("=+-@＝＋－＠\t\r\n\0")
TEXTS = st.text(
    alphabet=st.one_of(st.sampled_from("=+-@＝＋－＠\t\r\n\0 '\"a,髙"), st.characters(codec="utf-8")), max_size=40
)


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_no_cell_of_either_kind_is_a_formula(texts: list[str]) -> None:
    header = ["h"] * len(texts)
    cells = next(csv.reader(StringIO(as_csv(texts, []).decode("utf-8-sig"), newline="")))
    assert len(cells) == len(texts)
    assert not [cell for cell in cells if cell.lstrip().startswith(SIGNS)]
    with zipfile.ZipFile(BytesIO(as_xlsx(header, [texts]))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert not re.search("<f[ >]", sheet)
    shown = CalamineWorkbook.from_filelike(BytesIO(as_xlsx(header, [texts]))).get_sheet_by_index(0).to_python()
    assert not [cell for cell in shown[-1] if str(cell).lstrip().startswith(SIGNS)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("髙﨑 徹", "髙﨑 徹"),
        ("000123", "000123"),
        ("=1+1", "'=1+1"),
        (" =1+1", "' =1+1"),
        ("＝1+1", "'＝1+1"),
        ("-5", "'-5"),
        ("\t=1", "'\t=1"),
        ("a\x07b\x00c", "abc"),
        ("\x07=1", "'=1"),
        ("a\r\nb", "a\nb"),
        ("", ""),
    ],
)
def test_what_becomes_of_a_text(text: str, shown: str) -> None:
    assert safe_text(text) == shown


def test_numbers_of_ours_are_numbers_and_texts_are_texts() -> None:
    rows = CalamineWorkbook.from_filelike(BytesIO(as_xlsx(["n", "t"], [[7, "007"]]))).get_sheet_by_index(0).to_python()
    assert rows == [["n", "t"], [7.0, "007"]]


def test_csv_is_what_excel_opens() -> None:
    assert as_csv(["番号"], [["007"]]) == '\ufeff"番号"\r\n"007"\r\n'.encode()
