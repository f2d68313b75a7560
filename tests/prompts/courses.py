"""Small courses for the tests of letters: a cohort in Tokyo with a few trainees, made by the loader itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from trainer import i18n
from trainer.cohorts.cohort_file import CohortFile
from trainer.cohorts.load import load_cohort
from trainer.cohorts.models import Cohort, Enrollment
from trainer.cohorts.queries import seat_of
from trainer.db import Database
from trainer.prompts.planning import plan_prompts

HEADER = "Employee number,Name,E-mail,Group,Boss,Boss e-mail"
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)
DAYS = (date(2027, 2, 3), date(2027, 2, 4))


@contextmanager
def languages() -> Iterator[None]:
    """An application context, so that messages have a language."""
    app = Flask("tests")
    i18n.init_app(app)
    with app.app_context():
        yield


def roster(folder: Path, *numbers: str) -> Path:
    """A roster of people whose numbers are given; each has a boss."""
    lines = [f"{number},Person {number},p{number}@minato.example,A,Boss,boss@minato.example" for number in numbers]
    path = folder / "roster.csv"
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return path


def make_course(
    database: Database, folder: Path, *numbers: str, now: datetime = DECEMBER, starts: bool = True, **cohort: object
) -> int:
    """The number of a cohort with these trainees (001 and 002 unless said), loaded from a cohort file and committed."""
    path = roster(folder, *(numbers or ("001", "002")))
    declared = {
        "organization": {"name": "みなと商事"},
        "cohort": {
            "name": "第1回",
            "workshop_days": list(DAYS),
            "roster": path.name,
            "coordinators": [{"name": "佐野", "email": "sano@minato.example"}],
            "facilitators": [{"name": "大河内", "email": "okochi@training.example"}],
            **cohort,
        },
    }
    with languages(), database.session() as db:
        loaded = load_cohort(db, CohortFile.model_validate(declared), folder, now=now, starts=starts)
        assert loaded.written, loaded
        assert loaded.cohort is not None
        db.commit()
        return loaded.cohort


def plan(db: Session, now: datetime = DECEMBER) -> int:
    """Plan until nothing is marked, commit, and say how many cohorts were looked at."""
    looked_at = 0
    while found := plan_prompts(db, now):
        looked_at += found
        db.commit()
    db.commit()
    return looked_at


def cohort_and_seat(db: Session, cohort: int, number: str) -> tuple[Cohort, Enrollment]:
    """A cohort and the seat of one of its trainees."""
    found = db.get_one(Cohort, cohort)
    seat = seat_of(db, found, number)
    assert seat is not None
    return found, seat
