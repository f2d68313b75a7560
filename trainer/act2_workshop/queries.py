"""Plans, their versions and the points on their maps, read."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from trainer.act2_workshop.models import Decision, MapPoint, Plan, PlanReview, PlanVersion
from trainer.cohorts.models import Enrollment


def plan_of(db: Session, seat: Enrollment, *, is_locked: bool = False) -> Plan | None:
    """The seat's plan; `is_locked` keeps other changes waiting until the transaction ends."""
    plans = select(Plan).where(Plan.enrollment_id == seat.id)
    return db.scalar(plans.with_for_update() if is_locked else plans)


def version_of(db: Session, plan: Plan, number: int | None = None) -> PlanVersion | None:
    """A version of the plan, the one submitted last unless told otherwise."""
    wanted = plan.version if number is None else number
    return db.scalar(select(PlanVersion).where(PlanVersion.plan_id == plan.id, PlanVersion.version == wanted))


def question_before(db: Session, plan: Plan) -> PlanReview | None:
    """The question that the present version answers."""
    asked = (PlanReview.decision == Decision.RETURN, PlanReview.released_at.is_not(None))
    questions = select(PlanReview).where(PlanReview.plan_id == plan.id, PlanReview.version == plan.version - 1, *asked)
    return db.scalar(questions)


def first_steps(cohorts: Sequence[int]) -> Select[int, int, date | None, datetime]:
    """(seat, cohort, day, submitted at) of every submitted plan of these cohorts that names the day of a first step."""
    present = (PlanVersion.plan_id == Plan.id) & (PlanVersion.version == Plan.version)
    return (
        select(Plan.enrollment_id, Plan.cohort_id, PlanVersion.first_step_on, PlanVersion.submitted_at)
        .join(PlanVersion, present)
        .where(Plan.cohort_id.in_(cohorts), Plan.submitted_at.is_not(None), PlanVersion.first_step_on.is_not(None))
    )


def map_points_of(db: Session, seat: Enrollment) -> Sequence[MapPoint]:
    """Every point on the seat's sharing map, piece by piece."""
    points = select(MapPoint).where(MapPoint.enrollment_id == seat.id)
    return db.scalars(points.order_by(MapPoint.task_id, MapPoint.id)).all()
