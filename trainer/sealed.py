"""Sealed: a text on a model that reaches the database only encrypted, and opens only in its own row.

A value is `version (1) | key id (4) | nonce (12) | ciphertext and tag`, AES-256-GCM: 33 bytes more than the text.
It is bound to organization, table, column and the row's uid, so that a value that was moved does not open.
"""

import secrets
from collections.abc import Callable
from typing import Any, NamedTuple, overload
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from sqlalchemy import Column, Connection, Uuid, column, event, func, inspect, select, table
from sqlalchemy.orm import Mapper, Session, object_session

from trainer.key_ring import KEY_ID_BYTES, NONCE_BYTES, KeyRing, KeyRingError

VERSION = b"\x01"
KEY_ID = slice(1, 1 + KEY_ID_BYTES)
NONCE = slice(KEY_ID.stop, KEY_ID.stop + NONCE_BYTES)
KEY_LOCK = 4209002  # one number for all processes: shared by those who seal, held alone by who drops a key
ORGANIZATION_UIDS = "organization_uids"
ORGANIZATIONS = table("organizations", column("id"), column("uid", Uuid()))


class SealError(Exception):
    """A text could not be sealed or opened: why, and never what it says."""


class Sealed:
    """`body = Sealed("body")` over a binary column `body_sealed`, on a model with organization_id and uid.

    Write and read it like a plain attribute, str or None. What was written is sealed when the session is flushed,
    with the ring in `session.info["key_ring"]`; what is stored is opened at each reading. Both may raise SealError.
    """

    def __init__(self, name: str) -> None:
        self.attribute = f"{name}_sealed"
        self._columns: dict[type, tuple[str, str]] = {}

    def __set_name__(self, model: type, name: str) -> None:
        event.listen(model, "before_insert", self._seal, propagate=True)
        event.listen(model, "before_update", self._seal, propagate=True)

    @overload
    def __get__(self, row: None, model: type) -> "Sealed": ...

    @overload
    def __get__(self, row: object, model: type) -> str | None: ...

    def __get__(self, row: Any, model: type) -> "Sealed | str | None":
        if row is None:
            return self
        value = getattr(row, self.attribute)
        if value is None:
            return None
        if isinstance(value, _Words):
            return value.text
        session = object_session(row)
        if session is None:
            raise SealError("A sealed text opens only while its row belongs to a session.")
        return open_text(_key_ring(session), self._place(row, session, session.connection), value)

    def __set__(self, row: Any, text: str | None) -> None:
        if not isinstance(text, str | None):
            raise TypeError(f"a sealed text is a string or None, not {type(text).__name__}")
        setattr(row, self.attribute, None if text is None else _Words(text))

    def column_of(self, model: type) -> tuple[str, str]:
        """The names of the table and the column that hold the sealed values of a mapped class."""
        if model not in self._columns:
            stored: Column[Any] = inspect(model).columns[self.attribute]
            self._columns[model] = (stored.table.name, stored.name)
        return self._columns[model]

    def _seal(self, _mapper: Mapper[Any], connection: Connection, row: Any) -> None:
        words = row.__dict__.get(self.attribute)
        session = object_session(row)
        if not isinstance(words, _Words) or session is None:
            return
        row.uid = row.uid or uuid4()  # the column's default would come too late
        keep_keys(connection)
        place = self._place(row, session, lambda: connection)
        setattr(row, self.attribute, seal_text(_key_ring(session), place, words.text))

    def _place(self, row: Any, session: Session, connect: Callable[[], Connection]) -> "Place":
        table_name, column_name = self.column_of(type(row))
        return Place(_organization_uid(session, row.organization_id, connect), table_name, column_name, row.uid)


class Place(NamedTuple):
    """Where a sealed value belongs: the only place in which it opens."""

    organization: UUID
    table: str
    column: str
    row: UUID

    def __bytes__(self) -> bytes:
        # two uids of fixed length and two names without NUL: no two places are written alike
        return self.organization.bytes + self.row.bytes + f"{self.table}\0{self.column}".encode()


def seal_text(ring: KeyRing, place: Place, text: str) -> bytes:
    """A text as the value to be stored at `place`; raises SealError where there is no key for it."""
    try:
        key = ring.active_key(place.organization)
    except KeyRingError as error:
        raise SealError(str(error)) from None
    nonce = secrets.token_bytes(NONCE_BYTES)
    return VERSION + key.id + nonce + key.cipher.encrypt(nonce, text.encode("utf-8", "surrogatepass"), bytes(place))


def open_text(ring: KeyRing, place: Place, value: bytes) -> str:
    """The text of a value that was sealed for `place`; raises SealError for any other value, and without its key."""
    if value[:1] != VERSION:
        raise _not_of_this_row(place)
    try:
        cipher = ring.cipher(place.organization, value[KEY_ID])
        return cipher.decrypt(value[NONCE], value[NONCE.stop :], bytes(place)).decode("utf-8", "surrogatepass")
    except KeyRingError as error:
        raise SealError(str(error)) from None
    except (InvalidTag, ValueError):
        raise _not_of_this_row(place) from None


def keep_keys(connection: Connection) -> None:
    """From here to the end of this transaction no key is dropped, so that what it seals can be opened afterwards.

    SQLite needs nothing: its transactions that write, and the one that drops keys is one, never overlap.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock_shared(KEY_LOCK)))


class _Words:
    """A text that waits in its row's attribute for the flush; a driver that meets it refuses it, and shows nothing."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return "<words>"

    def __reduce__(self) -> str:
        raise TypeError("words that are not sealed yet cannot leave the process")


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: object) -> None:
    session.info.pop(ORGANIZATION_UIDS, None)  # a number that was rolled back may go to another organization


def _key_ring(session: Session) -> KeyRing:
    ring = session.info.get("key_ring")
    if not isinstance(ring, KeyRing):
        raise SealError("This session has no key ring: no text can be sealed or opened in it.")
    return ring


def _organization_uid(session: Session, organization_id: int, connect: Callable[[], Connection]) -> UUID:
    """The organization's uid, asked once per session: the connection is made only where it is not known yet."""
    known: dict[int, UUID] = session.info.setdefault(ORGANIZATION_UIDS, {})
    if organization_id not in known:
        uid = connect().scalar(select(ORGANIZATIONS.c.uid).where(ORGANIZATIONS.c.id == organization_id))
        if uid is None:
            raise SealError("A sealed text needs a row that names its organization.")
        known[organization_id] = uid
    return known[organization_id]


def _not_of_this_row(place: Place) -> SealError:
    return SealError(
        f"The value in {place.table}.{place.column} of the row {place.row} does not open: "
        "it was changed, or sealed for another row. Restore it from a backup."
    )
