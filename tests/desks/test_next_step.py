"""The trainee's home: one next step, what is left of it, and the way straight to it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.accounts.browsers import Browser, Watch
from tests.factories import make_cohort, make_seat, make_user, organization_of
from tests.measuring_pages import spending
from trainer import clock
from trainer.accounts.models import User
from trainer.act1_lessons.actions import add_segments, answer_question, open_lesson, read_to_end
from trainer.app import create_app
from trainer.cohorts.models import Enrollment, Extension, FinishedStep
from trainer.db import Database
from trainer.desks.course import course_of
from trainer.settings import Settings

STARTED = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
IN_ACT1 = datetime(2027, 1, 20, 1, 0, tzinfo=UTC)
AFTER_THE_WORKSHOP = datetime(2027, 2, 8, 1, 0, tzinfo=UTC)
ONE_MONTH_ON = datetime(2027, 3, 9, 1, 0, tzinfo=UTC)
LENGTH = 240_000


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    with database.session() as db:
        yield db


@pytest.fixture
def seat(db: Session) -> Enrollment:
    cohort = make_cohort(db, started_at=STARTED)
    seat = make_seat(db, cohort, make_user(db, organization_of(db, cohort), language="en"))
    db.commit()
    return seat


@pytest.fixture
def user(db: Session, seat: Enrollment) -> User:
    user = db.get_one(User, seat.user_id)
    db.commit()
    return user


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch(IN_ACT1)
    monkeypatch.setattr(clock, "now", watch.now)
    return watch


@pytest.fixture
def browser(settings: Settings, database: Database, user: User, watch: Watch) -> Browser:
    browser = Browser(create_app(settings, database))
    browser.enter(user, watch.now())
    return browser


def home(browser: Browser, seat: Enrollment) -> str:
    answer = browser.get(f"/seats/{seat.uid}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def next_step(db: Session, seat: Enrollment, now: datetime) -> str | None:
    state = course_of(db, seat, language="en", now=now).next_step
    return state.step if state else None


def finish(db: Session, seat: Enrollment, *steps: str) -> None:
    for step in steps:
        place = {"organization_id": seat.organization_id, "enrollment_id": seat.id}
        db.add(FinishedStep(**place, step=step, finished_at=STARTED))
    db.commit()


def watch_half(db: Session, seat: Enrollment, lesson: str) -> None:
    open_lesson(db, seat.id, lesson, now=STARTED)
    opened = open_lesson(db, seat.id, lesson, now=STARTED + timedelta(minutes=9))
    now = STARTED + timedelta(minutes=9)
    add_segments(db, opened, ((0, LENGTH // 2),), position_ms=LENGTH // 2, length_ms=LENGTH, now=now)
    db.commit()


def test_a_home_says_what_is_left_of_the_lessons_as_their_own_page_does(
    db: Session, browser: Browser, seat: Enrollment
) -> None:
    assert "About 45 minutes left, 8 lessons" in home(browser, seat)
    read_to_end(db, open_lesson(db, seat.id, "l1", now=STARTED), now=STARTED)
    opened = open_lesson(db, seat.id, "l2", now=STARTED)
    answer_question(db, opened, "l2q1", "a", now=STARTED)
    watch_half(db, seat, "l2")
    left = "About 38 minutes left, 7 lessons"
    assert left in home(browser, seat)
    assert left in browser.get(f"/seats/{seat.uid}/lessons").get_data(as_text=True)


def test_a_home_leads_straight_to_the_lesson_that_was_begun(db: Session, browser: Browser, seat: Enrollment) -> None:
    page = home(browser, seat)
    assert "Start this lesson" in page
    assert f"/seats/{seat.uid}/lessons/l1" in page
    watch_half(db, seat, "l3")
    page = home(browser, seat)
    assert "Go on with this lesson" in page
    assert f"/seats/{seat.uid}/lessons/l3" in page
    assert f"/seats/{seat.uid}/lessons/l1" not in page


def test_before_act1_opens_a_home_names_the_day_and_no_lesson(
    browser: Browser, seat: Enrollment, watch: Watch, user: User
) -> None:
    watch.pass_by(days=-20)
    browser.enter(user, watch.now())
    page = home(browser, seat)
    assert "There is nothing to do until then." in page
    assert "/lessons/l1" not in page


def test_the_lessons_cost_a_home_one_query(settings: Settings, db: Session, browser: Browser, seat: Enrollment) -> None:
    app: Flask = browser.client.application
    home(browser, seat)
    with spending(app) as in_act1:
        home(browser, seat)
    finish(db, seat, "act1")
    home(browser, seat)
    with spending(app) as afterwards:
        home(browser, seat)
    assert len(in_act1.statements) == len(afterwards.statements) + 1 <= 8


@pytest.mark.parametrize(
    ("now", "finished", "step"),
    [
        (STARTED, (), "act1"),
        (IN_ACT1, (), "act1"),
        (IN_ACT1, ("act1",), "workshop"),
        (AFTER_THE_WORKSHOP, (), "plan"),  # and not the lessons that were left out
        (AFTER_THE_WORKSHOP, ("plan",), "act1"),
        (ONE_MONTH_ON, (), "reflection1"),
        (ONE_MONTH_ON, ("reflection1",), "plan"),
        (ONE_MONTH_ON, ("act1", "plan", "reflection1"), "reflection2"),
        (ONE_MONTH_ON, ("act1", "plan", "reflection1", "reflection2"), None),
    ],
)
def test_the_next_step_is_the_open_one_that_is_due_next(
    db: Session, seat: Enrollment, now: datetime, finished: tuple[str, ...], step: str | None
) -> None:
    finish(db, seat, *finished)
    assert next_step(db, seat, now) == step


def test_a_date_of_ones_own_keeps_a_step_in_time(db: Session, seat: Enrollment) -> None:
    finish(db, seat, "act1")
    place = {"organization_id": seat.organization_id, "enrollment_id": seat.id}
    later = (ONE_MONTH_ON + timedelta(days=1)).date()
    db.add(Extension(**place, step="plan", due_on=later, reason="ill", given_by_id=seat.user_id, given_at=STARTED))
    db.commit()
    assert next_step(db, seat, ONE_MONTH_ON) == "plan"
