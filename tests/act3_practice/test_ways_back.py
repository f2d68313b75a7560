"""From home the trainee finds back to what they wrote, and sees that an answer has come."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.accounts.browsers import Browser, Watch
from tests.act3_practice.practice import LATER, SUBMITTED, Course, make_feedback, make_reflection
from tests.desks.homes import words_of
from trainer.act3_practice.models import Reflection
from trainer.cohorts.actions import finish_step
from trainer.cohorts.models import Cohort, Enrollment
from trainer.db import Database
from trainer.key_ring import KeyRing

NEWS = "An answer to your reflection has come."
A_DAY = timedelta(days=1)
YESTERDAY = LATER - A_DAY


@pytest.fixture(autouse=True)
def handed_in(database: Database, course: Course) -> None:
    """Aya has finished the step of her reflection."""
    with database.session() as db:
        seat = db.get_one(Enrollment, course.seats["Aya"].id)
        finish_step(db, db.get_one(Cohort, seat.cohort_id), seat, step="reflection1", now=SUBMITTED)
        db.commit()


def home(app: Flask, course: Course, watch: Watch, name: str = "Aya") -> str:
    watch.time = LATER
    browser = Browser(app)
    browser.enter(course.users[name], LATER)
    return words_of(browser.get(f"/seats/{course.seats[name].uid}").get_data(as_text=True))


def answered(database: Database, key_ring: KeyRing, course: Course, **told: Any) -> None:
    with database.session() as db:
        db.info["key_ring"] = key_ring
        make_feedback(db, db.get_one(Reflection, course.reflection.id), course.users["Nao"], **told)
        db.commit()


def test_who_has_handed_in_finds_it_again(app: Flask, course: Course, watch: Watch) -> None:
    words = home(app, course, watch)
    assert "Read again: One-month reflection My three months on one page" in words
    assert NEWS not in words


def test_who_has_handed_in_nothing_sees_nothing_of_it(app: Flask, course: Course, watch: Watch) -> None:
    assert "My three months on one page" not in home(app, course, watch, "Jun")


@pytest.mark.parametrize(
    ("told", "is_new"),
    [
        ({"sent_at": YESTERDAY}, True),
        ({"sent_at": LATER - 15 * A_DAY}, False),
        ({"sent_at": YESTERDAY, "thanked_at": YESTERDAY + timedelta(hours=1)}, False),
        ({"sent_at": YESTERDAY, "asked_at": YESTERDAY + timedelta(hours=1)}, False),
        ({"sent_at": LATER - 20 * A_DAY, "asked_at": LATER - 19 * A_DAY, "answered_at": YESTERDAY}, True),
    ],
)
def test_an_answer_of_late_stands_out_until_something_is_said_to_it(
    app: Flask, course: Course, watch: Watch, database: Database, key_ring: KeyRing, told: dict[str, Any], is_new: bool
) -> None:
    answered(database, key_ring, course, **told)
    words = home(app, course, watch)
    assert (f"{NEWS} Read the answer: One-month reflection" in words) is is_new
    assert ("One-month reflection, and its answer" in words) is not is_new


@pytest.mark.parametrize("told", [{}, {"sent_at": LATER + timedelta(seconds=30)}])
def test_what_is_not_sent_or_on_its_way_is_not_there_yet(
    app: Flask, course: Course, watch: Watch, database: Database, key_ring: KeyRing, told: dict[str, Any]
) -> None:
    answered(database, key_ring, course, **told)
    words = home(app, course, watch)
    assert "Read again: One-month reflection" in words
    assert NEWS not in words


def test_both_months_stand_in_their_order(
    app: Flask, course: Course, watch: Watch, database: Database, key_ring: KeyRing
) -> None:
    with database.session() as db:
        db.info["key_ring"] = key_ring
        make_reflection(db, course.seats["Aya"], "reflection2", submitted_at=SUBMITTED)
        db.commit()
    words = home(app, course, watch)
    assert words.index("again: One-month reflection") < words.index("again: Two-month reflection")
