"""The roster's file: encodings, limits, broken files."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.cohorts.roster import RosterError, read_roster

LINE = "000012,髙橋 健一,takahashi@minato.example"
TEXT = f"社員番号,氏名,メールアドレス\r\n{LINE}\r\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("cp932"), "cp932"),
        (TEXT.replace("\r\n", "\n").encode("cp932"), "cp932"),
        (TEXT.replace("\r\n", "\r").encode("cp932"), "cp932"),
    ],
)
def test_the_encoding_is_found(content: bytes, encoding: str) -> None:
    reading = read_roster(content)
    assert reading.encoding == encoding
    assert reading.people[0].name == "髙橋 健一"


@pytest.mark.parametrize("encoding", ["cp932", "Shift_JIS", "windows-31j"])
def test_a_named_encoding_wins(encoding: str) -> None:
    assert read_roster(TEXT.encode("cp932"), encoding=encoding).encoding == "cp932"
    with pytest.raises(RosterError, match="cannot be read as UTF-8: it fails at byte offset 0"):
        read_roster(TEXT.encode("cp932"), encoding="utf-8")


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(RosterError, match="encoding rot13 is not known"):
        read_roster(TEXT.encode(), encoding="rot13")


@pytest.mark.parametrize(
    ("content", "name", "offset"),
    [
        (TEXT.encode() + b"\xff", "UTF-8", len(TEXT.encode())),
        (codecs.BOM_UTF8 + TEXT.encode() + b"\xff", "UTF-8-SIG", 3 + len(TEXT.encode())),
        (TEXT.encode("cp932") + b"\x81", "CP932", len(TEXT.encode("cp932"))),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le") + b"\x00", "UTF-16", 2 + len(TEXT.encode("utf-16-le"))),
    ],
)
def test_a_byte_that_fits_no_encoding_is_named(content: bytes, name: str, offset: int) -> None:
    with pytest.raises(RosterError, match=rf"as {name}: it fails at byte offset {offset}\."):
        read_roster(content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b" \r\n\r\n", "is empty"),
        (codecs.BOM_UTF8, "is empty"),
        (b",,,\r\n,,,", "is empty"),
        ("社員番号,氏名,メールアドレス\r\n".encode(), "nobody in it"),
        ("社員番号,氏名,メールアドレス\r\n,,\r\n\r\n".encode(), "nobody in it"),
        (TEXT.encode() + b"\0", "NUL"),
        ("Employee number,Name,E-mail\n1,x,a@b.example".encode("utf-16-le"), "NUL"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        (TEXT.encode() + b'13,"never closed,a@b.example\r\n14,x,c@b.example', "Line 4"),
        (TEXT.encode() + f"13,{'x' * 1001},a@b.example".encode(), "more than 1000 characters"),
        (TEXT.encode() + f'13,"{"x" * 200_000}",a@b.example'.encode(), "is broken|more than 1000"),
        (TEXT.encode() + b"13,x,a@b.example" + b"," * 38 + b"forty-first", "more than 40 columns"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "no readable .xlsx"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(RosterError, match=sentence) as refusal:
        read_roster(content)
    assert str(refusal.value).endswith(".")


def test_a_text_that_calls_itself_a_workbook_is_refused() -> None:
    with pytest.raises(RosterError, match=r"no readable \.xlsx"):
        read_roster(TEXT.encode(), filename="名簿.XLSX")


def test_five_thousand_people_are_read_and_one_more_is_refused() -> None:
    lines = [f"{number},Person,e{number}@b.example" for number in range(5_001)]
    assert len(read_roster("\n".join(["Employee number,Name,E-mail", *lines[:-1]]).encode()).people) == 5_000
    with pytest.raises(RosterError, match="more than 5,000 rows"):
        read_roster("\n".join(["Employee number,Name,E-mail", *lines]).encode())


def test_forty_columns_and_a_thousand_characters_are_read() -> None:
    header = "Employee number,Name,E-mail," + ",".join(f"Note {number}" for number in range(37))
    line = "1,Person,a@b.example" + "," * 36 + "," + "x" * 1_000 + "," * 20
    assert len(read_roster(f"{header}\n{line}".encode()).people) == 1


@settings(deadline=None)
@given(
    content=st.binary(max_size=300), start=st.sampled_from([b"", TEXT.encode(), TEXT.encode("cp932"), b"PK\x03\x04"])
)
def test_any_bytes_give_a_reading_or_a_sentence(content: bytes, start: bytes) -> None:
    try:
        reading = read_roster(start + content)
    except RosterError as error:
        assert str(error).endswith(".")  # noqa: PT017 -- both ends are right, and both are checked
    else:
        assert len({person.employee_number for person in reading.people}) == len(reading.people)
        assert len({person.email for person in reading.people}) == len(reading.people)


@settings(deadline=None)
@given(text=st.text(alphabet="0123,;\t\n\r\"'=@.aé佐①　\u0000\u2028", max_size=60))
def test_any_text_after_a_header_gives_a_reading_or_a_sentence(text: str) -> None:
    try:
        reading = read_roster((TEXT + text).encode())
    except RosterError as error:
        assert str(error).endswith(".")  # noqa: PT017 -- both ends are right, and both are checked
    else:
        assert reading.people or reading.refused
