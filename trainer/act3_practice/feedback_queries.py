"""Reflections and the feedback on them, read for those who may."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.act2_workshop.models import Plan
from trainer.act3_practice.models import Feedback, Reflection
from trainer.cohorts.models import Enrollment
from trainer.writing.models import Draft

NEWS_LAST = timedelta(days=14)
PHRASES_LOOKED_AT = 30  # of the facilitator's newest feedback


@dataclass(frozen=True)
class OwnReflection:
    """What a trainee handed in; `is_new`: an answer to it has come of late, and they have not said anything to it."""

    step: str
    is_answered: bool
    is_new: bool


@dataclass(frozen=True)
class OwnTexts:
    """What a seat has written: its plan, what it handed in since, and the steps for which there is a draft."""

    plan: Plan | None = None
    reflections: Sequence[OwnReflection] = ()
    drafts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Arrived:
    """Feedback as its trainee sees it."""

    feedback: Feedback
    facilitator: str


def reflection_in(db: Session, cohort_id: int, uid: UUID) -> tuple[Reflection, Enrollment, str] | None:
    """A reflection of a cohort, with its writer's seat and name; whether it may be read is the door's to say."""
    found = (
        select(Reflection, Enrollment, User.name)
        .join(Enrollment, Enrollment.id == Reflection.enrollment_id)
        .join(User, User.id == Enrollment.user_id)
        .where(Reflection.uid == uid, Reflection.cohort_id == cohort_id)
    )
    row = db.execute(found).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def reflections_of(db: Session, seat_id: int) -> dict[str, Reflection]:
    """Step -> what the seat submitted in it."""
    rows = db.scalars(select(Reflection).where(Reflection.enrollment_id == seat_id))
    return {reflection.step: reflection for reflection in rows}


def own_texts(db: Session, seat_id: int, now: datetime) -> OwnTexts:
    """What a seat has written so far, the first month first; in one query."""
    drafts = select(func.aggregate_strings(Draft.form, ",")).where(Draft.enrollment_id == Enrollment.id)
    answers = (Feedback.sent_at, Feedback.thanked_at, Feedback.asked_at, Feedback.answered_at)
    rows = db.execute(
        select(Plan, Reflection.step, *answers, drafts.scalar_subquery().label("drafts"))
        .select_from(Enrollment)
        .outerjoin(Plan, Plan.enrollment_id == Enrollment.id)
        .outerjoin(Reflection, Reflection.enrollment_id == Enrollment.id)
        .outerjoin(Feedback, (Feedback.reflection_id == Reflection.id) & (Feedback.sent_at <= now))
        .where(Enrollment.id == seat_id)
        .order_by(Reflection.step)
    ).all()
    by_step = [(step, list(of_step)) for step, of_step in groupby(rows, key=lambda row: row.step) if step]
    return OwnTexts(
        plan=rows[0][0],
        reflections=[_own_reflection(step, of_step, now) for step, of_step in by_step],
        drafts=frozenset((rows[0].drafts or "").split(",")),
    )


def _own_reflection(step: str, rows: Sequence[Any], now: datetime) -> OwnReflection:
    answers = [row for row in rows if row.sent_at]
    return OwnReflection(step, is_answered=bool(answers), is_new=any(_is_new(row, now) for row in answers))


def _is_new(answer: Any, now: datetime) -> bool:
    """Whether feedback, or the answer to a question about it, came lately and its reader has said nothing since."""
    told_at = answer.answered_at or answer.sent_at
    said_at = max((at for at in (answer.thanked_at, answer.asked_at) if at), default=None)
    return bool(told_at <= now < told_at + NEWS_LAST) and (said_at is None or said_at < told_at)


def own_feedback(db: Session, reflection: Reflection, user: User) -> Feedback | None:
    """What a facilitator has written about a reflection, sent or not."""
    own = select(Feedback).where(Feedback.reflection_id == reflection.id, Feedback.facilitator_id == user.id)
    return db.scalar(own)


def arrived_feedback(db: Session, reflection: Reflection, now: datetime) -> Sequence[Arrived]:
    """Every answer to a reflection that its writer sees by now, the first one first."""
    rows = db.execute(
        select(Feedback, User.name)
        .join(User, User.id == Feedback.facilitator_id)
        .where(Feedback.reflection_id == reflection.id, Feedback.sent_at <= now)
        .order_by(Feedback.sent_at, Feedback.id)
    )
    return [Arrived(feedback, name) for feedback, name in rows]


def feedback_on(db: Session, seat_id: int, uid: UUID) -> tuple[Feedback, Reflection] | None:
    """Feedback on one of a seat's reflections, locked until the transaction ends, arrived or not."""
    found = (
        select(Feedback, Reflection)
        .join(Reflection, Reflection.id == Feedback.reflection_id)
        .where(Feedback.uid == uid, Reflection.enrollment_id == seat_id)
        .with_for_update(of=Feedback)
    )
    row = db.execute(found).one_or_none()
    return (row[0], row[1]) if row else None


def newest_answered_step(db: Session, seat_id: int, now: datetime) -> str | None:
    """The step whose feedback arrived last, for the letter that says that there is some."""
    steps = (
        select(Reflection.step)
        .join(Feedback, Feedback.reflection_id == Reflection.id)
        .where(Reflection.enrollment_id == seat_id, Feedback.sent_at <= now)
        .order_by(Feedback.sent_at.desc(), Feedback.id.desc())
    )
    return db.scalar(steps.limit(1))


def sent_feedback(cohorts: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """(seat, uid, sent at) of all feedback for trainees of these cohorts, what is still on its way too."""
    return (
        select(Reflection.enrollment_id, Feedback.uid, Feedback.sent_at)
        .join(Feedback, Feedback.reflection_id == Reflection.id)
        .where(Reflection.cohort_id.in_(cohorts), Feedback.sent_at.is_not(None))
        .order_by(Reflection.enrollment_id, Feedback.sent_at, Feedback.id)
    )


def newest_words_of(db: Session, user: User, but: Reflection) -> list[tuple[int, str]]:
    """(trainee, words) of what a facilitator has sent lately, the newest first: their own, and nobody else's."""
    sent = (
        select(Enrollment.user_id, Feedback)
        .join(Reflection, Reflection.id == Feedback.reflection_id)
        .join(Enrollment, Enrollment.id == Reflection.enrollment_id)
        .where(Feedback.facilitator_id == user.id, Feedback.sent_at.is_not(None), Feedback.reflection_id != but.id)
        .order_by(Feedback.saved_at.desc(), Feedback.id.desc())
    )
    return [(trainee, feedback.words or "") for trainee, feedback in db.execute(sent.limit(PHRASES_LOOKED_AT))]
