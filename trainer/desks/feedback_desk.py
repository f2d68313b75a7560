"""What a facilitator's desk for reflections shows: the queue, and one reflection beside its plan and its other half."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from trainer.act2_workshop.review_queries import Desk
from trainer.act3_practice.feedback_queries import reflection_in
from trainer.act3_practice.feedback_queue import (
    OnItsWay,
    Progress,
    Question,
    Waiting,
    on_its_way,
    progress_of,
    questions_to,
    waiting_for,
)
from trainer.act3_practice.models import Feedback
from trainer.cohorts.models import Cohort
from trainer.cohorts.queries import cohort_with_schedule
from trainer.dates import clock_words, local
from trainer.i18n import gettext as _
from trainer.programs.content import Pack
from trainer.programs.queries import pack_of_digest
from trainer.writing.access import is_long_over

LINES_A_PAGE = 50


@dataclass(frozen=True)
class Queue:
    """The desk with everything on it, without a word of anybody."""

    cohort: Cohort
    zone: ZoneInfo
    titles: dict[str, str]  # step -> what its reflection is called
    waiting: list[Waiting]
    has_more: bool
    questions: list[Question]
    undoable: list[OnItsWay]
    progress: Progress


def queue_of(db: Session, desk: Desk, *, language: str, after: UUID | None, now: datetime) -> Queue:
    """What waits for a facilitator's seat, from the reflection `after` on, in a constant number of queries."""
    cohort, schedule = cohort_with_schedule(db, desk.cohort_id)
    is_over = is_long_over(schedule, now)
    last = reflection_in(db, desk.cohort_id, after) if after else None
    place = (last[0].submitted_at, last[0].id) if last else None
    waiting = [] if is_over else waiting_for(db, desk, after=place, limit=LINES_A_PAGE + 1)
    pack = pack_of_digest(db, schedule.digest, language)
    return Queue(
        cohort=cohort,
        zone=schedule.zone,
        titles=titles_in(pack),
        waiting=waiting[:LINES_A_PAGE],
        has_more=len(waiting) > LINES_A_PAGE,
        questions=[] if is_over else questions_to(db, desk),
        undoable=on_its_way(db, desk, now),
        progress=Progress(0, 0) if is_over else progress_of(db, desk),
    )


def titles_in(pack: Pack) -> dict[str, str]:
    """Step -> what its reflection is called."""
    return {str(one.step): str(one.title) for one in pack.reflections}


def kept_words(own: Feedback | None, zone: ZoneInfo) -> str:
    """Whether a draft is saved and since when, in the reader's language."""
    if own is None:
        return _("Nothing is written yet.")
    return _("Saved %(time)s", time=clock_words(local(own.saved_at, zone)))
