"""The whole course's letters before anything starts: to whom, on which day and hour, as if nobody finished anything."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment, Extension
from trainer.cohorts.queries import trainee_seats
from trainer.programs.content import Letter
from trainer.prompts.rules import Reason, settle
from trainer.prompts.timetable import Timetable, is_follow_up, timetable_of

Extensions = tuple[tuple[str, date], ...]  # (step, own due date) each, by step
COLUMNS = ("due_at", "letter", "employee_number", "email")


@dataclass(frozen=True, order=True)
class Rehearsed:
    """One letter that will go out; `due_at` is in the cohort's zone, ISO 8601 to the second."""

    due_at: str
    letter: str
    employee_number: str
    email: str


def rehearse(db: Session, cohort: Cohort) -> list[Rehearsed]:
    """Every letter that a fresh, undisturbed course would send, in order of time. Raises ImpossibleSchedule."""
    timetable = timetable_of(db, cohort)
    plans: dict[Extensions, list[tuple[str, Letter]]] = {}
    rehearsed = []
    for number, address, boss_address, extensions in _people(db, cohort):
        if extensions not in plans:
            plans[extensions] = list(due_letters(timetable, dict(extensions)))
        for due_at, letter in plans[extensions]:
            to = boss_address if letter.to == "boss" else address
            if to:
                rehearsed.append(Rehearsed(due_at, letter.id, number, to))
    return sorted(rehearsed)


def due_letters(timetable: Timetable, extensions: dict[str, date]) -> Iterator[tuple[str, Letter]]:
    """The letters of a seat with these extensions (step -> day), each with its hour in the cohort's zone, ISO 8601."""
    for letter, due_at, reason in outlook(timetable, extensions):
        if reason is None:
            yield due_at.isoformat(timespec="seconds"), letter


def outlook(timetable: Timetable, extensions: dict[str, date]) -> Iterator[tuple[Letter, datetime, Reason | None]]:
    """The same with the letters that stay behind another, and why; instants in the cohort's zone."""
    days = [pair for pair in timetable.days(extensions) if _goes_if_nobody_finishes(pair[0])]
    behind = settle(timetable.candidate(letter, day) for letter, day in days if is_follow_up(letter))
    for letter, day in days:
        yield letter, timetable.due_at(day).astimezone(timetable.schedule.zone), behind.get(letter.id)


def letters_a_day(db: Session, timetable: Timetable) -> Counter[tuple[date, str]]:
    """How many of each letter `rehearse` has on each local day: (day, letter) -> number. Raises ImpossibleSchedule.

    One query, and a few rows for any number of seats: only those with extensions have rows of their own.
    """
    letters = Counter[tuple[date, str]]()
    for extensions, readers in _readers(db, timetable.cohort).items():
        for letter, due_at, reason in outlook(timetable, dict(extensions)):
            if reason is None:
                letters[due_at.date(), letter.id] += readers["boss" if letter.to == "boss" else "trainee"]
    return +letters


def as_csv(rehearsed: Iterable[Rehearsed]) -> str:
    """The letters as CSV: one header line, comma, LF, quotes only where needed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((one.due_at, one.letter, one.employee_number, one.email) for one in rehearsed)
    return out.getvalue()


def _readers(db: Session, cohort: Cohort) -> dict[Extensions, Counter[str]]:
    """How many trainees with these extensions have an address, and how many have a boss with one."""
    boss = aliased(User)
    own = (Extension.enrollment_id, Extension.step, Extension.due_on)  # nothing in them for all who have none
    seats = trainee_seats(cohort).order_by(None).join(User, User.id == Enrollment.user_id)
    seats = seats.outerjoin(boss, boss.id == Enrollment.boss_id)
    seats = seats.outerjoin(Extension, Extension.enrollment_id == Enrollment.id)
    counted = seats.with_only_columns(*own, func.count(User.email), func.count(boss.email)).group_by(*own)
    readers: dict[Extensions, Counter[str]] = defaultdict(Counter)
    for _seat, given in groupby(db.execute(counted.order_by(*own)), lambda row: row[0]):
        rows = list(given)  # of one seat, or one row for all seats without extensions
        extensions = tuple((step, day) for _, step, day, _, _ in rows if step is not None)
        readers[extensions].update(trainee=rows[0][3], boss=rows[0][4])
    return readers


def _goes_if_nobody_finishes(letter: Letter) -> bool:
    return letter.send_if is None or letter.is_reminder


def _people(db: Session, cohort: Cohort) -> Iterator[tuple[str, str | None, str | None, Extensions]]:
    boss = aliased(User)
    seats = trainee_seats(cohort).with_only_columns(Enrollment.id, User.employee_number, User.email, boss.email)
    seats = seats.join(User, User.id == Enrollment.user_id).outerjoin(boss, boss.id == Enrollment.boss_id)
    extensions = (
        select(Extension.enrollment_id, Extension.step, Extension.due_on)
        .join(Enrollment, Enrollment.id == Extension.enrollment_id)
        .where(Enrollment.cohort_id == cohort.id)
        .order_by(Extension.enrollment_id, Extension.step)
    )
    given = {
        seat: tuple((step, day) for _, step, day in rows)
        for seat, rows in groupby(db.execute(extensions), lambda row: row[0])
    }
    for seat_id, number, address, boss_address in db.execute(seats):
        yield number or "", address, boss_address, given.get(seat_id, ())
