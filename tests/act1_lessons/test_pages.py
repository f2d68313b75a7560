"""The pages of the lessons, as a trainee meets them."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from tests.accounts.browsers import Watch
from tests.act1_lessons.conftest import Learner
from trainer.act1_lessons.models import LessonProgress, QuestionAttempt
from trainer.cohorts.actions import finish_step
from trainer.cohorts.models import Cohort, Enrollment, FinishedStep
from trainer.db import Database
from trainer.programs.content import load_program

LESSONS = ("l1", "l2", "l3", "l4", "l5", "l6", "l7", "l8")
LENGTH = 300_000  # longer than any shipped film


def watch_all(learner: Learner, watch: Watch, lesson: str) -> None:
    learner.post_progress(lesson)
    watch.pass_by(minutes=5)
    assert learner.post_progress(lesson, (0, LENGTH), position=LENGTH)["seen"] is True


def test_the_list_says_what_is_left_first_and_each_lessons_state(learner: Learner, watch: Watch) -> None:
    assert "About 45 minutes left, 8 lessons" in learner.page()
    watch_all(learner, watch, "l1")
    learner.post_progress("l2")
    page = learner.page()
    assert "About 41 minutes left, 8 lessons" in page
    assert "seen; 3 questions left" in page
    assert "Go on with this lesson" in page
    assert "not opened yet" in page


def test_lessons_are_not_asked_for_when_the_office_has_finished_the_step(learner: Learner, database: Database) -> None:
    with database.session() as db:
        cohort, seat = db.get_one(Cohort, learner.cohort_id), db.get_one(Enrollment, learner.seat_id)
        finish_step(db, cohort, seat, step="act1", now=datetime(2026, 9, 1, tzinfo=UTC), reason="watched together")
        db.commit()
    page = learner.page()
    assert "You have finished the lessons. Come back any time." in page
    assert "8 lessons" not in page
    assert "Start this lesson" not in page
    assert "not opened yet" in page  # each lesson still says what was done of it
    assert "You have finished the lessons. Come back any time." in learner.page("/l1")


def test_a_lesson_has_its_film_its_captions_and_its_text(learner: Learner) -> None:
    page = learner.page("/l1")
    assert '<track kind="captions" default srclang="en"' in page
    assert 'data-start="0"' in page
    assert "It counts as seen at 90%" in page
    assert "A player&#39;s job is to produce results with their own hands." in page
    assert "no sound" in page


def test_a_lesson_without_a_film_can_be_read(app: Flask, learner: Learner) -> None:
    app.extensions["films"]._films.clear()
    page = learner.page("/l1")
    assert "<video" not in page
    assert "There is no film of this lesson in your language." in page
    assert "I have read it to the end" in page
    assert learner.post_progress("l1", (0, LENGTH)) == {"percent": 0, "seen": False, "whole": True}


def test_going_on_where_one_left_off(learner: Learner, watch: Watch) -> None:
    learner.post_progress("l1")
    watch.pass_by(seconds=60)
    kept = {"percent": 26, "seen": False, "whole": True}
    assert learner.post_progress("l1", (0, 60_000), position=60_000) == kept
    assert 'data-start="60000"' in learner.page("/l1")
    assert 'data-start="12000"' in learner.page("/l1?at=12000")
    assert "watched up to about 26%" in learner.page("/l1")


def test_what_was_too_fast_is_asked_for_again(learner: Learner, watch: Watch) -> None:
    learner.post_progress("l1")
    watch.pass_by(seconds=10)
    assert learner.post_progress("l1", (0, 60_000)) == {"percent": 9, "seen": False, "whole": False}
    watch.pass_by(seconds=20)
    assert learner.post_progress("l1", (0, 60_000))["whole"] is True


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{",
        '{"segments": {}, "position": "x"}',
        '{"position": 1e400}',
        f'{{"segments": [[999999999, {"9" * 400}]]}}',
        '{"segments": ' + "[" * 50_000,
        "[" * 100_000,
        '{"segments": [[0, 5000]]}' + " " * 64 * 1024,  # longer than any player's
    ],
    ids=lambda body: body[:30],
)
def test_whatever_is_posted_is_taken_calmly(learner: Learner, database: Database, body: str) -> None:
    answer = learner.browser.client.post(
        learner.path("/l1/progress"),
        data=body,
        content_type="application/json",
        headers={"X-CSRFToken": learner.browser.token("/account/")},
    )
    assert answer.status_code == 200
    assert answer.get_json() == {"percent": 0, "seen": False, "whole": True}
    with database.reading() as db:
        assert db.scalars(select(LessonProgress)).one().segments == []


@pytest.mark.parametrize("path", ["/l99", "/l1/questions/l2q1", "/l1/questions/none"])
def test_what_the_program_has_not_is_not_found(learner: Learner, path: str) -> None:
    learner.page(path, status=404)
    assert learner.browser.post(learner.path(path), page="/account/").status_code in (404, 405)


def test_a_question_is_asked_answered_explained_and_may_be_tried_again(learner: Learner, database: Database) -> None:
    path = learner.path("/l1/questions/l1q1")
    assert "Which comes closest to what this program means by managing?" in learner.page("/l1/questions/l1q1")
    for option, words in (("a", "Another one fits better."), ("b", "is right.")):
        answer = learner.browser.post(path, page="/account/", option=option)
        assert (answer.status_code, answer.location) == (303, f"{path}?answered=1")
        page = learner.page("/l1/questions/l1q1?answered=1")
        assert words in page
        assert "What a manager puts in place is conditions." in page
        assert "Try again" in page
        assert "Next question" in page
    with database.reading() as db:
        attempt = db.scalars(select(QuestionAttempt)).one()
    assert (attempt.first_option_id, attempt.last_option_id) == ("a", "b")
    assert "What a manager puts in place is conditions." not in learner.page("/l1/questions/l1q1")


def test_the_first_answer_stands_beside_a_later_one_that_differs(learner: Learner) -> None:
    path = learner.path("/l1/questions/l1q1")
    for option, is_said in (("a", False), ("b", True)):
        learner.browser.post(path, page="/account/", option=option)
        assert ("Your first answer was" in learner.page("/l1/questions/l1q1?answered=1")) is is_said


def test_the_list_says_at_which_moment_a_lesson_goes_on(learner: Learner, watch: Watch) -> None:
    learner.post_progress("l1")
    watch.pass_by(minutes=5)
    learner.post_progress("l1", (0, 125_000), position=125_000)
    page = learner.page()
    assert "goes on at 2:05" in page
    assert re.search("About [12] minutes? left", page)


@pytest.mark.parametrize("form", [{}, {"option": "z"}])
def test_an_answer_that_is_none_is_asked_for_again(learner: Learner, database: Database, form: dict[str, str]) -> None:
    answer = learner.browser.post(learner.path("/l1/questions/l1q1"), page="/account/", **form)
    assert answer.status_code == 422
    assert answer.get_data(as_text=True).count("Please choose one of the answers.") == 2  # above, and at the field
    with database.reading() as db:
        assert db.scalars(select(QuestionAttempt)).all() == []


def test_after_the_last_question_the_way_leads_back(learner: Learner) -> None:
    path = learner.path("/l1/questions/l1q3")
    learner.browser.post(path, page="/account/", option="a")
    assert "Back to the lessons" in learner.page("/l1/questions/l1q3?answered=1")


def test_finishing_all_lessons_finishes_the_step(learner: Learner, watch: Watch, database: Database) -> None:
    with database.session() as db:
        db.get_one(Cohort, learner.cohort_id).is_to_plan = False
        db.commit()
    pack = load_program("management_basics_default")["en"]
    watch_all(learner, watch, "l1")
    for question in pack.lessons[0].questions:
        learner.browser.post(learner.path(f"/l1/questions/{question.id}"), page="/account/", option="a")
    for lesson in LESSONS[1:]:
        assert learner.browser.post(learner.path(f"/{lesson}/read"), page="/account/").status_code == 303
    page = learner.page()
    assert "You have finished all lessons." in page
    assert "finished by reading" in page
    with database.reading() as db:
        assert [step.step for step in db.scalars(select(FinishedStep))] == ["act1"]
        assert db.get_one(Cohort, learner.cohort_id).is_to_plan


def test_the_letters_link_leads_to_the_lessons(learner: Learner) -> None:
    answer = learner.browser.get(f"/to/{learner.seat_uid}/act1", follow_redirects=True)
    assert answer.request.path == learner.path()
