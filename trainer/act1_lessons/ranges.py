"""Which part of a file a browser asks for: one range of bytes, or no part at all (RFC 9110, section 14)."""

import re

# a list of one, as section 5.6.1 reads it: empty elements count as nothing
ONE_RANGE = re.compile(r"bytes=[ \t,]*([0-9]*)-([0-9]*)[ \t,]*", re.IGNORECASE)
MOST_DIGITS = 19  # more than any file has bytes; Python reads no number of thousands of digits


def one_range(header: str, size: int) -> str | None:
    """The Range header as one range of bytes for a file of `size`, as RFC 9110, section 14 reads it.

    None if it is to be ignored and the whole file sent: another unit, no valid range, or several of them, which 14.2
    leaves to the server. What begins behind the end and a suffix of no length stay, to be refused with 416.
    """
    asked = ONE_RANGE.fullmatch(header.strip())
    if asked is None or asked.groups() == ("", ""):
        return None
    first, last = asked.groups()
    if not first:
        return f"bytes={size - min(_number(last), size)}-"
    if last and _number(last) < _number(first):
        return None
    return f"bytes={_number(first)}-{_number(last) if last else ''}"


def _number(digits: str) -> int:
    return int(digits.lstrip("0")[:MOST_DIGITS] or "0")
