"""Sessions live on the server: a copied cookie is worth nothing once its session has ended."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.accounts.browsers import PASSWORD, Browser, Watch
from tests.accounts.factories import make_cohort, make_office, make_organization, make_seat, make_user
from trainer.accounts.actions import close_account
from trainer.accounts.models import User
from trainer.accounts.session_models import UserSession
from trainer.cohorts.models import Enrollment, SeatStatus
from trainer.db import Database
from trainer.permissions import Role

TRAINEE = "okada@example.jp"
STAFF = "sano@example.jp"


@pytest.fixture(autouse=True)
def people(database: Database) -> None:
    with database.session() as db:
        organization = make_organization(db, "Minato")
        make_seat(db, make_cohort(db, organization), make_user(db, organization, TRAINEE))
        make_office(db, organization, make_user(db, organization, STAFF))
        db.commit()


def sign_out(browser: Browser, database: Database, watch: Watch) -> None:
    browser.post("/sign-out", page="/account/")


def set_a_password_elsewhere(browser: Browser, database: Database, watch: Watch) -> None:
    elsewhere = Browser(browser.app)
    elsewhere.sign_in(TRAINEE)
    elsewhere.post("/account/password", page="/account/", password=PASSWORD)


def end_the_others_elsewhere(browser: Browser, database: Database, watch: Watch) -> None:
    elsewhere = Browser(browser.app)
    elsewhere.sign_in(TRAINEE)
    elsewhere.post("/account/sessions/end-others", page="/account/")


def end_this_one_elsewhere(browser: Browser, database: Database, watch: Watch) -> None:
    elsewhere = Browser(browser.app)
    elsewhere.sign_in(TRAINEE)
    with database.reading() as db:
        session = db.scalars(select(UserSession).order_by(UserSession.id)).first()
    assert session is not None
    elsewhere.post(f"/account/sessions/{session.uid}/end", page="/account/")


def leave_the_company(browser: Browser, database: Database, watch: Watch) -> None:
    with database.session() as db:
        close_account(db, db.scalars(select(User).where(User.email == TRAINEE)).one(), now=watch.now())
        db.commit()


def lie_idle(browser: Browser, database: Database, watch: Watch) -> None:
    watch.pass_by(hours=12)


def grow_old(browser: Browser, database: Database, watch: Watch) -> None:
    for _ in range(60 * 24 // 11):
        watch.pass_by(hours=11)
        browser.get("/account/")


@pytest.mark.parametrize(
    "event",
    [
        sign_out,
        set_a_password_elsewhere,
        end_the_others_elsewhere,
        end_this_one_elsewhere,
        leave_the_company,
        lie_idle,
        grow_old,
    ],
)
def test_after_this_the_cookie_opens_nothing(
    app: Flask, browser: Browser, database: Database, watch: Watch, event: Callable[[Browser, Database, Watch], None]
) -> None:
    browser.sign_in(TRAINEE)
    copy = browser.cookie()
    thief = Browser(app, "203.0.113.5")
    thief.steal(copy)
    assert thief.is_signed_in()
    event(browser, database, watch)
    thief.steal(copy)
    assert not thief.is_signed_in()


@pytest.mark.parametrize(
    ("address", "idle", "absolute"),
    [(TRAINEE, timedelta(hours=12), timedelta(days=30)), (STAFF, timedelta(minutes=30), timedelta(hours=12))],
)
def test_a_session_lives_as_long_as_its_person_needs(
    browser: Browser, watch: Watch, address: str, idle: timedelta, absolute: timedelta
) -> None:
    browser.sign_in(address)
    began = watch.now()
    while watch.now() + idle - timedelta(minutes=1) < began + absolute:
        watch.time += idle - timedelta(minutes=1)
        assert browser.is_signed_in()
    watch.time = began + absolute
    assert not browser.is_signed_in()


def test_an_idle_session_ends_to_the_minute(browser: Browser, watch: Watch) -> None:
    browser.sign_in(STAFF)
    watch.pass_by(minutes=29, seconds=59)
    assert browser.is_signed_in()
    watch.pass_by(minutes=30)
    assert not browser.is_signed_in()


def test_use_is_written_down_at_most_once_a_minute(browser: Browser, database: Database, watch: Watch) -> None:
    browser.sign_in(TRAINEE)
    began = watch.now()
    for seconds, seen_after in [(59, 0), (1, 60), (30, 60), (30, 120)]:
        watch.pass_by(seconds=seconds)
        browser.get("/account/")
        with database.reading() as db:
            assert db.scalars(select(UserSession.seen_at)).one() - began == timedelta(seconds=seen_after)


def test_the_cookie_holds_a_handle_and_the_database_only_its_hash(
    app: Flask, browser: Browser, database: Database
) -> None:
    browser.sign_in(TRAINEE)
    with browser.client.session_transaction() as cookie:
        handle = cookie["_user_id"]
    with database.reading() as db:
        stored = db.scalars(select(UserSession)).one()
    assert len(handle) == 43
    assert handle.encode() not in stored.handle_hash
    assert len(stored.handle_hash) == 32


def test_signing_in_makes_a_new_handle_and_a_new_token(browser: Browser) -> None:
    handles: set[str] = set()
    tokens: set[str] = set()
    for _ in range(3):
        tokens.add(browser.token("/sign-in"))
        browser.sign_in(TRAINEE)
        with browser.client.session_transaction() as cookie:
            handles.add(cookie["_user_id"])
            assert "way_in" not in cookie
        browser.post("/sign-out", page="/account/")
    assert len(handles) == len(tokens) == 3


def test_a_handle_that_was_forced_upon_a_browser_is_not_kept(app: Flask, browser: Browser) -> None:
    with browser.client.session_transaction() as cookie:
        cookie["_user_id"] = "chosen by somebody else"
    browser.sign_in(TRAINEE)
    with browser.client.session_transaction() as cookie:
        assert cookie["_user_id"] != "chosen by somebody else"


def test_signing_out_clears_the_browser(browser: Browser) -> None:
    browser.sign_in(TRAINEE)
    answer = browser.post("/sign-out", page="/account/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert answer.location == "/sign-in?left=yes"


def test_a_change_of_role_counts_on_the_next_request(browser: Browser, database: Database, watch: Watch) -> None:
    browser.sign_in(TRAINEE)
    watch.pass_by(hours=1)
    assert browser.is_signed_in()
    with database.session() as db:
        seat = db.scalars(select(Enrollment)).one()
        seat.role = Role.FACILITATOR
        db.commit()
    watch.pass_by(hours=1)
    assert not browser.is_signed_in()


def test_a_withdrawal_counts_on_the_next_request(browser: Browser, database: Database) -> None:
    browser.sign_in(TRAINEE)
    with database.session() as db:
        seat = db.scalars(select(Enrollment)).one()
        db.commit()
    link = f"/to/{seat.uid}/home"
    assert browser.get(link).status_code in (200, 302)
    with database.session() as db:
        db.get_one(Enrollment, seat.id).status = SeatStatus.WITHDRAWN
        db.commit()
    assert browser.get(link).status_code == 404


def test_one_persons_session_cannot_be_ended_by_another(app: Flask, browser: Browser, database: Database) -> None:
    browser.sign_in(TRAINEE)
    with database.reading() as db:
        session = db.scalars(select(UserSession)).one()
    other = Browser(app)
    other.sign_in(STAFF)
    assert other.post(f"/account/sessions/{session.uid}/end", page="/account/").status_code == 404
    assert browser.is_signed_in()


def test_who_is_signed_in_learns_nothing_under_another_host(browser: Browser) -> None:
    browser.sign_in(TRAINEE)
    elsewhere = browser.app.test_client(use_cookies=False)
    cookie = {"Cookie": f"s={browser.cookie()}"}
    assert TRAINEE in elsewhere.get("/account/", headers=cookie).get_data(as_text=True)
    answer = elsewhere.get("/account/", base_url="http://evil.example", headers=cookie)
    assert answer.status_code == 400
    assert TRAINEE not in answer.get_data(as_text=True)
