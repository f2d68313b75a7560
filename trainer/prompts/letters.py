"""What a letter needs to know: its names filled in, its frame, and the one person it goes to."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from functools import cache
from uuid import uuid4

from sqlalchemy.orm import Session

from trainer.act1_lessons.queries import remaining_of
from trainer.cohorts.models import Enrollment
from trainer.dates import clock_words, short_day_words
from trainer.i18n import gettext as _
from trainer.i18n import speaking
from trainer.letter_text import fill, fill_subject
from trainer.mail import Button, message_id, write_letter
from trainer.mail import Letter as Mail
from trainer.programs.content import Letter, Pack
from trainer.programs.queries import pack_of, pack_of_digest
from trainer.prompts.acting import acting_names
from trainer.prompts.addressees import Addressee, Background, addressee_at_first, addressees_of, backgrounds_of
from trainer.prompts.digest_lines import digest_values
from trainer.prompts.frames import frame_of, step_name
from trainer.prompts.models import Prompt

LESSONS_LEFT = re.compile(r"\{\{\s*remaining_")


@dataclass(frozen=True)
class LetterWriter:
    """Writes letters for one installation; needs an application context for its languages."""

    public_url: str
    mail_from: str

    def write(self, db: Session, prompts: Sequence[Prompt], *, now: datetime) -> dict[int, EmailMessage | Exception]:
        """Prompt id -> the letter as mail, or what kept it from being written: one bad letter fails alone.

        A constant number of queries for any number of letters of a few cohorts.
        """
        backgrounds = backgrounds_of(db, {prompt.cohort_id for prompt in prompts})
        remaining = _lessons_left(db, prompts, backgrounds)
        addressees = addressees_of(db, [prompt.id for prompt in prompts], backgrounds)
        acting = acting_names(db, prompts)
        pack_for = cache(lambda version_id, language: pack_of(db, version_id, language))
        written: dict[int, EmailMessage | Exception] = {}
        for prompt in prompts:
            try:
                background = _as_told_by(backgrounds[prompt.cohort_id], acting.get(prompt.id))
                language = addressees[prompt.id].language or background.cohort.language
                pack = pack_for(prompt.program_version_id, language)
                written[prompt.id] = self._write(
                    db, prompt, addressees[prompt.id], background, pack, remaining.get(prompt.enrollment_id), now
                )
            except Exception as error:  # whatever is wrong with this letter must not hold up the others
                written[prompt.id] = error
        return written

    def _write(
        self,
        db: Session,
        prompt: Prompt,
        addressee: Addressee,
        background: Background,
        pack: Pack,
        remaining: tuple[int, int] | None,
        now: datetime,
    ) -> EmailMessage:
        letter = pack.letter(prompt.letter)
        with speaking(pack.lang):
            url = self.link_of(addressee, letter)
            values = values_of(addressee, background, letter, pack, url, remaining)
            if letter.rank == "digest":
                values |= digest_values(db, background, letter, prompt.enrollment_id, now)
            frame = frame_of(letter, pack)
            mail = Mail(
                message_id=message_id(str(prompt.uid), self.public_url),
                sender=self.mail_from,
                to_name=addressee.name,
                to_address=addressee.address or "",
                subject=fill_subject(letter.subject, values),
                body=fill(letter.body, values | _greeted(letter, addressee)),
                footer=fill(pack.messages.footer, values),
                language=pack.lang,
                program_title=pack.program.title,
                button=Button(frame.button, url),
                due=values["due_date"] or None,
                minutes=frame.minutes,
                reason=frame.reason,
                unsubscribe_url=self.stop_link_of(prompt) if letter.opt_out else None,
            )
        return write_letter(mail, now=now)

    def write_unsent(self, db: Session, seat: Enrollment, letter: str, *, now: datetime) -> EmailMessage:
        """A letter as this seat would get it on the first day, written without a row: nothing can send it.

        Raises KeyError for a letter that the program does not have.
        """
        background = backgrounds_of(db, [seat.cohort_id])[seat.cohort_id]
        addressee = addressee_at_first(db, seat, letter, background)
        digest = background.timetable.schedule.digest
        pack = pack_of_digest(db, digest, addressee.language or background.cohort.language)
        prompt = Prompt(uid=uuid4(), letter=letter, enrollment_id=seat.id)  # never added: it only names what is written
        return self._write(db, prompt, addressee, background, pack, None, now)

    def link_of(self, addressee: Addressee, letter: Letter) -> str:
        """Where the letter's button leads, for ever; who may open it is decided by who signs in."""
        return f"{self.public_url}/to/{addressee.seat_uid}/{letter.step or letter.id}"

    def stop_link_of(self, prompt: Prompt) -> str:
        """Where somebody can ask not to get this kind of letter any more (RFC 8058)."""
        return f"{self.public_url}/stop/{prompt.uid}"


