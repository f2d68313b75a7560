"""Rosters in a few words, for tests about single rows."""

from trainer.cohorts.roster import Person, RosterReading, read_roster

HEADER = "社員番号,氏名,フリガナ,メールアドレス,部署,グループ,上司氏名,上司メールアドレス"
GOOD = {
    "employee_number": "000012",
    "name": "佐藤 翔太",
    "name_reading": "サトウ ショウタ",
    "email": "sato@minato.example",
    "department": "営業部",
    "group": "A班",
    "boss_name": "山本 大輔",
    "boss_email": "boss@minato.example",
}


def wide(text: str) -> str:
    """The text in full-width characters, as a Japanese keyboard gives them."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


def read_lines(*lines: str, header: str = HEADER) -> RosterReading:
    return read_roster("\r\n".join((header, *lines)).encode())


def row_with(**cells: str) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in (GOOD | cells).values())


def only_person(reading: RosterReading) -> Person:
    assert reading.refused == ()
    (person,) = reading.people
    return person


def only_reason(reading: RosterReading) -> str:
    assert reading.people == ()
    (refused,) = reading.refused
    return refused.reason
