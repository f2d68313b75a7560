"""A letter's link: never signs in, lands on exactly its target, and is not found by anybody else."""

import re
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text

from tests.accounts.browsers import Browser, Watch, give_password
from tests.accounts.factories import make_cohort, make_organization, make_seat, make_user
from trainer.accounts.models import User
from trainer.cohorts.models import Enrollment
from trainer.db import Database

OKADA, COLLEAGUE, STRANGER = "okada@example.jp", "colleague@example.jp", "stranger@example.jp"


@pytest.fixture(autouse=True)
def seat(database: Database) -> Enrollment:
    with database.session() as db:
        organization = make_organization(db, "Minato")
        cohort = make_cohort(db, organization)
        seat = make_seat(db, cohort, make_user(db, organization, OKADA))
        make_seat(db, cohort, make_user(db, organization, COLLEAGUE))
        other = make_organization(db, "Harbor")
        make_seat(db, make_cohort(db, other), make_user(db, other, STRANGER))
        db.commit()
    return seat


def link_to(seat: Enrollment) -> str:
    return f"/to/{seat.uid}/reflection1"


def test_signed_out_it_leads_to_sign_in_and_then_to_its_target(browser: Browser, seat: Enrollment) -> None:
    first = browser.get(link_to(seat))
    assert first.status_code == 302
    assert first.location.startswith("/sign-in?next=")
    page = browser.get(first.location).get_data(as_text=True)
    target = re.search(r'name="next"[^>]*value="([^"]*)"', page)
    assert target is not None
    assert target[1] == link_to(seat)
    assert browser.sign_in(OKADA, next=target[1]).location == link_to(seat)


def test_the_same_by_password(browser: Browser, database: Database, seat: Enrollment, watch: Watch) -> None:
    with database.reading() as db:
        okada = db.scalars(select(User).where(User.email == OKADA)).one()
    give_password(database, okada, watch.now())
    assert browser.sign_in_by_password(OKADA, next=link_to(seat)).location == link_to(seat)


def test_the_target_survives_a_new_code(browser: Browser, seat: Enrollment) -> None:
    browser.ask(OKADA, next=link_to(seat))
    page = browser.get("/sign-in/code").get_data(as_text=True)
    assert link_to(seat) in page


@pytest.mark.parametrize("address", [COLLEAGUE, STRANGER])
def test_as_somebody_else_it_is_not_found_like_a_link_that_never_was(
    browser: Browser, seat: Enrollment, address: str
) -> None:
    browser.sign_in(address)
    answers = [browser.get(link_to(seat)), browser.get(f"/to/{uuid4()}/reflection1")]
    assert [answer.status_code for answer in answers] == [404, 404]
    pages = [re.sub(r'value="[^"]+"', "", answer.get_data(as_text=True)) for answer in answers]
    assert pages[0] == pages[1]


def test_it_offers_to_change_the_person_and_still_lands(browser: Browser, seat: Enrollment) -> None:
    browser.sign_in(STRANGER)
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(link_to(seat)).get_data(as_text=True))
    assert token is not None
    answer = browser.client.post(link_to(seat), data={"csrf_token": token[1]})
    assert answer.location.startswith("/sign-in?next=")
    assert not browser.is_signed_in()
    assert browser.sign_in(OKADA, next=link_to(seat)).location == link_to(seat)


def test_opening_it_any_number_of_times_changes_nothing(app: Flask, database: Database, seat: Enrollment) -> None:
    before = contents(database)
    for method in ("GET", "HEAD", "OPTIONS"):
        for _ in range(3):
            browser = Browser(app)
            answer = browser.client.open(link_to(seat), method=method)
            assert answer.status_code in (302, 401)
            browser.client.open("/sign-in", method=method, query_string={"next": link_to(seat)})
            assert not browser.is_signed_in()
    assert contents(database) == before


def contents(database: Database) -> dict[str, list[str]]:
    with database.reading() as db:
        names = inspect(database.engine).get_table_names()
        return {name: sorted(map(str, db.execute(text(f'SELECT * FROM "{name}"')))) for name in names}  # noqa: S608
