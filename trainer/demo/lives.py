"""What happened to each trainee of the demo, as deeds in time: one teller for each kind of thing in the file."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.cohorts import actions
from trainer.cohorts.models import Extension, SeatStatus
from trainer.demo.content_company import ExtensionRecord
from trainer.demo.lessons import lessons
from trainer.demo.life import Deed, Life
from trainer.demo.load import seat_trainees
from trainer.demo.past_letters import return_letter
from trainer.demo.plans import plans
from trainer.demo.reflections import reflections


def joining(life: Life) -> Iterator[Deed]:
    """Somebody joined when the cohort had been made already."""
    if life.trainee.joined_at:
        at = life.loaded.timeline.moments.instant(life.trainee.joined_at)
        yield Deed(at, lambda db: seat_trainees(db, life.loaded, [life.trainee], at))


def steps(life: Life) -> Iterator[Deed]:
    """Steps were finished as told; the last lesson, the plan and the reflection finish theirs themselves."""
    for step, when in life.trainee.finished.items():
        at = life.loaded.timeline.moments.instant(when)
        yield Deed(at, partial(_finish, life, step, at))


def extensions(life: Life) -> Iterator[Deed]:
    """Somebody was given more time."""
    for record in life.trainee.extensions:
        yield Deed(life.loaded.timeline.moments.instant(record.at), partial(_extend, life, record))


def absences(life: Life) -> Iterator[Deed]:
    """Somebody paused or withdrew."""
    change = {SeatStatus.PAUSED: actions.pause, SeatStatus.WITHDRAWN: actions.withdraw}.get(life.trainee.status)
    if change and life.trainee.status_since:
        at = life.loaded.timeline.moments.instant(life.trainee.status_since)
        yield Deed(at, lambda db: change(db, life.loaded.cohort, life.seat(db), now=at))


def bounces(life: Life) -> Iterator[Deed]:
    """A letter came back."""
    bounced = life.trainee.bounced
    if bounced:
        at = life.loaded.timeline.moments.instant(bounced.at)
        yield Deed(
            at, lambda db: return_letter(db, life.seat(db), bounced.letter, life.trainee.email, bounced.answer, at)
        )


# A slice that stores more of the file (plans, reflections, notes) adds its teller here.
LIVES: tuple[Callable[[Life], Iterator[Deed]], ...] = (
    joining,
    lessons,
    steps,
    plans,
    reflections,
    extensions,
    absences,
    bounces,
)


def _finish(life: Life, step: str, at: datetime, db: Session) -> None:
    actions.finish_step(db, life.loaded.cohort, life.seat(db), step=step, now=at)


def _extend(life: Life, record: ExtensionRecord, db: Session) -> None:
    loaded, seat = life.loaded, life.seat(db)
    due_on, at = loaded.timeline.moments.day(record.due), loaded.timeline.moments.instant(record.at)
    actions.extend(db, loaded.cohort, seat, step=record.step, due_on=due_on, reason=record.why, now=at)
    given = select(Extension).where(Extension.enrollment_id == seat.id, Extension.step == record.step)
    db.scalars(given).one().given_by_id = loaded.users[record.by]
