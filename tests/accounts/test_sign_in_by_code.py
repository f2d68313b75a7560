"""Signing in by a mailed code: once, for ten minutes, in the browser that asked."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from tests.accounts.browsers import Browser, Watch, code_in
from tests.accounts.factories import Postbox, make_cohort, make_organization, make_seat, make_user
from trainer.accounts.actions import close_account
from trainer.accounts.codes import ask_for_code, use_code
from trainer.accounts.rules import show_code
from trainer.accounts.session_models import SignIn, UserSession
from trainer.audit import AuditEvent
from trainer.db import Database

ADDRESS = "okada@example.jp"


@pytest.fixture(autouse=True)
def okada(database: Database) -> None:
    with database.session() as db:
        organization = make_organization(db, "Minato")
        make_seat(db, make_cohort(db, organization), make_user(db, organization, ADDRESS, name="岡田 千夏"))
        db.commit()


def test_a_code_typed_into_the_browser_that_asked_signs_in(browser: Browser, postbox: Postbox) -> None:
    assert not browser.is_signed_in()
    answer = browser.sign_in(ADDRESS)
    assert (answer.status_code, answer.location) == (303, "/seats")
    assert browser.is_signed_in()
    assert len(postbox.letters) == 1


@pytest.mark.parametrize("typed", ["{0}", "{0:.4}{1}", " {2} ", "{3}"])
def test_a_code_may_be_typed_as_people_type(browser: Browser, postbox: Postbox, typed: str) -> None:
    browser.ask(ADDRESS)
    code = code_in(postbox)
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code.replace("-", ""))
    browser.type_code(typed.format(code, code[5:], code.lower().replace("-", " "), wide))
    assert browser.is_signed_in()


def test_the_letter_holds_the_code_and_no_link(browser: Browser, postbox: Postbox) -> None:
    browser.ask(ADDRESS)
    letter = postbox.letters[0]
    assert str(letter["To"]) == "岡田 千夏 <okada@example.jp>"
    assert code_in(postbox) not in str(letter["Subject"])
    assert "http" not in postbox.text()


def test_the_code_is_stored_only_as_a_hash(browser: Browser, postbox: Postbox, database: Database) -> None:
    browser.ask(ADDRESS)
    with database.reading() as db:
        stored = db.scalars(select(SignIn)).one()
    assert str(stored.code_hash).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert code_in(postbox).replace("-", "") not in str(stored.__dict__)


def test_another_browser_cannot_use_the_code(app: Flask, browser: Browser, postbox: Postbox) -> None:
    browser.ask(ADDRESS)
    thief = Browser(app, "203.0.113.9")
    assert thief.type_code(code_in(postbox)).location == "/sign-in"
    thief.ask("somebody@example.jp")
    thief.type_code(code_in(postbox))
    assert not thief.is_signed_in()
    browser.type_code(code_in(postbox))
    assert browser.is_signed_in()


def test_an_old_code_is_refused(browser: Browser, postbox: Postbox, watch: Watch) -> None:
    browser.ask(ADDRESS)
    watch.pass_by(minutes=9, seconds=59)
    assert browser.get("/sign-in/code").status_code == 200
    watch.pass_by(seconds=1)
    answer = browser.type_code(code_in(postbox))
    assert answer.status_code == 422
    assert not browser.is_signed_in()


def test_a_code_still_works_after_nine_minutes(browser: Browser, postbox: Postbox, watch: Watch) -> None:
    browser.ask(ADDRESS)
    watch.pass_by(minutes=9, seconds=59)
    browser.type_code(code_in(postbox))
    assert browser.is_signed_in()


def test_after_five_wrong_ones_the_right_one_is_refused(browser: Browser, postbox: Postbox) -> None:
    browser.ask(ADDRESS)
    right = code_in(postbox)
    for wrong in ["AAAA-AAA" + letter for letter in "ABCDE"]:
        assert browser.type_code(wrong).status_code == 422
    assert browser.type_code(right).status_code == 422
    assert not browser.is_signed_in()


def test_what_cannot_be_a_code_costs_no_try(browser: Browser, postbox: Postbox) -> None:
    browser.ask(ADDRESS)
    for typed in ["", "ABC", "123456", "コードです", "AAAA-AAAA-AAAA"] * 2:
        assert browser.type_code(typed).status_code == 422
    browser.type_code(code_in(postbox))
    assert browser.is_signed_in()


def test_a_new_code_makes_the_one_before_worthless(browser: Browser, postbox: Postbox) -> None:
    browser.ask(ADDRESS)
    first = code_in(postbox)
    browser.ask(ADDRESS)
    assert browser.type_code(first).status_code == 422
    browser.type_code(code_in(postbox))
    assert browser.is_signed_in()


def test_twelve_at_once_with_the_right_code_are_one(database: Database, watch: Watch) -> None:
    asked = ask_for_code(database, address=ADDRESS, target="", now=watch.now())
    with ThreadPoolExecutor(12) as pool:
        tries = [pool.submit(use_code, database, asked.browser, asked.code, now=watch.now()) for _ in range(12)]
    assert sum(one.result() is not None for one in tries) == 1
    assert use_code(database, asked.browser, asked.code, now=watch.now()) is None


def test_a_leaver_gets_no_code_and_the_same_answer(
    app: Flask, browser: Browser, postbox: Postbox, database: Database, watch: Watch
) -> None:
    with database.session() as db:
        leaver = make_user(db, make_organization(db), "leaver@example.jp")
        close_account(db, leaver, now=watch.now())
        db.commit()
    answers = [browser.ask("leaver@example.jp"), Browser(app).ask(ADDRESS)]
    assert {answer.location for answer in answers} == {"/sign-in/code"}
    assert [str(letter["To"]) for letter in postbox.letters] == ["岡田 千夏 <okada@example.jp>"]


def test_nobody_learns_whether_an_address_is_known(app: Flask, postbox: Postbox) -> None:
    pages = []
    for address in (ADDRESS, "nobody@example.jp"):
        browser = Browser(app)
        asked = browser.ask(address)
        tried = browser.type_code("AAAA-AAAA")
        page = tried.get_data(as_text=True).replace(address, "ADDRESS").replace(browser.token("/sign-in/code"), "TOKEN")
        pages.append((asked.status_code, asked.location, asked.get_data(), tried.status_code, _without_tokens(page)))
    assert pages[0] == pages[1]


def test_who_has_seats_in_two_companies_chooses_after_the_proof(
    app: Flask, browser: Browser, database: Database
) -> None:
    with database.session() as db:
        other = make_organization(db, "Harbor")
        second = make_user(db, other, ADDRESS)
        db.commit()
    assert browser.sign_in(ADDRESS).location == "/sign-in/company"
    assert not browser.is_signed_in()
    page = browser.get("/sign-in/company").get_data(as_text=True)
    assert "Minato" in page
    assert "Harbor" in page
    browser.post("/sign-in/company", page="/sign-in/company", person=str(second.uid))
    assert "Harbor" in browser.get("/account/").get_data(as_text=True)
    with database.reading() as db:
        assert [session.organization_id for session in db.scalars(select(UserSession))] == [other.id]


def test_only_whom_the_address_belongs_to_can_be_chosen(app: Flask, browser: Browser, database: Database) -> None:
    with database.session() as db:
        make_user(db, make_organization(db, "Harbor"), ADDRESS)
        stranger = make_user(db, make_organization(db, "Third"), "stranger@example.jp")
        db.commit()
    browser.sign_in(ADDRESS)
    answer = browser.post("/sign-in/company", page="/sign-in/company", person=str(stranger.uid))
    assert answer.status_code == 422
    assert not browser.is_signed_in()


def test_a_choice_waits_ten_minutes_and_serves_once(browser: Browser, database: Database, watch: Watch) -> None:
    with database.session() as db:
        second = make_user(db, make_organization(db, "Harbor"), ADDRESS)
        db.commit()
    browser.sign_in(ADDRESS)
    page = browser.token("/sign-in/company")
    watch.pass_by(minutes=10)
    form = {"csrf_token": page, "person": str(second.uid)}
    assert browser.client.post("/sign-in/company", data=form).location == "/sign-in"
    assert not browser.is_signed_in()


def test_sign_ins_codes_and_refusals_are_recorded(browser: Browser, database: Database) -> None:
    browser.ask("nobody@example.jp")
    browser.type_code("AAAA-AAAA")
    browser.sign_in(ADDRESS)
    with database.reading() as db:
        rows = db.execute(select(AuditEvent.act, AuditEvent.result, AuditEvent.purpose).order_by(AuditEvent.id)).all()
        assert [tuple(row) for row in rows] == [
            ("code_asked", "refused", ""),
            ("sign_in", "refused", "code"),
            ("code_asked", "done", ""),
            ("sign_in", "done", "code"),
        ]


def test_a_code_is_shown_in_two_halves() -> None:
    assert show_code("ABCD2345") == "ABCD-2345"


def _without_tokens(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrf_token" not in line]
