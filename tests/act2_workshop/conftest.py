"""A trainee who writes a plan, and the program that they write it in."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.accounts.browsers import Browser, Watch
from tests.act2_workshop.planner import Planner
from tests.factories import let_write, make_cohort, make_organization, make_seat, make_user
from trainer.db import Database
from trainer.key_ring import KeyRing
from trainer.permissions import Role

EVENING_OF_DAY2 = datetime(2027, 2, 4, 9, 0, tzinfo=UTC)  # 18:00 in Tokyo


@pytest.fixture
def now() -> datetime:
    return EVENING_OF_DAY2


@pytest.fixture
def planner(app: Flask, database: Database, key_ring: KeyRing, watch: Watch) -> Planner:
    with database.session() as db:
        organization = make_organization(db, language="en")
        cohort = make_cohort(db, organization, started_at=watch.now())
        user = make_user(db, organization, name="Okada Chinatsu")
        seat = make_seat(db, cohort, user)
        make_seat(db, cohort, make_user(db, organization, name="Mori Ken"))
        facilitator = make_user(db, organization, name="Nishimura Naoko")
        make_seat(db, cohort, facilitator, role=Role.FACILITATOR)
        let_write(db, key_ring)
        db.commit()
    browser = Browser(app)
    browser.enter(user, watch.now())
    return Planner(database, key_ring, cohort, user, seat, facilitator, browser, watch)
