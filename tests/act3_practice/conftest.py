"""A trainee who reflects, with or without a plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.accounts.browsers import Browser, Watch
from tests.act3_practice import practice
from tests.act3_practice.practice import Course
from tests.act3_practice.turns import AFTER_ONE_MONTH, LISTEN, ROTATE, make_plan, make_reflection
from tests.factories import let_write, make_cohort, make_organization, make_seat, make_user, organization_of
from trainer.accounts.models import User
from trainer.cohorts.models import Enrollment, Group
from trainer.db import Database
from trainer.key_ring import KeyRing
from trainer.permissions import Role

STARTED = AFTER_ONE_MONTH.replace(year=2026)


@dataclass
class Writer:
    """A trainee with their browser; pages are named from the seat on."""

    user: User
    seat: Enrollment
    browser: Browser
    database: Database
    key_ring: KeyRing
    watch: Watch

    def comes_back(self, at: datetime) -> None:
        """Another day: the session of before has ended by then."""
        self.watch.time = at
        self.browser.enter(self.user, at)

    @property
    def seat_uid(self) -> UUID:
        return self.seat.uid

    def path(self, rest: str = "/reflection1") -> str:
        return f"/seats/{self.seat.uid}/reflections{rest}"

    def page(self, rest: str = "/reflection1", status: int = 200) -> str:
        answer = self.browser.get(self.path(rest))
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)

    def has_plan(self, *measures: dict[str, Any]) -> None:
        """A plan of one measure for the whole organization and one for a member, unless others are told."""
        with self.database.session() as db:
            db.info["key_ring"] = self.key_ring
            make_plan(db, db.get_one(Enrollment, self.seat.id), measures or (ROTATE, LISTEN))
            db.commit()

    def joins_group(self) -> None:
        with self.database.session() as db:
            seat = db.get_one(Enrollment, self.seat.id)
            group = Group(organization_id=seat.organization_id, cohort_id=seat.cohort_id, name="North")
            db.add(group)
            db.flush()
            seat.group_id = group.id
            db.commit()

    def has_reflected(self, step: str = "reflection1", **answers: Any) -> None:
        with self.database.session() as db:
            db.info["key_ring"] = self.key_ring
            make_reflection(db, db.get_one(Enrollment, self.seat.id), step, **answers)
            db.commit()


@pytest.fixture
def now() -> datetime:
    return AFTER_ONE_MONTH


@pytest.fixture
def writer(app: Flask, database: Database, key_ring: KeyRing, watch: Watch) -> Writer:
    with database.session() as db:
        cohort = make_cohort(db, started_at=STARTED)
        user = make_user(db, organization_of(db, cohort), language="ja")
        seat = make_seat(db, cohort, user)
        let_write(db, key_ring)
        db.commit()
    browser = Browser(app)
    browser.enter(user, watch.now())
    return Writer(user, seat, browser, database, key_ring, watch)


@pytest.fixture
def db(database: Database, key_ring: KeyRing) -> Iterator[Session]:
    """A session in which people can write."""
    with database.session() as db:
        yield db


@pytest.fixture
def course(db: Session, key_ring: KeyRing) -> Course:
    """One cohort, committed."""
    organization = make_organization(db, language="en")
    let_write(db, key_ring)
    cohort = make_cohort(db, organization, started_at=STARTED)
    group = Group(organization_id=organization.id, cohort_id=cohort.id, name="North")
    db.add(group)
    db.flush()
    users = {name: make_user(db, organization, name=name) for name in ("Nao", "Aya", "Ken", "Rie", "Jun")}
    seats = {
        name: make_seat(db, cohort, user, group_id=group.id if name in ("Aya", "Ken", "Rie") else None)
        for name, user in users.items()
        if name != "Nao"
    }
    seats["Nao"] = make_seat(db, cohort, users["Nao"], role=Role.FACILITATOR)
    course = Course(cohort, users, seats, practice.make_reflection(db, seats["Aya"]))
    db.commit()
    return course
