"""Letters put into a folder instead of the post: one .eml file each, and how to find and read them again."""

import os
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from trainer.mail import bytes_of, people_of
from trainer.mail_outcomes import Handed, Outcome, one_line

LETTER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
SUFFIX = ".eml"


@dataclass(frozen=True)
class LetterInOutbox:
    """What a list shows of a letter; `id` finds it again, `dated_at` is its Date in UTC."""

    id: str
    subject: str
    to: str
    dated_at: datetime


class OutboxMailer:
    """A Mailer that writes files into a folder, whole or not at all; the same envelope id again replaces its file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage, *, envelope_id: str) -> Handed:
        """Keep the letter; a full or missing disk is RELAY_AWAY.

        Raises UnwritableLetter as every Mailer, and ValueError for an envelope id that is no file name.
        """
        people_of(message)
        path = _path(self.folder, envelope_id)
        if path is None:
            raise ValueError("an envelope id has at most 100 letters, digits, - and _")
        try:
            _write(path, bytes_of(message), _dated_at(message))
        except OSError as error:
            return Handed(Outcome.RELAY_AWAY, None, "", one_line(str(error)), "connect")
        return Handed(Outcome.SENT, 250, "2.0.0", f"2.0.0 kept as {path.name}", "reply")

    def close(self) -> None:
        """Nothing is held open."""


def letters_in(folder: Path, limit: int | None = None) -> list[LetterInOutbox]:
    """The letters of an outbox, newest first; at most `limit` of them. An outbox that does not exist yet is empty."""
    files = sorted(folder.glob(f"*{SUFFIX}"), key=lambda file: (file.stat().st_mtime, file.name), reverse=True)
    return [_listed(file) for file in files[:limit]]


def read_letter(folder: Path, letter_id: str) -> EmailMessage | None:
    """The letter of that id, or None; an id that is no plain name (a path, say) has no letter."""
    path = _path(folder, letter_id)
    return _read(path) if path is not None and path.is_file() else None


def _path(folder: Path, letter_id: str) -> Path | None:
    return folder / f"{letter_id}{SUFFIX}" if LETTER_ID.fullmatch(letter_id) else None


def _write(path: Path, content: bytes, dated_at: datetime) -> None:
    """For the owner's eyes only, since a letter may hold a sign-in code; the file is as old as the letter."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.utime(unfinished, (dated_at.timestamp(), dated_at.timestamp()))
        os.replace(unfinished, path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _listed(file: Path) -> LetterInOutbox:
    message = _read(file)
    return LetterInOutbox(file.stem, str(message["Subject"] or ""), str(message["To"] or ""), _dated_at(message))


def _read(file: Path) -> EmailMessage:
    return message_from_bytes(file.read_bytes(), policy=SMTP)


def _dated_at(message: EmailMessage) -> datetime:
    """The letter's Date; one without any is as old as time."""
    date: datetime | None = getattr(message["Date"], "datetime", None)
    return date.astimezone(UTC) if date else datetime.fromtimestamp(0, UTC)
