"""One whole day as an entry for a calendar (RFC 5545): the same UID however often it is taken."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

OCTETS = 75  # of a line; longer ones go on after a line end and a blank


@dataclass(frozen=True)
class Entry:
    """A day of somebody's own. `words` are theirs, so the entry is private; `sequence` rises when the day is another.

    A whole day has no zone: it is the same day on every calendar, as it was meant.
    """

    uid: str
    sequence: int
    on: date
    title: str
    words: str
    address: str


def calendar_file(entry: Entry, now: datetime) -> bytes:
    """The file that a calendar takes; `now` is UTC."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Minori//Minori//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{entry.uid}@minori",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{entry.on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(entry.title)}",
        f"DESCRIPTION:{_escaped(entry.words)}",
        f"URL:{entry.address}",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, "\\" + sign)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """No line longer than 75 octets, and no letter cut in two."""
    folded, room = "", OCTETS
    for letter in line:
        size = len(letter.encode())
        if size > room:
            folded, room = f"{folded}\r\n ", OCTETS - 1
        folded, room = folded + letter, room - size
    return folded
