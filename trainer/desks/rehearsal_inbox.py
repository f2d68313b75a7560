"""The inbox of one trainee before anything is sent: what comes, what stays behind, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment, Extension
from trainer.cohorts.queries import trainee_seats
from trainer.desks.rehearsal_calendar import Letters
from trainer.programs.content import Letter, Pack
from trainer.prompts.addressees import Addressee, Background
from trainer.prompts.letter_names import letter_name
from trainer.prompts.letters import values_of
from trainer.prompts.rehearsal import outlook
from trainer.prompts.rules import Reason
from trainer.prompts.timetable import Timetable

FOUND = 12
NO_DAY = (None, None)
NOT_COUNTED = "0"  # what a letter says of numbers that are known only when it is sent


@dataclass(frozen=True)
class InboxLine:
    """One letter about one trainee; `at` is in the cohort's zone, None where it follows something that happens."""

    letter: str
    subject: str
    to: str
    at: datetime | None
    reason: Reason | None  # why it stays behind


@dataclass(frozen=True)
class Trainee:
    """Whose inbox is looked at, and the due dates that are this person's own (step -> day)."""

    seat: Enrollment
    user: User
    extensions: dict[str, date]


def find_trainees(db: Session, cohort: Cohort, words: str) -> Sequence[Row[UUID, str, str]]:
    """(seat, name, department) of the trainees whose name, reading or number holds these words; a few only."""
    seats = trainee_seats(cohort).join(User, User.id == Enrollment.user_id)
    for word in words.split():
        columns = (User.name, User.name_reading, User.employee_number)
        seats = seats.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return db.execute(seats.limit(FOUND).with_only_columns(Enrollment.uid, User.name, User.department)).all()


def trainee_at(db: Session, cohort: Cohort, uid: UUID | None) -> Trainee | None:
    """The trainee of this seat, or the first one of the cohort; None where there is none."""
    seats = trainee_seats(cohort).with_only_columns(Enrollment.id)
    wanted = seats.where(Enrollment.uid == uid) if uid else seats.limit(1)
    rows = db.execute(
        select(Enrollment, User, Extension.step, Extension.due_on)
        .join(User, User.id == Enrollment.user_id)
        .outerjoin(Extension, Extension.enrollment_id == Enrollment.id)
        .where(Enrollment.id == wanted.scalar_subquery())
    ).all()
    if not rows:
        return None
    return Trainee(rows[0][0], rows[0][1], {step: due_on for _seat, _user, step, due_on in rows if step})


def inbox_of(timetable: Timetable, trainee: Trainee, pack: Pack) -> list[InboxLine]:
    """Every letter about a trainee, those with a day in order of time; `pack` is in the reader's language.

    Letters to the boss are there where the seat has one; letters to the staff are about nobody alone.
    """
    readers = {"trainee", "boss"} if trainee.seat.boss_id else {"trainee"}
    days = {letter.id: (at, reason) for letter, at, reason in outlook(timetable, trainee.extensions)}
    lines = [
        InboxLine(letter.id, known_subject(timetable, letter, pack, trainee), letter.to, *days.get(letter.id, NO_DAY))
        for letter in timetable.letters
        if letter.to in readers
    ]
    return sorted(lines, key=lambda line: (line.at is None, line.at and line.at.timestamp()))


def staff_letters(timetable: Timetable, pack: Pack) -> list[tuple[str, str]]:
    """(id, what it is about) of the regular letters to the staff."""
    staff = (letter for letter in timetable.letters if letter.to in ("coordinator", "facilitator"))
    return [(letter.id, known_subject(timetable, letter, pack)) for letter in staff]


def letters_on(day: date, letters: Letters, timetable: Timetable, pack: Pack) -> list[tuple[str, str, int]]:
    """(id, what it is about, how many) of the letters of one day, in the pack's order."""
    return [
        (letter.id, known_subject(timetable, letter, pack), letters[day, letter.id])
        for letter in timetable.letters
        if letters[day, letter.id]
    ]


def known_subject(timetable: Timetable, letter: Letter, pack: Pack, trainee: Trainee | None = None) -> str:
    """A letter's subject with everything that is known before it is sent; `pack` is in the reader's language."""
    schedule = timetable.schedule
    due_dates = {step: schedule.dates[due] for step, due in schedule.due_dates.items()}
    nobody = Addressee(uuid4(), "", None, None, "", "", due_dates)
    addressee = nobody
    if trainee is not None:
        own = {**due_dates, **trainee.extensions}
        addressee = replace(nobody, trainee_name=trainee.user.name, due_dates=own)
    told = next((one for one in pack.letters if one.id == letter.id), letter)
    values = values_of(addressee, Background(timetable.cohort, timetable, "", "", ""), told, pack, "")
    return letter_name(told, pack, {name: value for name, value in values.items() if value != NOT_COUNTED})
