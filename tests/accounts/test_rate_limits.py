"""Guessing is slowed across all processes, and nobody is locked out by others."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.accounts.browsers import Browser, Watch, give_password
from tests.accounts.factories import Postbox, make_organization, make_user
from trainer.accounts.models import User
from trainer.accounts.rate_limits import LETTERS, TRIES, TooManyTriesError, forget_full_buckets, give_back, take
from trainer.accounts.session_models import RateBucket
from trainer.db import Database
from trainer.settings import Settings

ADDRESS = "okada@example.jp"
TRIES_OF_A_PROCESS = """
import sys
from datetime import datetime
from trainer.accounts.rate_limits import TRIES, TooManyTriesError, take
from trainer.db import Database
database, now, taken = Database(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), 0
for _ in range(15):
    try:
        take(database, TRIES, "okada@example.jp", "198.51.100.0/24", now=now)
        taken += 1
    except TooManyTriesError:
        pass
print(taken)
"""


@pytest.fixture(autouse=True)
def okada(database: Database, watch: Watch) -> User:
    with database.session() as db:
        user = make_user(db, make_organization(db, "Minato"), ADDRESS)
        db.commit()
    give_password(database, user, watch.now())
    return user


def wrong(browser: Browser, address: str = ADDRESS) -> int:
    return browser.sign_in_by_password(address, "a wrong one that is long").status_code


def test_two_processes_count_together(database: Database) -> None:
    now = datetime(2026, 9, 2, 1, 0, tzinfo=UTC).isoformat()
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", TRIES_OF_A_PROCESS, url, now]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    taken = [int(process.communicate(timeout=60)[0]) for process in processes]
    assert sum(taken) == TRIES.capacity


def test_the_21st_try_is_refused_by_every_worker_and_the_person_still_gets_in_elsewhere(
    app: Flask, settings: Settings, database: Database, postbox: Postbox
) -> None:
    from trainer.app import create_app

    workers = [Browser(app), Browser(create_app(settings, Database(str(database.url.render_as_string(False)))))]
    assert [wrong(workers[number % 2]) for number in range(20)] == [422] * 20
    answers = [worker.sign_in_by_password(ADDRESS, "a wrong one that is long") for worker in workers]
    assert [answer.status_code for answer in answers] == [429, 429]
    assert answers[0].headers["Retry-After"] == "60"
    home = Browser(app, "203.0.113.20")
    home.sign_in_by_password(ADDRESS)
    assert home.is_signed_in()
    workers[1].app.extensions["database"].dispose()


def test_a_try_comes_back_each_minute(browser: Browser, watch: Watch) -> None:
    assert [wrong(browser) for _ in range(21)][-2:] == [422, 429]
    watch.pass_by(seconds=59)
    assert wrong(browser) == 429
    watch.pass_by(seconds=1)
    assert [wrong(browser), wrong(browser)] == [422, 429]


def test_what_succeeds_is_given_back(browser: Browser) -> None:
    for _ in range(25):
        browser.sign_in_by_password(ADDRESS)
        assert browser.is_signed_in()
        browser.post("/sign-out", page="/account/")


def test_letters_to_one_address_are_few_and_the_answer_is_the_same_for_an_unknown_one(
    app: Flask, postbox: Postbox
) -> None:
    for address in (ADDRESS, "nobody@example.jp"):
        browser = Browser(app)
        assert [browser.ask(address).status_code for _ in range(LETTERS.capacity + 1)] == [303] * 5 + [429]
    assert len(postbox.letters) == LETTERS.capacity
    assert Browser(app, "203.0.113.20").ask(ADDRESS).status_code == 303


def test_a_bucket_never_holds_more_than_its_capacity(database: Database, watch: Watch) -> None:
    with database.session() as db:
        give_back(db, TRIES, "x")
        db.commit()
    watch.pass_by(days=30)
    for _ in range(TRIES.capacity):
        take(database, TRIES, "x", now=watch.now())
    with pytest.raises(TooManyTriesError):
        take(database, TRIES, "x", now=watch.now())


def test_full_buckets_are_forgotten_and_hold_no_address(database: Database, watch: Watch) -> None:
    take(database, TRIES, ADDRESS, "198.51.100.0/24", now=watch.now())
    with database.session() as db:
        assert ADDRESS not in str([row.key for row in db.query(RateBucket)])
        forget_full_buckets(db, watch.now())
        assert db.query(RateBucket).count() == 1
        watch.pass_by(minutes=2)
        forget_full_buckets(db, watch.now())
        assert db.query(RateBucket).count() == 0


def test_a_forged_header_does_not_move_the_limit(app: Flask) -> None:
    browser = Browser(app)
    token = browser.token("/sign-in/password")
    form = {"csrf_token": token, "address": ADDRESS, "password": "a wrong one that is long"}
    statuses = [
        browser.client.post(
            "/sign-in/password", data=form, headers={"X-Forwarded-For": f"192.0.2.{number}"}
        ).status_code
        for number in range(21)
    ]
    assert statuses[-1] == 429
