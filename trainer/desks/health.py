"""Whether the letters of a cohort go out as they should: what is late, who looks after them, whom they do not reach."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from trainer.cohorts.models import Cohort
from trainer.cohorts.queries import Schedule
from trainer.prompts.claim import in_state
from trainer.prompts.models import Prompt, PromptState, Worker
from trainer.prompts.queries import bounced_column
from trainer.prompts.rules import next_in_window
from trainer.prompts.workers import TICK_IS_LATE, server_now

LATE = timedelta(minutes=15)
IN_HAND = (PromptState.PLANNED, PromptState.CLAIMED, PromptState.HANDING)


@dataclass(frozen=True)
class Health:
    """What to tell the office about a running cohort."""

    late_since: datetime | None  # the due time of the earliest letter that should have gone
    ticked_at: datetime | None
    is_ticking: bool
    bounced: int
    next_due_at: datetime | None  # of the next letter

    @property
    def is_well(self) -> bool:
        """Whether letters go out as planned."""
        return self.is_ticking and self.late_since is None


def health_columns(db: Session, cohort: Cohort, schedule: Schedule, now: datetime) -> list[ColumnElement[Any]]:
    """What `read_health` reads, as columns that any one-row query can carry."""
    return [
        _late_since(cohort, schedule, now).label("late_since"),
        select(func.max(Worker.last_tick_at)).scalar_subquery().label("ticked_at"),
        server_now(db).label("server_now"),
        bounced_column(cohort).label("bounced"),
        _next_due_at(cohort, now).label("next_due_at"),
    ]


def read_health(row: Any) -> Health:
    """The row of a query with `health_columns`; a program that has just started is given time to tick."""
    running = timedelta(seconds=time.monotonic() - current_app.extensions["started"])
    is_ticking = row.ticked_at is not None and row.server_now - row.ticked_at <= TICK_IS_LATE
    return Health(row.late_since, row.ticked_at, is_ticking or running < TICK_IS_LATE, row.bounced, row.next_due_at)


def _late_since(cohort: Cohort, schedule: Schedule, now: datetime) -> ColumnElement[Any]:
    """The earliest letter that nobody has taken in time, or that waits for its next try since then.

    Not what waits for the next hours of sending, as a letter does that somebody sends again on a Sunday.
    """
    opening = next_in_window(now, schedule.calendar, schedule.zone)
    waits = and_(Prompt.attempts > 0, Prompt.next_at > now, Prompt.next_at != opening)
    waiting = or_(Prompt.next_at <= now - LATE, waits)
    late = (
        select(Prompt.due_at)
        .where(Prompt.cohort_id == cohort.id, in_state(*IN_HAND), Prompt.due_at <= now - LATE, waiting)
        .order_by(Prompt.due_at)
        .limit(1)
    )
    return late.scalar_subquery()


def _next_due_at(cohort: Cohort, now: datetime) -> ColumnElement[Any]:
    coming = select(Prompt.due_at).where(Prompt.cohort_id == cohort.id, in_state(*IN_HAND), Prompt.due_at > now)
    return coming.order_by(Prompt.due_at).limit(1).scalar_subquery()
