"""What follows feedback: one letter without its words, by the name of who gave it; a digest that counts reflections."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from scheduler.dispatch import tick
from scheduler.engine import Engine
from tests.act2_workshop.reviews import ReviewWorld, later, make_review_world
from tests.act3_practice.practice import SCENE, make_reflection
from tests.factories import make_seat, make_user, organization_of
from tests.scheduler.test_plan_letters import Letterbox, morning, text_of
from trainer.accounts.models import User
from trainer.act3_practice.feedback import keep_words, send, take_back
from trainer.act3_practice.models import Feedback, Reflection
from trainer.cohorts.actions import finish_step
from trainer.cohorts.models import Cohort
from trainer.db import Database

WORDS = "黙って待つ、という一手が場を動かしたのですね。"


@pytest.fixture
def postbox() -> Letterbox:
    return Letterbox()


@pytest.fixture
def world(database: Database, tmp_path: Path, engine: Engine) -> ReviewWorld:
    world = make_review_world(database, tmp_path)
    tick(engine, later(-3600))
    return world


def reflected(db: Session, world: ReviewWorld, **told: Any) -> Reflection:
    """A reflection whose step is finished, as a submission leaves it."""
    user = make_user(db, organization_of(db, world.cohort), name="岡田 千夏", language="ja")
    seat = make_seat(db, world.cohort, user)
    finish_step(db, db.merge(world.cohort), seat, step="reflection1", now=later())
    return make_reflection(db, seat, **{"submitted_at": later(), **told})


def sent(db: Session, reflection: Reflection, by: User) -> Feedback:
    feedback = keep_words(db, reflection, by, WORDS, based_on=0, now=later()).feedback
    send(db, db.get_one(Cohort, reflection.cohort_id), reflection, feedback, now=later())
    db.commit()
    return feedback


def test_feedback_is_told_of_once_by_who_gave_it_and_without_its_words(
    world: ReviewWorld, engine: Engine, postbox: Letterbox
) -> None:
    with world.db() as db:
        colleague, _seat = world.colleague(db)
        sent(db, reflected(db, world), colleague)
    tick(engine, later(60))
    assert postbox.about("お返事") == []
    for seconds in (65, 70, 75):
        tick(engine, later(seconds))
    (letter,) = postbox.about("お返事")
    assert "大河内 進さんからお返事が届きました" in str(letter["Subject"])
    assert "/feedback_given" in text_of(letter)
    for words in (WORDS, SCENE):
        assert words not in letter.as_string() + text_of(letter)


def test_feedback_that_was_taken_back_is_never_told_of(world: ReviewWorld, engine: Engine, postbox: Letterbox) -> None:
    with world.db() as db:
        reflection = reflected(db, world)
        feedback = sent(db, reflection, world.facilitator)
        tick_before = later(30)
        db.commit()
    tick(engine, tick_before)  # its letter is planned by now
    with world.db() as db:
        reflection, feedback = db.get_one(Reflection, reflection.id), db.get_one(Feedback, feedback.id)
        take_back(db, db.get_one(Cohort, reflection.cohort_id), reflection, feedback, now=later(40))
        db.commit()
    tick(engine, later(3600))
    assert postbox.about("お返事") == []


def test_a_digest_goes_where_only_reflections_wait(world: ReviewWorld, engine: Engine, postbox: Letterbox) -> None:
    with world.db() as db:
        reflected(db, world)
        reflected(db, world, answered_at=later())
        db.commit()
    tick(engine, morning(12))
    (letter,) = postbox.about("確認待ち")
    assert "確認待ちの計画・ふりかえり 1件（約3分）" in str(letter["Subject"])
    assert "・講師に共有されたふりかえり 1件" in text_of(letter)
    assert "新しい提出" not in text_of(letter)
    tick(engine, morning(12) + timedelta(hours=1))
    assert len(postbox.about("確認待ち")) == 1
