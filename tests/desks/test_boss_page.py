"""The link in a boss's letter: a guide for the boss of the trainee, and for nobody else."""

import pytest
from sqlalchemy import select

from tests.accounts.browsers import Browser, Watch
from tests.desks.homes import make_trainee
from tests.factories import make_user, organization_of
from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment, SeatStatus
from trainer.db import Database

LINK = "/to/{uid}/boss_brief"


@pytest.fixture
def seat(database: Database) -> Enrollment:
    with database.session() as db:
        _user, seat = make_trainee(db)
        organization = organization_of(db, db.get_one(Cohort, seat.cohort_id))
        seat.boss_id = make_user(db, organization, email="boss@minato.example").id
        make_user(db, organization, email="another@minato.example")
        db.commit()
    return seat


def page_for(browser: Browser, database: Database, watch: Watch, seat: Enrollment, address: str) -> tuple[int, str]:
    with database.reading() as db:
        user = db.scalars(select(User).where(User.email == address)).one()
    browser.enter(user, watch.now())
    answer = browser.get(LINK.format(uid=seat.uid))
    return answer.status_code, answer.get_data(as_text=True)


def test_the_boss_finds_what_helps_and_no_status(
    browser: Browser, database: Database, watch: Watch, seat: Enrollment
) -> None:
    status, page = page_for(browser, database, watch, seat, "boss@minato.example")
    assert status == 200
    assert "take 15 minutes to hear the plan" in page
    assert f"/seats/{seat.uid}" not in page


def test_another_person_of_the_company_finds_nothing(
    browser: Browser, database: Database, watch: Watch, seat: Enrollment
) -> None:
    status, page = page_for(browser, database, watch, seat, "another@minato.example")
    assert status == 404
    assert "hear the plan" not in page


def test_who_has_withdrawn_has_no_boss_here(
    browser: Browser, database: Database, watch: Watch, seat: Enrollment
) -> None:
    with database.session() as db:
        db.get_one(Enrollment, seat.id).status = SeatStatus.WITHDRAWN
        db.commit()
    assert page_for(browser, database, watch, seat, "boss@minato.example")[0] == 404
