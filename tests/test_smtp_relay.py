"""SMTP_URL is understood, certificates are verified, and credentials travel only where nobody listens."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.certificates import self_signed_server, trusted_server
from tests.letters import make_message
from tests.smtp_servers import PostOffice
from trainer.mail_outcomes import Handed, Outcome
from trainer.smtp import SmtpMailer
from trainer.smtp_relay import Relay, Timeouts, read_smtp_url

TIMEOUTS = Timeouts(command=10, data=10, dot=10)
USER, PASSWORD = "minori", "p@ss:w/rd"
CREDENTIALS = "minori:p%40ss%3Aw%2Frd"


class Inbox(Message):
    """Keeps what arrives."""

    def __init__(self) -> None:
        super().__init__(EmailMessage)
        self.letters: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.letters.append(message)


@contextmanager
def running(inbox: Inbox, **options: Any) -> Iterator[str]:
    """aiosmtpd on a free port; yields host:port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        controller.stop()


def known(server: object, session: object, envelope: object, mechanism: str, given: LoginPassword) -> AuthResult:
    """The sign-in of a server that knows one name and password."""
    return AuthResult(success=(given.login, given.password) == (USER.encode(), PASSWORD.encode()), handled=False)


def send(url: str) -> Handed:
    mailer = SmtpMailer(url, timeouts=TIMEOUTS, our_name="minori.example.jp")
    result = mailer.send(make_message(), envelope_id="u1")
    mailer.close()
    return result


URLS = [
    ("smtp://relay.example", Relay("relay.example", 25, "when_offered")),
    ("smtp://relay.example:2525", Relay("relay.example", 2525, "when_offered")),
    ("smtp://a%40b:c%3Ad@relay.example", Relay("relay.example", 587, "when_offered", "a@b", "c:d")),
    ("smtps://a:b@relay.example", Relay("relay.example", 465, "from_start", "a", "b")),
    ("smtp://relay.example?starttls=required", Relay("relay.example", 25, "required")),
    ("smtp://relay.example/?starttls=off", Relay("relay.example", 25, "off")),
    ("smtps://relay.example?ca=/etc/ca.pem", Relay("relay.example", 465, "from_start", ca="/etc/ca.pem")),
    ("smtp://[::1]:25", Relay("::1", 25, "when_offered")),
]


@pytest.mark.parametrize(("url", "relay"), URLS)
def test_an_smtp_url_names_a_relay(url: str, relay: Relay) -> None:
    assert read_smtp_url(url) == relay


WRONG_URLS = ("http://x", "smtp://", "smtp://x?tls=on", "smtp://x?starttls=maybe", "smtp://ä:b@x", "smtp://x:port", "x")


@pytest.mark.parametrize("url", WRONG_URLS)
def test_what_is_no_smtp_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"SMTP_URL|Port"):
        read_smtp_url(url)


def test_a_relay_does_not_show_its_password() -> None:
    assert "secret" not in repr(read_smtp_url("smtp://a:secret@relay.example"))


def test_starttls_is_used_when_it_is_offered(tmp_path: Path) -> None:
    context, authority = trusted_server(tmp_path)
    inbox = Inbox()
    with running(inbox, tls_context=context, require_starttls=True) as address:
        assert send(f"smtp://{address}?ca={authority}").outcome is Outcome.SENT
    assert len(inbox.letters) == 1


def test_tls_from_the_start(tmp_path: Path) -> None:
    context, authority = trusted_server(tmp_path)
    inbox = Inbox()
    with running(inbox, ssl_context=context) as address:
        assert send(f"smtps://{address}?ca={authority}").outcome is Outcome.SENT
    assert len(inbox.letters) == 1


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_that_nobody_has_signed_is_refused(tmp_path: Path, scheme: str) -> None:
    context = self_signed_server(tmp_path)
    kind: dict[str, ssl.SSLContext] = {"ssl_context" if scheme == "smtps" else "tls_context": context}
    inbox = Inbox()
    with running(inbox, **kind) as address:
        result = send(f"{scheme}://{address}")
    assert (result.outcome, result.phase) == (Outcome.RELAY_AWAY, "connect")
    assert "certificate" in result.reply.lower()
    assert inbox.letters == []


