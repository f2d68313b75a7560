"""A trainee's plan in the demo with everything its pages can show: two versions, a question, two drafts."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.act2_workshop.planner import REQUIRED
from tests.browser.conftest import Site
from trainer import clock
from trainer.act2_workshop.actions import STEP, submit
from trainer.act2_workshop.models import Decision, Plan, PlanReview
from trainer.act2_workshop.plan_words import PlanWords
from trainer.act2_workshop.queries import plan_of
from trainer.act2_workshop.rules import PlanState
from trainer.act2_workshop.typed_plan import typed_again
from trainer.cohorts.models import Cohort, Enrollment
from trainer.permissions import Role
from trainer.programs.queries import pack_of
from trainer.writing.actions import save_draft

MAP = {
    task: {"before": {"level": level, "carrier": "self"}, "target": {"level": level + 2, "carrier": "several"}}
    for task, level in (("t04", 2), ("t06", 1), ("t07", 3), ("t13", 1), ("t02", 4))
}


def have_a_plan_returned(site: Site, seat_uid: UUID) -> None:
    """Whatever the seat's plan was, it is in its second version now, with a question about it."""
    with site.database.session() as db:
        db.info["key_ring"] = site.app.extensions["key_ring"]
        seat = db.scalars(select(Enrollment).where(Enrollment.uid == seat_uid)).one()
        _hand_in(db, seat, "朝礼を持ち回りにする")
        _ask(db, seat, _hand_in(db, seat, "朝礼を班長四人の持ち回りにする"))
        for title in ("朝礼を二人の持ち回りにする", "朝礼を三人の持ち回りにする"):
            save_draft(db, seat, STEP, typed_again(_words(title)), based_on=0, now=clock.now())
        db.commit()


def _hand_in(db: Session, seat: Enrollment, title: str) -> Plan:
    cohort, plan = db.get_one(Cohort, seat.cohort_id), plan_of(db, seat)
    if plan is not None:
        plan.state = PlanState.RETURNED
    pack = pack_of(db, cohort.program_version_id, cohort.language)
    return submit(db, cohort, seat, _words(title), pack=pack, now=clock.now())


def _ask(db: Session, seat: Enrollment, plan: Plan) -> None:
    of_cohort = select(Enrollment.user_id).where(Enrollment.cohort_id == seat.cohort_id)
    review = PlanReview(
        organization_id=plan.organization_id,
        plan_id=plan.id,
        version=plan.version,
        facilitator_id=db.scalars(of_cohort.where(Enrollment.role == Role.FACILITATOR)).all()[0],
        decision=Decision.RETURN,
        saved_at=clock.now(),
        decided_at=clock.now(),
        released_at=clock.now(),
    )
    review.comments = '[{"bank": "cm6", "text": "本人の希望は、いつ・どのように聞く予定ですか。"}]'
    db.add(review)
    plan.state = PlanState.RETURNED


def _words(title: str) -> PlanWords:
    answers = {name.removeprefix("m1-"): value for name, value in REQUIRED if name.startswith("m1-")}
    return PlanWords(
        {"desired_state": "班長四人が順に進めている。", "visibility": "facilitator", "minutes_available": 30},
        ({**answers, "id": "m1", "title": title, "minutes_week": 45, "stops": "週報"},),
        MAP,
    )
