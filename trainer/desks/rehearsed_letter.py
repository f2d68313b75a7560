"""One letter exactly as one person would get it: its head, its HTML and its plain text; nothing is sent."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.cohorts.models import Cohort, Enrollment, Extension
from trainer.cohorts.queries import seats_in_role
from trainer.permissions import Role
from trainer.programs.content import Letter
from trainer.prompts.letters import LetterWriter
from trainer.prompts.rehearsal import outlook
from trainer.prompts.timetable import Timetable, timetable_of
from trainer.settings import Settings

STAFF = {"coordinator": Role.COORDINATOR, "facilitator": Role.FACILITATOR}


@dataclass(frozen=True)
class RehearsedLetter:
    """A letter as its reader will see it; `at` is in the cohort's zone, None where it follows something that happens.

    Where nobody would get it, its text is empty.
    """

    id: str
    at: datetime | None
    subject: str = ""
    to: str = ""
    html: str = ""
    text: str = ""


def rehearsed_letter(
    db: Session, cohort: Cohort, trainee: Enrollment, letter: str, *, now: datetime
) -> RehearsedLetter | None:
    """The letter as it will look; None where the cohort sends none of this name. Raises ImpossibleSchedule."""
    timetable = timetable_of(db, cohort)
    known = next((one for one in timetable.letters if one.id == letter), None)
    if known is None:
        return None
    at, seat = _hour(db, timetable, trainee, letter), _seat(db, cohort, trainee, known)
    if seat is None:
        return RehearsedLetter(letter, at)
    settings: Settings = current_app.extensions["settings"]
    message = LetterWriter(settings.public_url, settings.mail_from).write_unsent(db, seat, letter, now=at or now)
    return RehearsedLetter(
        id=letter,
        at=at,
        subject=str(message["Subject"]),
        to=str(message["To"]),
        html=_content(message, "html"),
        text=_content(message, "plain"),
    )


def _hour(db: Session, timetable: Timetable, trainee: Enrollment, letter: str) -> datetime | None:
    extensions = select(Extension.step, Extension.due_on).where(Extension.enrollment_id == trainee.id)
    own = {step: day for step, day in db.execute(extensions)}
    return next((at for one, at, _reason in outlook(timetable, own) if one.id == letter), None)


def _seat(db: Session, cohort: Cohort, trainee: Enrollment, letter: Letter) -> Enrollment | None:
    """The seat for which the letter is written: the trainee's, or the first of those whose overview it is."""
    if letter.to in STAFF:
        return next(iter(seats_in_role(db, cohort, STAFF[letter.to])), None)
    return trainee if letter.to == "trainee" or trainee.boss_id else None


def _content(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if body else ""
