"""What the pages of the desk show: the queue, one plan with its card, the cohort as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from trainer.act2_workshop.comments import Comment, as_box, comments_of
from trainer.act2_workshop.models import Plan
from trainer.act2_workshop.plan_counts import KINDS, plan_counts
from trainer.act2_workshop.plan_on_desk import PlanOnDesk
from trainer.act2_workshop.plan_words import words_of
from trainer.act2_workshop.queue_place import Around
from trainer.act2_workshop.review_queries import (
    ANSWERED_ORDER,
    ORDER,
    answered_plans,
    lines_of,
    plan_in_queue,
    waiting_plans,
)
from trainer.act2_workshop.review_rules import minutes_for
from trainer.act2_workshop.rules import PlanState
from trainer.desks.review_card import Card, card_of
from trainer.desks.review_desk import OpenDesk
from trainer.desks.review_words import DECIDED, Chip, chips_of, decided_words, waiting_words

ON_A_PAGE = 25


@dataclass(frozen=True)
class QueueLine:
    """A plan in the queue: status, dates and codes, no word of it."""

    uid: UUID
    name: str
    department: str
    submitted_on: date
    waiting: str
    chips: Sequence[Chip]
    is_resubmitted: bool
    is_starred: bool
    has_draft: bool
    state: PlanState


@dataclass(frozen=True)
class PlanPage:
    """One plan on the desk, opened."""

    plan: Plan
    name: str
    department: str
    card: Card
    chips: Sequence[Chip]
    submitted_on: date
    waiting: str
    asked: Sequence[Comment]  # the question before
    box: str  # the draft of an answer
    is_starred: bool
    is_waiting: bool
    answer: Sequence[Comment]
    answered: str  # what was decided, in words
    answered_by: str | None


def queue_lines(db: Session, opened: OpenDesk, *, after: UUID | None, answered: bool, now: datetime) -> list[QueueLine]:
    """A page of the queue and one line more; after a plan's place, or the plans that are answered."""
    place = plan_in_queue(db, opened.desk, after) if after else None
    plans = answered_plans(opened.desk) if answered else waiting_plans(opened.desk, after=place)
    order = ANSWERED_ORDER if answered else ORDER
    rows = db.execute(lines_of(plans, opened.desk, limit=ON_A_PAGE + 1).order_by(*order)).all()
    return [_line(opened, row, now) for row in rows]


def plan_page(opened: OpenDesk, found: PlanOnDesk, now: datetime) -> PlanPage:
    """Open every seal of the plan and of what belongs to it."""
    before = words_of(found.asked_of) if found.asked_of is not None else None
    answer = found.answer
    return PlanPage(
        plan=found.plan,
        name=found.name,
        department=found.department,
        card=card_of(words_of(found.version), before, opened.pack),
        chips=chips_of(found.version.checks, opened.pack),
        submitted_on=_day(opened, found.plan.submitted_at),
        waiting=_waited(opened, found.plan, now),
        asked=comments_of(found.asked),
        box=as_box(comments_of(found.own)),
        is_starred=found.own is not None and found.own.is_starred,
        is_waiting=found.plan.state is PlanState.SUBMITTED and found.plan.decided_at is None,
        answer=comments_of(answer),
        answered=str(DECIDED[answer.decision]) if answer is not None and answer.decision else "",
        answered_by=found.answered_by,
    )


def progress_of(place: Around) -> dict[str, Any]:
    """How far somebody is: numbers, and about how many minutes are left."""
    return {
        "done": place.done,
        "total": place.total,
        "waiting": place.waiting,
        "minutes": minutes_for(place.waiting),
        "following": place.following,
        "previous": place.previous,
        "undo": place.undo,
        "undo_words": decided_words(place.undo_decision, place.undo_name)
        if place.undo_decision and place.undo_name
        else "",
    }


def counts_of(db: Session, opened: OpenDesk) -> dict[str, list[tuple[str, int]]]:
    """Kind -> (what the program calls it, in how many plans), the most frequent first, as of last night."""
    names = {
        "tasks": dict(opened.pack.options("management_tasks")),
        "resistances": dict(opened.pack.options("resistance")),
    }
    counts = db.scalars(plan_counts(opened.cohort.id)).all()
    return {
        kind: [(names[kind][one.code], one.plans) for one in counts if one.kind == kind and one.code in names[kind]]
        for kind in KINDS
    }


def _line(opened: OpenDesk, row: Any, now: datetime) -> QueueLine:
    plan, name, department, checks, own, is_resubmitted = row
    return QueueLine(
        uid=plan.uid,
        name=name,
        department=department,
        submitted_on=_day(opened, plan.submitted_at),
        waiting=_waited(opened, plan, now),
        chips=chips_of(checks, opened.pack),
        is_resubmitted=bool(is_resubmitted),
        is_starred=own is not None and own.is_starred,
        has_draft=own is not None and own.comments_sealed is not None and own.decided_at is None,
        state=plan.state,
    )


def _waited(opened: OpenDesk, plan: Plan, now: datetime) -> str:
    return waiting_words(_day(opened, plan.submitted_at), _day(opened, now), opened.schedule)


def _day(opened: OpenDesk, at: datetime | None) -> date:
    if at is None:
        raise ValueError("a plan on the desk has been submitted")
    return at.astimezone(opened.schedule.zone).date()
