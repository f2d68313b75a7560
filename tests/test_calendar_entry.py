"""An entry for a calendar, as RFC 5545 has it."""

from dataclasses import replace
from datetime import UTC, date, datetime

from trainer.calendar_entry import Entry, calendar_file

NOW = datetime(2027, 3, 4, 3, 0, 7, tzinfo=UTC)
ENTRY = Entry("1-experiment", 0, date(2027, 3, 17), "試すこと", "もし発言が止まったら", "https://example.jp/to/1")


def lines(entry: Entry) -> list[str]:
    """The unfolded lines."""
    return calendar_file(entry, NOW).decode().replace("\r\n ", "").split("\r\n")


def test_an_entry_is_a_whole_day_with_a_uid_that_stays() -> None:
    told = lines(ENTRY)
    assert told[:1] + told[-2:] == ["BEGIN:VCALENDAR", "END:VCALENDAR", ""]
    for line in (
        "UID:1-experiment@minori",
        "SEQUENCE:0",
        "DTSTAMP:20270304T030007Z",
        "DTSTART;VALUE=DATE:20270317",
        "DTEND;VALUE=DATE:20270318",
        "SUMMARY:試すこと",
        "CLASS:PRIVATE",
    ):
        assert line in told
    assert calendar_file(ENTRY, NOW) == calendar_file(ENTRY, NOW)


def test_the_signs_of_the_format_are_only_words() -> None:
    told = lines(replace(ENTRY, words="a,b;c\\d\r\nEND:VEVENT\rX"))
    assert "DESCRIPTION:a\\,b\\;c\\\\d\\nEND:VEVENT\\nX" in told
    assert told.count("END:VEVENT") == 1


def test_long_lines_are_folded_between_letters() -> None:
    folded = calendar_file(replace(ENTRY, words="発言が止まったら、" * 30), NOW)
    for line in folded.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    assert "DESCRIPTION:" + "発言が止まったら、" * 30 in lines(replace(ENTRY, words="発言が止まったら、" * 30))
