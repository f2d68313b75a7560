"""Which work a cohort shares and which reactions it expects: counts from five plans on, made once a day."""

from collections import Counter
from datetime import date

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import Session

from trainer.act1_lessons.rules import K_ITEMS
from trainer.act2_workshop.models import Plan, PlanCount, PlanVersion
from trainer.act2_workshop.review_queries import FOR_FACILITATORS
from trainer.act2_workshop.rules import PlanState

KINDS = ("tasks", "resistances")
PLANS_AT_A_TIME = 1000


def refresh_plan_counts(db: Session, *, today: date) -> bool:
    """Count anew, for all cohorts, what submitted plans name; False if that was done today.

    Once a day and from 5 plans on, so that nobody's plan can be told from two looks. A plan that its writer keeps to
    themselves does not count.
    """
    if (db.scalar(select(func.max(PlanCount.counted_on))) or date.min) >= today:
        return False
    counted: Counter[tuple[int, int, str, str]] = Counter()
    plans = (
        select(Plan.organization_id, Plan.cohort_id, PlanVersion.facts)
        .join(PlanVersion, (PlanVersion.plan_id == Plan.id) & (PlanVersion.version == Plan.version))
        .where(Plan.state != PlanState.DRAFT, Plan.audience.in_(FOR_FACILITATORS))
    )
    for organization_id, cohort_id, facts in db.execute(plans).yield_per(PLANS_AT_A_TIME):
        counted.update((organization_id, cohort_id, kind, code) for kind in KINDS for code in facts.get(kind, ()))
    db.execute(delete(PlanCount))
    columns = ("organization_id", "cohort_id", "kind", "code")
    rows = [
        {**dict(zip(columns, key, strict=True)), "plans": plans, "counted_on": today}
        for key, plans in counted.items()
        if plans >= K_ITEMS
    ]
    if rows:
        db.execute(insert(PlanCount), rows)
    return True


def plan_counts(cohort_id: int) -> Select[PlanCount]:
    """The cohort's counts of the last night, the most frequent first."""
    return select(PlanCount).where(PlanCount.cohort_id == cohort_id).order_by(PlanCount.plans.desc(), PlanCount.code)
