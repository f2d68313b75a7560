"""Where a redirect may lead."""

from uuid import UUID

import pytest
from flask import Flask

from trainer.app import create_app
from trainer.redirects import LANDABLE, safe_target
from trainer.settings import Settings

UID = UUID("7f3a0d52-5c1e-4a58-9e3b-0c6f0a1b2c3d")
REFUSED = [
    None,
    "",
    "//evil.example",
    "///evil.example",
    "////evil.example/account/",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "https://evil.example/account/",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "HTTPS://127.0.0.1:8000@evil.example/",
    "//127.0.0.1@evil.example/account/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//account/",
    "data:text/html,x",
    "/%2f%2fevil.example",
    "/%5cevil.example",
    "/account/%0d%0aSet-Cookie:%20a=b",
    "/account/\r\nLocation: //evil.example",
    "account/",
    "/account\u2028/",
    "/sign-out",
    "/sign-in",
    "/static/minori.css",
]


@pytest.fixture
def app(settings: Settings) -> Flask:
    return create_app(settings)


@pytest.mark.parametrize("target", REFUSED)
def test_nothing_leads_outside_or_to_a_page_that_is_not_for_landing(app: Flask, target: str | None) -> None:
    with app.test_request_context("/"):
        assert safe_target(target) is None


def test_the_corpus_is_whole() -> None:
    assert len(REFUSED) == 29


@pytest.mark.parametrize(
    ("target", "page"),
    [
        ("/account/", "/account/"),
        (f"/to/{UID}/reflection1", f"/to/{UID}/reflection1"),
        (f"/to/{UID}/plan?answer=yes&from=%E6%98%A5", f"/to/{UID}/plan?answer=yes&from=%E6%98%A5"),
        (f"/to/{str(UID).upper()}/plan#there", f"/to/{UID}/plan"),
    ],
)
def test_our_own_pages_are_written_anew(app: Flask, target: str, page: str) -> None:
    with app.test_request_context("/"):
        assert safe_target(target) == page


def test_every_page_for_landing_exists(app: Flask) -> None:
    assert set(app.view_functions) >= LANDABLE


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_the_sign_in_page_carries_no_foreign_target(app: Flask, target: str) -> None:
    page = app.test_client().get("/sign-in", query_string={"next": target}).get_data(as_text=True)
    assert "evil" not in page
