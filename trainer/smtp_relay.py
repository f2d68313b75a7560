"""The mail server that SMTP_URL names, how long it is waited for, and a connection that is ready for letters."""

import ipaddress
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

PORTS = {"smtp": 25, "smtps": 465}
SUBMISSION_PORT = 587  # smtp:// with credentials and without a port (RFC 6409)
OPTIONS = {"starttls", "ca"}


class NoSafeConnection(OSError):
    """The server can be reached, but not in the way SMTP_URL asks for."""


class NoSignIn(OSError):
    """The server does not let us in: `code` and `reply` are its own words, or nothing it offers can be used."""

    def __init__(self, code: int | None, reply: str | bytes) -> None:
        super().__init__(reply)
        self.code, self.reply = code, reply


@dataclass(frozen=True)
class Relay:
    """Where and how letters are handed over; `ca` is a file of certificates trusted instead of the system's."""

    host: str
    port: int
    tls: Literal["from_start", "when_offered", "required", "off"]
    user: str = ""
    password: str = field(default="", repr=False)
    ca: str | None = None


@dataclass(frozen=True)
class Timeouts:
    """Seconds to wait for a reply (RFC 5321 §4.5.3.2); a shorter wait after the dot delivers copies (RFC 1047)."""

    command: float = 300  # greeting, EHLO, MAIL, RCPT
    data: float = 120  # DATA, and each half of the body
    dot: float = 600


@dataclass(frozen=True)
class Reuse:
    """A connection is kept for so many letters, seconds since it was opened, seconds without a letter."""

    letters: int = 100
    seconds: float = 300
    idle_seconds: float = 30


TIMEOUTS = Timeouts()
REUSE = Reuse()


def read_smtp_url(url: str) -> Relay:
    """smtp://user:password@host:port or smtps://…, with ?starttls=required, ?starttls=off or ?ca=path.

    Without a port: 25, 587 with credentials, 465 for smtps. Raises ValueError with a sentence.
    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("SMTP_URL must look like smtp://name:password@host:587 or smtps://host:465.")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password).isascii() or "\0" in user + password:
        raise ValueError("The name and password in SMTP_URL must be plain ASCII.")
    options = _options(parts)
    port = parts.port or (SUBMISSION_PORT if user and parts.scheme == "smtp" else PORTS[parts.scheme])
    return Relay(parts.hostname, port, _tls(parts.scheme, options.get("starttls")), user, password, options.get("ca"))


def connect(relay: Relay, *, timeout: float, our_name: str | None = None) -> smtplib.SMTP:
    """A connection that has said EHLO, is encrypted as asked and signed in. Raises OSError, as smtplib's errors are.

    Certificates are always verified; credentials travel only encrypted, or on this host.
    """
    connection = _reached(relay, timeout, our_name)
    try:
        socket_of(connection).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _greet(connection)
        _encrypt(connection, relay)
        if relay.user:
            _sign_in(connection, relay)
    except BaseException:
        connection.close()
        raise
    return connection


def socket_of(connection: smtplib.SMTP) -> socket.socket:
    """The socket below; raises SMTPServerDisconnected when it has been closed."""
    if connection.sock is None:
        raise smtplib.SMTPServerDisconnected("The mail server has closed the connection.")
    return connection.sock


def _options(parts: SplitResult) -> dict[str, str]:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if not options.keys() <= OPTIONS:
        raise ValueError("SMTP_URL knows the options starttls and ca only.")
    return options


def _tls(scheme: str, starttls: str | None) -> Literal["from_start", "when_offered", "required", "off"]:
    if scheme == "smtps":
        return "from_start"
    if starttls is None:
        return "when_offered"
    if starttls == "required":
        return "required"
    if starttls == "off":
        return "off"
    raise ValueError("starttls in SMTP_URL must be required or off; without it STARTTLS is used when offered.")


def _reached(relay: Relay, timeout: float, our_name: str | None) -> smtplib.SMTP:
    try:
        if relay.tls == "from_start":
            return smtplib.SMTP_SSL(relay.host, relay.port, our_name, timeout=timeout, context=_trust(relay))
        return smtplib.SMTP(relay.host, relay.port, our_name, timeout=timeout)
    except UnicodeError as error:  # a host name that no DNS can hold
        raise OSError(f"{relay.host} is no host name") from error


def _greet(connection: smtplib.SMTP) -> None:
    """EHLO; HELO only for a server too old to know it, not for one that has just refused us."""
    code, reply = connection.ehlo()
    if code // 100 == 5:
        code, reply = connection.helo()
    if code // 100 != 2:
        raise smtplib.SMTPHeloError(code, reply)


def _encrypt(connection: smtplib.SMTP, relay: Relay) -> None:
    is_offered = connection.has_extn("starttls")
    if relay.tls == "required" and not is_offered:
        raise NoSafeConnection("The mail server does not offer STARTTLS, and SMTP_URL requires it.")
    if relay.tls in ("required", "when_offered") and is_offered:
        connection.starttls(context=_trust(relay))
        _greet(connection)


def _sign_in(connection: smtplib.SMTP, relay: Relay) -> None:
    link = socket_of(connection)
    if not isinstance(link, ssl.SSLSocket) and not _is_on_this_host(link):
        raise NoSafeConnection("The mail server offers no encryption, so the name and password were not sent.")
    try:
        connection.login(relay.user, relay.password)
    except smtplib.SMTPAuthenticationError as error:
        if error.smtp_code < 500:  # not now, rather than not you
            raise
        raise NoSignIn(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPResponseException, smtplib.SMTPServerDisconnected):
        raise
    except smtplib.SMTPException as error:
        raise NoSignIn(None, str(error)) from error


def _trust(relay: Relay) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=relay.ca)


def _is_on_this_host(link: socket.socket) -> bool:
    return ipaddress.ip_address(link.getpeername()[0].partition("%")[0]).is_loopback
