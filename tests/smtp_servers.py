"""A real SMTP server on loopback that keeps a log and misbehaves on demand."""

import json
import threading
from pathlib import Path
from typing import Self

from tests.smtp_conversation import Fault, Received, Server

__all__ = ["PostOffice", "Received", "read_log"]

PHASES = ("greeting", "ehlo", "auth", "mail", "rcpt", "data", "body", "dot")


class PostOffice:
    """Takes letters at `url` while it is open; may be stopped and started again, on the same port.

    `log` names a file that has one line of JSON for each letter before its sender is told 250: what was taken
    is there, even when the sender has been killed.
    """

    def __init__(self, *, log: Path | None = None, extensions: tuple[str, ...] = ("SIZE 10485760", "DSN")) -> None:
        self.extensions = extensions
        self.port = 0
        self.commands: list[str] = []
        self._log = log
        self._lock = threading.Lock()
        self._letters: list[Received] = []
        self._faults: list[Fault] = []
        self._letters_per_connection: int | None = None
        self._connections = 0
        self._dropped = threading.Event()
        self._released = threading.Event()
        self._server: Server | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def received(self) -> list[Received]:
        """The letters taken so far, in order."""
        with self._lock:
            return list(self._letters)

    @property
    def connections(self) -> int:
        """How many connections were made so far."""
        return self._connections

    def start(self) -> None:
        """Open, on the port it had before."""
        self._released.clear()
        self._server = Server(("127.0.0.1", self.port), self)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Close; conversations end in mid-sentence, and from now on nobody answers."""
        self._released.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.hang_up_on_everybody()
            self._server.server_close()
            self._server = None

    def answer(self, *, reply: str, at: str = "rcpt", to: str | None = None, times: int | None = None) -> None:
        """Say `reply` in a phase; after 421 the office hangs up."""
        self._add(Fault(at, "reply", to, times, reply=reply))

    def hang_at(self, at: str, *, to: str | None = None, times: int | None = None, accepted: bool = False) -> None:
        """Say nothing any more; `accepted` keeps the letter all the same (at the dot)."""
        self._add(Fault(at, "hang", to, times, accepted=accepted))

    def drop_at(self, at: str, *, to: str | None = None, times: int | None = None, accepted: bool = False) -> None:
        """Hang up; `accepted` keeps the letter all the same (at the dot)."""
        self._add(Fault(at, "drop", to, times, accepted=accepted))

    def slow_at(self, at: str, seconds: float, *, to: str | None = None, times: int | None = None) -> None:
        """Take so long, then go on as usual."""
        self._add(Fault(at, "slow", to, times, seconds=seconds))

    def close_after(self, letters: int) -> None:
        """Hang up after so many letters on a connection, without a word."""
        self._letters_per_connection = letters

    def forgive(self) -> None:
        """Forget all faults; who was left hanging is hung up on."""
        with self._lock:
            self._faults.clear()
            self._letters_per_connection = None
        self._released.set()
        self._released = threading.Event()

    def wait_until_dropped(self, seconds: float = 10) -> None:
        """Return once the office has dropped a connection."""
        if not self._dropped.wait(seconds):
            raise TimeoutError("the office has dropped nothing")

    def fault(self, at: str, recipient: str | None) -> Fault | None:
        """The fault for this moment, counted down."""
        with self._lock:
            for fault in self._faults:
                if fault.at == at and fault.to in (None, recipient) and fault.times != 0:
                    fault.times = fault.times and fault.times - 1
                    return fault
        return None

    def take(self, letter: Received) -> None:
        """Put a letter into the log."""
        with self._lock:
            if self._log is not None:
                with self._log.open("a", encoding="utf-8") as log:
                    log.write(json.dumps({"message_id": letter.message_id, "to": letter.recipient}) + "\n")
            self._letters.append(letter)

    def wait_for_release(self) -> None:
        """Hang until the office closes or forgives."""
        self._released.wait()

    def new_connection(self) -> int:
        """The number of the next connection."""
        with self._lock:
            self._connections += 1
            return self._connections

    def note_drop(self) -> None:
        self._dropped.set()

    def is_enough(self, letters: int) -> bool:
        """Whether a connection has carried as many letters as the office wants."""
        return self._letters_per_connection is not None and letters >= self._letters_per_connection

    def _add(self, fault: Fault) -> None:
        assert fault.at in PHASES
        with self._lock:
            self._faults.append(fault)


def read_log(log: Path) -> list[tuple[str, str]]:
    """Message-ID and recipient of every letter in an office's log, in order."""
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    return [(entry["message_id"], entry["to"]) for entry in map(json.loads, lines)]
