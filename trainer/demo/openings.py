"""The texts that the demo's facilitators opened before they answered: what a page would have written down then."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.act2_workshop.actions import STEP as PLAN
from trainer.act2_workshop.models import Plan
from trainer.act2_workshop.queries import plan_of
from trainer.act2_workshop.reviewing import note_opening
from trainer.act3_practice.feedback_queries import reflections_of
from trainer.cohorts.models import Enrollment
from trainer.demo.life import Life
from trainer.permissions import Reader, may_read
from trainer.writing.access import Text, note_readings

BEFORE_THE_ANSWER = timedelta(minutes=12)  # so long a facilitator reads before they answer
FACILITATOR = frozenset({Reader.FACILITATOR})


def open_plan(life: Life, reader: str, at: datetime, db: Session) -> None:
    """A facilitator of the file opens the plan at the desk for plans; its writer cannot take it back any more."""
    seat = life.seat(db)
    plan = plan_of(db, seat)
    if plan is not None:
        _opened(db, seat, [_of_plan(db, plan, at)], life.loaded.users[reader], at)


def open_reflection(life: Life, step: str, reader: str, at: datetime, db: Session) -> None:
    """A facilitator of the file opens a reflection at their desk, where the plan lies beside it."""
    seat = life.seat(db)
    plan, reflection = plan_of(db, seat), reflections_of(db, seat.id)[step]
    texts = [Text(step, reflection.audience, reflection.uid)]
    if plan is not None and plan.submitted_at is not None:
        texts.append(_of_plan(db, plan, at))
    _opened(db, seat, texts, life.loaded.users[reader], at)


def _of_plan(db: Session, plan: Plan, at: datetime) -> Text:
    if plan.opened_at is None and may_read(plan.audience, FACILITATOR):
        note_opening(db, plan, now=at)
        db.refresh(plan)
    return Text(PLAN, plan.audience, plan.uid)


def _opened(db: Session, seat: Enrollment, texts: list[Text], reader_id: int, at: datetime) -> None:
    reader = db.scalars(select(User).where(User.id == reader_id)).one()
    readable = [text for text in texts if may_read(text.audience, FACILITATOR)]
    note_readings(db, seat, readable, reader, FACILITATOR, now=at)
