"""Signing in by password, and setting one."""

from typing import Literal

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select, update

from tests.accounts.browsers import PASSWORD, Browser, Watch, give_password
from tests.accounts.factories import make_organization, make_user
from trainer.accounts import passwords
from trainer.accounts.models import User
from trainer.accounts.passwords import AT_A_TIME, is_right
from trainer.accounts.session_models import Password
from trainer.db import Database

ADDRESS = "okada@example.jp"
ANOTHER = "the kettle sings in b flat"


@pytest.fixture(autouse=True)
def okada(database: Database) -> User:
    with database.session() as db:
        user = make_user(db, make_organization(db, "Minato"), ADDRESS, name="Okada Chinatsu")
        db.commit()
    return user


def test_a_password_once_set_signs_in_and_goes_to_the_target(
    browser: Browser, database: Database, okada: User, watch: Watch
) -> None:
    give_password(database, okada, watch.now())
    assert browser.sign_in_by_password(ADDRESS, next="/account/").location == "/account/"
    assert browser.is_signed_in()


def test_the_address_may_be_typed_as_people_type(
    browser: Browser, database: Database, okada: User, watch: Watch
) -> None:
    give_password(database, okada, watch.now())
    browser.sign_in_by_password("  ＯＫＡＤＡ@Example.jp ")
    assert browser.is_signed_in()


@pytest.mark.parametrize("address", [ADDRESS, "nobody@example.jp"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    app: Flask, browser: Browser, database: Database, okada: User, watch: Watch, address: str
) -> None:
    give_password(database, okada, watch.now())
    answer = browser.sign_in_by_password(address, "a wrong one that is long")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "一緒" in page or "belong together" in page or "組み合わせ" in page
    assert "a wrong one" not in page


def test_an_unknown_address_takes_the_work_of_a_known_one(
    app: Flask, database: Database, okada: User, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, since a machine that is busy has no steady clock; `./run bench sign_in` prints the times."""
    give_password(database, okada, watch.now())
    work: dict[str, list[str]] = {}

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            work[address].append(str(hash).rpartition("$")[0].rpartition("$")[0])
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "HASHER", Counting())
    for address in (ADDRESS, "nobody@example.jp"):
        work[address] = []
        Browser(app).sign_in_by_password(address, "a wrong one that is long")
    assert work[ADDRESS] == work["nobody@example.jp"] == ["$argon2id$v=19$m=19456,t=2,p=1"]


def test_it_is_stored_as_argon2id_and_made_anew_when_settings_rise(
    browser: Browser, database: Database, okada: User, watch: Watch
) -> None:
    give_password(database, okada, watch.now())
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with database.session() as db:
        db.execute(update(Password).values(password_hash=weak))
        db.commit()
    browser.sign_in_by_password(ADDRESS)
    assert browser.is_signed_in()
    with database.reading() as db:
        stored = db.scalars(select(Password.password_hash)).one()
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert is_right(stored, PASSWORD)


def test_at_most_four_hashes_are_computed_at_a_time() -> None:
    taken = [AT_A_TIME.acquire(blocking=False) for _ in range(5)]
    for _ in range(sum(taken)):
        AT_A_TIME.release()
    assert taken == [True, True, True, True, False]


def test_setting_a_password_signs_out_everywhere_else(app: Flask, browser: Browser) -> None:
    other = Browser(app)
    other.sign_in(ADDRESS)
    browser.sign_in(ADDRESS)
    answer = browser.post("/account/password", page="/account/", password=PASSWORD)
    assert answer.status_code == 303
    assert browser.is_signed_in()
    assert not other.is_signed_in()
    third = Browser(app)
    third.sign_in_by_password(ADDRESS)
    assert third.is_signed_in()


@pytest.mark.parametrize("password", ["too short", "minatominato2026", "okada chinatsu 1", "", "x" * 600])
def test_a_password_that_the_rules_refuse_changes_nothing(browser: Browser, database: Database, password: str) -> None:
    browser.sign_in(ADDRESS)
    assert browser.post("/account/password", page="/account/", password=password).status_code == 422
    with database.reading() as db:
        assert db.scalars(select(Password)).all() == []


def test_who_came_by_password_gives_the_present_one_to_change_it(
    app: Flask, browser: Browser, database: Database, okada: User, watch: Watch
) -> None:
    give_password(database, okada, watch.now())
    browser.sign_in_by_password(ADDRESS)
    assert browser.post("/account/password", page="/account/", password=ANOTHER).status_code == 422
    wrong = browser.post("/account/password", page="/account/", password=ANOTHER, present="not the present one")
    assert wrong.status_code == 422
    right = browser.post("/account/password", page="/account/", password=ANOTHER, present=PASSWORD)
    assert right.status_code == 303


def test_who_forgot_it_comes_by_code_and_sets_another(
    app: Flask, browser: Browser, database: Database, okada: User, watch: Watch
) -> None:
    give_password(database, okada, watch.now())
    browser.sign_in(ADDRESS)
    assert browser.post("/account/password", page="/account/", password=ANOTHER).status_code == 303
    other = Browser(app)
    other.sign_in_by_password(ADDRESS, PASSWORD)
    assert not other.is_signed_in()
