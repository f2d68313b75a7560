"""One row of a roster: its cells made comparable, and every reason to refuse it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from trainer.cohorts.roster_header import FIELDS, REQUIRED
from trainer.i18n import gettext as _
from trainer.i18n import lazy_gettext as _l

_LABELS = {
    "employee_number": _l("Employee number"),
    "name": _l("Name"),
    "name_reading": _l("Name reading"),
    "email": _l("E-mail address"),
    "department": _l("Department"),
    "group": _l("Group"),
    "boss_name": _l("Boss's name"),
    "boss_email": _l("Boss's e-mail address"),
}
_LONGEST = {
    "employee_number": 40,
    "name": 120,
    "name_reading": 200,
    "email": 254,
    "department": 1000,
    "group": 1000,
    "boss_name": 120,
    "boss_email": 254,
}
_CODES = ("employee_number", "email", "boss_email")
_GUARDED = (*_CODES, "name", "boss_name")  # no formula sign, no control character

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_INVISIBLE = re.compile(r"[\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# NFKC would make another character of these: 1 of ①, (株) of ㈱, 神 of 神. In words they stay as the person wrote them.
_AS_WRITTEN = re.compile("([\u2460-\u24ff\u3200-\u33ff\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
# CP932 and Unicode name the same sign differently (the wave dash, the minus, the long dash):
# one form here, or the encodings would disagree.
_SAME_SIGN = str.maketrans({"\u301c": "~", "\u2212": "-", "\u2014": "\u2015", "\u2016": "\u2225"})

_NUMBER = re.compile(r"[A-Za-z0-9\-_./]+")
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-]+)*")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9\-]{0,61}[a-z0-9])?")


@dataclass(frozen=True)
class Person:
    """One row: row 1 is the first after the header; addresses are in lower case; an empty text was not given."""

    row: int
    employee_number: str
    name: str
    name_reading: str
    email: str
    department: str
    group: str
    boss_name: str
    boss_email: str


@dataclass(frozen=True)
class ReadRow:
    """A person as the row tells, and why the row is refused; without reasons it is good, perhaps with a warning."""

    person: Person
    reasons: tuple[str, ...]
    warning: str = ""


def read_row(row: int, written: Mapping[str, str]) -> ReadRow:
    """Make the cells comparable and check them; `written` holds cells by field, as they stand in the file."""
    values = {field: _normalise(field, written.get(field, "")) for field in FIELDS}
    reasons = [reason for field in FIELDS for reason in _against(field, written.get(field, ""), values[field])]
    for field in ("email", "boss_email"):
        values[field] = as_address(values[field]) or values[field]
    if values["email"] and values["email"] == values["boss_email"]:
        reasons.append(_("The boss's e-mail address is the person's own. Correct one of the two."))
    warning = ""
    if values["boss_name"] and not values["boss_email"]:
        # A boss is known by the address: a name alone may be anybody's.
        values["boss_name"] = ""
        warning = _("Row %(row)s: the boss has no e-mail address and was left out.", row=row)
    return ReadRow(Person(row=row, **values), tuple(reasons), warning)


def as_address(text: str) -> str | None:
    """The address in lower case with an ASCII domain, or None if it is not one; nothing is asked of the network.

    HR writes one address in many cases, so the local part is lowered too. A domain in other letters comes back in its
    ASCII form, which shows a look-alike for what it is.
    """
    local_part, _at, domain = text.rpartition("@")
    ascii_domain = _as_domain(domain.lower())
    if not ascii_domain or len(local_part) > 64 or not _LOCAL_PART.fullmatch(local_part):
        return None
    address = f"{local_part.lower()}@{ascii_domain}"
    return address if len(address) <= _LONGEST["email"] else None


@lru_cache(maxsize=1024)
def _as_domain(domain: str) -> str | None:
    if domain.isascii():
        return domain if _DOMAIN.fullmatch(domain) else None
    try:
        return validate_email(f"a@{domain}", check_deliverability=False).ascii_domain
    except EmailNotValidError:
        return None


def _normalise(field: str, written: str) -> str:
    """NFKC, trimmed, one space for many; in words only digits, spaces and letters change, as _AS_WRITTEN tells."""
    text = _INVISIBLE.sub("", written)
    if not text.isascii():
        parts = [text] if field in _CODES else _AS_WRITTEN.split(text)
        text = "".join(
            part if field not in _CODES and _AS_WRITTEN.fullmatch(part) else unicodedata.normalize("NFKC", part)
            for part in parts
        ).translate(_SAME_SIGN)
    return " ".join(_CONTROL.sub(" ", text).split())


def _against(field: str, written: str, value: str) -> list[str]:
    """The first reason to refuse the row for this cell; none if it is good."""
    if field in _GUARDED and (unsafe := _unsafe(field, written, value)):
        return unsafe
    if not value:
        return [_("%(column)s is missing. Fill it in.", column=_LABELS[field])] if field in REQUIRED else []
    if len(value) > (limit := _LONGEST[field]):
        return [_("%(column)s is longer than %(limit)s characters. Shorten it.", column=_LABELS[field], limit=limit)]
    return _malformed(field, value)


def _unsafe(field: str, written: str, value: str) -> list[str]:
    column = _LABELS[field]
    if _CONTROL.search(written):
        return [_("%(column)s holds a line break or another control character. Write it on one line.", column=column)]
    if value.startswith(("=", "+", "-", "@")):
        return [
            _("%(column)s begins with = + - or @, which a spreadsheet takes for a formula. Remove it.", column=column)
        ]
    return []


def _malformed(field: str, value: str) -> list[str]:
    if field == "employee_number" and not _NUMBER.fullmatch(value):
        return [_("The employee number may hold only the letters A to Z, digits and - _ . / without spaces.")]
    if field in ("email", "boss_email") and not as_address(value):
        return [_("%(column)s is not valid. Write it like name@example.com.", column=_LABELS[field])]
    return []
