"""What a move has to reckon with: letters that have gone, and who still has which steps to do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment, Extension, SeatStatus
from trainer.cohorts.standing_models import Standing
from trainer.cohorts.standing_rules import is_finished
from trainer.programs.rules import STEPS
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.queries import is_open

GONE = (PromptState.SENT, PromptState.CLAIMED, PromptState.HANDING, PromptState.IN_DOUBT)


@dataclass(frozen=True)
class Gone:
    """How far one of the cohort's dated letters has got."""

    sent: int = 0  # sent, on its way, or perhaps sent
    first_on: date | None = None  # the day on which the first of them went
    is_for_all: bool = False  # it is decided for everybody, so that no date moves it


@dataclass(frozen=True)
class Person:
    """Somebody who takes part and is not paused."""

    name: str
    finished: Collection[str]  # steps
    extensions: dict[str, date]  # step -> own due date


def letters_gone(db: Session, cohort: Cohort, now: datetime) -> dict[str, Gone]:
    """Letter -> how far it has got, for those of which a row has been planned; one query."""
    has_gone = Prompt.state.in_(GONE)
    rows = db.execute(
        select(
            Prompt.letter,
            func.sum(case((has_gone, 1), else_=0)),
            func.min(case((has_gone, Prompt.local_date))),
            func.sum(case((is_open(now), 1), else_=0)),
        )
        .where(Prompt.cohort_id == cohort.id, Prompt.occasion == "")
        .group_by(Prompt.letter)
    )
    return {letter: Gone(sent, first_on, is_for_all=not still_open) for letter, sent, first_on, still_open in rows}


def people_asked(db: Session, cohort: Cohort) -> list[Person]:
    """Everybody who takes part and is not paused, by the reading of their names; one query."""
    rows = db.execute(
        select(Standing.enrollment_id, Standing.finished, User.name, Extension.step, Extension.due_on)
        .join(Enrollment, Enrollment.id == Standing.enrollment_id)
        .join(User, User.id == Enrollment.user_id)
        .outerjoin(Extension, Extension.enrollment_id == Enrollment.id)
        .where(Standing.cohort_id == cohort.id, Standing.status == SeatStatus.ACTIVE)
        .order_by(Standing.reading, Standing.enrollment_id)
    )
    people = []
    for _seat, of_seat in groupby(rows, key=lambda row: row[0]):
        own = list(of_seat)
        finished = frozenset(step for step in STEPS if is_finished(own[0][1], step))
        people.append(Person(own[0][2], finished, {step: due_on for *_, step, due_on in own if step}))
    return people
