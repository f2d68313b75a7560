"""An object of one person, asked for by others with every method: not found, and nothing changes."""

import pytest
from flask import Flask
from sqlalchemy import inspect, text
from werkzeug.routing import Rule

from tests.accounts.browsers import Browser, Watch
from tests.accounts.factories import make_cohort, make_seat
from tests.permissions.cast import Cast
from tests.permissions.matrix import routes
from trainer.db import Database
from trainer.permissions import Role
from trainer.programs.models import ProgramVersion

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
pytestmark = pytest.mark.timeout(600)  # every route as every role: it grows with the program
OTHERS = ("anonymous", "other_trainee", "other_facilitator", "facilitator_b", "disabled", "boss")
REFUSED = {302, 401, 404, 405}  # to the sign-in page, not signed in, not found, no such method
OPEN_BY_SECRET = {"/stop/<uuid:token>"}  # whoever has the letter may
CHANGES_ONE_SELF = {"POST /to/<uuid:seat_uid>/<name>"}  # signs the caller out
# facilitators see the list of their own cohort, and on it those alone for whom they answer
OWN_COHORT = {
    ("other_facilitator", f"/cohorts/<uuid:cohort_uid>/{page}")
    for page in ("attendance", "plans", "plans/next", "plans/overview", "reflections", "reflections/next")
}
NOT_OTHERS = OWN_COHORT | {("boss", "/to/<uuid:seat_uid>/<name>")}  # the guide for this trainee's boss
LOG = ("audit_events", "user_sessions")  # a refusal is recorded; a session knows when it was used


def test_nobody_elses_object_is_found_or_changed(app: Flask, cast: Cast, watch: Watch, database: Database) -> None:
    asked = 0
    for rule in {rule.rule: rule for _name, _method, rule in routes(app)}.values():
        if rule.arguments and rule.endpoint != "static" and rule.rule not in OPEN_BY_SECRET:
            others = [role for role in OTHERS if (role, rule.rule) not in NOT_OTHERS]
            paths = {role: cast.path(app, rule, watch.now()) for role in others}
            browsers = {role: cast.browser(app, role, watch.now()) for role in others}  # signing in is remembered
            before = contents(database)
            for role, path in paths.items():
                asked += ask_with_every_method(browsers[role], cast, rule, path, role, watch)
            assert contents(database) == before, rule.rule
    assert asked > 0


@pytest.mark.parametrize("role", ["coordinator", "facilitator"])
def test_no_object_is_found_under_another_cohort(
    app: Flask, cast: Cast, watch: Watch, database: Database, role: str
) -> None:
    """Whoever may see both cohorts finds each object in its own alone."""
    with database.session() as db:
        program = db.get_one(ProgramVersion, cast.cohorts["A"].program_version_id)
        other = make_cohort(db, cast.organizations["A"], program)
        make_seat(db, other, cast.users["facilitator"], Role.FACILITATOR)
        db.commit()
    asked = 0
    for rule in {rule.rule: rule for _name, _method, rule in routes(app)}.values():
        if "cohort_uid" in rule.arguments and any(name.endswith("_uid") for name in rule.arguments - {"cohort_uid"}):
            path = cast.path(app, rule, watch.now(), other={"cohort_uid": other.uid})
            browser, before = cast.browser(app, role, watch.now()), contents(database)
            asked += ask_with_every_method(browser, cast, rule, path, role, watch)
            assert contents(database) == before, rule.rule
    assert asked > 0


def ask_with_every_method(browser: Browser, cast: Cast, rule: Rule, path: str, role: str, watch: Watch) -> int:
    """Ask for a path with every method, and see it refused; gives how often."""
    form, methods = {"csrf_token": browser.token("/sign-in/password")}, METHODS
    for method in (one for one in methods if f"{one} {rule.rule}" not in CHANGES_ONE_SELF):
        answer = browser.client.open(path, method=method, data=form)
        # 403 only where this person gets it for an object that nobody has: the door was shut before any was looked at
        if answer.status_code == 403:
            unknown = cast.path(browser.app, rule, watch.now(), unknown=True)
            answer = browser.client.open(unknown, method=method, data=form)
            assert answer.status_code == 403, f"{method} {path} as {role}"
        else:
            assert answer.status_code in REFUSED, f"{method} {path} as {role}"
    return len(methods)


def contents(database: Database) -> dict[str, list[str]]:
    with database.reading() as db:
        names = [name for name in inspect(database.engine).get_table_names() if name not in LOG]
        return {name: sorted(map(str, db.execute(text(f'SELECT * FROM "{name}"')))) for name in names}  # noqa: S608