def test_an_authority_that_cannot_be_read_is_a_relay_that_is_away(tmp_path: Path) -> None:
    with running(Inbox(), tls_context=trusted_server(tmp_path)[0]) as address:
        assert send(f"smtp://{address}?ca={tmp_path}/missing.pem").outcome is Outcome.RELAY_AWAY


def test_starttls_that_is_required_and_missing_keeps_the_letter_here() -> None:
    with PostOffice() as office:
        assert send(f"{office.url}?starttls=required").outcome is Outcome.RELAY_AWAY
        assert office.received == []


def test_starttls_may_be_left_off(tmp_path: Path) -> None:
    inbox = Inbox()
    with running(inbox, tls_context=self_signed_server(tmp_path)) as address:
        assert send(f"smtp://{address}?starttls=off").outcome is Outcome.SENT


def test_the_right_name_and_password_open_the_relay(tmp_path: Path) -> None:
    context, authority = trusted_server(tmp_path)
    inbox = Inbox()
    with running(inbox, tls_context=context, auth_required=True, authenticator=known) as address:
        assert send(f"smtp://{CREDENTIALS}@{address}?ca={authority}").outcome is Outcome.SENT
        refused = send(f"smtp://minori:wrong@{address}?ca={authority}")
        assert send(f"smtp://{address}?ca={authority}").outcome is Outcome.RELAY_REFUSES_US
    assert (refused.outcome, refused.code, refused.phase) == (Outcome.RELAY_REFUSES_US, 535, "connect")
    assert len(inbox.letters) == 1


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("535 5.7.8 wrong", Outcome.RELAY_REFUSES_US),
        ("550 5.7.1 disabled", Outcome.RELAY_REFUSES_US),
        ("454 4.7.0 try again", Outcome.TOO_MANY),
        ("421 4.3.2 bye", Outcome.RELAY_AWAY),
    ],
)
def test_a_refused_sign_in_has_its_outcome(reply: str, outcome: Outcome) -> None:
    with PostOffice(extensions=("AUTH PLAIN",)) as office:
        office.answer(reply=reply, at="auth")
        result = send(office.url.replace("//", "//a:b@"))
    assert (result.outcome, result.code, result.phase) == (outcome, int(reply[:3]), "connect")


def test_a_server_that_asks_for_no_sign_in_gets_none_and_no_letter() -> None:
    with PostOffice() as office:
        assert send(office.url.replace("//", "//a:b@")).outcome is Outcome.RELAY_REFUSES_US
        assert not any("AUTH" in command.upper() for command in office.commands)


def test_without_encryption_credentials_leave_only_for_this_host(monkeypatch: pytest.MonkeyPatch) -> None:
    with PostOffice(extensions=("AUTH PLAIN",)) as office:
        url = office.url.replace("//", "//a:b@")
        assert send(url).outcome is Outcome.SENT
        office.commands.clear()
        monkeypatch.setattr("trainer.smtp_relay._is_on_this_host", lambda link: False)
        result = send(url)
        assert result.outcome is Outcome.RELAY_AWAY
        assert "not sent" in result.reply
        assert not any("AUTH" in command.upper() for command in office.commands)


def test_probing_tells_a_wrong_password_from_a_missing_server() -> None:
    with PostOffice(extensions=("AUTH PLAIN",)) as office:
        office.answer(reply="535 5.7.8 wrong", at="auth")
        sentence = SmtpMailer(office.url.replace("//", "//a:b@"), timeouts=TIMEOUTS).probe()
    assert sentence is not None
    assert "refuses the sign-in" in sentence
    assert "535" in sentence
