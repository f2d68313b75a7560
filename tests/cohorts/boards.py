"""A board as it is kept, and the same counted by hand from the tables it follows from."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment, Extension, FinishedStep, Group
from trainer.cohorts.numbers import numbers_of
from trainer.cohorts.queries import schedule_of
from trainer.cohorts.standing_models import Standing
from trainer.permissions import Role
from trainer.programs.rules import STEPS


@dataclass(frozen=True)
class Expected:
    """What a board says on a day."""

    rows: Mapping[
        int, tuple[object, ...]
    ]  # seat -> status, steps, the next due date, address, reading, department, group
    total: int
    finished: dict[str, int]
    not_done: int
    overdue: int
    paused: int
    withdrawn: int
    no_address: int
    groups: dict[str, int]


def board_that_is_kept(db: Session, cohort: Cohort, today: date) -> Expected:
    """What the board's own tables say."""
    db.flush()
    rows = {
        one.enrollment_id: (
            one.status.value,
            frozenset(step for place, step in enumerate(STEPS) if one.finished >> place & 1),
            one.due_on,
            one.step,
            one.has_address,
            one.reading,
            one.department,
            one.group_name,
        )
        for one in db.scalars(
            select(Standing).where(Standing.cohort_id == cohort.id).execution_options(populate_existing=True)
        )
    }
    numbers = numbers_of(db, cohort, today)
    return Expected(rows, **{name: getattr(numbers, name) for name in Expected.__dataclass_fields__ if name != "rows"})


def board_from_other_tables(db: Session, cohort: Cohort, today: date) -> Expected:
    """The same, seat by seat."""
    db.flush()
    found = db.execute(
        select(Enrollment, User, Group.name)
        .join(User, User.id == Enrollment.user_id)
        .outerjoin(Group, Group.id == Enrollment.group_id)
        .where(Enrollment.cohort_id == cohort.id, Enrollment.role == Role.TRAINEE)
        .execution_options(populate_existing=True)
    ).all()
    rows = {seat.id: _row(db, cohort, seat, user, group or "") for seat, user, group in found}
    here = [row for row in rows.values() if row[0] != "withdrawn"]
    return Expected(
        rows=rows,
        total=len(here),
        finished=dict(Counter(step for row in here for step in row[1])),
        not_done=sum(len(row[1]) < len(STEPS) for row in here),
        overdue=sum(row[0] == "active" and row[2] is not None and row[2] < today for row in here),
        paused=sum(row[0] == "paused" for row in here),
        withdrawn=len(rows) - len(here),
        no_address=sum(not row[4] for row in here),
        groups=dict(Counter(row[7] for row in here)),
    )


def _row(
    db: Session, cohort: Cohort, seat: Enrollment, user: User, group: str
) -> tuple[str, frozenset[str], date | None, str | None, bool, str, str, str]:
    done = frozenset(db.scalars(select(FinishedStep.step).where(FinishedStep.enrollment_id == seat.id)))
    own = dict(db.execute(select(Extension.step, Extension.due_on).where(Extension.enrollment_id == seat.id)).all())
    schedule = schedule_of(db, cohort)
    due = [
        (own.get(step, schedule.dates[schedule.due_dates[step]]), place, step)
        for place, step in enumerate(STEPS)
        if step not in done and step != "workshop"
    ]
    first = min(due, default=(None, 0, None))
    reading = user.name_reading or user.name
    return seat.status.value, done, first[0], first[2], bool(user.email), reading, user.department, group
