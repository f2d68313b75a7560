"""A person's own rows in the workshop: their plans, every version, the answers to them, and the points on the map."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.accounts.own_rows import Rows, columns_of
from trainer.act2_workshop.models import MapPoint, Plan, PlanReview, PlanVersion
from trainer.cohorts.models import Enrollment


def plan_rows(db: Session, user: User) -> Rows:
    """The plans of all seats of a person as they wrote them, and the answers that were released to them."""
    plans = select(Plan).join(Enrollment, Enrollment.id == Plan.enrollment_id).where(Enrollment.user_id == user.id)
    of_plans = plans.with_only_columns(Plan.id)
    points = select(MapPoint).join(Enrollment, Enrollment.id == MapPoint.enrollment_id)
    versions = select(PlanVersion).where(PlanVersion.plan_id.in_(of_plans)).order_by(PlanVersion.id)
    reviews = select(PlanReview).where(PlanReview.plan_id.in_(of_plans), PlanReview.released_at.is_not(None))
    return {
        "plans": [columns_of(one, "state", "audience", "version", "submitted_at") for one in db.scalars(plans)],
        "plan_versions": [_version(one) for one in db.scalars(versions)],
        "plan_reviews": [_review(one) for one in db.scalars(reviews.order_by(PlanReview.id))],
        "map_points": [
            columns_of(one, "task_id", "wave", "level", "carrier", "marked_at")
            for one in db.scalars(points.where(Enrollment.user_id == user.id).order_by(MapPoint.id))
        ],
    }


def _version(one: PlanVersion) -> dict[str, Any]:
    words = {"words": json.loads(one.words or "{}"), "keep_as_is": one.keep_as_is}
    return {**columns_of(one, "version", "submitted_at", "checks", "facts"), **words}


def _review(one: PlanReview) -> dict[str, Any]:
    return {**columns_of(one, "version", "decision", "released_at"), "comments": json.loads(one.comments or "[]")}
