"""Watching, reading and answering lessons, against the database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from tests.factories import make_cohort, make_organization, make_seat
from trainer.act1_lessons.actions import (
    UnknownLesson,
    add_segments,
    answer_question,
    open_lesson,
    read_to_end,
    refresh_counts,
)
from trainer.act1_lessons.models import LessonProgress, QuestionAttempt
from trainer.act1_lessons.queries import (
    course_of,
    lessons_of,
    lessons_of_seats,
    most_missed,
    next_lesson,
    remaining_of,
)
from trainer.act1_lessons.rules import SLACK_MS, LessonState
from trainer.cohorts.models import Cohort, Enrollment, FinishedStep
from trainer.db import Database

LENGTH = 240_000
SOON = timedelta(minutes=5)


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    with database.session() as db:
        yield db


@pytest.fixture
def cohort(db: Session) -> Cohort:
    return make_cohort(db)


@pytest.fixture
def seat(db: Session, cohort: Cohort) -> Enrollment:
    return make_seat(db, cohort)


def watch(db: Session, seat: Enrollment, lesson: str, now: datetime, until: int = LENGTH) -> LessonProgress:
    """Open a lesson and watch it without a break; the time needed passes."""
    open_lesson(db, seat.id, lesson, now=now)
    db.commit()
    opened = open_lesson(db, seat.id, lesson, now=now + SOON)
    add_segments(db, opened, ((0, until),), position_ms=until, length_ms=LENGTH, now=now + SOON)
    db.commit()
    return opened.progress


def answer_all(db: Session, seat: Enrollment, lesson: str, now: datetime) -> None:
    opened = open_lesson(db, seat.id, lesson, now=now)
    for question in opened.lesson.questions:
        answer_question(db, opened, question.id, question.options[0].id, now=now)
    db.commit()


def state(db: Session, seat: Enrollment, lesson: str) -> LessonState:
    works = lessons_of(db, seat.id, course_of(db, seat.id).pack)
    return next(one.state for one in works if one.lesson.id == lesson)


def finished_act1(db: Session, seat: Enrollment) -> bool:
    steps = select(FinishedStep).where(FinishedStep.enrollment_id == seat.id, FinishedStep.step == "act1")
    return len(db.scalars(steps).all()) == 1


def test_a_lesson_that_was_watched_and_answered_is_finished(db: Session, seat: Enrollment, now: datetime) -> None:
    assert state(db, seat, "l1") is LessonState.NOT_OPENED
    watch(db, seat, "l1", now, until=100_000)
    assert state(db, seat, "l1") is LessonState.WATCHING
    watch(db, seat, "l1", now + SOON)
    assert state(db, seat, "l1") is LessonState.QUESTIONS_LEFT
    answer_all(db, seat, "l1", now)
    assert state(db, seat, "l1") is LessonState.FINISHED
    assert not finished_act1(db, seat)


@pytest.mark.parametrize(
    ("percent", "until", "is_seen"),
    [(90, 215_999, False), (90, 216_000, True), (70, 167_999, False), (70, 168_000, True)],
)
def test_a_film_is_seen_from_the_share_on_that_its_program_says(
    db: Session, seat: Enrollment, now: datetime, percent: int, until: int, is_seen: bool
) -> None:
    opened = open_lesson(db, seat.id, "l1", now=now)
    header = opened.course.pack.program.model_copy(update={"film_seen_percent": percent})
    pack = opened.course.pack.model_copy(update={"program": header})
    opened = replace(opened, course=replace(opened.course, pack=pack))
    add_segments(db, opened, ((0, until),), position_ms=until, length_ms=LENGTH, now=now + SOON)
    assert (opened.progress.seen_at is not None) is is_seen


def test_questions_may_be_answered_before_the_film(db: Session, seat: Enrollment, now: datetime) -> None:
    answer_all(db, seat, "l1", now)
    assert state(db, seat, "l1") is LessonState.WATCHING
    assert watch(db, seat, "l1", now).finished_at == now + SOON


def test_reading_to_the_end_finishes_a_lesson_too(db: Session, seat: Enrollment, now: datetime) -> None:
    for instant in (now, now + SOON):  # twice changes nothing
        opened = open_lesson(db, seat.id, "l1", now=instant)
        read_to_end(db, opened, now=instant)
    assert (opened.progress.read_at, opened.progress.finished_at) == (now, now)
    assert state(db, seat, "l1") is LessonState.FINISHED_BY_READING


def test_the_last_finished_lesson_finishes_the_step_and_has_the_letters_planned_again(
    db: Session, cohort: Cohort, seat: Enrollment, now: datetime
) -> None:
    cohort.is_to_plan = False
    for lesson in course_of(db, seat.id).pack.lessons:
        assert not finished_act1(db, seat)
        watch(db, seat, lesson.id, now)
        answer_all(db, seat, lesson.id, now)
    assert finished_act1(db, seat)
    db.refresh(cohort)
    assert cohort.is_to_plan


def test_posts_cannot_outrun_real_time(db: Session, seat: Enrollment, now: datetime) -> None:
    open_lesson(db, seat.id, "l1", now=now)
    for second in range(1, 11):
        later = now + timedelta(seconds=second)
        opened = open_lesson(db, seat.id, "l1", now=later)
        add_segments(db, opened, ((0, LENGTH),), position_ms=0, length_ms=LENGTH, now=later)
    assert opened.progress.segments == [[0, 22_000]]


@pytest.mark.parametrize("seconds", [1, 10, 60])
def test_however_often_is_posted_the_slack_is_lent_once(
    db: Session, seat: Enrollment, now: datetime, seconds: int
) -> None:
    for moment in range(0, 61, seconds):
        later = now + timedelta(seconds=moment)
        opened = open_lesson(db, seat.id, "l1", now=later)
        for _ in range(3):
            add_segments(db, opened, ((0, LENGTH),), position_ms=0, length_ms=LENGTH, now=later)
    assert opened.progress.segments == [[0, 2 * 60_000 + SLACK_MS]]


def test_somebody_who_watches_at_double_speed_is_never_held_up(db: Session, seat: Enrollment, now: datetime) -> None:
    open_lesson(db, seat.id, "l1", now=now)
    for place in range(1, 13):  # every ten seconds, each post on its way for up to 0.9 s
        later = now + timedelta(seconds=10 * place, milliseconds=(place * 370) % 900)
        opened = open_lesson(db, seat.id, "l1", now=later)
        assert add_segments(db, opened, ((0, 20_000 * place),), position_ms=0, length_ms=LENGTH, now=later)


def test_two_devices_merge(db: Session, seat: Enrollment, now: datetime) -> None:
    open_lesson(db, seat.id, "l1", now=now)
    for moment, piece in ((20, (0, 20_000)), (40, (100_000, 120_000)), (60, (20_000, 30_000))):
        later = now + timedelta(seconds=moment)
        opened = open_lesson(db, seat.id, "l1", now=later)
        add_segments(db, opened, (piece,), position_ms=piece[1], length_ms=LENGTH, now=later)
    assert opened.progress.segments == [[0, 30_000], [100_000, 120_000]]
    assert opened.progress.position_ms == 30_000


@pytest.mark.parametrize(("position", "kept"), [(-9, 0), (LENGTH + 1, LENGTH), (5, 5)])
def test_a_position_lies_within_the_film(
    db: Session, seat: Enrollment, now: datetime, position: int, kept: int
) -> None:
    opened = open_lesson(db, seat.id, "l1", now=now)
    add_segments(db, opened, (), position_ms=position, length_ms=LENGTH, now=now)
    assert opened.progress.position_ms == kept


def test_the_first_and_the_last_answer_are_kept(db: Session, seat: Enrollment, now: datetime) -> None:
    opened = open_lesson(db, seat.id, "l1", now=now)
    given = [
        answer_question(db, opened, "l1q1", option, now=now + timedelta(minutes=minute))
        for minute, option in enumerate(("a", "c", "b"))
    ]
    attempt = db.scalars(select(QuestionAttempt)).one()
    assert given == [False, False, True]
    assert (attempt.first_option_id, attempt.first_correct, attempt.first_at) == ("a", False, now)
    assert (attempt.last_option_id, attempt.last_correct) == ("b", True)
    assert attempt.last_at == now + timedelta(minutes=2)


@pytest.mark.parametrize(("question", "option"), [("l1q1", "z"), ("l2q1", "a"), ("", "")])
def test_an_unknown_answer_is_refused(db: Session, seat: Enrollment, now: datetime, question: str, option: str) -> None:
    opened = open_lesson(db, seat.id, "l1", now=now)
    with pytest.raises(UnknownLesson):
        answer_question(db, opened, question, option, now=now)


def test_an_unknown_lesson_is_refused_and_leaves_nothing(db: Session, seat: Enrollment, now: datetime) -> None:
    with pytest.raises(UnknownLesson):
        open_lesson(db, seat.id, "l99", now=now)
    assert db.scalar(select(func.count()).select_from(LessonProgress)) == 0


def test_a_post_of_progress_takes_two_queries_besides_the_door(db: Session, seat: Enrollment, now: datetime) -> None:
    open_lesson(db, seat.id, "l1", now=now)
    db.commit()
    statements: list[str] = []
    event.listen(db.get_bind(), "before_cursor_execute", lambda *told: statements.append(told[2]))
    opened = open_lesson(db, seat.id, "l1", now=now + SOON)
    add_segments(db, opened, ((0, 9_000),), position_ms=9_000, length_ms=LENGTH, now=now + SOON)
    db.commit()
    assert [text.split()[0] for text in statements if not text.startswith("BEGIN")] == ["SELECT", "UPDATE"]


def test_what_is_left_over_all_lessons(db: Session, cohort: Cohort, seat: Enrollment, now: datetime) -> None:
    idle = make_seat(db, cohort)
    watch(db, seat, "l1", now)
    answer_all(db, seat, "l1", now)
    watch(db, seat, "l2", now, until=120_000)
    pack = course_of(db, seat.id).pack
    assert remaining_of(db, [seat.id, idle.id], pack) == {seat.id: (7, 38), idle.id: (8, 45)}


@pytest.mark.parametrize(
    ("seen", "begun", "pointed_to"),
    [((), (), "l1"), ((), ("l3",), "l3"), (("l2",), ("l3",), "l3"), (("l2",), (), "l2")],
)
def test_the_home_page_points_to_what_was_begun(
    db: Session, seat: Enrollment, now: datetime, seen: tuple[str, ...], begun: tuple[str, ...], pointed_to: str
) -> None:
    for lesson in seen:
        watch(db, seat, lesson, now)
    for lesson in begun:
        watch(db, seat, lesson, now, until=60_000)
    found = next_lesson(lessons_of(db, seat.id, course_of(db, seat.id).pack))
    assert found is not None
    assert found.lesson.id == pointed_to


def test_nothing_is_next_when_all_is_done(db: Session, seat: Enrollment, now: datetime) -> None:
    pack = course_of(db, seat.id).pack
    for lesson in pack.lessons:
        read_to_end(db, open_lesson(db, seat.id, lesson.id, now=now), now=now)
    assert next_lesson(lessons_of(db, seat.id, pack)) is None
    assert remaining_of(db, [seat.id], pack) == {seat.id: (0, 0)}
    assert finished_act1(db, seat)


def test_any_number_of_seats_takes_two_queries(db: Session, cohort: Cohort) -> None:
    seats = [make_seat(db, cohort).id for _ in range(5)]
    pack = course_of(db, seats[0]).pack
    statements: list[str] = []
    event.listen(db.get_bind(), "before_cursor_execute", lambda *told: statements.append(told[2]))
    assert set(lessons_of_seats(db, seats, pack)) == set(seats)
    assert len(statements) == 2


def test_missed_questions_are_shown_from_five_answers_on(db: Session, cohort: Cohort, now: datetime) -> None:
    other = make_cohort(db, make_organization(db))
    for place in range(5):
        opened = open_lesson(db, make_seat(db, cohort).id, "l1", now=now)
        answer_question(db, opened, "l1q1", "a" if place < 3 else "b", now=now)
        answer_question(db, opened, "l1q1", "b", now=now)
        answer_question(db, opened, "l1q3", "a" if place < 4 else "c", now=now)
        if place < 4:
            answer_question(db, opened, "l1q2", "c", now=now)
    answer_question(db, open_lesson(db, make_seat(db, other).id, "l1", now=now), "l1q1", "a", now=now)
    assert refresh_counts(db, today=now.date())
    found = [(count.question_id, count.missed, count.answered) for count in db.scalars(most_missed(cohort.id))]
    assert found == [("l1q3", 4, 5), ("l1q1", 3, 5)]
    assert db.scalars(most_missed(other.id)).all() == []


def test_counts_are_made_once_a_day(db: Session, cohort: Cohort, now: datetime) -> None:
    def answer(count: int) -> None:
        for _ in range(count):
            answer_question(db, open_lesson(db, make_seat(db, cohort).id, "l1", now=now), "l1q1", "a", now=now)

    answer(5)
    assert refresh_counts(db, today=now.date())
    answer(1)
    assert not refresh_counts(db, today=now.date())
    assert [count.answered for count in db.scalars(most_missed(cohort.id))] == [5]
    assert refresh_counts(db, today=now.date() + timedelta(days=1))
    assert [count.answered for count in db.scalars(most_missed(cohort.id))] == [6]
