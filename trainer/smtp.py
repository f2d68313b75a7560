"""Letters handed to an SMTP server, one by one, on one connection that is kept while it is good."""

import smtplib
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage

from trainer.i18n import gettext as _
from trainer.mail_outcomes import Handed, Outcome, handed, one_line
from trainer.smtp_envelope import Envelope, envelope_of
from trainer.smtp_relay import REUSE, TIMEOUTS, NoSignIn, Reuse, Timeouts, connect, read_smtp_url, socket_of

SECONDS_FOR_QUIT = 5.0
SUCCESS, GO_ON = 2, 3


class SmtpMailer:
    """A Mailer with one connection, for one thread; `on_phase` is told each phase of `Handed` as it is reached."""

    def __init__(
        self,
        smtp_url: str,
        *,
        timeouts: Timeouts = TIMEOUTS,
        reuse: Reuse = REUSE,
        our_name: str | None = None,
        on_phase: Callable[[str], None] = lambda phase: None,
    ) -> None:
        """Raises ValueError with a sentence when `smtp_url` is none; `our_name` is what EHLO says."""
        self.relay = read_smtp_url(smtp_url)
        self._timeouts, self._reuse, self._our_name, self._on_phase = timeouts, reuse, our_name, on_phase
        self._connection: smtplib.SMTP | None = None
        self._phase = "connect"
        self._letters, self._opened, self._used = 0, 0.0, 0.0

    def send(self, message: EmailMessage, *, envelope_id: str) -> Handed:
        """Hand the letter over from the address in From to the one in To; trouble is an outcome, not an exception.

        Raises UnwritableLetter before anything was sent.
        """
        envelope = envelope_of(message, envelope_id)
        try:
            was_kept = self._keep_or_close()
            result = self._attempt(envelope)
            # a server may close a kept connection between two letters, and nothing of this one was said yet
            return self._attempt(envelope) if was_kept and _had_hung_up(result) else result
        except BaseException:
            self._drop()  # nobody knows any more what the server is waiting for
            raise

    def close(self) -> None:
        """Say QUIT if a connection is open."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            socket_of(connection).settimeout(SECONDS_FOR_QUIT)
            connection.quit()
        except OSError:
            connection.close()

    def probe(self) -> str | None:
        """Connect, encrypt, sign in and leave; a sentence about what went wrong, or None."""
        self.close()
        try:
            self._open()
        except OSError as error:
            return self._sentence(self._not_reached(error))
        self.close()
        return None

    def _keep_or_close(self) -> bool:
        """Whether there is a connection that is good for another letter."""
        if self._connection is None:
            return False
        now = time.monotonic()
        is_fit = (
            self._letters < self._reuse.letters
            and now - self._opened < self._reuse.seconds
            and now - self._used < self._reuse.idle_seconds
        )
        if not is_fit:
            self.close()
        return is_fit

    def _attempt(self, envelope: Envelope) -> Handed:
        try:
            connection = self._connection or self._open()
        except OSError as error:
            return self._not_reached(error)
        try:
            result = self._hand_over(connection, envelope)
        except OSError as error:
            self._drop()
            return Handed(self._lost(), None, "", one_line(str(error)), self._phase)
        self._clear_up(connection, result)
        return result

    def _open(self) -> smtplib.SMTP:
        self._enter("connect")
        self._connection = connect(self.relay, timeout=self._timeouts.command, our_name=self._our_name)
        self._letters, self._opened = 0, time.monotonic()
        return self._connection

    def _hand_over(self, connection: smtplib.SMTP, envelope: Envelope) -> Handed:
        steps = (
            ("mail", self._timeouts.command, SUCCESS, envelope.mail),
            ("rcpt", self._timeouts.command, SUCCESS, envelope.rcpt),
            ("data", self._timeouts.data, GO_ON, envelope.data),
        )
        for phase, seconds, expected, command in steps:
            self._enter(phase)
            socket_of(connection).settimeout(seconds)
            code, reply = _understood(command(connection), expected)
            if code // 100 != expected:
                return handed(phase, code, reply)
        return self._write_body(connection, envelope.body)

    def _write_body(self, connection: smtplib.SMTP, body: bytes) -> Handed:
        link, half = socket_of(connection), len(body) // 2
        self._phase = "body"
        link.sendall(body[:half])
        self._on_phase("body")
        link.sendall(body[half:])
        if _is_closed(link):
            raise smtplib.SMTPServerDisconnected("The mail server closed the connection before the end of the letter.")
        self._phase = "dot"  # from its first byte on a loss leaves a doubt
        link.sendall(b".\r\n")
        self._on_phase("dot")
        link.settimeout(self._timeouts.dot)
        code, reply = _understood(connection.getreply(), SUCCESS)
        if code // 100 == SUCCESS:
            self._enter("reply")
        return handed(self._phase, code, reply)

    def _clear_up(self, connection: smtplib.SMTP, result: Handed) -> None:
        """Leave the connection ready for the next letter, or leave it."""
        self._letters, self._used = self._letters + 1, time.monotonic()
        if result.outcome is Outcome.SENT:
            return
        try:
            if result.code == 421:
                raise smtplib.SMTPServerDisconnected("The mail server is closing the connection.")
            socket_of(connection).settimeout(self._timeouts.command)
            connection.rset()
        except OSError:
            self._drop()

    def _enter(self, phase: str) -> None:
        self._phase = phase
        self._on_phase(phase)

    def _lost(self) -> Outcome:
        return Outcome.IN_DOUBT if self._phase == "dot" else Outcome.LOST_BEFORE_DOT

    def _not_reached(self, error: OSError) -> Handed:
        if isinstance(error, NoSignIn):
            return replace(handed("connect", error.code, error.reply), outcome=Outcome.RELAY_REFUSES_US)
        if isinstance(error, smtplib.SMTPResponseException):
            return handed("connect", error.smtp_code, error.smtp_error)
        return handed("connect", None, str(error))

    def _sentence(self, result: Handed) -> str:
        values = {"host": self.relay.host, "reply": f"{result.code or ''} {result.reply}".strip()}
        if result.outcome is Outcome.RELAY_REFUSES_US:
            return str(_("The mail server %(host)s refuses the sign-in (%(reply)s). Check SMTP_URL.", **values))
        return str(_("The mail server %(host)s cannot be used (%(reply)s). Check SMTP_URL and the server.", **values))

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _had_hung_up(result: Handed) -> bool:
    return result.phase == "mail" and (result.outcome is Outcome.LOST_BEFORE_DOT or result.code == 421)


def _understood(answer: tuple[int, bytes], expected: int) -> tuple[int, bytes]:
    """A reply that is the expected one or a refusal; anything else is no conversation any more."""
    code, reply = answer
    if code // 100 in (expected, 4, 5):
        return code, reply
    raise smtplib.SMTPServerDisconnected(f"The mail server gave a reply that makes no sense here: {code}.")


def _is_closed(link: socket.socket) -> bool:
    """Whether the server has left already, so that a dot would reach nobody; looks without waiting."""
    seconds = link.gettimeout()
    link.settimeout(0)
    try:
        return socket.socket.recv(link, 1, socket.MSG_PEEK) == b""  # of the plain socket: TLS cannot peek
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        link.settimeout(seconds)
