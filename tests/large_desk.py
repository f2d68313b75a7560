"""A cohort of any size whose plans all wait for one facilitator, sealed as the product seals them."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from tests.act2_workshop.reviews import DESIRED, MEASURE, SUBMITTED
from tests.factories import NOW, let_write, make_cohort, make_organization, make_seat, make_user
from tests.large_cohort import BEGAN
from trainer.accounts.models import Organization, User
from trainer.act2_workshop.models import Plan, PlanVersion
from trainer.act2_workshop.plan_words import PlanWords, as_text
from trainer.act2_workshop.review_queries import Desk, waiting_plans
from trainer.act2_workshop.rules import PlanState
from trainer.cohorts.models import Cohort, Enrollment
from trainer.key_ring import KeyRing
from trainer.permissions import Audience, Role

CHECKS = [{"check": "k5", "measure": "m1"}, {"check": "k6", "measure": "m1"}]


WORDS = as_text(PlanWords({"desired_state": DESIRED, "visibility": "facilitator"}, (MEASURE,)))


@dataclass(frozen=True)
class LargeDesk:
    """The facilitator, and the addresses of their home, of the queue and of the plan in the middle of it."""

    facilitator: User
    home: str
    queue: str
    card: str


def make_large_desk(db: Session, plans: int, key_ring: KeyRing) -> LargeDesk:
    """Every third plan has a warning, submitted a minute apart. Commits."""
    cohort = make_cohort(db, make_organization(db), started_at=BEGAN)
    let_write(db, key_ring)
    user = make_user(db, db.get_one(Organization, cohort.organization_id), language="ja")
    seat = make_seat(db, cohort, user, role=Role.FACILITATOR)
    _submit_plans(db, cohort, plans)
    db.commit()
    waiting = waiting_plans(Desk(cohort.id, seat.id, user.id))
    middle = db.scalars(waiting.with_only_columns(Plan.uid).offset(plans // 2).limit(1)).one()
    db.commit()
    queue = f"/cohorts/{cohort.uid}/plans"
    return LargeDesk(user, f"/seats/{seat.uid}", queue, f"{queue}/{middle}")


def _submit_plans(db: Session, cohort: Cohort, plans: int) -> None:
    """One trainee each, a thousand at a time."""
    of_company = {"organization_id": cohort.organization_id}
    people = [User(**of_company, name=f"Person {place}", created_at=NOW) for place in range(plans)]
    db.add_all(people)
    db.flush()
    seats = [
        Enrollment(**of_company, cohort_id=cohort.id, user_id=one.id, role=Role.TRAINEE, added_at=NOW) for one in people
    ]
    db.add_all(seats)
    db.flush()
    made = [_plan(seat, place) for place, seat in enumerate(seats)]
    db.add_all(made)
    db.flush()
    db.add_all(_version(plan) for plan in made)
    db.flush()
    db.expunge_all()


def _plan(seat: Enrollment, place: int) -> Plan:
    return Plan(
        organization_id=seat.organization_id,
        cohort_id=seat.cohort_id,
        enrollment_id=seat.id,
        state=PlanState.SUBMITTED,
        audience=Audience.FACILITATOR,
        version=1,
        warnings=1 if place % 3 == 0 else 0,
        submitted_at=SUBMITTED + timedelta(minutes=place),
    )


def _version(plan: Plan) -> PlanVersion:
    version = PlanVersion(
        organization_id=plan.organization_id,
        plan_id=plan.id,
        version=1,
        checks=CHECKS if plan.warnings else [],
        facts={"tasks": ["t04"], "resistances": []},
        submitted_at=plan.submitted_at,
    )
    version.words = WORDS
    return version
