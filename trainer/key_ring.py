"""The key ring: each organization's keys, wrapped by the master key, in one file outside the database."""

import base64
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trainer.key_ring_file import Entry, KeyRingError, KeyRingFile, damaged, locked, read, stamp, write

__all__ = ["KEY_ID_BYTES", "NONCE_BYTES", "Key", "KeyRing", "KeyRingError"]

KEY_ID_BYTES = 4
NONCE_BYTES = 12
KEY_BITS = 256


class Key(NamedTuple):
    """A key that seals: the id that each value carries, and the cipher."""

    id: bytes
    cipher: AESGCM


class _Keys(NamedTuple):
    """One organization's keys, ready for use; all of them open, the active one seals."""

    active: Key | None
    ciphers: dict[bytes, AESGCM]


class KeyRing:
    """The keys as the file has them now: what another process changes there counts from the next use on."""

    def __init__(self, path: Path, master_key: bytes) -> None:
        """`master_key` is 32 bytes; prefer `open`, which also looks at the file."""
        self.path = path
        self._master = AESGCM(master_key)
        self._last_read: tuple[tuple[int, int], dict[UUID, _Keys]] | None = None

    def __repr__(self) -> str:
        return f"KeyRing({str(self.path)!r})"

    @classmethod
    def open(cls, path: Path, master_key: bytes) -> "KeyRing":
        """The ring at `path`; raises KeyRingError where it is missing, damaged, or made with another master key."""
        ring = cls(path, master_key)
        ring._all_keys()
        return ring

    @classmethod
    def open_or_create(cls, path: Path, master_key: bytes) -> "KeyRing":
        """The ring at `path`, made empty where there is none: right only while the database has no organization."""
        ring = cls(path, master_key)
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path):
            if not path.exists():
                write(path, KeyRingFile(version=1, check=ring._wrap(b"", b"check"), organizations={}))
        return cls.open(path, master_key)

    def active_key(self, organization: UUID) -> Key:
        """The key that seals this organization's texts; raises KeyRingError if it has none."""
        keys = self._keys(organization)
        if keys.active is None:
            raise _destroyed(organization)
        return keys.active

    def cipher(self, organization: UUID, key_id: bytes) -> AESGCM:
        """One of the keys, to open what it sealed; raises KeyRingError if the ring does not have it."""
        keys = self._keys(organization)
        if keys.active is None:
            raise _destroyed(organization)
        if key_id not in keys.ciphers:
            raise KeyRingError(
                f"The key {key_id.hex()} of the organization {organization} is not in the key ring {self.path}. "
                "Restore the ring from the backup that belongs to this database."
            )
        return keys.ciphers[key_id]

    def older_keys(self, organization: UUID) -> list[bytes]:
        """The ids of the keys that open but no longer seal."""
        keys = self._keys(organization)
        return [key_id for key_id in keys.ciphers if keys.active and key_id != keys.active.id]

    def is_destroyed(self, organization: UUID) -> bool:
        """Whether this organization's keys were destroyed; raises KeyRingError if the ring never had any."""
        return self._keys(organization).active is None

    def refuse_if_foreign(self, organizations: Iterable[UUID]) -> None:
        """Raise KeyRingError unless the ring knows each of a database's organizations."""
        for organization in organizations:
            self._keys(organization)

    def add_organization(self, organization: UUID) -> None:
        """Give a new organization its first key, before it is committed; one the ring knows stays as it is."""
        with self._changing() as entries:
            if organization not in entries:
                entries[organization] = Entry(active=None, keys={})
                self._add_key(organization, entries[organization])

    def rotate(self, organization: UUID) -> bytes:
        """From now on a new key seals, and the older ones go on opening; gives the new key's id."""
        with self._changing() as entries:
            self.active_key(organization)
            return self._add_key(organization, entries[organization])

    def drop_key(self, organization: UUID, key_id: bytes, *, values_using_it: int) -> None:
        """Take out an older key for good; refused with KeyRingError while it is active or any value needs it."""
        with self._changing() as entries:
            if values_using_it:
                raise KeyRingError(f"{values_using_it} texts still need the key {key_id.hex()}. Run './run cli rekey'.")
            if key_id == self.active_key(organization).id:
                raise KeyRingError(f"The key {key_id.hex()} is in use. Run './run cli rekey', which makes a new one.")
            entries[organization].keys.pop(key_id.hex(), None)

    def destroy(self, organization: UUID) -> None:
        """Take out all of an organization's keys for good: its texts open nowhere any more, in no backup either."""
        with self._changing() as entries:
            self.refuse_if_foreign([organization])
            entries[organization] = Entry(active=None, keys={})

    @contextmanager
    def _changing(self) -> Iterator[dict[UUID, Entry]]:
        """The file as it is now, to be changed by one process at a time; written unless the block raises."""
        self._all_keys()  # a missing ring is refused before a lock is left beside it
        with locked(self.path):
            self._all_keys()
            content = read(self.path)
            yield content.organizations
            write(self.path, content)

    def _keys(self, organization: UUID) -> _Keys:
        keys = self._all_keys().get(organization)
        if keys is None:
            raise KeyRingError(
                f"The key ring {self.path} does not know the organization {organization}: it belongs to "
                "another database or is too old. Set KEY_RING to this database's ring, or restore it from its backup."
            )
        return keys

    def _all_keys(self) -> dict[UUID, _Keys]:
        """What the file says; to ask whether it changed takes a microsecond, and only then is it read again."""
        present = stamp(self.path)
        if self._last_read is None or self._last_read[0] != present:
            self._last_read = (present, self._unwrap_all(read(self.path)))
        return self._last_read[1]

    def _unwrap_all(self, content: KeyRingFile) -> dict[UUID, _Keys]:
        try:
            self._unwrap(content.check, b"check")
        except (InvalidTag, ValueError):
            raise KeyRingError(
                f"The key ring {self.path} does not open with this MASTER_KEY. Set MASTER_KEY to the key it was made "
                "with, or KEY_RING to the ring that belongs to this MASTER_KEY."
            ) from None
        try:
            return {uid: self._unwrap_entry(uid, entry) for uid, entry in content.organizations.items()}
        except (InvalidTag, ValueError):
            raise damaged(self.path) from None

    def _unwrap_entry(self, organization: UUID, entry: Entry) -> _Keys:
        ciphers = {}
        for name, wrapped in entry.keys.items():
            key_id = bytes.fromhex(name)
            ciphers[key_id] = AESGCM(self._unwrap(wrapped, organization.bytes + key_id))
        active = bytes.fromhex(entry.active) if entry.active else None
        return _Keys(Key(active, ciphers[active]) if active else None, ciphers)

    def _add_key(self, organization: UUID, entry: Entry) -> bytes:
        key_id = secrets.token_bytes(KEY_ID_BYTES)
        while key_id.hex() in entry.keys:
            key_id = secrets.token_bytes(KEY_ID_BYTES)
        entry.keys[key_id.hex()] = self._wrap(AESGCM.generate_key(KEY_BITS), organization.bytes + key_id)
        entry.active = key_id.hex()
        return key_id

    def _wrap(self, secret: bytes, bound_to: bytes) -> str:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return base64.b64encode(nonce + self._master.encrypt(nonce, secret, bound_to)).decode()

    def _unwrap(self, wrapped: str, bound_to: bytes) -> bytes:
        value = base64.b64decode(wrapped, validate=True)
        return self._master.decrypt(value[:NONCE_BYTES], value[NONCE_BYTES:], bound_to)


def _destroyed(organization: UUID) -> KeyRingError:
    return KeyRingError(
        f"The keys of the organization {organization} were destroyed: what its people wrote can no longer be opened."
    )
