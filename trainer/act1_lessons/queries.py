"""What seats have done of their lessons, and what a cohort as a whole has; read."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from trainer.act1_lessons.models import LessonProgress, QuestionAttempt, QuestionCount
from trainer.act1_lessons.rules import LessonState, Work, remaining_minutes, seconds_per_question, state_of
from trainer.cohorts.models import Cohort, Enrollment, FinishedStep
from trainer.programs.content import Pack
from trainer.programs.content_lessons import Lesson
from trainer.programs.models import ProgramVersion
from trainer.programs.queries import pack_of_digest

STEP = "act1"


@dataclass(frozen=True)
class Course:
    """The lessons a seat works on: its cohort's program, as it was when the cohort took it."""

    seat: Enrollment
    cohort: Cohort
    program: str
    pack: Pack

    def lesson(self, lesson_id: str) -> Lesson | None:
        """The lesson of this id, or None."""
        return next((lesson for lesson in self.pack.lessons if lesson.id == lesson_id), None)


@dataclass(frozen=True)
class LessonWork:
    """One lesson of the pack, and what a seat has done of it."""

    lesson: Lesson
    work: Work
    progress: LessonProgress | None = None
    attempts: Mapping[str, QuestionAttempt] = field(default_factory=dict)  # question id -> attempt

    @property
    def state(self) -> LessonState:
        """How far the seat is with it."""
        return state_of(self.work)


def course_of(db: Session, seat_id: int, language: str | None = None, *, is_locked: bool = False) -> Course:
    """The course of a seat in a language (the cohort's unless given), in one query.

    `is_locked` makes others who write to the same seat wait until the transaction ends.
    """
    query = _courses(seat_id)
    if is_locked:
        query = query.with_for_update(of=Enrollment, key_share=True)
    seat, cohort, program, digest = db.execute(query).one()
    return Course(seat, cohort, program, pack_of_digest(db, digest, language or cohort.language))


