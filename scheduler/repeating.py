"""A small job on a thread of its own, whatever the other jobs are busy with and wherever the clock is moved."""

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)
LONGEST_CALL_SECONDS = 2.0


class Repeating:
    """Calls a function every so many seconds until it is stopped; what it raises is logged."""

    def __init__(self, name: str, function: Callable[[], object], seconds: float) -> None:
        self._name, self._function, self._seconds = name, function, seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin, with a first call after one interval."""
        self._thread.start()

    def stop(self) -> None:
        """No further call; waits a little for one that is at work."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(LONGEST_CALL_SECONDS)

    def _run(self) -> None:
        while not self._stopped.wait(self._seconds):
            try:
                self._function()
            except Exception:  # the edge of a job: the next call tries again
                log.exception("%s failed", self._name)
