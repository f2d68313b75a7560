"""One sending process for a SQLite file: a lock that the system takes away from a process that has died."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL


class AlreadySending(Exception):
    """Another process of this host sends the letters of this database."""


class SendingLock:
    """flock on <database>.sched.lock, held for life."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @classmethod
    def of(cls, url: URL) -> "SendingLock | None":
        """The lock of a SQLite file; None where there is no file: rows and leases do it there."""
        if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
            return None
        return cls(Path(f"{url.database}.sched.lock"))

    def acquire(self) -> bool:
        """Take it, or answer False at once."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let others send."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        """Raises AlreadySending."""
        if not self.acquire():
            raise AlreadySending
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()
