"""Letters that are due, for the tests of claiming and sending: a planned course, and a hand on single rows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, select, update

from tests.prompts.courses import cohort_and_seat, make_course, plan
from trainer.accounts.models import User
from trainer.cohorts.models import Enrollment
from trainer.db import Database
from trainer.mail_outcomes import Handed
from trainer.prompts.claim import Claim, Lease, claim
from trainer.prompts.eligibility import DueLetter
from trainer.prompts.models import Attempt, Prompt
from trainer.prompts.outcomes import Tried
from trainer.prompts.timetables import Timetables

OPENING = datetime(2027, 1, 13, tzinfo=UTC)  # a Wednesday, 09:00 in Tokyo
BACK_OFF = tuple(timedelta(minutes=count) for count in (5, 15, 30, 60, 120, 240, 480))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG_LEASE = Lease(uuid4(), "test:1", 60)


def planned_course(database: Database, folder: Path, *numbers: str, **cohort: Any) -> int:
    """A started cohort (trainees 001 and 002 unless said) whose letters are planned."""
    number = make_course(database, folder, *numbers, **cohort)
    with database.session() as db:
        plan(db)
    return number


def new_lease(seconds: float = 60, worker: str = "test:1") -> Lease:
    """A lease with a token of its own."""
    return replace(LONG_LEASE, token=uuid4(), seconds=seconds, worker=worker)


def take(database: Database, now: datetime = OPENING, lease: Lease = LONG_LEASE, limit: int = 200) -> Claim:
    """One claim, committed."""
    with database.session() as db:
        claimed = claim(db, now, limit=limit, late_limit=limit, lease=lease, timetables=Timetables())
        db.commit()
    return claimed


def letter_of(database: Database, number: str = "001", letter: str = "act1_open") -> Prompt:
    """One row as it is now."""
    with database.reading() as db:
        return db.scalars(_chosen(number, letter)).one()


def change(database: Database, number: str = "001", letter: str = "act1_open", **values: Any) -> None:
    """Write into one row what no path would."""
    with database.session() as db:
        row = db.scalars(_chosen(number, letter)).one()
        db.execute(update(Prompt).where(Prompt.id == row.id).values(**values))
        db.commit()


def change_seat(database: Database, cohort: int, number: str = "001", **values: Any) -> int:
    """Write into one seat; gives its id."""
    with database.session() as db:
        _, seat = cohort_and_seat(db, cohort, number)
        if values:
            db.execute(update(Enrollment).where(Enrollment.id == seat.id).values(**values))
        db.commit()
        return seat.id


def tries_of(database: Database, number: str = "001", letter: str = "act1_open") -> list[tuple[int, str]]:
    """(number, outcome) of each try of one row, in order."""
    row = letter_of(database, number, letter)
    with database.reading() as db:
        found = db.execute(
            select(Attempt.number, Attempt.outcome).where(Attempt.prompt_id == row.id).order_by(Attempt.id)
        )
        return [(try_number, outcome) for try_number, outcome in found]


def tried(letter: DueLetter, handed: Handed | None = None, error: Exception | None = None) -> Tried:
    """A result, as a sender would give it."""
    return Tried(letter, "p001@minato.example", OPENING, OPENING, handed, error)


def _chosen(number: str, letter: str) -> Select[Prompt]:
    return (
        select(Prompt)
        .join(Enrollment, Enrollment.id == Prompt.enrollment_id)
        .join(User, User.id == Enrollment.user_id)
        .where(User.employee_number == number, Prompt.letter == letter)
    )
