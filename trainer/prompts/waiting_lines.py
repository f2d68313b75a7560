"""What waits for one facilitator, counted for the lines of their digest."""

from datetime import datetime, time, timedelta

from sqlalchemy import func
from sqlalchemy.orm import Session

from trainer.act2_workshop.models import Plan
from trainer.act2_workshop.review_queries import Desk, is_resubmitted, is_waiting, plans_of
from trainer.act3_practice.feedback_queue import progress_of
from trainer.cohorts.models import Enrollment
from trainer.cohorts.rules import instant_of
from trainer.prompts.addressees import Background

PLANS = ("fl1", "fl2")  # what a facilitator has to read: new plans, and plans that were submitted again
REFLECTIONS = ("fl4",)  # and reflections
LONG = 3  # business days


def waiting_counts(db: Session, background: Background, seat_id: int, now: datetime) -> dict[str, dict[str, int]]:
    """Digest line id -> its counts, of the trainees who are assigned to this facilitator; in three queries."""
    seat = db.get_one(Enrollment, seat_id)
    desk = Desk(background.cohort.id, seat.id, seat.user_id)
    waiting = (
        plans_of(desk)
        .where(is_waiting())
        .with_only_columns(
            func.count(),
            func.count().filter(is_resubmitted()),
            func.count().filter(Plan.submitted_at < _long_ago(background, now)),
        )
    )
    total, again, long = db.execute(waiting).one()
    reflections = progress_of(db, desk).waiting
    return {
        "fl1": {"count": total - again},
        "fl2": {"count": again},
        "fl3": {"count": long},
        "fl4": {"count": reflections},
    }


def _long_ago(background: Background, now: datetime) -> datetime:
    """What was submitted before this instant waits for so many business days."""
    today = now.astimezone(background.zone).date()
    day = background.timetable.schedule.calendar.business_days_from(today, -LONG)
    return instant_of(day + timedelta(days=1), time(), background.zone)
