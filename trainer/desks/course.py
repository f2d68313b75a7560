"""One trainee's course as their home shows it: the next step, the journey, the letters; in three queries.

Whoever is still at the lessons costs one more.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.act1_lessons.queries import STEP as LESSONS
from trainer.act1_lessons.queries import LessonWork, lessons_counted
from trainer.cohorts.models import Cohort, Enrollment, Extension, FinishedStep, SeatStatus
from trainer.cohorts.queries import Schedule, cohort_with_schedule
from trainer.programs.content import Pack
from trainer.programs.queries import pack_of_digest
from trainer.programs.rules import STEPS
from trainer.prompts.models import Prompt, PromptState

OWN_LETTERS = ("trainee",)


@dataclass(frozen=True)
class StepState:
    """One step for one seat, on one day."""

    step: str
    opens_on: date
    due_on: date
    finished_at: datetime | None
    is_own_date: bool  # the due date was extended for this seat
    is_over: bool  # it took place without being written down as finished: the workshop, while attendance is open

    def is_open(self, today: date) -> bool:
        """Whether there is something to do in it today."""
        return self.finished_at is None and not self.is_over and self.opens_on <= today


@dataclass(frozen=True)
class LetterOfSeat:
    """As much of a letter as its reader is told."""

    letter: str  # its id in the pack
    state: PromptState
    reason: str | None
    due_at: datetime
    sent_at: datetime | None
    next_at: datetime  # when it is tried next
    attempts: int

    @property
    def at(self) -> datetime:
        """When it came, or was to come."""
        return self.sent_at or self.due_at


@dataclass(frozen=True)
class Course:
    """Everything a trainee's home knows."""

    cohort: Cohort
    schedule: Schedule
    pack: Pack  # in the reader's language
    status: SeatStatus
    steps: tuple[StepState, ...]
    letters: tuple[LetterOfSeat, ...]  # those whose day has come, the newest first
    coming: LetterOfSeat | None  # the next one planned
    lessons: tuple[LessonWork, ...]  # in the program's order; none when they are finished
    today: date

    @property
    def zone(self) -> ZoneInfo:
        return self.schedule.zone

    @property
    def next_step(self) -> StepState | None:
        """The open step that is due next, else the last one that was due, else the next one to open; None at the end.

        So a lesson that was left out does not stand before the reflection of this week.
        """
        left = [state for state in self.steps if state.finished_at is None and not state.is_over]
        opened = [state for state in left if state.is_open(self.today)]
        in_time = [state for state in opened if state.due_on >= self.today]
        return next(iter([*in_time, *reversed(opened), *left]), None)

    def step(self, name: str) -> StepState | None:
        """The state of one step."""
        return next((state for state in self.steps if state.step == name), None)


def course_of(
    db: Session, seat: Enrollment, *, language: str, now: datetime, letters_to: Collection[str] = OWN_LETTERS
) -> Course:
    """A trainee's course as it stands at `now`, with the pack in `language` and the letters to these readers."""
    cohort, schedule = cohort_with_schedule(db, seat.cohort_id)
    today = now.astimezone(schedule.zone).date()
    extensions, finished = _own_steps(db, seat)
    pack = pack_of_digest(db, schedule.digest, language)
    past, coming = _told_apart(_letters(db, seat, pack, letters_to), now)
    return Course(
        cohort=cohort,
        schedule=schedule,
        pack=pack,
        status=seat.status,
        steps=tuple(_state(schedule, step, extensions, finished, today) for step in STEPS),
        letters=past,
        coming=None if seat.status is SeatStatus.PAUSED else coming,
        lessons=() if LESSONS in finished else tuple(lessons_counted(db, seat.id, pack)),
        today=today,
    )


def _letters(db: Session, seat: Enrollment, pack: Pack, letters_to: Collection[str]) -> list[LetterOfSeat]:
    """A letter to the boss hangs from the trainee's seat too, and is not theirs to read about."""
    if not letters_to:
        return []
    own = {letter.id for letter in pack.letters if letter.to in letters_to}
    columns = (Prompt.letter, Prompt.state, Prompt.reason, Prompt.due_at, Prompt.sent_at)
    found = select(*columns, Prompt.next_at, Prompt.attempts).where(Prompt.enrollment_id == seat.id)
    rows = db.execute(found.order_by(Prompt.due_at, Prompt.id))
    return [LetterOfSeat(*row) for row in rows if row.letter in own]


def _own_steps(db: Session, seat: Enrollment) -> tuple[dict[str, date], dict[str, datetime]]:
    """The seat's extensions and finished steps; a few rows too many are cheaper than a query more."""
    rows = db.execute(
        select(Extension.step, Extension.due_on, FinishedStep.step, FinishedStep.finished_at)
        .select_from(Enrollment)
        .outerjoin(Extension, Extension.enrollment_id == Enrollment.id)
        .outerjoin(FinishedStep, FinishedStep.enrollment_id == Enrollment.id)
        .where(Enrollment.id == seat.id)
    ).all()
    extensions = {step: day for step, day, _, _ in rows if step}
    return extensions, {step: at for _, _, step, at in rows if step}


def _state(
    schedule: Schedule, step: str, extensions: dict[str, date], finished: dict[str, datetime], today: date
) -> StepState:
    declared = next(entry for entry in schedule.pack.schedule.steps if entry.id == step)
    due_on = schedule.day2 if step == "workshop" else schedule.dates[declared.due]
    return StepState(
        step=step,
        opens_on=schedule.dates[declared.opens],
        due_on=extensions.get(step, due_on),
        finished_at=finished.get(step),
        is_own_date=step in extensions,
        is_over=step == "workshop" and today > due_on,
    )


def _told_apart(letters: Sequence[LetterOfSeat], now: datetime) -> tuple[tuple[LetterOfSeat, ...], LetterOfSeat | None]:
    past = tuple(letter for letter in reversed(letters) if letter.at <= now)
    coming = (letter for letter in letters if letter.state is PromptState.PLANNED and letter.due_at > now)
    return past, next(coming, None)
