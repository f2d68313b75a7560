"""One row of a roster: what its cells become, and what refuses it."""

import pytest

from tests.cohorts.rosters import GOOD, only_person, only_reason, read_lines, row_with, wide
from trainer.cohorts.roster_row import as_address


@pytest.mark.parametrize(
    ("field", "written", "read"),
    [
        ("employee_number", wide("000999"), "000999"),
        ("employee_number", " 000012 ", "000012"),
        ("employee_number", wide("A-12"), "A-12"),
        ("name", " 佐藤　　翔太 ", "佐藤 翔太"),
        ("name", "ｻﾄｳ ｼﾞﾛｳ", "サトウ ジロウ"),
        ("name", f"{wide('Smith')}　{wide('John')}", "Smith John"),
        ("name", "髙﨑 神代", "髙﨑 神代"),
        ("name", "佐藤\u200b 翔太\u202e", "佐藤 翔太"),
        ("name", "か\u3099んた", "がんた"),
        ("department", "㈱みなと ①ライン １課", "㈱みなと ①ライン 1課"),
        ("department", "-", "-"),
        ("department", "東京〜大阪", "東京~大阪"),
        ("email", "Sato@Minato.EXAMPLE", "sato@minato.example"),
        ("email", f"{wide('sato@minato.')}example", "sato@minato.example"),
        ("email", "sato@みなと.example", "sato@xn--o9jd6d.example"),
        ("boss_email", "BOSS@minato.example", "boss@minato.example"),
    ],
)
def test_a_cell_is_made_comparable(field: str, written: str, read: str) -> None:
    assert getattr(only_person(read_lines(row_with(**{field: written}))), field) == read


def test_a_look_alike_domain_is_shown_for_what_it_is() -> None:
    assert as_address("sato@ex\u0430mple.com") == "sato@xn--exmple-4nf.com"


@pytest.mark.parametrize("sign", [*"=+-@", *wide("=+-@"), "\u2212", " =", "\u200b="])
@pytest.mark.parametrize("field", ["employee_number", "name", "email", "boss_name", "boss_email"])
def test_a_formula_is_refused(field: str, sign: str) -> None:
    reason = only_reason(read_lines(row_with(**{field: sign + GOOD[field]})))
    assert "begins with = + - or @" in reason


@pytest.mark.parametrize("character", ["\n", "\r\n", "\t", "\x1b", "\x85", "\u2028"])
@pytest.mark.parametrize("field", ["employee_number", "name", "email", "boss_name", "boss_email"])
def test_a_header_cannot_be_injected(field: str, character: str) -> None:
    reason = only_reason(read_lines(row_with(**{field: f"{GOOD[field]}{character}Bcc: x@example.invalid"})))
    assert "line break or another control character" in reason


@pytest.mark.parametrize(
    ("field", "written", "reason"),
    [
        ("employee_number", "", "Employee number is missing."),
        ("employee_number", "　", "Employee number is missing."),
        ("employee_number", "1" * 41, "Employee number is longer than 40 characters."),
        ("employee_number", "12 34", "The employee number may hold only"),
        ("employee_number", "社員12", "The employee number may hold only"),
        ("employee_number", "12<b>", "The employee number may hold only"),
        ("name", "", "Name is missing."),
        ("name", "佐" * 121, "Name is longer than 120 characters."),
        ("name_reading", "サ" * 201, "Name reading is longer than 200 characters."),
        ("email", "", "E-mail address is missing."),
        ("email", "not-an-address", "E-mail address is not valid."),
        ("email", "a@b@minato.example", "E-mail address is not valid."),
        ("email", "佐藤@minato.example", "E-mail address is not valid."),
        ("email", "sato@minato", "E-mail address is not valid."),
        ("email", "sato..x@minato.example", "E-mail address is not valid."),
        ("email", "sato x@minato.example", "E-mail address is not valid."),
        ("email", "Sato <sato@minato.example>", "E-mail address is not valid."),
        ("email", f"{'a' * 65}@minato.example", "E-mail address is not valid."),
        ("email", f"a@{'b.' * 130}example", "E-mail address is longer than 254 characters."),
        ("email", "sato@-minato.example", "E-mail address is not valid."),
        ("boss_email", "boss", "Boss's e-mail address is not valid."),
        ("boss_email", "SATO@minato.example", "The boss's e-mail address is the person's own."),
    ],
)
def test_a_row_is_refused_with_its_reason(field: str, written: str, reason: str) -> None:
    assert only_reason(read_lines(row_with(**{field: written}))).startswith(reason)


def test_every_reason_of_a_row_is_told() -> None:
    reason = only_reason(read_lines(row_with(name="", email="nobody")))
    assert "Name is missing." in reason
    assert "E-mail address is not valid." in reason


def test_a_boss_without_an_address_is_left_out_with_a_warning() -> None:
    reading = read_lines(row_with(boss_email=""))
    assert only_person(reading).boss_name == ""
    assert reading.warnings == ("Row 1: the boss has no e-mail address and was left out.",)


@pytest.mark.parametrize("hostile", ["a." * 120, "a" * 254, "@" * 254, "a@" + "a-" * 120, "a@" + "a." * 120 + "-"])
def test_an_address_that_would_make_a_careless_pattern_search_for_ever_is_refused(hostile: str) -> None:
    """A pattern that looks back needs more than the test's time limit for these."""
    assert as_address(hostile) is None
