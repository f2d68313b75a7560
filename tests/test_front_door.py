"""What stands before every page: hosts, proxies, origins, headers, and answers that say nothing when we fail."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.environments import PRODUCTION
from trainer.app import create_app
from trainer.db import Database
from trainer.permissions import needs
from trainer.settings import Settings, read_settings

EVERYWHERE = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Strict-Transport-Security",
)
SITE = "https://minori.example.jp"


def production_app(tmp_path: Path, **environment: str) -> Flask:
    url = f"sqlite:///{tmp_path / 'production.db'}"
    return create_app(read_settings({**PRODUCTION, "DATABASE_URL": url, **environment}, tmp_path))


def failing() -> str:
    raise RuntimeError("cny-secret words of somebody")


@pytest.fixture
def production(tmp_path: Path) -> Flask:
    app = production_app(tmp_path)
    app.add_url_rule("/failing", "failing", needs(public="planted")(failing))
    return app


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/sign-in", 200),
        ("GET", "/account/", 302),
        ("POST", "/account/language", 400),
        ("GET", "/nowhere", 404),
        ("PUT", "/sign-in", 405),
        ("GET", "/failing", 500),
        ("GET", "/static/minori.css", 200),
    ],
)
def test_every_answer_carries_every_header(production: Flask, method: str, path: str, status: int) -> None:
    answer = production.test_client().open(path, method=method, base_url=SITE, buffered=True)
    assert answer.status_code == status
    assert [name for name in EVERYWHERE if name not in answer.headers] == []
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "report-uri /csp" in policy
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    if path != "/static/minori.css":
        assert answer.headers["Cache-Control"] == "no-store"


def test_when_we_fail_the_page_says_nothing_of_it(production: Flask) -> None:
    page = production.test_client().get("/failing", base_url=SITE).get_data(as_text=True)
    assert "cny-secret" not in page
    assert "Traceback" not in page


def test_the_cookie_is_for_this_host_alone(production: Flask) -> None:
    cookies = production.test_client().get("/sign-in", base_url=SITE).headers.getlist("Set-Cookie")
    assert len(cookies) == 1
    parts = set(cookies[0].split("; ")[1:])
    assert cookies[0].startswith("__Host-s=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= parts
    assert not [part for part in parts if part.startswith("Domain")]


@pytest.mark.parametrize(
    ("host", "status"),
    [("minori.example.jp", 200), ("evil.example", 400), ("minori.example.jp.evil.example", 400), ("127.0.0.1", 400)],
)
def test_only_our_own_host_is_answered(production: Flask, host: str, status: int) -> None:
    answer = production.test_client().get("/sign-in", base_url="https://" + host)
    assert answer.status_code == status
    assert b"evil" not in answer.data


@pytest.mark.parametrize(("proxies", "status"), [("0", 200), ("1", 400)])
def test_what_a_proxy_says_is_believed_of_as_many_as_there_are(tmp_path: Path, proxies: str, status: int) -> None:
    client = production_app(tmp_path, TRUSTED_PROXIES=proxies).test_client()
    answer = client.get("/sign-in", base_url=SITE, headers={"X-Forwarded-Host": "evil.example"})
    assert answer.status_code == status
    assert b"evil" not in answer.data


@pytest.fixture
def client(settings: Settings, database: Database) -> FlaskClient:
    return create_app(settings, database).test_client()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 400),
        ({"Sec-Fetch-Site": "none"}, 400),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:8000"}, 400),
        ({}, 400),
    ],
)
def test_a_form_of_another_site_is_refused_before_its_token_is_looked_at(
    client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    assert client.post("/sign-in", headers=headers).status_code == status


def test_a_report_of_the_policy_says_which_rule_and_nothing_else(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    report = {"csp-report": {"violated-directive": "img-src x", "document-uri": "http://x/secret words"}}
    assert client.post("/csp", json=report, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 204
    assert "img-src" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"csp-report": 7}', '{"csp-report": {"violated-directive": 7}}', "{", "[" * 9_000],
    ids=lambda body: body[:40],
)
def test_a_strange_report_is_swallowed(client: FlaskClient, body: str) -> None:
    assert client.post("/csp", data=body).status_code == 204
