"""Watching, reading and answering; the last finished lesson finishes the step."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, false, func, insert, literal, select
from sqlalchemy.orm import Session

from trainer.act1_lessons.models import LessonProgress, QuestionAttempt, QuestionCount
from trainer.act1_lessons.queries import STEP, Course, course_of, lesson_at_work, lessons_of
from trainer.act1_lessons.rules import K_ITEMS, Segments, holds_all, merge, paid_ms, watched_share
from trainer.cohorts.actions import finish_step
from trainer.cohorts.models import Enrollment
from trainer.programs.content_lessons import Lesson, Question


class UnknownLesson(LookupError):
    """The seat's program has no such lesson, question or answer."""


@dataclass(frozen=True)
class OpenLesson:
    """A lesson that a seat is working on, locked for everybody else until the transaction ends."""

    course: Course
    lesson: Lesson
    progress: LessonProgress

    def question(self, question_id: str) -> Question:
        """The question of this id. Raises UnknownLesson."""
        for question in self.lesson.questions:
            if question.id == question_id:
                return question
        raise UnknownLesson(question_id)


def open_lesson(db: Session, seat_id: int, lesson_id: str, *, now: datetime) -> OpenLesson:
    """The lesson for this seat, in one query; opened now if it never was. Raises UnknownLesson."""
    found = lesson_at_work(db, seat_id, lesson_id)
    course, progress = found or _opened(db, seat_id, lesson_id, now)
    lesson = course.lesson(lesson_id)
    if lesson is None:
        raise UnknownLesson(lesson_id)
    return OpenLesson(course, lesson, progress)


def add_segments(
    db: Session, opened: OpenLesson, segments: Segments, *, position_ms: int, length_ms: int, now: datetime
) -> bool:
    """Keep what was watched of a film of this length; from the program's share on it is seen.

    False if some of it was not possible yet.
    """
    progress = opened.progress
    known = _segments_of(progress)
    elapsed_ms = (now - progress.last_post_at) // timedelta(milliseconds=1)
    merged = merge(known, segments, length_ms=length_ms, elapsed_ms=elapsed_ms)
    progress.segments = [list(piece) for piece in merged]
    progress.position_ms = max(0, min(position_ms, length_ms))
    progress.watched_share = max(progress.watched_share, watched_share(merged, length_ms))
    # ahead of now by what was lent, so that the next post pays it back before it is lent again
    progress.last_post_at = max(now, progress.last_post_at + timedelta(milliseconds=paid_ms(known, merged)))
    if progress.seen_at is None and progress.watched_share >= opened.course.pack.program.film_seen_percent / 100:
        progress.seen_at = now
        _finish_if_done(db, opened, now)
    return holds_all(merged, segments, length_ms)


def read_to_end(db: Session, opened: OpenLesson, *, now: datetime) -> None:
    """The person says that they have read the lesson; that finishes it as well as watching does."""
    if opened.progress.read_at is None:
        opened.progress.read_at = now
        _finish_if_done(db, opened, now)


def answer_question(db: Session, opened: OpenLesson, question_id: str, option_id: str, *, now: datetime) -> bool:
    """Keep an answer, whether it is right or not; gives whether it is. Raises UnknownLesson."""
    question = opened.question(question_id)
    if option_id not in {option.id for option in question.options}:
        raise UnknownLesson(option_id)
    is_correct = option_id == question.answer
    seat = opened.course.seat
    attempt = db.scalar(
        select(QuestionAttempt).where(
            QuestionAttempt.enrollment_id == seat.id, QuestionAttempt.question_id == question_id
        )
    )
    if attempt is None:
        attempt = QuestionAttempt(
            organization_id=seat.organization_id,
            enrollment_id=seat.id,
            lesson_id=opened.lesson.id,
            question_id=question_id,
            first_option_id=option_id,
            first_correct=is_correct,
            first_at=now,
        )
        db.add(attempt)
    attempt.last_option_id, attempt.last_correct, attempt.last_at = option_id, is_correct, now
    _finish_if_done(db, opened, now)
    return is_correct


def refresh_counts(db: Session, *, today: date) -> bool:
    """Count anew, for all cohorts, how often each question was missed at first; False if that was done today.

    Once a day and from 5 answers on, so that nobody's answer can be told from two counts.
    """
    if (db.scalar(select(func.max(QuestionCount.counted_on))) or date.min) >= today:
        return False
    db.execute(delete(QuestionCount))
    counted = (
        select(
            QuestionAttempt.organization_id,
            Enrollment.cohort_id,
            QuestionAttempt.lesson_id,
            QuestionAttempt.question_id,
            func.count(),
            func.count().filter(QuestionAttempt.first_correct == false()),
            literal(today),
        )
        .join(Enrollment, Enrollment.id == QuestionAttempt.enrollment_id)
        .group_by(
            QuestionAttempt.organization_id,
            Enrollment.cohort_id,
            QuestionAttempt.lesson_id,
            QuestionAttempt.question_id,
        )
        .having(func.count() >= K_ITEMS)
    )
    columns = ["organization_id", "cohort_id", "lesson_id", "question_id", "answered", "missed", "counted_on"]
    db.execute(insert(QuestionCount).from_select(columns, counted))
    return True


def _opened(db: Session, seat_id: int, lesson_id: str, now: datetime) -> tuple[Course, LessonProgress]:
    """A first opening; whoever holds the seat is waited for, since they may open the lesson meanwhile."""
    course = course_of(db, seat_id, is_locked=True)
    found = lesson_at_work(db, seat_id, lesson_id)
    if found is not None:
        return found
    if course.lesson(lesson_id) is None:
        raise UnknownLesson(lesson_id)
    progress = LessonProgress(
        organization_id=course.seat.organization_id,
        enrollment_id=seat_id,
        lesson_id=lesson_id,
        opened_at=now,
        last_post_at=now,
        segments=[],
        position_ms=0,
        watched_share=0.0,
    )
    db.add(progress)
    return course, progress


def _finish_if_done(db: Session, opened: OpenLesson, now: datetime) -> None:
    """Finish the lesson, and with the last one the step; two devices that finish two lessons take turns."""
    seat = opened.course.seat
    course_of(db, seat.id, is_locked=True)
    works = lessons_of(db, seat.id, opened.course.pack)
    done = {one.lesson.id for one in works if one.state.is_finished}
    if opened.lesson.id not in done:
        return
    opened.progress.finished_at = opened.progress.finished_at or now
    if len(done) == len(works):
        finish_step(db, opened.course.cohort, seat, step=STEP, now=now)


def _segments_of(progress: LessonProgress) -> Segments:
    return tuple((start, end) for start, end in progress.segments)
