"""Seats with a plan and with turns that were taken, for the tests of reflections."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from trainer.act2_workshop.models import Plan, PlanVersion
from trainer.act2_workshop.plan_words import PlanWords, as_text
from trainer.act2_workshop.rules import PlanState
from trainer.act3_practice.actions import submit_reflection
from trainer.act3_practice.models import Mode, Reflection
from trainer.act3_practice.queries import practice_of
from trainer.cohorts.models import Enrollment
from trainer.permissions import Audience

PLANNED = datetime(2027, 2, 8, 3, 0, tzinfo=UTC)
AFTER_ONE_MONTH = datetime(2027, 3, 4, 3, 0, tzinfo=UTC)  # reflection1 is open, and not due for ten days
AFTER_TWO_MONTHS = datetime(2027, 4, 6, 3, 0, tzinfo=UTC)

ROTATE = {
    "id": "m1",
    "scope": "organisation",
    "title": "納期会議の進行を持ち回りにする",
    "target_state": "三人が困りごとを話し、となりの人が助言する",
    "task_ref": "t04",
    "carrier_now": "self",
    "level_now": 2,
    "level_target": 5,
    "when_cue": "会議が始まったら",
    "then_action": "進行役の席に座らない",
}
LISTEN = {
    "id": "m2",
    "scope": "member",
    "title": "若手の話を先に聞く",
    "when_cue": "朝に会ったら",
    "then_action": "先に聞く",
}
ANSWERS: dict[str, Any] = {
    "m_status": {"m1": "adapted", "m2": "not_yet"},
    "level_now": {"m1": 4},
    "gas": {},
    "measure_ref": "m1",
    "scene": "水曜の納期会議で発言が止まったので、私は黙って進行役を見ました。すると手順の話になりました。",
    "why": "黙っていたのは、話すことがないからではなく、私の答えを待っていたからだと思います。",
    "other_view": None,
    "feeling": None,
    "rule": "発言が止まったときは、答えを言わずに進行役へ返すとよさそうだ。",
    "next_when": "納期会議で発言が止まったら",
    "next_then": "次に聞きたい人を選んでもらう",
    "next_date": "2027-03-17",
    "prediction": "最初は沈黙が続くが、3回目には話す人が出る",
    "plan_change": "keep",
    "support": [],
    "share": "facilitator",
}


def make_plan(db: Session, seat: Enrollment, measures: Sequence[dict[str, Any]] = (ROTATE, LISTEN)) -> PlanWords:
    """A plan that was submitted, with these measures."""
    plan = Plan(
        organization_id=seat.organization_id,
        cohort_id=seat.cohort_id,
        enrollment_id=seat.id,
        state=PlanState.SUBMITTED,
        audience=Audience.FACILITATOR,
        version=1,
        submitted_at=PLANNED,
    )
    db.add(plan)
    db.flush()
    words = PlanWords({"desired_state": "皆が少しずつ持つ"}, tuple(measures))
    version = PlanVersion(organization_id=seat.organization_id, plan_id=plan.id, version=1, submitted_at=PLANNED)
    version.words = as_text(words)
    db.add(version)
    db.flush()
    return words


def make_reflection(
    db: Session, seat: Enrollment, step: str = "reflection1", now: datetime = AFTER_ONE_MONTH, **answers: Any
) -> Reflection:
    """A turn that was taken; ANSWERS, unless `answers` say otherwise."""
    return submit_reflection(
        db,
        practice_of(db, seat, "ja"),
        step,
        {**ANSWERS, **answers},
        mode=Mode.FULL,
        audience=Audience.FACILITATOR,
        about=None,
        now=now,
    )
