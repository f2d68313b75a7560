"""Pure rules of the door: how codes are written, how long sessions live, which network somebody comes from."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

CODE_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # base32: 40 bit in 8 characters
CODE_LENGTH = 8
CODE_LIVES = timedelta(minutes=10)
CODE_TRIES = 5
CHOICE_LIVES = timedelta(minutes=10)
MISREAD = str.maketrans("018", "OIB")  # base32 has none of these digits
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class SessionLimits:
    """How long a session lives without being used, and at most."""

    idle: timedelta
    absolute: timedelta


STAFF_LIMITS = SessionLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=12))
TRAINEE_LIMITS = SessionLimits(idle=timedelta(hours=12), absolute=timedelta(days=30))


def is_over(created_at: datetime, seen_at: datetime, limits: SessionLimits, now: datetime) -> bool:
    """Whether a session has come to its end by itself."""
    return now - seen_at >= limits.idle or now - created_at >= limits.absolute


def show_code(code: str) -> str:
    """A code as it is read aloud and typed: XXXX-XXXX."""
    return f"{code[:4]}-{code[4:]}"


def read_code(typed: str) -> str | None:
    """What somebody typed, as a code: any case and width, with or without hyphen or spaces; None if it is none."""
    letters = unicodedata.normalize("NFKC", typed[:40]).upper().translate(MISREAD)
    code = "".join(letter for letter in letters if letter in CODE_ALPHABET)
    strange = [letter for letter in letters if letter not in CODE_ALPHABET and not _separates(letter)]
    return code if len(code) == CODE_LENGTH and not strange else None


def network_of(address: str | None) -> str:
    """The network of a client: /24 of an IPv4 address, /56 of an IPv6 one; "unknown" for anything else."""
    try:
        client = ip_address(address or "")
    except ValueError:
        return "unknown"
    mapped = getattr(client, "ipv4_mapped", None)
    if mapped is not None:
        client = mapped
    return str(ip_network(f"{client}/{24 if client.version == 4 else 56}", strict=False))


BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """What a person recognises on the list of sessions, like `Chrome, Windows`; "" where nothing is known."""
    known = (_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))
    return ", ".join(name for name in known if name)


def _first(table: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in table if mark in text), "")


def _separates(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) == "Pd" or letter in "ー−"
