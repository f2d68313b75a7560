"""The key ring's file: its form, who may read it, and how it is replaced without ever being half written."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

ONLY_ITS_OWNER = 0o600
KeyId = Annotated[str, StringConstraints(pattern="^[0-9a-f]{8}$")]


class KeyRingError(Exception):
    """The keys cannot be had; the text is a sentence that says what to do."""


class Entry(BaseModel):
    """One organization's wrapped keys by their ids (hex); active is the one that seals, None once all are destroyed."""

    model_config = ConfigDict(extra="forbid")

    active: KeyId | None
    keys: dict[KeyId, str]

    @model_validator(mode="after")
    def _active_is_one_of_them(self) -> Self:
        if self.active is not None and self.active not in self.keys:
            raise ValueError("the active key is missing")
        return self


class KeyRingFile(BaseModel):
    """The whole file; `check` opens only with the master key it was made with."""

    model_config = ConfigDict(extra="forbid")

    version: Literal[1]
    check: str
    organizations: dict[UUID, Entry]


def stamp(path: Path) -> tuple[int, int]:
    """What differs whenever the file was replaced; raises KeyRingError where it is missing or out of reach."""
    try:
        status = os.stat(path)
    except FileNotFoundError:
        raise KeyRingError(
            f"The key ring {path} is missing. Restore it from its backup, or set KEY_RING to where it is: "
            "without it no text can be opened."
        ) from None
    except OSError as error:
        raise _unreadable(path, error) from None
    if status.st_mode & 0o077:
        raise KeyRingError(f"Other accounts may read the key ring {path}. Run 'chmod 600 {path}'.")
    return status.st_mtime_ns, status.st_ino


def read(path: Path) -> KeyRingFile:
    """The file as it is now; raises KeyRingError where it cannot be read or is no key ring."""
    try:
        return KeyRingFile.model_validate_json(path.read_bytes())
    except OSError as error:
        raise _unreadable(path, error) from None
    except ValidationError:
        raise damaged(path) from None


def write(path: Path, content: KeyRingFile) -> None:
    """Replace the file as a whole, readable by its owner alone; after a crash there is the old one or the new one."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_ITS_OWNER), "w", encoding="utf-8") as file:
            file.write(content.model_dump_json(indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        _make_newer(new, path)
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
    _sync_directory(path.parent)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Inside, no other process and no other thread that asks likewise changes the file."""
    lock = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, ONLY_ITS_OWNER)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def damaged(path: Path) -> KeyRingError:
    """What to say of a file that is not what was once written."""
    return KeyRingError(f"The file {path} is damaged or no key ring. Restore it from its backup, or correct KEY_RING.")


def _make_newer(new: Path, old: Path) -> None:
    # a file's time moves in steps of milliseconds: two changes within one must still look different
    if old.exists():
        status = os.stat(new)
        os.utime(new, ns=(status.st_atime_ns, max(status.st_mtime_ns, os.stat(old).st_mtime_ns + 1)))


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unreadable(path: Path, error: OSError) -> KeyRingError:
    return KeyRingError(f"The key ring {path} cannot be read ({error.strerror}). Let the program's account read it.")
