"""A letter as mail: text and HTML in the reader's language, for exactly one person."""

import re
from dataclasses import dataclass, fields
from datetime import datetime
from email.headerregistry import Address, BaseHeader
from email.message import EmailMessage
from email.utils import parseaddr
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from trainer.letter_text import blocks_of, without_rule
from trainer.mail_frame import html_frame, text_frame, words_in
from trainer.mail_headers import LETTER_POLICY
from trainer.mail_parts import add_parts

UNFIT_FOR_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
UNFIT_FOR_A_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
TEXTS = ("body", "footer")
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
MESSAGE_ID = re.compile(r"<[!-;=?A-~]+@[!-;=?A-~]+>")
LINK = re.compile(r"https?://[!-~]+")
ADDRESS_IN_TEXT = re.compile(rf"({ADDRESS.pattern})")


class UnwritableLetter(ValueError):
    """This one letter cannot be written as mail; the sentence says why, without the words it is about."""


@dataclass(frozen=True)
class Button:
    """The one thing the letter asks to open."""

    label: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What one letter says, and to whom; every text is already filled in and in the reader's language.

    `message_id` is the same in all tries; `due`, `minutes` and `reason` are the lines below the button.
    """

    message_id: str
    sender: str
    to_name: str
    to_address: str
    subject: str
    body: str
    footer: str
    language: str
    program_title: str
    button: Button | None = None
    due: str | None = None
    minutes: str | None = None
    reason: str | None = None
    unsubscribe_url: str | None = None
    preheader: str | None = None


def write_letter(letter: Letter, *, now: datetime) -> EmailMessage:
    """The letter as mail, dated `now` (aware); any server can carry it, and no program answers it (RFC 3834).

    Raises UnwritableLetter when a line has a line break or control character, or an address or link is none.
    """
    _refuse_what_cannot_be_written(letter)
    message = EmailMessage(policy=LETTER_POLICY)
    message["From"] = _sender(letter.sender)
    message["To"] = Address(letter.to_name, addr_spec=letter.to_address)
    message["Message-ID"] = letter.message_id
    message["Date"] = now
    shown = _shown(letter)
    for name, value in _headers(letter):
        message[name] = value
    add_parts(message, text_frame().render(shown), html_frame().render(shown), key=letter.message_id)
    return message


def message_id(uid: str, public_url: str) -> str:
    """The Message-ID of the row `uid`, the same for every try: `<uid@host of PUBLIC_URL>`."""
    host = urlsplit(public_url).hostname or "localhost"
    return f"<{uid}@[IPv6:{host}]>" if ":" in host else f"<{uid}@{host}>"


def people_of(message: EmailMessage) -> tuple[str, str]:
    """The addresses of the sender and of the one recipient; raises UnwritableLetter when it has not exactly one."""
    senders = [address.addr_spec for address in getattr(message["From"], "addresses", ())]
    recipients = [address.addr_spec for address in getattr(message["To"], "addresses", ())]
    if len(senders) != 1 or len(recipients) != 1 or message["Cc"] or message["Bcc"]:
        raise UnwritableLetter("A letter has exactly one sender and one recipient.")
    return senders[0], recipients[0]


def bytes_of(message: EmailMessage) -> bytes:
    """The letter as it goes over the wire, seven bits, lines ended by CR LF. Raises UnwritableLetter."""
    policy = message.policy
    if policy is not LETTER_POLICY:
        policy = policy.clone(linesep="\r\n", cte_type="7bit")
    try:
        return message.as_bytes(policy=policy)
    except (ValueError, LookupError) as error:
        raise UnwritableLetter(f"The letter cannot be written as mail ({type(error).__name__}).") from error


def _refuse_what_cannot_be_written(letter: Letter) -> None:
    for name, value in _strings(letter):
        unfit = UNFIT_FOR_A_TEXT if name in TEXTS else UNFIT_FOR_A_LINE
        if unfit.search(value):
            raise UnwritableLetter(f"{name} has a line break or a control character.")
    if not ADDRESS.fullmatch(letter.to_address):
        raise UnwritableLetter("to_address is not one plain mail address.")
    if not MESSAGE_ID.fullmatch(letter.message_id):
        raise UnwritableLetter("message_id is not of the form <name@host>.")
    if not all(LINK.fullmatch(link) for link in _links(letter)):
        raise UnwritableLetter("A link of the letter is not an http address.")


def _strings(letter: Letter) -> list[tuple[str, str]]:
    values = [(field.name, getattr(letter, field.name)) for field in fields(letter)]
    label = [("button", letter.button.label)] if letter.button else []
    return [(name, value) for name, value in values if isinstance(value, str)] + label


def _links(letter: Letter) -> list[str]:
    links = (letter.button.url if letter.button else None, letter.unsubscribe_url)
    return [link for link in links if link is not None]


@cache
def _sender(mail_from: str) -> BaseHeader:
    name, address = parseaddr(mail_from)
    if not ADDRESS.fullmatch(address):
        raise UnwritableLetter("MAIL_FROM is not one sender, like Minori <no-reply@minori.example.jp>.")
    header: BaseHeader = LETTER_POLICY.header_factory("From", Address(name, addr_spec=address))
    return header


def _headers(letter: Letter) -> list[tuple[str, str]]:
    headers = [
        ("Subject", letter.subject),
        ("Content-Language", letter.language),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
    ]
    if letter.unsubscribe_url:
        headers.append(("List-Unsubscribe", f"<{letter.unsubscribe_url}>"))
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return headers


def _shown(letter: Letter) -> dict[str, Any]:
    """What the frames show; the button stands where its link stood alone on a line, else after the body."""
    say = words_in(letter.language)
    blocks = blocks_of(letter.body, letter.button.url if letter.button else None)
    place = next((n for n, block in enumerate(blocks) if block.kind == "button"), len(blocks))
    facts = ((say("Due"), letter.due), (say("Time needed"), letter.minutes), (say("Why this came"), letter.reason))
    return {
        "_": say,
        "letter": letter,
        "heading": _heading(letter),
        "has_place": place < len(blocks),
        "before": blocks[:place],
        "after": [block for block in blocks[place:] if block.kind != "button"],
        "facts": [(name, words) for name, words in facts if words],
        "footer": [_with_addresses(line) for line in without_rule(letter.footer).splitlines()],
    }


def _heading(letter: Letter) -> str:
    """The subject without the program's title, which stands above it."""
    title = letter.program_title
    return letter.subject.removeprefix(f"【{title}】").removeprefix(f"[{title}]").strip()


def _with_addresses(line: str) -> list[tuple[str, bool]]:
    """A line in pieces; True marks a mail address, which becomes a link."""
    pieces = ADDRESS_IN_TEXT.split(line)
    return [(words, n % 2 == 1) for n, words in enumerate(pieces) if words]
