"""Every route, for every role: what the hand-written matrix says, and nothing that it does not know."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.accounts.browsers import Browser, Watch
from tests.permissions.cast import ANONYMOUS, Cast
from tests.permissions.matrix import MATRIX, dead_lines, missing_lines, read_matrix, routes
from trainer.app import create_app
from trainer.csrf import EXEMPT
from trainer.gate import undeclared
from trainer.permissions import needs
from trainer.settings import Settings, read_settings

pytestmark = pytest.mark.timeout(600)  # every route as every role: it grows with the program
ENVIRONMENTS = ("test", "demo", "development")


def settings_of(environment: str, directory: Path) -> Settings:
    return read_settings({"ENVIRONMENT": environment, "SCHEDULER": "off"}, directory)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_route_is_declared_and_has_its_line_and_every_line_its_route(environment: str, tmp_path: Path) -> None:
    app, matrix = create_app(settings_of(environment, tmp_path)), read_matrix(environment)
    assert undeclared(app) == []
    assert missing_lines(app, matrix) == []
    assert dead_lines(app, matrix) == []


def test_production_has_the_routes_of_the_tests_and_no_other(settings: Settings, app: Flask) -> None:
    production = create_app(settings.model_copy(update={"environment": "production"}), app.extensions["database"])
    assert missing_lines(production, read_matrix("production")) == []


def test_each_role_gets_what_the_matrix_says(app: Flask, cast: Cast, watch: Watch) -> None:
    assert wrong_cells(app, cast, watch) == []


@pytest.mark.parametrize("environment", ["demo", "development"])
def test_the_routes_of_other_environments_answer_as_they_should(
    settings: Settings, app: Flask, cast: Cast, watch: Watch, environment: str
) -> None:
    other = create_app(settings.model_copy(update={"environment": environment}), app.extensions["database"])
    assert wrong_cells(other, cast, watch, environment=environment, only_new=True) == []


def wrong_cells(
    app: Flask, cast: Cast, watch: Watch, *, environment: str = "test", only_new: bool = False, endpoint: str = ""
) -> list[str]:
    """Every cell in which an application, or one endpoint of it, answers otherwise than the matrix says."""
    matrix, usual = read_matrix(environment), read_matrix("test").lines
    wrong = []
    for name, method, rule in routes(app):
        if (only_new and name in usual) or (endpoint and rule.endpoint != endpoint):
            continue
        for role, expected in matrix.lines[name].items():
            browser = cast.browser(app, role, watch.now())
            answer = send(browser, method, cast.path(app, rule, watch.now()))
            if outcome(answer) != expected:
                wrong.append(f"{name} as {role}: {outcome(answer)}, not {expected}")
    return wrong


def test_head_answers_like_get(app: Flask, cast: Cast, watch: Watch) -> None:
    for name, method, rule in routes(app):
        if method == "GET":
            for role, expected in read_matrix("test").lines[name].items():
                browser = cast.browser(app, role, watch.now())
                answer = browser.client.head(cast.path(app, rule, watch.now()))
                assert outcome(answer) == expected, f"HEAD for {name} as {role}"


def test_options_stands_before_the_same_gate(app: Flask, cast: Cast, watch: Watch) -> None:
    for name, _method, rule in routes(app):
        if read_matrix("test").lines[name][ANONYMOUS] in ("in", 401):
            answer = Browser(app).client.options(cast.path(app, rule, watch.now()))
            assert answer.status_code == 401, name


def test_what_changes_something_needs_a_token_and_comes_from_us(app: Flask, cast: Cast, watch: Watch) -> None:
    exempt = read_matrix("test").without_token
    for name, method, rule in routes(app):
        if method != "GET" and name not in exempt:
            browser, path = cast.browser(app, "trainee", watch.now()), cast.path(app, rule, watch.now())
            assert browser.client.open(path, method=method).status_code == 400, name
            for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "null"}):
                form = {"csrf_token": browser.token("/sign-in/password")}
                answer = browser.client.open(path, method=method, data=form, headers=headers)
                assert answer.status_code == 403, f"{name} with {headers}"


def test_what_needs_no_token_is_what_the_matrix_names(app: Flask) -> None:
    working = {name for name, _method, rule in routes(app) if rule.endpoint in EXEMPT and not name.startswith("GET")}
    assert working == set(read_matrix("test").without_token)


def test_a_foreign_object_looks_like_one_that_does_not_exist(app: Flask, cast: Cast, watch: Watch) -> None:
    compared = 0
    for name, method, rule in routes(app):
        for role, expected in read_matrix("test").lines[name].items():
            if expected == 404:
                answers = []
                for unknown in (False, True):
                    browser = cast.browser(app, role, watch.now())
                    answers.append(send(browser, method, cast.path(app, rule, watch.now(), unknown=unknown)))
                assert answers[1].status_code == 404
                assert without_token(answers[0]) == without_token(answers[1]), f"{name} as {role}"
                compared += 1
    assert compared > 0


def test_planted_an_undeclared_route_is_found_and_answers_nothing(settings: Settings, app: Flask) -> None:
    fresh = create_app(settings, app.extensions["database"])
    fresh.add_url_rule("/bare", "bare", lambda: "words")
    assert undeclared(fresh) == ["bare"]
    answer = fresh.test_client().get("/bare")
    assert answer.status_code == 403
    assert b"words" not in answer.data


def test_planted_a_route_without_a_line_is_found(settings: Settings, app: Flask) -> None:
    fresh = create_app(settings, app.extensions["database"])
    fresh.add_url_rule("/new", "new", needs(public="planted")(lambda: "words"), methods=["GET", "DELETE"])
    assert missing_lines(fresh, read_matrix("test")) == ["DELETE /new", "GET /new"]


def test_planted_a_line_without_a_route_is_found(app: Flask) -> None:
    line = '  "GET /gone": [200, 200, 200, 200, 200, 200, 200, 200, 200, 200]\n'
    text = MATRIX.read_text(encoding="utf-8").replace("lines:\n", f"lines:\n{line}")
    assert dead_lines(app, read_matrix("test", text)) == ["GET /gone"]


def test_planted_a_view_that_is_open_to_all_is_found(settings: Settings, app: Flask, cast: Cast, watch: Watch) -> None:
    fresh = create_app(settings, app.extensions["database"])
    view: Any = fresh.view_functions["account.page"]
    fresh.view_functions["account.page"] = needs(public="planted")(lambda: "words")
    assert "GET /account/ as anonymous: 200, not in" in wrong_cells(fresh, cast, watch, endpoint="account.page")
    assert view is not fresh.view_functions["account.page"]


def send(browser: Browser, method: str, path: str) -> TestResponse:
    """A request as our own pages send it, with an otherwise empty form."""
    if method == "GET":
        return browser.get(path)
    return browser.client.open(path, method=method, data={"csrf_token": browser.token("/sign-in/password")})


def outcome(answer: TestResponse) -> int | str:
    leads_to_sign_in = answer.status_code == 302 and str(answer.location).startswith("/sign-in")
    return "in" if leads_to_sign_in else answer.status_code


def without_token(answer: TestResponse) -> list[str]:
    return [line for line in answer.get_data(as_text=True).splitlines() if "csrf_token" not in line]
