"""Without a mail server, letters become files that a page can show."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.letters import WRITTEN_AT, make_letter, make_message
from trainer.mail import write_letter
from trainer.mail_outcomes import Outcome
from trainer.outbox import LetterInOutbox, OutboxMailer, letters_in, read_letter


@pytest.fixture
def outbox(tmp_path: Path) -> OutboxMailer:
    return OutboxMailer(tmp_path / "var" / "outbox")


def test_a_letter_becomes_a_file_and_is_read_back(outbox: OutboxMailer) -> None:
    result = outbox.send(make_message(), envelope_id="7f3k")
    assert result.outcome is Outcome.SENT
    letter = read_letter(outbox.folder, "7f3k")
    assert letter is not None
    assert letter["Subject"] == make_letter().subject
    assert [file.name for file in outbox.folder.iterdir()] == ["7f3k.eml"]


def test_only_its_owner_may_read_the_outbox(outbox: OutboxMailer) -> None:
    outbox.send(make_message(), envelope_id="7f3k")
    assert (outbox.folder / "7f3k.eml").stat().st_mode & 0o077 == 0
    assert outbox.folder.stat().st_mode & 0o077 == 0


def test_the_same_letter_again_replaces_itself_and_no_other(outbox: OutboxMailer) -> None:
    outbox.send(make_message("a"), envelope_id="a")
    outbox.send(make_message("b"), envelope_id="b")
    outbox.send(make_message("a", subject="もう一度"), envelope_id="a")
    assert {letter.id: letter.subject for letter in letters_in(outbox.folder)} == {
        "a": "もう一度",
        "b": make_letter().subject,
    }


def test_the_newest_letter_comes_first_in_whatever_order_they_were_written(outbox: OutboxMailer) -> None:
    for hours in (1, 3, 2):
        message = write_letter(make_letter(f"h{hours}"), now=WRITTEN_AT + timedelta(hours=hours))
        outbox.send(message, envelope_id=f"h{hours}")
    assert [letter.id for letter in letters_in(outbox.folder)] == ["h3", "h2", "h1"]
    newest = letters_in(outbox.folder, limit=1)
    assert newest == [
        LetterInOutbox("h3", make_letter().subject, "岡田 千夏 <okada@example.jp>", WRITTEN_AT + timedelta(hours=3))
    ]


def test_an_outbox_that_does_not_exist_yet_is_empty(tmp_path: Path) -> None:
    assert letters_in(tmp_path / "nowhere") == []
    assert read_letter(tmp_path / "nowhere", "a") is None


@pytest.mark.parametrize(
    "name", ["../secret", "..", "", ".hidden", "a/b", "/etc/passwd", "a\0b", "secret.eml", "a" * 200]
)
def test_a_path_is_no_letter(outbox: OutboxMailer, name: str) -> None:
    outbox.send(make_message(), envelope_id="a")
    (outbox.folder.parent / "secret.eml").write_text("Subject: secret\n\n", encoding="utf-8")
    assert read_letter(outbox.folder, name) is None
    with pytest.raises(ValueError, match="envelope id"):
        outbox.send(make_message(), envelope_id=name)


def test_a_folder_that_cannot_be_written_is_a_relay_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = OutboxMailer(tmp_path / "file").send(make_message(), envelope_id="a")
    assert result.outcome is Outcome.RELAY_AWAY
    assert result.reply
