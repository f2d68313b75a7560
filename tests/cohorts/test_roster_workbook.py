"""The roster as .xlsx: cells, sheets, and files made to exhaust the server."""

import random
import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.cohorts.workbooks import make_workbook, text_cells, workbook_parts, zip_of
from trainer.cohorts.roster import RosterError, read_roster

HEADER = ["社員番号", "氏名", "メールアドレス"]
PERSON = ["000012", "髙橋 健一", "takahashi@minato.example"]
ROWS = text_cells([HEADER, PERSON])
ROSTERS = Path(__file__).parent.parent / "fixtures" / "rosters"


def with_cells(cells: str, shared: str = "") -> bytes:
    return make_workbook(text_cells([HEADER]) + f"<row>{cells}</row>", shared)


def test_a_workbook_is_known_by_its_content() -> None:
    reading = read_roster(make_workbook(ROWS), filename="名簿.csv")
    assert (reading.encoding, reading.people[0].name) == ("xlsx", "髙橋 健一")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("<c><v>12</v></c>", "12"),
        ("<c><v>12.0</v></c>", "12"),
        ('<c t="inlineStr"><is><t>000012</t></is></c>', "000012"),
        ('<c t="s"><v>0</v></c>', "000012"),
    ],
)
def test_a_number_keeps_its_zeros_and_gets_no_decimals(cell: str, number: str) -> None:
    rest = '<c t="s"><v>1</v></c><c t="inlineStr"><is><t>a@b.example</t></is></c>'
    shared = '<si><t>000012</t></si><si><t>髙橋</t><rPh sb="0" eb="2"><t>タカハシ</t></rPh></si>'
    (person,) = read_roster(with_cells(cell + rest, shared)).people
    assert (person.employee_number, person.name) == (number, "髙橋")


def test_a_line_break_in_a_cell_of_a_sheet_is_refused() -> None:
    rows = text_cells([HEADER, ["1", "髙橋", "a@b.example_x000D_Bcc: x@b.example"], ["2", "森\n誠", "c@b.example"]])
    assert [refused.row for refused in read_roster(make_workbook(rows)).refused] == [1, 2]


def test_rows_are_counted_as_the_sheet_shows_them() -> None:
    rows = text_cells([[], HEADER, [], PERSON])
    assert [person.row for person in read_roster(make_workbook(rows)).people] == [2]


def test_the_first_visible_sheet_is_read_and_more_are_told() -> None:
    hidden = make_workbook(ROWS, sheets=[("古い", "hidden"), ("名簿", "visible")])
    assert read_roster(hidden).warnings == ()
    several = make_workbook(ROWS, sheets=[("名簿", "visible"), ("控え", "visible")])
    assert read_roster(several).warnings == ("Of the workbook's sheets only “名簿” was read.",)
    with pytest.raises(RosterError, match="no visible sheet"):
        read_roster(make_workbook(ROWS, sheets=[("名簿", "hidden")]))


def test_painted_cells_far_away_do_no_harm() -> None:
    painted = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert len(read_roster(make_workbook(ROWS + painted)).people) == 1


def test_the_limits_hold_for_a_sheet_too() -> None:
    people = [[str(number), "Person", f"e{number}@b.example"] for number in range(5_001)]
    with pytest.raises(RosterError, match="more than 5,000 rows"):
        read_roster(make_workbook(text_cells([HEADER, *people])))
    with pytest.raises(RosterError, match="more than 40 columns"):
        read_roster(make_workbook(text_cells([HEADER, [*PERSON, *["x"] * 38]])))
    with pytest.raises(RosterError, match="more than 1000 characters"):
        read_roster(make_workbook(text_cells([HEADER, [*PERSON, "x" * 1_001]])))
    with pytest.raises(RosterError, match="nobody in it"):
        read_roster(make_workbook(text_cells([HEADER])))
    with pytest.raises(RosterError, match="is empty"):
        read_roster(make_workbook(""))


# Files made to exhaust the server


def test_fifty_members_are_read_and_one_more_is_refused() -> None:
    parts = workbook_parts(ROWS)
    parts |= {f"docProps/{number}.xml": "<x/>" for number in range(50 - len(parts))}
    assert len(read_roster(zip_of(parts)).people) == 1
    with pytest.raises(RosterError, match="more than 50 parts"):
        read_roster(zip_of(parts | {"docProps/last.xml": "<x/>"}))


@pytest.mark.parametrize("name", ["docProps/app.xml", "xl/worksheets/sheet2.xml"])
def test_a_zip_bomb_is_refused_unparsed(name: str) -> None:
    bomb = zip_of(workbook_parts(ROWS) | {name: " " * (21 * 1024 * 1024)})
    assert len(bomb) < 100_000
    with pytest.raises(RosterError, match="larger than 20 MB"):
        read_roster(bomb)


