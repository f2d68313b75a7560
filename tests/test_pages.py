"""What every page relies on: its filters, and an answer in plain words to every error."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, abort, redirect
from flask.typing import ResponseReturnValue
from jinja2 import StrictUndefined
from werkzeug.exceptions import TooManyRequests

from trainer import headers, i18n, pages
from trainer.app import create_app
from trainer.assets import asset_dir
from trainer.settings import Settings

TOKYO = ZoneInfo("Asia/Tokyo")
LATE_AT = datetime(2027, 2, 2, 23, 30, tzinfo=UTC)
FILTERS = [
    ("{{ on|day }}", {"on": date(2027, 2, 3)}, "2027年2月3日（水）"),
    ("{{ at|day(zone) }}", {"at": LATE_AT, "zone": TOKYO}, "2027年2月3日（水）"),
    ("{{ at|day_short(zone) }}", {"at": LATE_AT, "zone": TOKYO}, "2月3日（水）"),
    ("{{ at|clock(zone) }}", {"at": LATE_AT, "zone": TOKYO}, "08:30"),
    ("{{ at|clock }}", {"at": time(9, 0)}, "09:00"),
    ("{{ first|days(last) }}", {"first": date(2027, 3, 4), "last": date(2027, 3, 15)}, "3月4日（木）〜15日（月）"),
    ("{{ on|weekday }}{{ on|month }}", {"on": date(2027, 2, 3)}, "水2月"),
]


@pytest.fixture
def app(settings: Settings) -> Flask:
    """An application with nothing but pages and headers, and a view for each kind of trouble."""
    app = Flask("trainer.app", template_folder=str(asset_dir("templates")))
    app.config.update(SECRET_KEY=settings.secret_key, TRUSTED_HOSTS=["localhost"])
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals["get_locale"] = i18n.get_locale
    i18n.init_app(app)
    pages.init_app(app)
    headers.init_app(app, settings)
    app.add_url_rule("/code/<int:code>", view_func=abort, endpoint="code")
    app.add_url_rule("/busy", view_func=_busy)
    app.add_url_rule("/broken", view_func=_broken)
    app.add_url_rule("/elsewhere", view_func=lambda: redirect("/code/404"), endpoint="elsewhere")
    return app


def _busy() -> ResponseReturnValue:
    raise TooManyRequests(retry_after=90)


def _broken() -> ResponseReturnValue:
    raise RuntimeError("CANARY")


def _broken_context() -> dict[str, object]:
    raise RuntimeError("the database is away")


@pytest.mark.parametrize(("template", "values", "words"), FILTERS)
def test_filters_write_in_the_readers_language(
    app: Flask, template: str, values: dict[str, object], words: str
) -> None:
    with app.test_request_context("/"):
        assert app.jinja_env.from_string(template).render(values) == words


def test_the_day_of_an_instant_needs_a_zone(app: Flask) -> None:
    with app.test_request_context("/"), pytest.raises(ValueError, match="name it"):
        app.jinja_env.from_string("{{ at|day }}").render(at=LATE_AT)


@pytest.mark.parametrize(
    ("code", "heading"),
    [
        (400, "受け付けられませんでした"),
        (403, "このページは、今の立場では開けません"),
        (404, "ページが見つかりません"),
        (410, "ページが見つかりません"),
        (413, "受け付けられませんでした"),
        (429, "少し時間をおいてください"),
        (500, "こちらの不具合で、表示できませんでした"),
        (503, "こちらの不具合で、表示できませんでした"),
    ],
)
def test_each_error_keeps_its_status_and_has_calm_words(app: Flask, code: int, heading: str) -> None:
    response = app.test_client().get(f"/code/{code}")
    assert response.status_code == code
    assert f"<h1>{heading}</h1>" in response.text
    assert response.content_type == "text/html; charset=utf-8"
    assert response.headers["Content-Security-Policy"] == headers.CONTENT_SECURITY_POLICY


def test_what_the_machine_needs_stays_on_the_answer(app: Flask) -> None:
    assert app.test_client().get("/busy").headers["Retry-After"] == "90"
    assert "GET" in app.test_client().post("/busy").headers["Allow"]


def test_a_failure_says_nothing_about_itself(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    response = app.test_client().get("/broken")
    assert response.status_code == 500
    assert "CANARY" not in response.text
    assert "CANARY" in caplog.text


def test_the_apology_needs_nothing_that_may_have_failed(app: Flask) -> None:
    app.context_processor(_broken_context)
    response = app.test_client().get("/broken", headers={"Accept-Language": "en-GB,en;q=0.8"})
    assert "<h1>Something went wrong on our side</h1>" in response.text
    assert '<html lang="en">' in response.text


def test_a_wrong_host_gets_a_page_too(app: Flask) -> None:
    response = app.test_client().get("/code/404", headers={"Host": "elsewhere.example"})
    assert response.status_code == 400
    assert "受け付けられませんでした" in response.text


def test_a_redirect_is_no_error(app: Flask) -> None:
    assert app.test_client().get("/elsewhere").headers["Location"] == "/code/404"


def test_the_real_program_has_these_pages(settings: Settings, tmp_path: Path) -> None:
    app = create_app(settings)
    assert "day_short" in app.jinja_env.filters
    assert app.jinja_env.undefined is StrictUndefined
