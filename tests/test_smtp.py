"""Letters go over real sockets, and whatever a server does has a name."""

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.letters import make_letter, make_message
from tests.smtp_servers import PostOffice, read_log
from trainer.mail import UnwritableLetter
from trainer.mail_outcomes import Handed, Outcome, handed
from trainer.smtp import SmtpMailer
from trainer.smtp_relay import Reuse, Timeouts

SHORT = Timeouts(command=0.3, data=0.3, dot=0.3)
PATIENT = Timeouts(command=10, data=10, dot=10)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as office:
        yield office


MAILERS: list[SmtpMailer] = []


@pytest.fixture(autouse=True)
def _no_connection_is_left_open() -> Iterator[None]:
    yield
    while MAILERS:
        MAILERS.pop().close()


def mailer_for(office: PostOffice, timeouts: Timeouts = PATIENT, **options: Any) -> SmtpMailer:
    MAILERS.append(SmtpMailer(office.url, timeouts=timeouts, our_name="minori.example.jp", **options))
    return MAILERS[-1]


def send(mailer: SmtpMailer, uid: str = "u1", to: str = "okada@example.jp") -> Handed:
    return mailer.send(make_message(uid, to_address=to), envelope_id=uid)


def test_a_letter_arrives_as_it_was_written(office: PostOffice) -> None:
    result = send(mailer_for(office))
    assert result == Handed(Outcome.SENT, 250, "2.0.0", "2.0.0 taken", "reply")
    [letter] = office.received
    assert (letter.sender, letter.recipient) == ("no-reply@minori.example.jp", "okada@example.jp")
    assert letter.message_id == "<u1@minori.example.jp>"
    assert letter.message["Subject"] == make_letter().subject


def test_lines_that_begin_with_a_dot_arrive_whole(office: PostOffice) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "a@b.example", "c@d.example"
    message.set_content(".one\n..two\n.\nend\n")
    assert mailer_for(office).send(message, envelope_id="u1").outcome is Outcome.SENT
    assert office.received[0].message.get_content() == ".one\r\n..two\r\n.\r\nend\r\n"


def test_reports_are_asked_for_where_the_server_makes_them(office: PostOffice) -> None:
    send(mailer_for(office), uid="a+b=c")
    [letter] = office.received
    assert {"RET=HDRS", "ENVID=a+2Bb+3Dc"} <= set(letter.mail_options)
    assert any(option.startswith("SIZE=") for option in letter.mail_options)
    assert letter.rcpt_options == ("NOTIFY=FAILURE,DELAY",)


def test_a_server_without_extensions_is_asked_for_none() -> None:
    with PostOffice(extensions=()) as office:
        assert send(mailer_for(office)).outcome is Outcome.SENT
        [letter] = office.received
    assert (letter.mail_options, letter.rcpt_options) == ((), ())


@dataclass(frozen=True)
class Case:
    at: str
    reply: str
    outcome: Outcome
    enhanced: str = ""

    def __str__(self) -> str:
        return f"{self.reply} at {self.at}"


