"""What waits too long for a facilitator's answer: told to the office in numbers, never whose texts they are."""

from datetime import datetime, time
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from trainer.accounts.models import User
from trainer.act2_workshop.models import Plan
from trainer.act2_workshop.review_queries import FOR_FACILITATORS, is_waiting
from trainer.act3_practice.models import Reflection
from trainer.cohorts.assignments import answers_for
from trainer.cohorts.models import Cohort, Enrollment, SeatStatus
from trainer.cohorts.queries import Schedule
from trainer.cohorts.rules import instant_of
from trainer.permissions import Role

LONG = 5  # business days
MOST_COUNTED = 1_000  # more than this are counted as so many


class LongWaits(NamedTuple):
    """How many texts wait too long, and the names of the facilitators who answer for their writers."""

    plans: int
    reflections: int
    facilitators: tuple[str, ...]

    @property
    def texts(self) -> int:
        """How many texts wait too long."""
        return self.plans + self.reflections


def long_waits_columns(cohort: Cohort, schedule: Schedule, now: datetime) -> list[ColumnElement[Any]]:
    """What `LongWaits` holds, as columns that any one-row query can carry."""
    before = _long_ago(schedule, now)
    late = [_late_plans(cohort, before), _late_reflections(cohort, before)]
    some = [select(func.count()).select_from(texts.limit(MOST_COUNTED).subquery()).scalar_subquery() for texts in late]
    return [some[0].label("plans"), some[1].label("reflections"), _facilitators(cohort, late).label("facilitators")]


def read_long_waits(row: Any) -> LongWaits:
    """The row of a query with `long_waits_columns`."""
    return LongWaits(row.plans, row.reflections, tuple((row.facilitators or "").splitlines()))


def _long_ago(schedule: Schedule, now: datetime) -> datetime:
    """What was handed in before this instant has waited for more than five business days of the cohort."""
    today = now.astimezone(schedule.zone).date()
    day = schedule.calendar.business_days_from(today, -LONG)
    return instant_of(day, time(), schedule.zone)


def _late_plans(cohort: Cohort, before: datetime) -> Select[int]:
    """The writers' seats."""
    plans = select(Enrollment.id).join(Plan, Plan.enrollment_id == Enrollment.id)
    return plans.where(
        Plan.cohort_id == cohort.id,
        is_waiting(),
        Plan.submitted_at < before,
        Plan.audience.in_(FOR_FACILITATORS),
        Enrollment.status != SeatStatus.WITHDRAWN,
    )


def _late_reflections(cohort: Cohort, before: datetime) -> Select[int]:
    reflections = select(Enrollment.id).join(Reflection, Reflection.enrollment_id == Enrollment.id)
    return reflections.where(
        Reflection.cohort_id == cohort.id,
        Reflection.answered_at.is_(None),
        Reflection.submitted_at < before,
        Reflection.audience.in_(FOR_FACILITATORS),
        Enrollment.status != SeatStatus.WITHDRAWN,
    )


def _facilitators(cohort: Cohort, late: list[Select[int]]) -> ColumnElement[Any]:
    """The names of those who answer for a writer, a line each."""
    seat = aliased(Enrollment)
    theirs = answers_for(seat.id, seat.user_id)
    answers = or_(*(texts.where(theirs).correlate(seat).exists() for texts in late))
    names = (
        select(User.name)
        .join(seat, seat.user_id == User.id)
        .where(seat.cohort_id == cohort.id, seat.role == Role.FACILITATOR, seat.status != SeatStatus.WITHDRAWN, answers)
        .order_by(User.name_reading, User.name)
        .subquery()
    )
    return select(func.aggregate_strings(names.c.name, "\n")).scalar_subquery()
