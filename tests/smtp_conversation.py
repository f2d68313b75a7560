"""The server's side of SMTP, for `tests.smtp_servers`: one thread for each connection."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tests.smtp_servers import PostOffice


@dataclass(frozen=True)
class Received:
    """One letter the office has taken, with its envelope."""

    sender: str
    recipient: str
    message: EmailMessage
    mail_options: tuple[str, ...] = ()
    rcpt_options: tuple[str, ...] = ()
    connection: int = 0

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


@dataclass(eq=False)
class Fault:
    """What the office does in one phase instead of the usual, so many times (None: always)."""

    at: str
    kind: Literal["reply", "hang", "drop", "slow"]
    to: str | None = None
    times: int | None = None
    reply: str = ""
    seconds: float = 0
    accepted: bool = False


class Server(socketserver.ThreadingTCPServer):
    """Listens, and can hang up on everybody at once."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], office: PostOffice) -> None:
        self.office = office
        self._open: set[socket.socket] = set()
        super().__init__(address, Conversation)

    def keep(self, link: socket.socket) -> None:
        self._open.add(link)

    def forget(self, link: socket.socket) -> None:
        self._open.discard(link)

    def hang_up_on_everybody(self) -> None:
        for link in list(self._open):
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)


class Conversation(socketserver.StreamRequestHandler):
    """One connection: a command, an answer, until one of the two leaves."""

    server: Server
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self.office = self.server.office
        self.number, self.letters = self.office.new_connection(), 0
        self._begin("")
        self.server.keep(self.request)
        with contextlib.suppress(OSError, _HangUp):
            self._answer("greeting", "220 office.example ESMTP")
            for line in self._lines():
                verb, _, rest = line.partition(" ")
                getattr(self, f"_on_{verb.lower()}", self._on_anything_else)(rest)
        self.server.forget(self.request)

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()

    def _begin(self, sender: str, options: tuple[str, ...] = ()) -> None:
        self.sender, self.mail_options = sender, options
        self.recipient, self.rcpt_options = "", tuple[str, ...]()

    def _lines(self) -> Iterator[str]:
        while line := self.rfile.readline():
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            self.office.commands.append(text)
            yield text

    def _on_ehlo(self, rest: str) -> None:
        self._answer("ehlo", "\r\n".join(_multiline("office.example", *self.office.extensions)))

    def _on_helo(self, rest: str) -> None:
        self._say("250 office.example")

    def _on_auth(self, rest: str) -> None:
        self._answer("auth", "235 2.7.0 welcome")

    def _on_mail(self, rest: str) -> None:
        self._begin(*_path_and_options(rest))
        self._answer("mail", "250 2.1.0 ok")

    def _on_rcpt(self, rest: str) -> None:
        self.recipient, self.rcpt_options = _path_and_options(rest)
        self._answer("rcpt", "250 2.1.5 ok")

    def _on_data(self, rest: str) -> None:
        if self._answer("data", "354 go on"):
            self._act(self.office.fault("body", self.recipient))
            self._decide_on(self._read_letter())

    def _on_rset(self, rest: str) -> None:
        self._say("250 2.0.0 ok")

    def _on_quit(self, rest: str) -> None:
        self._say("221 2.0.0 bye")
        raise _HangUp

    def _on_anything_else(self, rest: str) -> None:
        self._say("500 5.5.1 what?")

    def _read_letter(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise _HangUp
            lines.append(line.removeprefix(b"."))
        return message_from_bytes(b"".join(lines), policy=default)

    def _decide_on(self, message: EmailMessage) -> None:
        fault = self.office.fault("dot", self.recipient)
        if fault is not None and fault.accepted:
            self._take(message)
        if not self._act(fault):
            self._take(message)
            self._say("250 2.0.0 taken")
        if self.office.is_enough(self.letters):
            raise _HangUp

    def _take(self, message: EmailMessage) -> None:
        envelope = (self.mail_options, self.rcpt_options, self.number)
        self.office.take(Received(self.sender, self.recipient, message, *envelope))
        self.letters += 1

    def _answer(self, phase: str, usual: str) -> bool:
        """Give the usual answer, unless there is a fault for this moment; True when it was given."""
        if self._act(self.office.fault(phase, self.recipient)):
            return False
        self._say(usual)
        return True

    def _act(self, fault: Fault | None) -> bool:
        """Misbehave; True when the fault has answered in place of us."""
        if fault is None:
            return False
        if fault.kind == "reply":
            self._say(fault.reply)
            if fault.reply.startswith("421"):
                raise _HangUp
            return True
        {"slow": self._be_slow, "hang": self._hang, "drop": self._drop}[fault.kind](fault)
        return False

    def _be_slow(self, fault: Fault) -> None:
        time.sleep(fault.seconds)

    def _hang(self, fault: Fault) -> None:
        self.office.wait_for_release()
        raise _HangUp

    def _drop(self, fault: Fault) -> None:
        self.request.shutdown(socket.SHUT_RDWR)
        self.office.note_drop()
        raise _HangUp

    def _say(self, reply: str) -> None:
        self.wfile.write(reply.encode() + b"\r\n")


class _HangUp(Exception):
    """The office leaves this conversation."""


def _multiline(*lines: str) -> list[str]:
    return [f"250-{line}" for line in lines[:-1]] + [f"250 {lines[-1]}"]


def _path_and_options(line: str) -> tuple[str, tuple[str, ...]]:
    path, *options = line.partition(":")[2].split()
    return path.strip("<>"), tuple(options)