REPLIES = [
    Case("greeting", "421 4.3.2 shutting down", Outcome.RELAY_AWAY, "4.3.2"),
    Case("greeting", "421 4.7.0 Too many connections", Outcome.TOO_MANY, "4.7.0"),
    Case("greeting", "554 5.7.1 no service for you", Outcome.RELAY_AWAY, "5.7.1"),
    Case("ehlo", "421 4.3.2 shutting down", Outcome.RELAY_AWAY, "4.3.2"),
    Case("ehlo", "450 4.3.2 not now", Outcome.RELAY_AWAY, "4.3.2"),
    Case("mail", "421 4.3.2 shutting down", Outcome.RELAY_AWAY, "4.3.2"),
    Case("mail", "421 4.7.0 too many messages", Outcome.TOO_MANY, "4.7.0"),
    Case("mail", "432 4.7.0 concurrent limit", Outcome.TOO_MANY, "4.7.0"),
    Case("mail", "451 4.3.0 try again", Outcome.TRY_LATER, "4.3.0"),
    Case("mail", "530 5.7.0 sign in first", Outcome.RELAY_REFUSES_US, "5.7.0"),
    Case("mail", "550 5.1.8 bad sender", Outcome.POLICY, "5.1.8"),
    Case("mail", "552 5.3.4 too big", Outcome.POLICY, "5.3.4"),
    Case("rcpt", "421 4.3.2 shutting down", Outcome.RELAY_AWAY, "4.3.2"),
    Case("rcpt", "432 4.3.2 recipient thread limit", Outcome.TOO_MANY, "4.3.2"),
    Case("rcpt", "450 4.2.0 greylisted", Outcome.TRY_LATER, "4.2.0"),
    Case("rcpt", "451 4.7.1 greylisted", Outcome.TRY_LATER, "4.7.1"),
    Case("rcpt", "452 4.3.1 disk full", Outcome.TRY_LATER, "4.3.1"),
    Case("rcpt", "452 4.5.3 too many recipients", Outcome.TOO_MANY, "4.5.3"),
    Case("rcpt", "454 4.7.0 slow down", Outcome.TOO_MANY, "4.7.0"),
    Case("rcpt", "550 5.1.1 no such user", Outcome.ADDRESS_REFUSED, "5.1.1"),
    Case("rcpt", "550 no such user", Outcome.ADDRESS_REFUSED),
    Case("rcpt", "551 5.1.6 moved", Outcome.ADDRESS_REFUSED, "5.1.6"),
    Case("rcpt", "553 5.1.3 bad syntax", Outcome.ADDRESS_REFUSED, "5.1.3"),
    Case("rcpt", "552 5.2.2 over quota", Outcome.MAILBOX_FULL, "5.2.2"),
    Case("rcpt", "552 over quota", Outcome.MAILBOX_FULL),
    Case("rcpt", "550 5.2.2 over quota", Outcome.MAILBOX_FULL, "5.2.2"),
    Case("rcpt", "550 5.7.1 spam", Outcome.POLICY, "5.7.1"),
    Case("rcpt", "554 5.7.1 relay access denied", Outcome.POLICY, "5.7.1"),
    Case("rcpt", "554 5.1.1 no such user", Outcome.ADDRESS_REFUSED, "5.1.1"),
    Case("data", "451 4.3.0 try again", Outcome.TRY_LATER, "4.3.0"),
    Case("data", "554 5.5.1 no valid recipients", Outcome.POLICY, "5.5.1"),
    Case("dot", "451 4.3.0 try again", Outcome.TRY_LATER, "4.3.0"),
    Case("dot", "452 4.3.1 disk full", Outcome.TRY_LATER, "4.3.1"),
    Case("dot", "421 4.3.2 shutting down", Outcome.TRY_LATER, "4.3.2"),
    Case("dot", "550 looks like spam", Outcome.POLICY),
    Case("dot", "552 5.2.2 over quota", Outcome.MAILBOX_FULL, "5.2.2"),
    Case("dot", "554 5.7.1 looks like spam", Outcome.POLICY, "5.7.1"),
]


@pytest.mark.parametrize("case", REPLIES, ids=str)
def test_each_reply_has_its_outcome_and_the_next_letter_goes(office: PostOffice, case: Case) -> None:
    office.answer(reply=case.reply, at=case.at, times=1)
    mailer = mailer_for(office)
    code, _, words = case.reply.partition(" ")
    phase = "connect" if case.at in ("greeting", "ehlo") else case.at
    result = send(mailer)
    assert result == Handed(case.outcome, int(code), case.enhanced, words, phase)
    assert office.received == []
    assert send(mailer, "u2").outcome is Outcome.SENT


def test_one_refused_address_does_not_cost_the_connection(office: PostOffice) -> None:
    office.answer(to="gone@example.jp", reply="550 5.1.1 no such user")
    mailer = mailer_for(office)
    outcomes = [
        send(mailer, f"u{n}", to).outcome for n, to in enumerate(["a@example.jp", "gone@example.jp", "b@example.jp"])
    ]
    assert outcomes == [Outcome.SENT, Outcome.ADDRESS_REFUSED, Outcome.SENT]
    assert office.connections == 1


def test_a_server_that_knows_helo_only_is_served(office: PostOffice) -> None:
    office.answer(reply="502 5.5.1 what?", at="ehlo")
    assert send(mailer_for(office)).outcome is Outcome.SENT


