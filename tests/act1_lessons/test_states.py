"""The state of a lesson, and how many minutes are left."""

import pytest

from trainer.act1_lessons.rules import LessonState, Work, remaining_minutes, seconds_per_question, state_of

NEW = Work(minutes=4, questions=3)
HALF = Work(minutes=4, questions=3, is_opened=True, watched_share=0.5)
SEEN = Work(minutes=4, questions=3, is_opened=True, watched_share=0.92, is_seen=True)
DONE = Work(minutes=4, questions=3, is_opened=True, watched_share=0.92, is_seen=True, answered=3)
READ = Work(minutes=4, questions=3, is_opened=True, is_read=True)


@pytest.mark.parametrize(
    ("work", "state"),
    [
        (NEW, LessonState.NOT_OPENED),
        (HALF, LessonState.WATCHING),
        (Work(minutes=4, questions=3, is_opened=True, answered=3), LessonState.WATCHING),
        (SEEN, LessonState.QUESTIONS_LEFT),
        (DONE, LessonState.FINISHED),
        (Work(minutes=4, questions=0, is_opened=True, is_seen=True), LessonState.FINISHED),
        (READ, LessonState.FINISHED_BY_READING),
    ],
)
def test_the_state_of_a_lesson(work: Work, state: LessonState) -> None:
    assert state_of(work) is state
    assert state.is_finished is (work in (DONE, READ) or work.questions == 0)


@pytest.mark.parametrize(
    ("works", "minutes"),
    [
        ([], 0),
        ([NEW], 6),  # 4 minutes and three questions of 30 s, rounded up
        ([HALF], 4),
        ([SEEN], 2),
        ([DONE, READ], 0),
        ([NEW, HALF, SEEN, DONE], 11),
    ],
)
def test_the_minutes_left(works: list[Work], minutes: int) -> None:
    assert remaining_minutes(works, 30) == minutes


def test_films_and_questions_together_take_the_time_the_program_promises() -> None:
    lessons = [Work(minutes=4, questions=3)] * 6 + [Work(minutes=5, questions=3)] * 2
    assert remaining_minutes(lessons, seconds_per_question(45, 34, 24)) == 45


@pytest.mark.parametrize(
    ("budget", "minutes", "questions", "each"), [(45, 34, 24, 27.5), (30, 34, 24, 0), (45, 34, 0, 0)]
)
def test_the_time_of_a_question(budget: int, minutes: int, questions: int, each: float) -> None:
    assert seconds_per_question(budget, minutes, questions) == each
