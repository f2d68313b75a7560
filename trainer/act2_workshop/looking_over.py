"""What is stored beside a submitted version so that nobody has to open it to sort it: codes, never words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.act2_workshop.checks import CheckedPlan, Code, checks_of, warnings_among
from trainer.act2_workshop.plan_words import PlanWords
from trainer.cohorts.models import Enrollment
from trainer.programs.content import Pack


@dataclass(frozen=True)
class Findings:
    """A version's checks and facts, as its columns hold them, and how many of the checks are warnings."""

    checks: list[Code]
    facts: dict[str, list[str]]
    warnings: int


def look_over(db: Session, seat: Enrollment, words: PlanWords, pack: Pack, *, workshop_ends_on: date) -> Findings:
    """Look a seat's plan over, in one query: its cohort's other people are the names that should not be in it."""
    found = checks_of(CheckedPlan(words, pack, workshop_ends_on, names_around(db, seat)))
    return Findings(found, facts_of(words), warnings_among(found, pack))


def names_around(db: Session, seat: Enrollment) -> Sequence[str]:
    """The names of everybody else in the seat's cohort."""
    others = select(User.name).join(Enrollment, Enrollment.user_id == User.id)
    return db.scalars(
        others.where(Enrollment.cohort_id == seat.cohort_id, Enrollment.user_id != seat.user_id).distinct()
    ).all()


def facts_of(words: PlanWords) -> dict[str, list[str]]:
    """Which work a plan shares and which reactions it expects: what a cohort's counts are made from."""
    return {
        "tasks": _codes(words, "task_ref"),
        "resistances": _codes(words, "expected_resistance"),
    }


def _codes(words: PlanWords, field: str) -> list[str]:
    return sorted({str(measure[field]) for measure in words.measures if measure.get(field)})
