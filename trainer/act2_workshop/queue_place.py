"""Where somebody stands in their queue: how much is left, what lies on both sides, what can be taken back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.act2_workshop.models import Decision, Plan, PlanReview
from trainer.act2_workshop.review_queries import Desk, is_behind, is_waiting, plans_of, waiting_plans
from trainer.act2_workshop.review_rules import UNDO_WITHIN
from trainer.cohorts.models import Enrollment

BACKWARDS = (Plan.warnings, Plan.submitted_at.desc(), Plan.id.desc())


@dataclass(frozen=True)
class Around:
    """Where somebody stands in the queue: how much there is, what lies on both sides, what can be taken back."""

    total: int
    waiting: int
    following: UUID | None
    previous: UUID | None
    undo: UUID | None  # the plan that was answered last, within the time for taking it back
    undo_name: str | None
    undo_decision: Decision | None

    @property
    def done(self) -> int:
        """How many have been answered."""
        return self.total - self.waiting


def around(db: Session, desk: Desk, plan: Plan | None, now: datetime) -> Around:
    """The queue around a plan, or at its beginning; in one query."""
    everything = plans_of(desk).with_only_columns(func.count(), func.count().filter(is_waiting())).subquery()
    following = waiting_plans(desk, after=plan).with_only_columns(Plan.uid).limit(1)
    before = plans_of(desk).where(is_waiting(), _is_before(plan)).order_by(*BACKWARDS).with_only_columns(Plan.uid)
    undo = _last_answered(desk, now)
    columns = (Plan.uid, User.name, PlanReview.decision)
    row: Any = db.execute(
        select(
            *everything.columns,
            following.scalar_subquery(),
            before.limit(1).scalar_subquery(),
            *(undo.with_only_columns(column).scalar_subquery() for column in columns),
        )
    ).one()
    return Around(*row)


def _last_answered(desk: Desk, now: datetime) -> Select[*tuple[Any, ...]]:
    answered = (
        select(Plan.uid)
        .select_from(PlanReview)
        .join(Plan, Plan.id == PlanReview.plan_id)
        .join(Enrollment, Enrollment.id == Plan.enrollment_id)
        .join(User, User.id == Enrollment.user_id)
    )
    return (
        answered.where(
            PlanReview.facilitator_id == desk.user_id,
            PlanReview.released_at.is_(None),
            PlanReview.decided_at > now - UNDO_WITHIN,
            Plan.cohort_id == desk.cohort_id,
        )
        .order_by(PlanReview.decided_at.desc(), PlanReview.id.desc())
        .limit(1)
    )


def _is_before(plan: Plan | None) -> ColumnElement[bool]:
    if plan is None:
        return Plan.id.is_(None)
    return and_(Plan.id != plan.id, ~is_behind(plan))