def _as_told_by(background: Background, name: str | None) -> Background:
    """The background of a letter about something that this facilitator did."""
    return background if name is None else replace(background, facilitator_name=name)


def values_of(
    addressee: Addressee,
    background: Background,
    letter: Letter,
    pack: Pack,
    url: str,
    remaining: tuple[int, int] | None = None,
) -> dict[str, str]:
    """Name -> value for everything a letter may say; none of it is anything a person wrote about their work."""
    lessons, minutes = remaining or (len(pack.lessons), pack.program.time_budget.act1_minutes)
    due_on = addressee.due_dates.get(letter.step or "")
    return {
        "trainee_name": addressee.trainee_name,
        "program_name": pack.program.title,
        "cohort_name": background.cohort.name,
        "url": url,
        "due_date": short_day_words(due_on, pack.lang) if due_on else "",
        "lesson_count": str(len(pack.lessons)),
        "remaining_count": str(lessons),
        "remaining_minutes": str(minutes),
        "workshop_dates": _workshop_words(background, pack.lang),
        "start_time": clock_words(background.cohort.start_time),
        "venue": background.cohort.venue,
        "facilitator_name": addressee.name if letter.to == "facilitator" else background.facilitator_name,
        "boss_name": addressee.boss_name,
        "close_date": short_day_words(background.dates["close"], pack.lang),
        **_lines(addressee, background, letter, pack),
        "coordinator_name": background.coordinator_name,
        "coordinator_contact": background.coordinator_contact,
        "digest_lines": "",
        "attention_count": "0",
        "waiting_count": "0",
        "estimated_minutes": "0",
        "period": "",
    }


def _greeted(letter: Letter, addressee: Addressee) -> dict[str, str]:
    """A letter to the staff greets its reader, who need not be the one that speaks for the cohort elsewhere."""
    return {f"{letter.to}_name": addressee.name} if letter.to in ("coordinator", "facilitator") else {}


def _lessons_left(
    db: Session, prompts: Sequence[Prompt], backgrounds: Mapping[int, Background]
) -> dict[int, tuple[int, int]]:
    """Seat -> (lessons left, minutes they take), for the letters that say so."""
    left: dict[int, tuple[int, int]] = {}
    for cohort_id, background in backgrounds.items():
        pack = background.timetable.schedule.pack
        saying = {letter.id for letter in pack.letters if LESSONS_LEFT.search(letter.subject + letter.body)}
        seats = {one.enrollment_id for one in prompts if one.cohort_id == cohort_id and one.letter in saying}
        if seats:
            left |= remaining_of(db, seats, pack)
    return left


def _workshop_words(background: Background, language: str) -> str:
    days = sorted({background.cohort.day1_on, background.cohort.day2_on})
    return _(" and ").join(short_day_words(day, language) for day in days)


def _lines(addressee: Addressee, background: Background, letter: Letter, pack: Pack) -> dict[str, str]:
    """The names that stand for several lines, made only for the few letters that say them."""
    makers = {"summary_lines": _finished_lines, "schedule_lines": _open_lines}
    return {
        name: "\n".join(make(addressee, background, pack)) if f"{{{{{name}}}}}" in letter.body else ""
        for name, make in makers.items()
    }


def _finished_lines(addressee: Addressee, background: Background, pack: Pack) -> Iterable[str]:
    for step, finished_at in addressee.finished.items():
        day = finished_at.astimezone(background.zone).date()
        yield _("・%(step)s: finished on %(day)s", step=step_name(step, pack), day=short_day_words(day, pack.lang))


def _open_lines(addressee: Addressee, background: Background, pack: Pack) -> Iterable[str]:
    for step, due_on in addressee.due_dates.items():
        if step not in addressee.finished:
            day = short_day_words(due_on, pack.lang)
            if step == "workshop":
                yield f"・{step_name(step, pack)}: {_workshop_words(background, pack.lang)}"
            else:
                yield _("・%(step)s: until %(day)s", step=step_name(step, pack), day=day)
