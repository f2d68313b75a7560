"""Answers whose minute is over reach the trainee: the plan's state follows, and their letters are planned."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.act2_workshop.models import Plan, PlanReview
from trainer.act2_workshop.review_rules import UNDO_WITHIN
from trainer.act2_workshop.reviewing import DEEDS
from trainer.act2_workshop.rules import PlanState, state_after
from trainer.cohorts.actions import mark_to_plan
from trainer.cohorts.models import Cohort
from trainer.permissions import Role

AT_A_TIME = 200  # so that a turn's transaction stays short


def release_reviews(db: Session, now: datetime, *, limit: int = AT_A_TIME) -> int:
    """Release up to `limit` answers that were decided a minute before `now`; gives how many. Twice changes nothing.

    The caller commits and calls again until it answers 0. A plan in somebody's hands comes with the next call.
    """
    due = (
        select(PlanReview, Plan)
        .join(Plan, (Plan.id == PlanReview.plan_id) & (Plan.version == PlanReview.version))
        .where(
            PlanReview.released_at.is_(None),
            PlanReview.decided_at <= now - UNDO_WITHIN,
            Plan.state == PlanState.SUBMITTED,
        )
        .order_by(PlanReview.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = db.execute(due).all()
    for review, plan in rows:
        _release(review, plan, now)
    db.flush()
    cohorts = {plan.cohort_id for _review, plan in rows}
    for cohort in db.scalars(select(Cohort).where(Cohort.id.in_(cohorts)).order_by(Cohort.id)):
        mark_to_plan(db, cohort)
    return len(rows)


def _release(review: PlanReview, plan: Plan, now: datetime) -> None:
    if review.decision is None:
        raise ValueError("an answer without a decision cannot be released")
    plan.state = state_after(plan.state, DEEDS[review.decision], Role.FACILITATOR)
    review.released_at = now
