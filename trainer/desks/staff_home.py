"""What facilitators and coordinators find on their first page: the cohort's dates and how far its people are."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CompoundSelect, String, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from trainer.act1_lessons.queries import STEP as LESSONS
from trainer.act1_lessons.queries import most_missed
from trainer.act2_workshop.review_queries import Desk
from trainer.act2_workshop.review_rules import minutes_for
from trainer.act3_practice.feedback_queue import both_desks
from trainer.cohorts.models import Cohort, Enrollment, FinishedStep, SeatStatus
from trainer.cohorts.numbers import numbers_of
from trainer.cohorts.queries import Schedule, cohort_with_schedule
from trainer.dates import clock_words, day_range_words, short_day_words
from trainer.desks.board import Wish, glance
from trainer.desks.board_needs import NeedLine, what_needs_a_hand
from trainer.desks.stages import periods_of
from trainer.i18n import gettext as _
from trainer.i18n import ngettext
from trainer.permissions import Role
from trainer.programs.content import Pack
from trainer.programs.queries import pack_of_digest
from trainer.prompts.frames import step_name
from trainer.prompts.models import Prompt, PromptState

QUESTIONS_SHOWN = 3


@dataclass(frozen=True)
class CohortStatus:
    """A cohort in counts: never a word that somebody wrote."""

    cohort: Cohort
    schedule: Schedule
    pack: Pack
    seats: dict[SeatStatus, int]
    finished: dict[str, int]
    letters: dict[PromptState, int]
    next_letter_at: datetime | None

    @property
    def total(self) -> int:
        """Trainees who take part, paused ones too."""
        return self.seats.get(SeatStatus.ACTIVE, 0) + self.seats.get(SeatStatus.PAUSED, 0)


def status_of(db: Session, cohort_id: int, *, language: str) -> CohortStatus:
    """A cohort's status in two queries, whatever its size."""
    cohort, schedule = cohort_with_schedule(db, cohort_id)
    counts = db.execute(_counts(cohort_id)).all()
    letters = {PromptState(name): (count, at) for kind, name, count, at in counts if kind == "letter"}
    return CohortStatus(
        cohort=cohort,
        schedule=schedule,
        pack=pack_of_digest(db, schedule.digest, language),
        seats={SeatStatus(name): count for kind, name, count, _at in counts if kind == "seat"},
        finished={name: count for kind, name, count, _at in counts if kind == "step"},
        letters={state: count for state, (count, _at) in letters.items()},
        next_letter_at=letters[PromptState.PLANNED][1] if PromptState.PLANNED in letters else None,
    )


def _counts(cohort_id: int) -> CompoundSelect[Any]:
    """(kind, name, how many, when) of the letters by state, the trainees by status and those who finished each step.

    The kinds are "letter", "seat" and "step"; when is the earliest next try, of letters alone.
    """
    state, status = cast(Prompt.state, String), cast(Enrollment.status, String)
    letters = (
        select(literal("letter"), state, func.count(), func.min(Prompt.next_at))
        .where(Prompt.cohort_id == cohort_id)
        .group_by(Prompt.state)
    )
    of_cohort = (Enrollment.cohort_id == cohort_id, Enrollment.role == Role.TRAINEE)
    seats = select(literal("seat"), status, func.count(), null()).where(*of_cohort).group_by(Enrollment.status)
    finished = (
        select(literal("step"), FinishedStep.step, func.count(), null())
        .join(Enrollment, Enrollment.id == FinishedStep.enrollment_id)
        .where(*of_cohort, Enrollment.status != SeatStatus.WITHDRAWN)
        .group_by(FinishedStep.step)
    )
    return union_all(letters, seats, finished)


def missed_questions(db: Session, status: CohortStatus) -> list[dict[str, object]]:
    """The questions of the lessons that were missed most often at first, as of last night's count."""
    questions = {question.id: question for lesson in status.pack.lessons for question in lesson.questions}
    counts = db.scalars(most_missed(status.cohort.id).limit(QUESTIONS_SHOWN))
    return [
        {"stem": questions[count.question_id].stem, "missed": count.missed, "answered": count.answered}
        for count in counts
        if count.question_id in questions
    ]


def waiting_for(db: Session, seat: Enrollment) -> dict[str, Any]:
    """What waits for a facilitator at their two desks: plans with their minutes, and reflections."""
    plans, reflections = both_desks(db, Desk(seat.cohort_id, seat.id, seat.user_id))
    return {"waiting": {"plans": plans, "minutes": minutes_for(plans)}, "reflections": reflections}


def step_rows(status: CohortStatus) -> list[dict[str, object]]:
    """Each step with its dates and how many have finished it."""
    return [
        {
            "title": step_name(period.step, status.pack),
            "days": day_range_words(period.opens_on, period.last_on, status.pack.lang),
            "done": status.finished.get(period.step, 0),
            "total": status.total,
        }
        for period in periods_of(status.schedule)
    ]


def prepared_words(status: CohortStatus, today: date) -> str:
    """Before the workshop: how many come prepared, having finished the lessons; empty from its first day on."""
    if status.cohort.started_at is None or today >= status.schedule.day1:
        return ""
    day = short_day_words(status.schedule.day1, status.pack.lang)
    done = status.finished.get(LESSONS, 0)
    return ngettext(
        "%(num)s of %(total)s is prepared for the workshop on %(day)s.",
        "%(num)s of %(total)s are prepared for the workshop on %(day)s.",
        done,
        total=status.total,
        day=day,
    )


def next_letter_words(status: CohortStatus) -> str:
    """When the next letter of the cohort goes out, in words."""
    if status.cohort.started_at is None:
        return _("This cohort has not started: no letter goes out.")
    if status.next_letter_at is None:
        return _("No letter is planned any more.")
    at = status.next_letter_at.astimezone(status.schedule.zone)
    day = short_day_words(at.date(), status.pack.lang)
    return _("The next letters go out on %(day)s at %(time)s.", day=day, time=clock_words(at))


def needs_of(db: Session, status: CohortStatus, now: datetime) -> list[NeedLine]:
    """What the board of a cohort that has started tells first, in two queries."""
    cohort, schedule = status.cohort, status.schedule
    if cohort.started_at is None:
        return []
    numbers = numbers_of(db, cohort, now.astimezone(schedule.zone).date())
    return what_needs_a_hand(cohort, schedule, numbers, glance(db, cohort, schedule, Wish(), now), now)


def undelivered(status: CohortStatus) -> int:
    """Letters that a mail server refused, or that may not have arrived."""
    return status.letters.get(PromptState.FAILED, 0) + status.letters.get(PromptState.IN_DOUBT, 0)