@pytest.mark.parametrize("at", ["greeting", "ehlo"])
@pytest.mark.parametrize("fault", ["hang_at", "drop_at"])
def test_a_server_that_says_nothing_at_first_is_away(office: PostOffice, at: str, fault: str) -> None:
    getattr(office, fault)(at)
    result = send(mailer_for(office, SHORT))
    assert (result.outcome, result.code, result.phase) == (Outcome.RELAY_AWAY, None, "connect")
    assert result.reply


@pytest.mark.parametrize("at", ["mail", "rcpt", "data"])
@pytest.mark.parametrize("fault", ["hang_at", "drop_at"])
def test_a_letter_lost_before_its_dot_is_not_in_doubt(office: PostOffice, at: str, fault: str) -> None:
    getattr(office, fault)(at)
    result = send(mailer_for(office, SHORT))
    assert (result.outcome, result.code, result.phase) == (Outcome.LOST_BEFORE_DOT, None, at)


def test_a_server_that_leaves_in_mid_letter_leaves_no_doubt(office: PostOffice) -> None:
    office.drop_at("body", times=1)
    mailer = mailer_for(office, on_phase=lambda phase: office.wait_until_dropped() if phase == "body" else None)
    result = send(mailer)
    assert (result.outcome, result.phase) == (Outcome.LOST_BEFORE_DOT, "body")


@pytest.mark.parametrize("accepted", [True, False])
@pytest.mark.parametrize("fault", ["hang_at", "drop_at"])
def test_silence_after_the_dot_is_a_doubt_whatever_the_server_did(
    office: PostOffice, fault: str, accepted: bool
) -> None:
    getattr(office, fault)("dot", accepted=accepted, times=1)
    mailer = mailer_for(office, SHORT)
    result = send(mailer)
    assert (result.outcome, result.code, result.phase) == (Outcome.IN_DOUBT, None, "dot")
    assert len(office.received) == accepted
    assert send(mailer, "u2").outcome is Outcome.SENT


def test_a_slow_answer_to_the_dot_is_waited_for(office: PostOffice) -> None:
    office.slow_at("dot", 0.5)
    assert send(mailer_for(office, Timeouts(command=0.2, data=0.2, dot=10))).outcome is Outcome.SENT


@pytest.mark.parametrize("reply", ["hello", "250-never ends", "354 go on", "999 what"])
def test_nonsense_after_the_dot_is_a_doubt(office: PostOffice, reply: str) -> None:
    office.answer(reply=reply, at="dot")
    assert send(mailer_for(office, SHORT)).outcome is Outcome.IN_DOUBT


def test_nonsense_before_the_dot_is_a_loss(office: PostOffice) -> None:
    office.answer(reply="250 what letter?", at="data")
    assert send(mailer_for(office)).outcome is Outcome.LOST_BEFORE_DOT


def test_a_server_that_is_not_there_is_away_until_it_comes_back(office: PostOffice) -> None:
    mailer = mailer_for(office)
    assert send(mailer).outcome is Outcome.SENT
    office.stop()
    assert send(mailer, "u2").outcome is Outcome.RELAY_AWAY
    office.start()
    assert send(mailer, "u2").outcome is Outcome.SENT
    assert [letter.message_id for letter in office.received] == ["<u1@minori.example.jp>", "<u2@minori.example.jp>"]


@pytest.mark.parametrize("host", ["nowhere.invalid", "a" * 64 + ".invalid"])
def test_a_name_that_leads_nowhere_is_away(host: str) -> None:
    assert send(SmtpMailer(f"smtp://{host}:25", timeouts=SHORT)).outcome is Outcome.RELAY_AWAY


def test_the_phases_are_told_in_their_order(office: PostOffice) -> None:
    phases: list[str] = []
    taken: dict[str, int] = {}

    def on_phase(phase: str) -> None:
        phases.append(phase)
        taken[phase] = len(office.received)

    send(mailer_for(office, on_phase=on_phase))
    assert phases == ["connect", "mail", "rcpt", "data", "body", "dot", "reply"]
    assert taken["body"] == 0
    assert taken["reply"] == 1