def test_a_zip_bomb_that_lies_about_its_size_is_refused() -> None:
    size = 21 * 1024 * 1024
    bomb = zip_of(workbook_parts(ROWS) | {"xl/worksheets/sheet2.xml": " " * size})
    honest = struct.pack("<I", size)
    assert bomb.count(honest) == 2  # in the member's own header and in the directory
    with pytest.raises(RosterError, match="cannot be read"):
        read_roster(bomb.replace(honest, struct.pack("<I", 100)))


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_way_of_packing_that_unpacks_whole_is_refused(compression: int) -> None:
    with pytest.raises(RosterError, match="cannot be read"):
        read_roster(zip_of(workbook_parts(ROWS), compression))


@pytest.mark.parametrize(
    "sheet",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1048576"><c><v>1</v></c></row>',
        '<row><c r="XFD1"/><c><v>1</v></c></row>',
        '<row><c r="CW3" t="inlineStr"><is><t>x</t></is></c></row>',
        "<row/>" * 10_001 + "<row><c><v>1</v></c></row>",
    ],
)
def test_a_cell_at_the_end_of_the_world_is_refused(sheet: str) -> None:
    with pytest.raises(RosterError, match="far larger than a roster"):
        read_roster(make_workbook(ROWS + sheet))


def test_a_text_repeated_without_end_is_refused() -> None:
    cells = '<c t="s"><v>1</v></c>' * 50
    shared = f"<si><t>a</t></si><si><t>{'x' * 50_000}</t></si>"
    with pytest.raises(RosterError, match="far larger than a roster"):
        read_roster(make_workbook(ROWS + f"<row>{cells}</row>" * 10, shared))


@pytest.mark.parametrize("promise", ["count", "uniqueCount"])
def test_a_promise_of_billions_of_texts_is_refused(promise: str) -> None:
    with pytest.raises(RosterError, match="far larger than a roster"):
        read_roster(make_workbook(ROWS, f'<sst {promise}="4294967295"><si><t>x</t></si></sst>'))


@pytest.mark.parametrize(
    "sheet",
    [
        '<row><c r="ZZZZZZZZZZ99999999999"><v>1</v></c></row>',
        '<row><c r="XFD1048576"><c r="A1"/><v>1</v></c></row>',
        '<row r="x"><c><v>1</v></c></row>',
        '<row><c t="s"><v>99</v></c></row>',
        '<row><c t="s"><v>x</v></c></row>',
        # What calamine and an XML parser would read as two numbers, so that the weight could not be known.
        '<row><c t="s"><v>0&#48;</v></c></row>',
        '<row><c t="s"><v>0<!-- -->0</v></c></row>',
        '<row><c t="s"><v>0<![CDATA[0]]></v></c></row>',
        '<row><c t="s"><v> 0</v></c></row>',
        '<row><c t="s"><v>-1</v></c></row>',
        '<row><c t="s"><v>99999999999999999999</v></c></row>',
        '<row><c t="s"><v>0<v>0</v></v></c></row>',
        "<row>",
        "</row>",
        "&entity;",
    ],
)
def test_a_malformed_sheet_is_refused(sheet: str) -> None:
    with pytest.raises(RosterError, match="cannot be read"):
        read_roster(make_workbook(ROWS + sheet, "<si><t>x</t></si>"))


def test_entities_are_refused() -> None:
    parts = workbook_parts(ROWS)
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = f'<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaa">]>{sheet}'
    with pytest.raises(RosterError, match="cannot be read"):
        read_roster(zip_of(parts))


@pytest.mark.parametrize("parts", [{}, {"a.txt": "x"}, {"xl/workbook.xml": "<workbook/>"}, {"content.xml": "<x/>"}])
def test_a_zip_that_is_no_workbook_is_refused(parts: dict[str, str]) -> None:
    with pytest.raises(RosterError, match="cannot be read"):
        read_roster(zip_of(parts))


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_workbook_gives_a_reading_or_a_sentence(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 -- damage, not secrets
    parts = workbook_parts(ROWS, "<si><t>x</t></si>")
    name = chance.choice(list(parts))
    text = list(parts[name])
    for _time in range(chance.randint(1, 4)):
        at = chance.randrange(len(text))
        text[at : at + chance.randint(0, 3)] = chance.choice(["", "<", "9", '"', "/>", "x", "<c><v>1</v></c>"])
    damaged = bytearray(zip_of(parts | {name: "".join(text)}))
    if seed % 2:
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    try:
        reading = read_roster(bytes(damaged))
    except RosterError as error:
        assert str(error).endswith(".")  # noqa: PT017 -- both ends are right, and both are checked
    else:
        assert len(reading.people) + len(reading.refused) >= 1


def test_a_truncated_workbook_is_refused() -> None:
    content = (ROSTERS / "minato_120.xlsx").read_bytes()
    assert zipfile.is_zipfile(BytesIO(content))
    for length in (4, 100, 6_000, len(content) - 10):
        with pytest.raises(RosterError, match="cannot be read"):
            read_roster(content[:length])
