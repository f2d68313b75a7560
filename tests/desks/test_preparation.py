"""The facilitator's and the coordinator's home: how many come prepared, until the workshop begins."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.browsers import Browser, Watch
from tests.act3_practice.practice import make_plan, make_reflection
from tests.factories import let_write, make_cohort, make_seat, make_user, organization_of
from trainer import clock
from trainer.app import create_app
from trainer.cohorts.models import Cohort, Enrollment, FinishedStep, SeatStatus
from trainer.db import Database
from trainer.desks.staff_home import prepared_words, status_of
from trainer.key_ring import KeyRing
from trainer.permissions import Role
from trainer.settings import Settings

STARTED = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
IN_ACT1 = datetime(2027, 1, 20, 1, 0, tzinfo=UTC)
THE_DAY_BEFORE, DAY1 = date(2027, 2, 2), date(2027, 2, 3)
PREPARED = "1 of 3 is prepared for the workshop on Wed, Feb 3."


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    with database.session() as db:
        yield db


@pytest.fixture
def cohort(db: Session) -> Cohort:
    """Four trainees, one of whom has left; two finished the lessons, the one who has left among them."""
    cohort = make_cohort(db, started_at=STARTED, language="en")
    make_seat(db, cohort)
    make_seat(db, cohort, status=SeatStatus.PAUSED)
    for status in (SeatStatus.ACTIVE, SeatStatus.WITHDRAWN):
        seat = make_seat(db, cohort, status=status)
        place = {"organization_id": seat.organization_id, "enrollment_id": seat.id}
        db.add(FinishedStep(**place, step="act1", finished_at=STARTED))
    db.commit()
    return cohort


def words(db: Session, cohort: Cohort, today: date) -> str:
    return prepared_words(status_of(db, cohort.id, language="en", with_letters=False), today)


@pytest.mark.parametrize(("today", "said"), [(THE_DAY_BEFORE, PREPARED), (DAY1, "")])
def test_until_the_workshop_it_says_how_many_are_prepared(
    settings: Settings, database: Database, db: Session, cohort: Cohort, today: date, said: str
) -> None:
    with create_app(settings, database).test_request_context(headers={"Accept-Language": "en"}):
        assert words(db, cohort, today) == said


def test_a_cohort_that_has_not_started_says_nothing(db: Session, cohort: Cohort) -> None:
    cohort.started_at = None
    db.commit()
    assert words(db, cohort, THE_DAY_BEFORE) == ""


@pytest.mark.parametrize(("role", "is_told"), [(Role.FACILITATOR, True), (Role.COORDINATOR, False)])
def test_the_facilitator_is_told_on_the_first_page(
    settings: Settings,
    database: Database,
    db: Session,
    cohort: Cohort,
    monkeypatch: pytest.MonkeyPatch,
    role: Role,
    is_told: bool,
) -> None:
    monkeypatch.setattr(clock, "now", Watch(IN_ACT1).now)
    assert (PREPARED in home(settings, database, db, cohort, role)) is is_told


@pytest.mark.parametrize("waits", ["plan", "reflection"])
def test_the_facilitator_is_told_whatever_else_waits(
    settings: Settings,
    database: Database,
    db: Session,
    key_ring: KeyRing,
    cohort: Cohort,
    monkeypatch: pytest.MonkeyPatch,
    waits: str,
) -> None:
    """A workshop that was moved to a later day finds plans and reflections that were written before."""
    monkeypatch.setattr(clock, "now", Watch(IN_ACT1).now)
    let_write(db, key_ring)
    seat = db.scalars(select(Enrollment).where(Enrollment.status == SeatStatus.ACTIVE)).first()
    assert seat is not None
    if waits == "plan":
        make_plan(db, seat, submitted_at=IN_ACT1)
    else:
        make_reflection(db, seat, submitted_at=IN_ACT1)
    page = home(settings, database, db, cohort, Role.FACILITATOR)
    assert f"1 {waits} is waiting for you" in page
    assert PREPARED in page


def home(settings: Settings, database: Database, db: Session, cohort: Cohort, role: Role) -> str:
    """The first page of somebody of the staff."""
    user = make_user(db, organization_of(db, cohort), language="en")
    seat = make_seat(db, cohort, user, role=role)
    db.commit()
    browser = Browser(create_app(settings, database))
    browser.enter(user, clock.now())
    return browser.get(f"/seats/{seat.uid}").get_data(as_text=True)
