"""What became of a letter that was handed over, and what a server's reply means for it."""

import re
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from typing import Protocol

ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\S)")
NOT_ONE_LINE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
LONGEST_REPLY = 500
SIGN_IN_CODES = (530, 534, 535, 538)
SENDER_IS_BAD = ("5.1.7", "5.1.8")  # RFC 3463: class x.1 too, but it blames our address, not the recipient's
SLOW_DOWN_CODES = (432, 454)
ADDRESS_CODES = (550, 551, 553)


class Outcome(StrEnum):
    """What handing over came to; delivery.md C7 says what follows from each."""

    SENT = "sent"
    RELAY_AWAY = "relay_away"
    RELAY_REFUSES_US = "relay_refuses_us"
    TOO_MANY = "too_many"
    TRY_LATER = "try_later"
    ADDRESS_REFUSED = "address_refused"
    MAILBOX_FULL = "mailbox_full"
    POLICY = "policy"
    LOST_BEFORE_DOT = "lost_before_dot"
    IN_DOUBT = "in_doubt"


@dataclass(frozen=True)
class Handed:
    """The outcome, the server's code and RFC 3463 code ("" without one), its words on one line, and the phase.

    The phases are connect, mail, rcpt, data, body, dot (the final dot is written) and reply (it was answered by 2xx).
    """

    outcome: Outcome
    code: int | None
    enhanced: str
    reply: str
    phase: str


class Mailer(Protocol):
    """What carries letters: an SMTP server, or a folder."""

    def send(self, message: EmailMessage, *, envelope_id: str) -> Handed:
        """Hand one letter over; trouble on the way is an outcome, never an exception.

        `envelope_id` is the same in all tries. Raises UnwritableLetter before anything was sent.
        """

    def close(self) -> None:
        """Let go of what is held open; sending opens it again."""


def handed(phase: str, code: int | None, reply: str | bytes) -> Handed:
    """What a reply of a server means when it comes in `phase`."""
    words = one_line(reply)
    found = ENHANCED.match(words)
    enhanced = found[0] if found else ""
    return Handed(_outcome(phase, code or 0, enhanced, words), code, enhanced, words, phase)


def one_line(reply: str | bytes) -> str:
    """Somebody else's words, fit to be kept: on one line, at most 500 characters."""
    words = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return NOT_ONE_LINE.sub(" ", words).strip()[:LONGEST_REPLY]


def _outcome(phase: str, code: int, enhanced: str, words: str) -> Outcome:
    if code in SIGN_IN_CODES:
        return Outcome.RELAY_REFUSES_US
    if _asks_for_less(code, enhanced, words):
        return Outcome.TOO_MANY
    if phase == "connect" or (code == 421 and phase != "dot"):
        return Outcome.RELAY_AWAY
    if 200 <= code < 300:
        return Outcome.SENT
    if 400 <= code < 500:
        return Outcome.TRY_LATER
    return _refusal(phase, code, enhanced)


def _asks_for_less(code: int, enhanced: str, words: str) -> bool:
    """Whether the server wants fewer letters from us, whoever they are for."""
    if code == 421:
        return "too many" in words.lower()
    return code in SLOW_DOWN_CODES or (code == 452 and enhanced == "4.5.3")


def _refusal(phase: str, code: int, enhanced: str) -> Outcome:
    """A 5xx: about the recipient only where it says so, or, without an RFC 3463 code, where it answers RCPT."""
    if phase == "mail" or enhanced in SENDER_IS_BAD:
        return Outcome.POLICY
    if enhanced == "5.2.2" or (code == 552 and enhanced in ("", "5.2.0")):
        return Outcome.MAILBOX_FULL
    if enhanced.startswith("5.1."):
        return Outcome.ADDRESS_REFUSED
    is_of_address = code in ADDRESS_CODES and phase == "rcpt" and not enhanced.startswith("5.7.")
    return Outcome.ADDRESS_REFUSED if is_of_address else Outcome.POLICY
