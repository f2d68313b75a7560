"""A facilitator's queue of reflections: what waits, the questions that came back, what can still be taken back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select, tuple_
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.act2_workshop.review_queries import FOR_FACILITATORS, Desk, waiting_counted
from trainer.act3_practice.feedback_rules import ON_ITS_WAY, minutes_for
from trainer.act3_practice.models import Feedback, Reflection
from trainer.cohorts.assignments import answers_for
from trainer.cohorts.models import Enrollment, Group, SeatStatus

PLACE = (Reflection.submitted_at, Reflection.id)  # in the queue
Place = tuple[datetime, int]


@dataclass(frozen=True)
class Waiting:
    """A reflection in the queue; no word of it is read."""

    id: int
    uid: UUID
    step: str
    submitted_at: datetime
    name: str
    group: str | None
    has_draft: bool


@dataclass(frozen=True)
class Question:
    """A trainee asked back about feedback; the words are on the page of the reflection."""

    uid: UUID  # the reflection's
    step: str
    asked_at: datetime
    name: str


@dataclass(frozen=True)
class OnItsWay:
    """Feedback that was sent a moment ago, and for how many seconds it can still be taken back."""

    uid: UUID  # the reflection's
    name: str
    seconds: int


@dataclass(frozen=True)
class Progress:
    """How far a facilitator is with the reflections they may read."""

    answered: int
    total: int
    questions: int = 0  # that came back and wait for this facilitator's own answer

    @property
    def waiting(self) -> int:
        """How many wait for an answer."""
        return self.total - self.answered

    @property
    def minutes(self) -> int:
        """About how long it takes to answer them."""
        return minutes_for(self.waiting)


def waiting_for(db: Session, desk: Desk, *, after: Place | None = None, limit: int = 50) -> list[Waiting]:
    """The reflections that wait for a facilitator, the longest waiting first, from a place of the queue on."""
    waiting = _waiting(desk).order_by(*PLACE)
    if after:
        waiting = waiting.where(tuple_(*PLACE) > tuple_(*after))
    return [Waiting(*row) for row in db.execute(waiting.limit(limit))]


def waiting_before(db: Session, desk: Desk, place: Place) -> Waiting | None:
    """The one that stands before a place of the queue."""
    before = _waiting(desk).where(tuple_(*PLACE) < tuple_(*place)).order_by(*(column.desc() for column in PLACE))
    row = db.execute(before.limit(1)).first()
    return Waiting(*row) if row else None


def _waiting(desk: Desk) -> Select[*tuple[Any, ...]]:
    own = and_(Feedback.reflection_id == Reflection.id, Feedback.facilitator_id == desk.user_id)
    waiting = _readable(
        select(
            Reflection.id,
            Reflection.uid,
            Reflection.step,
            Reflection.submitted_at,
            User.name,
            Group.name,
            Feedback.id.is_not(None),
        ),
        desk,
    )
    waiting = waiting.join(User, User.id == Enrollment.user_id).outerjoin(Group, Group.id == Enrollment.group_id)
    return waiting.outerjoin(Feedback, own).where(Reflection.answered_at.is_(None))


def questions_to(db: Session, desk: Desk) -> list[Question]:
    """The questions that a facilitator has not answered yet, the oldest first."""
    asked = _asked(select(Reflection.uid, Reflection.step, Feedback.asked_at, User.name), desk)
    asked = asked.join(User, User.id == Enrollment.user_id).order_by(Feedback.asked_at, Feedback.id)
    return [Question(*row) for row in db.execute(asked)]


def on_its_way(db: Session, desk: Desk, now: datetime) -> list[OnItsWay]:
    """What a facilitator has sent in this cohort and can still take back, the newest first."""
    rows = db.execute(
        select(Reflection.uid, User.name, Feedback.sent_at)
        .select_from(Feedback)
        .join(Reflection, Reflection.id == Feedback.reflection_id)
        .join(Enrollment, Enrollment.id == Reflection.enrollment_id)
        .join(User, User.id == Enrollment.user_id)
        .where(
            Reflection.cohort_id == desk.cohort_id,
            Feedback.facilitator_id == desk.user_id,
            Feedback.sent_at > now + ON_ITS_WAY,
        )
        .order_by(Feedback.sent_at.desc())
    )
    return [
        OnItsWay(uid, name, int((sent_at - ON_ITS_WAY - now).total_seconds())) for uid, name, sent_at in rows if sent_at
    ]


def progress_of(db: Session, desk: Desk) -> Progress:
    """How many reflections this facilitator may read, how many of them somebody has answered, and what was asked."""
    return Progress(*db.execute(_counted(desk)).one())


def both_desks(db: Session, desk: Desk) -> tuple[int, Progress]:
    """How many plans wait for this facilitator, and how far they are with the reflections, in one query."""
    plans = waiting_counted(desk).correlate(None).scalar_subquery()
    *counts, waiting = db.execute(_counted(desk).add_columns(plans)).one()
    return waiting, Progress(*counts)


def _counted(desk: Desk) -> Select[*tuple[Any, ...]]:
    questions = _asked(select(func.count()), desk).correlate(None).scalar_subquery()
    return _readable(select(func.count(Reflection.answered_at), func.count(), questions), desk)


def _asked(query: Select[*tuple[Any, ...]], desk: Desk) -> Select[*tuple[Any, ...]]:
    """Narrowed to the questions that wait for this facilitator."""
    asked = _readable(query, desk).join(Feedback, Feedback.reflection_id == Reflection.id)
    return asked.where(
        Feedback.facilitator_id == desk.user_id, Feedback.asked_at.is_not(None), Feedback.answered_at.is_(None)
    )


def _readable(query: Select[*tuple[Any, ...]], desk: Desk) -> Select[*tuple[Any, ...]]:
    """Narrowed to the reflections of those for whom a facilitator answers, as far as they let it read."""
    return (
        query.select_from(Reflection)
        .join(Enrollment, Enrollment.id == Reflection.enrollment_id)
        .where(
            Reflection.cohort_id == desk.cohort_id,
            Reflection.audience.in_(FOR_FACILITATORS),
            Enrollment.status != SeatStatus.WITHDRAWN,
            answers_for(desk.seat_id, desk.user_id),
        )
    )