def test_what_stops_in_mid_letter_does_not_spoil_the_next(office: PostOffice) -> None:
    def stop_once(phase: str) -> None:
        if phase == "body" and office.connections == 1:
            raise RuntimeError("stopped")

    mailer = mailer_for(office, on_phase=stop_once)
    with pytest.raises(RuntimeError):
        send(mailer)
    assert send(mailer, "u2").outcome is Outcome.SENT
    assert [letter.message_id for letter in office.received] == ["<u2@minori.example.jp>"]


def test_a_letter_that_cannot_be_written_reaches_no_server(office: PostOffice) -> None:
    message = make_message()
    message["Cc"] = "other@example.jp"
    with pytest.raises(UnwritableLetter):
        mailer_for(office).send(message, envelope_id="u1")
    assert office.connections == 0


@pytest.mark.parametrize(
    ("reuse", "pause", "connections"),
    [
        (Reuse(), 0.0, 1),
        (Reuse(letters=2), 0.0, 2),
        (Reuse(seconds=0.05), 0.1, 4),
        (Reuse(idle_seconds=0.05), 0.1, 4),
    ],
    ids=["kept", "enough letters", "too old", "idle"],
)
def test_a_connection_is_kept_while_it_is_good(
    office: PostOffice, reuse: Reuse, pause: float, connections: int
) -> None:
    mailer = mailer_for(office, reuse=reuse)
    for n in range(4):
        assert send(mailer, f"u{n}").outcome is Outcome.SENT
        time.sleep(pause)
    assert office.connections == connections
    assert [command.upper() for command in office.commands].count("QUIT") == connections - 1


def test_a_server_that_hangs_up_after_some_letters_loses_none(office: PostOffice) -> None:
    office.close_after(3)
    mailer = mailer_for(office)
    assert {send(mailer, f"u{n}").outcome for n in range(8)} == {Outcome.SENT}
    assert [letter.message_id for letter in office.received] == [f"<u{n}@minori.example.jp>" for n in range(8)]
    assert office.connections == 3


def test_a_kept_connection_that_says_421_is_opened_once_more(office: PostOffice) -> None:
    mailer = mailer_for(office)
    send(mailer)
    office.answer(reply="421 4.4.2 idle too long", at="mail", times=1)
    assert send(mailer, "u2").outcome is Outcome.SENT
    office.answer(reply="421 4.3.2 shutting down", at="mail", times=2)
    assert send(mailer, "u3").outcome is Outcome.RELAY_AWAY


def test_letters_do_not_wait_for_full_packets(office: PostOffice) -> None:
    mailer = mailer_for(office)
    send(mailer)
    assert mailer._connection is not None
    assert mailer._connection.sock is not None
    assert mailer._connection.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_close_says_quit_and_sending_opens_again(office: PostOffice) -> None:
    mailer = mailer_for(office)
    mailer.close()
    send(mailer)
    mailer.close()
    assert office.commands[-1].upper() == "QUIT"
    assert send(mailer, "u2").outcome is Outcome.SENT
    assert office.connections == 2


def test_the_office_keeps_a_log_for_other_processes(tmp_path: Path) -> None:
    log = tmp_path / "office.log"
    with PostOffice(log=log) as office:
        send(mailer_for(office))
    assert read_log(log) == [("<u1@minori.example.jp>", "okada@example.jp")]


def test_a_reply_is_kept_on_one_short_line() -> None:
    result = handed("rcpt", 550, b"5.1.1 no\r\n5.1.1\tsuch \x00 user " + b"\xff" + b"x" * 900)
    assert result.reply.startswith("5.1.1 no 5.1.1 such user \ufffdxxx")
    assert len(result.reply) == 500
    assert handed("rcpt", 550, "5.1.1000 no").enhanced == ""


def test_probing_says_nothing_when_all_is_well(office: PostOffice) -> None:
    assert mailer_for(office).probe() is None
    assert office.received == []
    assert office.commands[-1].upper() == "QUIT"


def test_probing_a_server_that_is_away_says_what_to_check(office: PostOffice) -> None:
    office.stop()
    sentence = mailer_for(office).probe()
    assert sentence is not None
    assert "127.0.0.1" in sentence
    assert "Check SMTP_URL" in sentence
