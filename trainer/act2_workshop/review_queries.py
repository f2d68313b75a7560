"""The plans that a facilitator reads: which are theirs, which wait, in which order, and what lies beside each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from trainer.accounts.models import User
from trainer.act2_workshop.models import Plan, PlanReview, PlanVersion
from trainer.act2_workshop.rules import PlanState
from trainer.cohorts.assignments import answers_for
from trainer.cohorts.models import Enrollment, SeatStatus
from trainer.permissions import READERS, Audience, Reader

FOR_FACILITATORS = [audience for audience in Audience if Reader.FACILITATOR in READERS[audience]]
ORDER = (Plan.warnings.desc(), Plan.submitted_at, Plan.id)
ANSWERED_ORDER = (Plan.decided_at.desc(), Plan.id.desc())


@dataclass(frozen=True)
class Desk:
    """Whose desk it is: a facilitator's seat in a cohort, and their user's number."""

    cohort_id: int
    seat_id: int
    user_id: int


def plans_of(desk: Desk) -> Select[Plan]:
    """Every plan that this facilitator may read: submitted once, by somebody assigned to them, for their eyes."""
    return (
        select(Plan)
        .join(Enrollment, Enrollment.id == Plan.enrollment_id)
        .where(
            Plan.cohort_id == desk.cohort_id,
            Plan.state != PlanState.DRAFT,
            Plan.audience.in_(FOR_FACILITATORS),
            Enrollment.status != SeatStatus.WITHDRAWN,
            answers_for(desk.seat_id, desk.user_id),
        )
    )


def is_waiting() -> ColumnElement[bool]:
    """Whether a plan waits for an answer."""
    return and_(Plan.state == PlanState.SUBMITTED, Plan.decided_at.is_(None))


def is_resubmitted() -> ColumnElement[bool]:
    """Whether the present version is the answer to a question."""
    earlier = (PlanReview.plan_id == Plan.id) & (PlanReview.version < Plan.version)
    return exists().where(earlier, PlanReview.released_at.is_not(None))


def waiting_plans(desk: Desk, *, after: Plan | None = None) -> Select[Plan]:
    """The plans that wait, those with most warnings first, then those that wait longest; from a plan's place on."""
    waiting = plans_of(desk).where(is_waiting()).order_by(*ORDER)
    return waiting.where(is_behind(after)) if after is not None else waiting


def waiting_count(db: Session, desk: Desk) -> int:
    """How many plans wait for this facilitator."""
    return db.scalar(waiting_counted(desk)) or 0


def waiting_counted(desk: Desk) -> Select[int]:
    """The same number, for a query that asks for more."""
    return plans_of(desk).where(is_waiting()).with_only_columns(func.count())


def answered_plans(desk: Desk) -> Select[Plan]:
    """The plans that do not wait, the last answered first."""
    return plans_of(desk).where(~is_waiting()).order_by(*ANSWERED_ORDER)


def lines_of(plans: Select[Plan], desk: Desk, *, limit: int) -> Select[*tuple[Any, ...]]:
    """(plan, name, department, checks, own answer, whether resubmitted) of the first plans: no words of anybody."""
    own, first = aliased(PlanReview), plans.with_only_columns(Plan.id).limit(limit).subquery()
    return (
        select(Plan, User.name, User.department, PlanVersion.checks, own, is_resubmitted())
        .join(first, first.c.id == Plan.id)
        .join(Enrollment, Enrollment.id == Plan.enrollment_id)
        .join(User, User.id == Enrollment.user_id)
        .join(PlanVersion, (PlanVersion.plan_id == Plan.id) & (PlanVersion.version == Plan.version))
        .outerjoin(own, is_own(own, desk))
    )


def plan_in_queue(db: Session, desk: Desk, uid: UUID) -> Plan | None:
    """One of the facilitator's plans, waiting or not."""
    return db.scalar(plans_of(desk).where(Plan.uid == uid))


def own_answers(desk: Desk, *, limit: int) -> Select[PlanReview]:
    """The facilitator's latest answers with words that went out, to whomever."""
    return (
        select(PlanReview)
        .where(PlanReview.facilitator_id == desk.user_id, PlanReview.released_at.is_not(None))
        .where(PlanReview.comments_sealed.is_not(None))
        .order_by(PlanReview.saved_at.desc())
        .limit(limit)
    )


def released_reviews(cohorts: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """(seat, uid, decision, released at) of every answer that trainees of these cohorts have."""
    return (
        select(Plan.enrollment_id, PlanReview.uid, PlanReview.decision, PlanReview.released_at)
        .join(Plan, Plan.id == PlanReview.plan_id)
        .where(Plan.cohort_id.in_(cohorts), PlanReview.released_at.is_not(None))
        .order_by(Plan.enrollment_id, PlanReview.released_at, PlanReview.id)
    )


def is_own(own: type[PlanReview], desk: Desk) -> ColumnElement[bool]:
    """Whether an answer is this facilitator's own to the plan's present version, drafts too."""
    return and_(own.plan_id == Plan.id, own.version == Plan.version, own.facilitator_id == desk.user_id)


def is_behind(plan: Plan) -> ColumnElement[bool]:
    """Whether a plan comes after this one in the queue."""
    later = or_(
        Plan.submitted_at > plan.submitted_at,
        and_(Plan.submitted_at == plan.submitted_at, Plan.id > plan.id),
    )
    return or_(Plan.warnings < plan.warnings, and_(Plan.warnings == plan.warnings, later))
