"""Small .xlsx files written by hand, so that tests can also write those that no spreadsheet would."""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import escape

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET_TYPE = f"{_OFFICE}/worksheet"


def text_cells(rows: Sequence[Sequence[str]]) -> str:
    """Rows of texts as the inside of a sheet's data."""
    return "".join("<row>" + "".join(_text_cell(cell) for cell in row) + "</row>" for row in rows)


def make_workbook(
    sheet_data: str, shared: str = "", sheets: Sequence[tuple[str, str]] = (("名簿", "visible"),)
) -> bytes:
    """A workbook whose sheets all hold `sheet_data`; `shared` is the inside of its shared texts."""
    return zip_of(workbook_parts(sheet_data, shared, sheets))


def workbook_parts(
    sheet_data: str, shared: str = "", sheets: Sequence[tuple[str, str]] = (("名簿", "visible"),)
) -> dict[str, str]:
    """Member name -> XML."""
    numbered = list(enumerate(sheets, 1))
    listed = "".join(
        f'<sheet name="{name}" sheetId="{number}" state="{state}" r:id="rId{number}"/>'
        for number, (name, state) in numbered
    )
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{_SHEET_TYPE}" Target="worksheets/sheet{number}.xml"/>'
        for number, _sheet in numbered
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',
        "xl/sharedStrings.xml": shared if shared.startswith("<sst") else f'<sst xmlns="{_MAIN}">{shared}</sst>',
        **{
            f"xl/worksheets/sheet{number}.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{sheet_data}</sheetData>'
            "</worksheet>"
            for number, _sheet in numbered
        },
    }


def zip_of(parts: dict[str, str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The parts as a zip file."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()


def _text_cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
