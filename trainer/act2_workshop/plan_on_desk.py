"""One plan with everything that its card on the desk shows, in one query."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_
from sqlalchemy.orm import Session, aliased

from trainer.accounts.models import User
from trainer.act2_workshop.models import Decision, Plan, PlanReview, PlanVersion
from trainer.act2_workshop.review_queries import Desk, is_own, plans_of
from trainer.cohorts.models import Enrollment


@dataclass(frozen=True)
class PlanOnDesk:
    """One plan with everything its card shows, still sealed."""

    plan: Plan
    seat: Enrollment
    name: str
    department: str
    version: PlanVersion
    own: PlanReview | None  # this facilitator's answer to the present version, drafts too
    answer: PlanReview | None  # anybody's that was decided
    answered_by: str | None
    asked: PlanReview | None  # the question before, with the version that it was asked of
    asked_of: PlanVersion | None


def plan_on_desk(db: Session, desk: Desk, uid: UUID) -> PlanOnDesk | None:
    """A plan with what lies beside it, in one query; None for one that is not this facilitator's to read."""
    own, answer, asked = aliased(PlanReview), aliased(PlanReview), aliased(PlanReview)
    asked_of, answerer = aliased(PlanVersion), aliased(User)
    present = (PlanVersion.plan_id == Plan.id) & (PlanVersion.version == Plan.version)
    decided = (answer.plan_id == Plan.id) & (answer.version == Plan.version) & answer.decided_at.is_not(None)
    earlier = and_(
        asked.plan_id == Plan.id,
        asked.version < Plan.version,
        asked.decision == Decision.RETURN,
        asked.released_at.is_not(None),
    )
    row: Any = db.execute(
        plans_of(desk)
        .where(Plan.uid == uid)
        .join(User, User.id == Enrollment.user_id)
        .join(PlanVersion, present)
        .outerjoin(own, is_own(own, desk))
        .outerjoin(answer, decided)
        .outerjoin(answerer, answerer.id == answer.facilitator_id)
        .outerjoin(asked, earlier)
        .outerjoin(asked_of, (asked_of.plan_id == Plan.id) & (asked_of.version == asked.version))
        .order_by(asked.version.desc())
        .limit(1)
        .with_only_columns(
            *(Plan, Enrollment, User.name, User.department, PlanVersion),
            *(own, answer, answerer.name, asked, asked_of),
        )
    ).one_or_none()
    return PlanOnDesk(*row) if row else None
