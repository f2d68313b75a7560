"""Plans, reflections and feedback for tests; whatever a test does not say is filled in here."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.act2_workshop.models import Plan, PlanVersion
from trainer.act2_workshop.rules import PlanState
from trainer.act3_practice.models import Feedback, Mode, Reflection
from trainer.cohorts.models import Cohort, Enrollment
from trainer.permissions import Audience

LATER = datetime(2027, 3, 17, 1, 0, tzinfo=UTC)  # a Wednesday, 10:00 in Tokyo, between the two reflections
SUBMITTED = datetime(2027, 3, 10, 1, 0, tzinfo=UTC)
SCENE = "水曜の納期会議。発言が止まったので、私は黙って進行役を見ました。"
MEASURE = {
    "id": "m1",
    "scope": "organisation",
    "title": "納期会議の進行を持ち回りにする",
    "outcome": "o1",
    "target_state": "毎週の納期会議をメンバーが順に進めている",
    "first_step": "中堅メンバーへ、進行をやってみたいか聞く",
    "first_step_date": "2027-02-15",
    "when_cue": "もし月曜の朝会が始まったら",
    "then_action": "最初に困りごとを一つ聞く",
    "deadline": "2027-04-20",
}
ANSWERS: dict[str, Any] = {
    "m_status": {"m1": "adapted"},
    "measure_ref": "m1",
    "scene": SCENE,
    "why": "黙っていたのは、私の答えを待っていたからだと思います。",
    "rule": "会議で発言が止まったときは、答えを言わずに進行役へ返すとよさそうだ。",
    "next_when": "もし納期会議で発言が止まったら",
    "next_then": "進行役に、次に聞きたい人を選んでもらう",
    "next_date": "2027-03-17",
    "prediction": "最初は沈黙が続く",
    "plan_change": "keep",
}


@dataclass
class Course:
    """The people of one cohort by their first names; Aya, Ken and Rie are in one group, Jun is in none."""

    cohort: Cohort
    users: dict[str, User]
    seats: dict[str, Enrollment]
    reflection: Reflection  # Aya's, for her facilitator Nao

    @property
    def uid(self) -> UUID:
        return self.reflection.uid


def make_reflection(db: Session, seat: Enrollment, step: str = "reflection1", **told: Any) -> Reflection:
    """A reflection that was submitted for the facilitator's eyes; `answers` add to the usual ones or replace them."""
    answers = {**ANSWERS, **told.pop("answers", {})}
    columns = {
        "mode": Mode.FULL,
        "audience": Audience.FACILITATOR,
        "measure_id": "m1",
        "submitted_at": SUBMITTED,
        "words": json.dumps(answers, ensure_ascii=False),
        **told,
    }
    reflection = Reflection(
        organization_id=seat.organization_id,
        cohort_id=seat.cohort_id,
        enrollment_id=seat.id,
        step=step,
        **columns,
    )
    db.add(reflection)
    db.flush()
    return reflection


def make_plan(db: Session, seat: Enrollment, *versions: dict[str, Any], **told: Any) -> Plan:
    """A plan in as many versions as given (one unless told): what each says otherwise of its one measure."""
    plan = Plan(
        organization_id=seat.organization_id,
        cohort_id=seat.cohort_id,
        enrollment_id=seat.id,
        **{
            "state": PlanState.SUBMITTED,
            "audience": Audience.FACILITATOR,
            "version": len(versions) or 1,
            "submitted_at": SUBMITTED,
            **told,
        },
    )
    db.add(plan)
    db.flush()
    for number, differs in enumerate(versions or ({},), start=1):
        words = {
            "fields": {"desired_state": "メンバーが順に進めている"},
            "measures": [{**MEASURE, **differs}],
            "map": {},
        }
        version = PlanVersion(
            organization_id=seat.organization_id, plan_id=plan.id, version=number, submitted_at=SUBMITTED
        )
        version.words = json.dumps(words, ensure_ascii=False)
        db.add(version)
    db.flush()
    return plan


def make_feedback(
    db: Session, reflection: Reflection, by: User, words: str = "場面が目に浮かびます。", **told: Any
) -> Feedback:
    """A facilitator's feedback: a draft unless `sent_at` says when it was there."""
    columns = {"saved_at": told.get("sent_at") or SUBMITTED, **told}
    feedback = Feedback(
        organization_id=reflection.organization_id, reflection_id=reflection.id, facilitator_id=by.id, **columns
    )
    feedback.words = words
    db.add(feedback)
    if feedback.sent_at is not None:
        reflection.answered_at = min(reflection.answered_at or feedback.sent_at, feedback.sent_at)
    db.flush()
    return feedback
