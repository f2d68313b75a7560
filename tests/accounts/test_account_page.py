"""The account page: language, sessions, one's own rows, and who may read what."""

import json
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, text

from tests.accounts.browsers import PASSWORD, Browser, Watch
from tests.accounts.factories import make_cohort, make_organization, make_seat, make_user
from trainer.accounts.clean_up import clean_up_door
from trainer.accounts.models import User
from trainer.accounts.session_models import Password, SignIn, UserSession
from trainer.audit import AuditEvent
from trainer.cohorts.models import Extension
from trainer.db import Database

ADDRESS = "okada@example.jp"


@pytest.fixture(autouse=True)
def okada(database: Database) -> User:
    with database.session() as db:
        organization = make_organization(db, "Minato")
        cohort = make_cohort(db, organization)
        okada = make_user(db, organization, ADDRESS, name="Okada Chinatsu", employee_number="000123")
        colleague = make_user(db, organization, "colleague@example.jp", name="A Colleague")
        for person, reason in ((okada, "moving house"), (colleague, "an illness")):
            seat = make_seat(db, cohort, person)
            extension = Extension(
                organization_id=organization.id,
                enrollment_id=seat.id,
                step="plan",
                due_on=date(2026, 11, 2),
                reason=reason,
                given_at=cohort.created_at,
            )
            db.add(extension)
        db.commit()
    return okada


@pytest.fixture
def signed_in(browser: Browser) -> Browser:
    browser.sign_in(ADDRESS)
    return browser


def page(browser: Browser) -> str:
    return browser.get("/account/").get_data(as_text=True)


@pytest.mark.parametrize(("language", "words"), [("ja", 'lang="ja"'), ("en", 'lang="en"')])
def test_the_language_is_the_persons_choice(signed_in: Browser, language: str, words: str) -> None:
    assert signed_in.post("/account/language", page="/account/", language=language).status_code == 303
    assert f"<html {words}>" in page(signed_in)


def test_no_other_language_and_no_other_field_is_taken(signed_in: Browser, database: Database, okada: User) -> None:
    assert signed_in.post("/account/language", page="/account/", language="xx").status_code == 422
    more = {
        "language": "en",
        "organization_id": "2",
        "name": "Somebody",
        "email": "x@example.jp",
        "role": "coordinator",
    }
    signed_in.post("/account/language", page="/account/", **more)
    with database.reading() as db:
        user = db.get_one(User, okada.id)
    assert (user.name, user.email, user.organization_id) == (okada.name, okada.email, okada.organization_id)


def test_signed_out_the_language_is_asked_for_by_a_link_and_kept(browser: Browser) -> None:
    assert '<html lang="en">' in browser.get("/sign-in?lang=en").get_data(as_text=True)
    assert '<html lang="en">' in browser.get("/sign-in/password").get_data(as_text=True)
    assert '<html lang="ja">' in browser.get("/sign-in?lang=ja").get_data(as_text=True)
    assert '<html lang="ja">' in browser.get("/sign-in?lang=xx").get_data(as_text=True)


def test_the_sessions_are_listed_and_any_can_be_ended(app: Flask, signed_in: Browser, database: Database) -> None:
    other = Browser(app)
    other.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 17) Safari/604.1"
    other.sign_in(ADDRESS)
    assert "Safari, iPhone" in page(signed_in)
    with database.reading() as db:
        session = db.scalars(select(UserSession).where(UserSession.browser == "Safari, iPhone")).one()
    signed_in.post(f"/account/sessions/{session.uid}/end", page="/account/")
    assert "Safari, iPhone" not in page(signed_in)
    assert not other.is_signed_in()
    assert signed_in.is_signed_in()


def test_ones_own_rows_are_a_file_and_nobody_elses_are_in_it(signed_in: Browser) -> None:
    answer = signed_in.post("/account/my-data.json", page="/account/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="minori-my-data.json"'
    rows = json.loads(answer.get_data(as_text=True))
    assert rows["users"][0]["employee_number"] == "000123"
    assert rows["extensions"] == [
        {"step": "plan", "due_on": "2026-11-02", "reason": "moving house", "given_at": "2026-08-01T00:00:00+00:00"}
    ]
    words = json.dumps(rows, ensure_ascii=False)
    assert "Colleague" not in words
    assert "illness" not in words
    assert "hash" not in words


def test_who_reads_what_is_said_from_the_table_that_decides(signed_in: Browser) -> None:
    signed_in.post("/account/language", page="/account/", language="en")
    words = page(signed_in)
    assert "you, the facilitator who answers you, the trainees of your group" in words
    assert "your boss" not in words  # as long as no form offers them, nobody has to fear that they read
    assert "your partner" not in words
    assert words.count("the trainees of your cohort") == 1


def test_acts_on_the_account_are_recorded(signed_in: Browser, database: Database, okada: User) -> None:
    signed_in.post("/account/password", page="/account/", password=PASSWORD)
    signed_in.post("/account/sessions/end-others", page="/account/")
    signed_in.post("/account/my-data.json", page="/account/")
    signed_in.post("/sign-out", page="/account/")
    with database.reading() as db:
        rows = db.scalars(select(AuditEvent).where(AuditEvent.actor_uid == okada.uid).order_by(AuditEvent.id)).all()
    acts = ["code_asked", "sign_in", "set_password", "end_session", "download_own_rows", "sign_out"]
    assert [row.act for row in rows] == acts
    assert {row.organization_id for row in rows} == {okada.organization_id}
    assert all(len(row.request_id) == 16 for row in rows[1:])


def test_what_cannot_be_recorded_is_not_done(app: Flask, signed_in: Browser, database: Database) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE audit_events"))
    answer = signed_in.post("/account/password", page="/account/", password=PASSWORD)
    assert answer.status_code == 500
    with database.reading() as db:
        assert db.scalars(select(Password)).all() == []


def test_a_refusal_that_cannot_be_recorded_says_nothing_either(
    app: Flask, signed_in: Browser, database: Database
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE audit_events"))
    assert signed_in.get("/to/7f3a0d52-5c1e-4a58-9e3b-0c6f0a1b2c3d/plan").status_code == 500


def test_old_sessions_and_codes_are_forgotten_after_a_month(
    signed_in: Browser, database: Database, watch: Watch
) -> None:
    for days, left in ((30, 1), (1, 0)):
        watch.pass_by(days=days)
        with database.session() as db:
            clean_up_door(db, now=watch.now())
            db.commit()
            assert len(db.scalars(select(UserSession)).all()) == left
            assert len(db.scalars(select(SignIn)).all()) == left
