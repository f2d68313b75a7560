"""The front door: the plain page, the sign of life, and what every answer tells the browser."""

from pathlib import Path

import pytest
from flask import render_template_string
from flask.testing import FlaskClient
from jinja2 import UndefinedError

from tests.environments import PRODUCTION
from trainer.app import create_app
from trainer.db import Database
from trainer.permissions import needs
from trainer.settings import Settings, read_settings

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@pytest.fixture
def client(settings: Settings, database: Database) -> FlaskClient:
    return create_app(settings, database).test_client()


@pytest.fixture
def production(tmp_path: Path) -> FlaskClient:
    url = f"sqlite:///{tmp_path / 'production.db'}"
    return create_app(read_settings({**PRODUCTION, "DATABASE_URL": url}, tmp_path)).test_client()


def test_it_is_healthy_while_the_database_answers(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})


def test_it_says_so_when_the_database_does_not_answer(settings: Settings, tmp_path: Path) -> None:
    nowhere = Database(f"sqlite:///{tmp_path / 'no such folder' / 'minori.db'}")
    answer = create_app(settings, nowhere).test_client().get("/healthz")
    assert (answer.status_code, answer.get_json()) == (503, {"status": "the database does not answer"})


def test_the_front_page_speaks_japanese_first(client: FlaskClient) -> None:
    assert "マネジャー" in client.get("/").get_data(as_text=True)
    english = client.get("/", headers={"Accept-Language": "en-GB,en;q=0.9"}).get_data(as_text=True)
    assert "managers" in english
    assert "マネジャー" not in english


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/healthz", 200), ("/nowhere", 404)])
def test_every_answer_carries_the_headers(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"} <= set(policy)
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in answer.headers


def test_an_error_of_the_program_carries_the_headers_too(settings: Settings, database: Database) -> None:
    app = create_app(settings, database)
    app.config["TESTING"] = False
    app.add_url_rule("/broken", view_func=needs(public="planted by a test")(lambda: str(1 // 0)))
    answer = app.test_client().get("/broken")
    assert answer.status_code == 500
    assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS


def test_browsers_are_held_to_https_where_the_site_has_it(production: FlaskClient) -> None:
    answer = production.get("/", base_url="https://minori.example.jp")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost"])
def test_production_answers_to_its_own_name_only(production: FlaskClient, host: str) -> None:
    answer = production.get("/", base_url=f"https://{host}")
    assert answer.status_code == 400
    assert "Content-Security-Policy" in answer.headers


def test_the_demo_answers_to_its_own_names_only(tmp_path: Path, database: Database) -> None:
    demo = create_app(read_settings({"ENVIRONMENT": "demo", "SCHEDULER": "off"}, tmp_path), database).test_client()
    assert demo.get("/").status_code == 200
    assert demo.get("/", base_url="http://evil.example").status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000"])
def test_on_this_machine_the_demo_answers_to_both_names(client: FlaskClient, host: str) -> None:
    assert client.get("/", base_url=f"http://{host}").status_code == 200


def test_cookies_are_bound_to_the_site_by_https(production: FlaskClient) -> None:
    config = production.application.config
    assert (config["SESSION_COOKIE_NAME"], config["SESSION_COOKIE_SECURE"]) == ("__Host-s", True)
    assert (config["SESSION_COOKIE_HTTPONLY"], config["SESSION_COOKIE_SAMESITE"]) == (True, "Lax")


def test_a_misspelt_name_in_a_template_is_an_error(client: FlaskClient) -> None:
    with client.application.test_request_context("/"), pytest.raises(UndefinedError, match="nmae"):
        render_template_string("{{ nmae }}")
