"""What a standing follows from: the seat, its person and group, its finished steps and its own dates."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment, Extension, FinishedStep, Group
from trainer.cohorts.queries import Schedule
from trainer.cohorts.standing_rules import LONGEST_KEY, next_due, steps_as_bits
from trainer.permissions import Role


def due_dates_of(schedule: Schedule) -> dict[str, date]:
    """Step -> the cohort's due date; not for the workshop, whose end the office writes down."""
    return {step: schedule.dates[due] for step, due in schedule.due_dates.items() if step != "workshop"}


def columns_of_seats(
    db: Session, cohort: Cohort, due_dates: Mapping[str, date], seats: Collection[int] | None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Seat -> the columns of its standing, for some trainees' seats of a cohort, or (None) for all of them."""
    finished, extensions = _finished(db, cohort, seats), _extensions(db, cohort, seats)
    for row in db.execute(_seats(cohort, seats)):
        bits = steps_as_bits(finished[row.id])
        own = {step: extensions[row.id].get(step, day) for step, day in due_dates.items()}
        due_on, step = next_due(own, bits)
        yield (
            row.id,
            {
                "status": row.status,
                "finished": bits,
                "due_on": due_on,
                "step": step,
                "has_address": bool(row.email),
                "reading": (row.name_reading or row.name)[:LONGEST_KEY],
                "department": row.department[:LONGEST_KEY],
                "group_name": (row.group_name or "")[:LONGEST_KEY],
            },
        )


def _seats(cohort: Cohort, seats: Collection[int] | None) -> Select[*tuple[Any, ...]]:
    columns = (User.name, User.name_reading, User.email, User.department, Group.name.label("group_name"))
    found = (
        select(Enrollment.id, Enrollment.status, *columns)
        .join(User, User.id == Enrollment.user_id)
        .outerjoin(Group, Group.id == Enrollment.group_id)
        .where(Enrollment.cohort_id == cohort.id, Enrollment.role == Role.TRAINEE)
    )
    return found if seats is None else found.where(Enrollment.id.in_(seats))


def _finished(db: Session, cohort: Cohort, seats: Collection[int] | None) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for seat, step in db.execute(_of_seats(cohort, FinishedStep, seats, FinishedStep.step)):
        found[seat].add(step)
    return found


def _extensions(db: Session, cohort: Cohort, seats: Collection[int] | None) -> dict[int, dict[str, date]]:
    found: dict[int, dict[str, date]] = defaultdict(dict)
    for seat, step, due_on in db.execute(_of_seats(cohort, Extension, seats, Extension.step, Extension.due_on)):
        found[seat][step] = due_on
    return found


def _of_seats(cohort: Cohort, model: Any, seats: Collection[int] | None, *columns: Any) -> Select[Any]:
    rows = select(model.enrollment_id, *columns)
    if seats is not None:
        return rows.where(model.organization_id == cohort.organization_id, model.enrollment_id.in_(seats))
    return rows.join(Enrollment, Enrollment.id == model.enrollment_id).where(Enrollment.cohort_id == cohort.id)
