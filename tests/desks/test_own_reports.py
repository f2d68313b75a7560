"""A facilitator's desk holds no plan and no reflection of their own reports, nor of their own boss."""

from pathlib import Path

import pytest
from flask import Flask

from tests.accounts.browsers import Browser, Watch
from tests.act2_workshop.reviews import SUBMITTED, ReviewWorld, later, make_review_world
from tests.act3_practice.practice import make_reflection
from tests.factories import make_seat
from trainer.act2_workshop.models import Plan
from trainer.act3_practice.models import Reflection
from trainer.cohorts.models import Enrollment, SeatStatus
from trainer.db import Database
from trainer.key_ring import KeyRing
from trainer.permissions import Audience


@pytest.fixture
def world(database: Database, tmp_path: Path, key_ring: KeyRing, watch: Watch) -> ReviewWorld:
    watch.time = later(24 * 60)
    return make_review_world(database, tmp_path, key_ring)


@pytest.fixture
def desk(app: Flask, world: ReviewWorld, watch: Watch) -> Browser:
    browser = Browser(app)
    browser.enter(world.facilitator, watch.now())
    return browser


@pytest.fixture
def texts(world: ReviewWorld) -> tuple[Plan, Reflection]:
    """Of one trainee, for the facilitator and the group."""
    with world.db() as db:
        plan = world.plan(db, "岡田 千夏")
        seat = db.get_one(Enrollment, plan.enrollment_id)
        reflection = make_reflection(db, seat, submitted_at=SUBMITTED, audience=Audience.GROUP)
        db.commit()
    return plan, reflection


def addresses(world: ReviewWorld, texts: tuple[Plan, Reflection]) -> list[str]:
    plan, reflection = texts
    return [
        f"/cohorts/{world.cohort.uid}/plans/{plan.uid}",
        f"/cohorts/{world.cohort.uid}/reflections/{reflection.uid}",
    ]


def become_boss(world: ReviewWorld, texts: tuple[Plan, Reflection]) -> None:
    with world.db() as db:
        db.get_one(Enrollment, texts[0].enrollment_id).boss_id = world.facilitator.id
        db.commit()


def become_report(world: ReviewWorld, texts: tuple[Plan, Reflection]) -> None:
    with world.db() as db:
        boss = db.get_one(Enrollment, texts[0].enrollment_id).user_id
        make_seat(db, world.cohort, world.facilitator, boss_id=boss, status=SeatStatus.WITHDRAWN)
        db.commit()


@pytest.mark.parametrize("tie", [become_boss, become_report])
def test_a_text_leaves_the_desk_when_one_becomes_the_others_boss(
    world: ReviewWorld, desk: Browser, texts: tuple[Plan, Reflection], tie: object
) -> None:
    lists = [address.rpartition("/")[0] for address in addresses(world, texts)]
    assert callable(tie)
    for address in [*lists, *addresses(world, texts)]:
        answer = desk.get(address)
        assert answer.status_code == 200, address
        assert "岡田 千夏" in answer.get_data(as_text=True), address
    tie(world, texts)
    assert all("岡田 千夏" not in desk.get(address).get_data(as_text=True) for address in lists)
    assert [desk.get(address).status_code for address in addresses(world, texts)] == [404, 404]
    draft = desk.post(f"{addresses(world, texts)[0]}/decide", page="/account/", version="1", do="confirm")
    assert draft.status_code == 404