def lesson_at_work(db: Session, seat_id: int, lesson_id: str) -> tuple[Course, LessonProgress] | None:
    """An opened lesson of a seat, locked until the transaction ends, with its course in the cohort's language."""
    row = db.execute(
        _courses(seat_id)
        .add_columns(LessonProgress)
        .join(LessonProgress, LessonProgress.enrollment_id == Enrollment.id)
        .where(LessonProgress.lesson_id == lesson_id)
        .with_for_update(of=LessonProgress)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    seat, cohort, program, digest, progress = row
    return Course(seat, cohort, program, pack_of_digest(db, digest, cohort.language)), progress


def lessons_of(db: Session, seat_id: int, pack: Pack) -> list[LessonWork]:
    """Every lesson in the program's order with what the seat has done of it, in two queries."""
    return lessons_of_seats(db, [seat_id], pack)[seat_id]


def lessons_of_seats(db: Session, seat_ids: Collection[int], pack: Pack) -> dict[int, list[LessonWork]]:
    """Seat -> every lesson in the program's order, for any number of seats in two queries."""
    progress = _progress_of(db, seat_ids)
    attempts = _attempts_of(db, seat_ids)
    lessons = _in_order(pack)
    return {
        seat_id: [
            _with_answers(lesson, progress.get((seat_id, lesson.id)), attempts[seat_id, lesson.id])
            for lesson in lessons
        ]
        for seat_id in seat_ids
    }


def lessons_counted(db: Session, seat_id: int, pack: Pack) -> list[LessonWork]:
    """The same as `lessons_of` without the answers themselves, in one query."""
    of_lesson = (QuestionAttempt.enrollment_id == seat_id) & (QuestionAttempt.lesson_id == LessonProgress.lesson_id)
    answered = select(func.count()).where(of_lesson).correlate(LessonProgress).scalar_subquery()
    rows = db.execute(select(LessonProgress, answered).where(LessonProgress.enrollment_id == seat_id))
    found = {progress.lesson_id: (progress, count) for progress, count in rows}
    return [_lesson_work(lesson, *found.get(lesson.id, (None, 0))) for lesson in _in_order(pack)]


def remaining_of(db: Session, seat_ids: Collection[int], pack: Pack) -> dict[int, tuple[int, int]]:
    """Seat -> (lessons left, about how many minutes they take with their questions), in two queries."""
    return {seat_id: remaining(works, pack) for seat_id, works in lessons_of_seats(db, seat_ids, pack).items()}


def remaining(works: Sequence[LessonWork], pack: Pack) -> tuple[int, int]:
    """The lessons left and about how many minutes they take; nothing done takes what the program promises."""
    questions = sum(len(lesson.questions) for lesson in pack.lessons)
    minutes = sum(lesson.minutes for lesson in pack.lessons)
    each = seconds_per_question(pack.program.time_budget.act1_minutes, minutes, questions)
    left = [one.work for one in works if not one.state.is_finished]
    return len(left), remaining_minutes(left, each)


def next_lesson(works: Sequence[LessonWork]) -> LessonWork | None:
    """The lesson a home page points to: one that was begun, else the first that was not; None when all are done."""
    order = (LessonState.WATCHING, LessonState.QUESTIONS_LEFT, LessonState.NOT_OPENED)
    return next((one for state in order for one in works if one.state is state), None)


def has_finished_step(db: Session, seat_id: int) -> bool:
    """Whether the seat is done with the lessons, be it by somebody else's hand while some of them are left."""
    finished = select(FinishedStep.id).where(FinishedStep.enrollment_id == seat_id, FinishedStep.step == STEP)
    return db.scalar(finished) is not None


def most_missed(cohort_id: int) -> Select[QuestionCount]:
    """The cohort's questions that somebody missed at first, the most often missed first, as of the last count."""
    return (
        select(QuestionCount)
        .where(QuestionCount.cohort_id == cohort_id, QuestionCount.missed > 0)
        .order_by((QuestionCount.missed * 1.0 / QuestionCount.answered).desc(), QuestionCount.question_id)
    )


def _courses(seat_id: int) -> Select[Enrollment, Cohort, str, str]:
    return (
        select(Enrollment, Cohort, ProgramVersion.program, ProgramVersion.digest)
        .join(Cohort, (Cohort.id == Enrollment.cohort_id) & (Cohort.organization_id == Enrollment.organization_id))
        .join(ProgramVersion, ProgramVersion.id == Cohort.program_version_id)
        .where(Enrollment.id == seat_id)
    )


def _in_order(pack: Pack) -> list[Lesson]:
    return sorted(pack.lessons, key=lambda lesson: lesson.order)


def _with_answers(
    lesson: Lesson, progress: LessonProgress | None, attempts: Mapping[str, QuestionAttempt]
) -> LessonWork:
    asked = {question.id for question in lesson.questions}
    answered = {name: attempt for name, attempt in attempts.items() if name in asked}
    return replace(_lesson_work(lesson, progress, len(answered)), attempts=answered)


def _lesson_work(lesson: Lesson, progress: LessonProgress | None, answered: int) -> LessonWork:
    work = Work(
        minutes=lesson.minutes,
        questions=len(lesson.questions),
        answered=answered,
        is_opened=progress is not None,
        watched_share=progress.watched_share if progress else 0.0,
        is_seen=bool(progress and progress.seen_at),
        is_read=bool(progress and progress.read_at),
    )
    return LessonWork(lesson, work, progress)


def _progress_of(db: Session, seat_ids: Collection[int]) -> dict[tuple[int, str], LessonProgress]:
    rows = db.scalars(select(LessonProgress).where(LessonProgress.enrollment_id.in_(seat_ids)))
    return {(row.enrollment_id, row.lesson_id): row for row in rows}


def _attempts_of(db: Session, seat_ids: Collection[int]) -> dict[tuple[int, str], dict[str, QuestionAttempt]]:
    found: dict[tuple[int, str], dict[str, QuestionAttempt]] = defaultdict(dict)
    for row in db.scalars(select(QuestionAttempt).where(QuestionAttempt.enrollment_id.in_(seat_ids))):
        found[row.enrollment_id, row.lesson_id][row.question_id] = row
    return found
