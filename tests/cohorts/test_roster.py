"""What a roster says: the fixtures row by row, headers and rows, doubles, size."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cohorts.rosters import only_person, only_reason, read_lines, row_with, wide
from trainer.cohorts.roster import RosterError, RosterReading, read_roster

ROSTERS = Path(__file__).parent.parent / "fixtures" / "rosters"


def read_fixture(name: str) -> RosterReading:
    return read_roster((ROSTERS / name).read_bytes(), filename=name)


# The fixtures


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("minato_120_cp932.csv", "cp932"),
        ("minato_120_utf8_bom.csv", "utf-8-sig"),
        ("minato_120_utf16.csv", "utf-16"),
        ("minato_120.xlsx", "xlsx"),
    ],
)
def test_every_encoding_of_a_roster_gives_the_same_people(name: str, encoding: str) -> None:
    reading = read_fixture(name)
    assert reading.encoding == encoding
    assert reading.people == read_fixture("minato_120_cp932.csv").people
    assert len(reading.people) == 120
    assert (reading.refused, reading.warnings) == ((), ())


def test_what_japanese_offices_write_arrives_unharmed() -> None:
    people = {person.employee_number: person for person in read_fixture("minato_120_cp932.csv").people}
    assert people["000271"].name == "髙橋 健一"
    assert people["000419"].name == "山﨑 美咲"
    assert people["000086"].department == "製造部 ①ライン"


def test_a_month_later_one_has_gone_and_three_have_come() -> None:
    before = {person.employee_number for person in read_fixture("minato_120_cp932.csv").people}
    reading = read_fixture("minato_a_month_later_cp932.csv")
    after = {person.employee_number for person in reading.people}
    assert (len(reading.people), len(after - before), len(before - after)) == (122, 3, 1)
    assert reading.refused == ()


def test_an_english_roster_with_empty_columns_is_read() -> None:
    reading = read_fixture("harbor_30_en_utf8.csv")
    assert len(reading.people) == 30
    first = reading.people[0]
    assert (first.employee_number, first.name, first.email) == ("000012", "Person 000012", "p000012@harbor.example")
    assert (first.name_reading, first.boss_name, first.boss_email) == ("", "", "")
    assert (reading.refused, reading.warnings) == ((), ())


def test_the_roster_with_errors_is_refused_row_by_row() -> None:
    reading = read_fixture("minato_12_with_errors_utf8.csv")
    expected = {
        1: ("000012", "The same employee number is in row 2 too."),
        2: ("000012", "The same employee number is in row 1 too."),
        3: ("000086", "E-mail address is not valid."),
        4: ("000123", "The same e-mail address is in row 5 too."),
        5: ("000160", "The same e-mail address is in row 4 too."),
        6: ("000197", "Name is missing."),
        7: ("000234", "Name begins with = + - or @"),
        8: ("000271", "E-mail address holds a line break"),
    }
    assert [refused.row for refused in reading.refused] == list(expected)
    for refused in reading.refused:
        number, reason = expected[refused.row]
        assert refused.employee_number == number
        assert refused.reason.startswith(reason)
    assert {person.row: (person.employee_number, person.name) for person in reading.people} == {
        9: ("000999", "森 由美子"),
        10: ("000345", "佐藤 翔太"),
        11: ("000382", "阿部 翔太"),
        12: ("000419", "山﨑 美咲"),
    }


# Headers and rows


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("メールアドレス,氏名,社員番号", "sato@minato.example,佐藤 翔太,000012"),
        ("備考,社員番号,氏名,入社日,メールアドレス", "=1+1,000012,佐藤 翔太,2020/4/1,sato@minato.example"),
        ("従業員番号,名前,メール", "000012,佐藤 翔太,sato@minato.example"),
        (f"社員{wide('No.')},氏　名,{wide('E')}メール", "000012,佐藤 翔太,sato@minato.example"),
        ("EMPLOYEE NUMBER,Name,E-mail", "000012,佐藤 翔太,sato@minato.example"),
        ("employee_number, name ,email", "000012,佐藤 翔太,sato@minato.example"),
        ("Name\tE-mail\tEmployee number", "佐藤 翔太\tsato@minato.example\t000012"),
        ("社員番号;氏名;メールアドレス", "000012;佐藤 翔太;sato@minato.example"),
        ('"社員番号","氏名","メールアドレス"', '"000012","佐藤 翔太","sato@minato.example"'),
        ('社員番号;氏名;メールアドレス;"備考,a,b,c,d"', '000012;佐藤 翔太;sato@minato.example;"x,y"'),
    ],
)
def test_columns_are_found_in_any_order_language_and_delimiter(header: str, line: str) -> None:
    person = only_person(read_lines(line, header=header))
    assert (person.employee_number, person.name, person.email) == ("000012", "佐藤 翔太", "sato@minato.example")


def test_half_width_headers_are_understood() -> None:
    person = only_person(read_lines("1,佐藤,サトウ,a@b.example", header="社員番号,氏名,ﾌﾘｶﾞﾅ,ﾒｰﾙｱﾄﾞﾚｽ"))
    assert (person.name_reading, person.email) == ("サトウ", "a@b.example")


def test_missing_columns_are_named_in_both_languages() -> None:
    with pytest.raises(RosterError, match=r"社員番号 \(Employee number\), メールアドレス \(E-mail\)"):
        read_lines("佐藤,営業部", header="氏名,部署")


@pytest.mark.parametrize(
    "header", ["社員番号,氏名,氏名,メール", "社員番号,氏名,名前,メール", "社員番号,氏名,メール,備考,備考"]
)
def test_two_columns_of_one_meaning_are_refused(header: str) -> None:
    with pytest.raises(RosterError, match="mean the same"):
        read_lines("1,佐藤,佐藤,a@b.example", header=header)


def test_blank_rows_are_skipped_but_counted_as_the_sheet_counts_them() -> None:
    reading = read_lines(
        "", row_with(), ",,　,,,", "", row_with(employee_number="13", email="b@minato.example"), "", ""
    )
    assert [person.row for person in reading.people] == [2, 5]


def test_a_line_break_within_quotation_marks_begins_no_row() -> None:
    reading = read_lines(row_with(department="営業\n第一部"), row_with(employee_number="13", email="b@minato.example"))
    assert [(person.row, person.department) for person in reading.people] == [(1, "営業 第一部"), (2, "営業部")]


def test_a_row_with_a_comma_too_many_is_refused() -> None:
    assert "more cells than the header" in only_reason(
        read_lines("1,佐藤, 翔太,a@b.example", header="社員番号,氏名,メール")
    )


def test_a_short_row_leaves_the_rest_empty() -> None:
    assert only_person(read_lines("1,佐藤,,a@b.example")).boss_email == ""


# Doubles and size


def test_doubles_are_found_across_case_width_and_rows_refused_for_something_else() -> None:
    reading = read_lines(
        row_with(employee_number=wide("12")),
        row_with(employee_number="12", email="b@minato.example", name=""),
        row_with(employee_number="13", email=wide("B@MINATO.example")),
    )
    assert [refused.row for refused in reading.refused] == [1, 2, 3]
    assert reading.people == ()


def test_many_doubles_name_a_few_rows_each() -> None:
    reading = read_lines(*[row_with(email=f"e{number}@minato.example") for number in range(2_000)])
    assert len(reading.refused) == 2_000
    assert "rows" not in reading.refused[0].reason
    assert "row 2, 3, 4, 5, 6, … too" in reading.refused[0].reason
    assert "row 1, 2, 3, 4, 5, … too" in reading.refused[1_999].reason


def test_numbers_that_differ_in_zeros_are_two_people() -> None:
    assert len(read_lines(row_with(), row_with(employee_number="12", email="b@minato.example")).people) == 2


def test_five_thousand_rows_are_read() -> None:
    lines = [row_with(employee_number=f"{number:06}", email=f"e{number}@d{number}.example") for number in range(5_000)]
    assert len(read_lines(*lines).people) == 5_000


CELLS = st.sampled_from(
    [
        "",
        "1",
        "01",
        "１",
        "2",
        "a@b.example",
        "A@B.example",
        "c@b.example",
        "佐藤",
        "=1",
        "x\ny",
        "①",
        '"',
        ",",
        "@",
        "-",
    ]
)


@given(rows=st.lists(st.lists(CELLS, min_size=3, max_size=9), min_size=1, max_size=12))
def test_whatever_the_cells_no_two_people_share_a_number_or_an_address(rows: list[list[str]]) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    try:
        reading = read_lines(*quoted, header="社員番号,メールアドレス,氏名,上司メールアドレス,部署,上司氏名")
    except RosterError:
        assert not any(cell.strip() for row in rows for cell in row)
        return
    assert len({person.employee_number for person in reading.people}) == len(reading.people)
    assert len({person.email for person in reading.people}) == len(reading.people)
    told = [person.row for person in reading.people] + [refused.row for refused in reading.refused]
    assert sorted(told) == [row for row, cells in enumerate(rows, 1) if any(cell.strip() for cell in cells)]
    assert all(refused.reason for refused in reading.refused)
