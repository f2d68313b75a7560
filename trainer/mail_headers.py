"""How a letter's headers are written, so that every reader decodes the same words from them.

Python 3.11 folds a word it cannot split into encoded words: that breaks List-Unsubscribe, and it loses or adds spaces
in a Japanese subject. So the words for people are encoded here, whole (RFC 2047), and links go out as they came in.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.policy import EmailPolicy
from email.utils import quote
from functools import lru_cache
from typing import Any

LINE = 76
WORD_BYTES = 39  # 52 letters in base64; with =?utf-8?b??= and "Subject: " before it, a line stays within LINE
BREAK = re.compile(r"[\r\n]")
PLAIN = re.compile(r"(?!.*=\?)[!-~]([ -~]*[!-~])?")
PEOPLE = ("from", "to")
ALIKE = ("mime-version", "content-type", "content-transfer-encoding")  # in every letter the same few values
STRUCTURED = (*PEOPLE, "message-id", "date", *ALIKE)
BOUNDARY = "; boundary="


class LetterPolicy(EmailPolicy):
    """Writes names and subjects itself, keeps to seven bits, and refuses a line break in any value (ValueError)."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Headers with a grammar are read, as the library does; the others are kept as they are."""
        if name.lower() in ALIKE and isinstance(value, str) and BOUNDARY not in value:
            return name, _parsed(name, value)
        if name.lower() in STRUCTURED:
            return super().header_store_parse(name, value)
        if BREAK.search(value):
            raise ValueError(f"{name} has a line break")
        return name, value

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The header as it goes over the wire."""
        kind = name.lower()
        if kind == "subject":
            return f"{name}: {self._words(value, LINE - len(name) - 2)}{self.linesep}".encode("ascii")
        if kind in PEOPLE:
            return self._person(name, value.addresses[0])
        if kind == "content-type":
            value = value.replace(BOUNDARY, f";{self.linesep} boundary=")  # the only one that is long
        return f"{name}: {value}{self.linesep}".encode()

    def _person(self, name: str, person: Address) -> bytes:
        shown = person.display_name
        if not shown:
            return f"{name}: {person.addr_spec}{self.linesep}".encode("ascii")
        words = self._words(shown, LINE - len(name) - 2 - len(f'"{quote(shown)}"') + len(shown))
        if words == shown:
            words = f'"{quote(shown)}"'
        # the address on a line of its own: beside a long name it would be too wide
        return f"{name}: {words}{self.linesep} <{person.addr_spec}>{self.linesep}".encode("ascii")

    def _words(self, text: str, room: int) -> str:
        """Plain short words as they are, else all of them in encoded words."""
        if len(text) <= room and (not text or PLAIN.fullmatch(text)):
            return text
        return f"{self.linesep} ".join(f"=?utf-8?b?{b64encode(piece).decode()}?=" for piece in _pieces(text))


class _KeptClasses(HeaderRegistry):
    """Makes the class of each header once; the library makes one for every header of every letter."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, type[BaseHeader]] = {}

    def __getitem__(self, name: str) -> type[BaseHeader]:
        if name not in self._made:
            self._made[name] = super().__getitem__(name)
        return self._made[name]


# seven bits: no server on the way needs 8BITMIME or SMTPUTF8
LETTER_POLICY = LetterPolicy(cte_type="7bit", linesep="\r\n", header_factory=_KeptClasses())


@lru_cache(maxsize=64)
def _parsed(name: str, value: str) -> BaseHeader:
    """Read once: the library's parser takes longer for these few words than a template for the whole letter."""
    header: BaseHeader = EmailPolicy.header_store_parse(LETTER_POLICY, name, value)[1]
    return header


def _pieces(text: str) -> Iterator[bytes]:
    """The text in pieces of at most WORD_BYTES, never cut within a character."""
    piece = b""
    for character in text:
        more = character.encode()
        if len(piece) + len(more) > WORD_BYTES:
            yield piece
            piece = b""
        piece += more
    yield piece
