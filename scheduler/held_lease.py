"""The lease that this process holds, and how long it is good by a clock that nobody can set."""

import threading
import time
from uuid import UUID, uuid4

from trainer.prompts.claim import Lease


class HeldLease:
    """At most one at a time: a claim begins it, heartbeats prolong it, the end of the claim's letters ends it."""

    def __init__(self, worker: str, seconds: float, margin_seconds: float) -> None:
        self._worker, self._seconds, self._margin = worker, seconds, margin_seconds
        self._lock = threading.Lock()
        self._lease: Lease | None = None
        self._good_until = 0.0  # monotonic

    @property
    def present(self) -> Lease | None:
        return self._lease

    @property
    def token(self) -> UUID | None:
        lease = self._lease
        return lease.token if lease else None

    @property
    def is_good(self) -> bool:
        """Whether enough of it is left to hand one more letter over."""
        return self._lease is not None and time.monotonic() < self._good_until - self._margin

    def begin(self) -> Lease:
        """A new one, with a token that no other ever had; ask before the claim is sent to the database."""
        with self._lock:
            self._lease = Lease(uuid4(), self._worker, self._seconds)
            self._good_until = time.monotonic() + self._seconds
            return self._lease

    def prolonged(self, lease: Lease, asked_at: float) -> None:
        """The database has prolonged it: good from the monotonic instant at which that was asked for."""
        with self._lock:
            if self._lease is lease:
                self._good_until = asked_at + self._seconds

    def end(self) -> None:
        """None of its letters is held any more."""
        with self._lock:
            self._lease = None
