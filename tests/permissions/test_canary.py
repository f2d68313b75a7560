"""A crawl of every page as every role: each stored word appears only where the written policy lets it."""

import logging
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import yaml
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import select
from werkzeug.routing import Rule

from tests.accounts.browsers import Browser, Watch
from tests.accounts.factories import Postbox
from tests.permissions.cast import ANONYMOUS, ROLES, WORDS, Cast, person_of
from tests.permissions.filler import CANARY, Filler
from tests.permissions.matrix import routes
from trainer.accounts.models import User
from trainer.accounts.session_models import UserSession
from trainer.act2_workshop.models import Plan
from trainer.act3_practice.models import Feedback, Reflection
from trainer.assets import asset_dir
from trainer.cohorts.change_models import ChangeByHand
from trainer.cohorts.import_models import RosterImport, RosterUpload
from trainer.cohorts.models import Cohort, Enrollment
from trainer.db import Database
from trainer.key_ring import KeyRing
from trainer.prompts.models import Prompt

pytestmark = pytest.mark.timeout(600)  # every route as every role: it grows with the program
POLICY = yaml.safe_load((Path(__file__).parent / "canaries.yaml").read_text(encoding="utf-8"))
Sightings = dict[tuple[str, str], set[str]]  # (route, role) -> table.column@whose
# every object an argument can stand for, in both companies, besides one that nobody has
POOLS: dict[str, Any] = {
    "seat_uid": Enrollment.uid,
    "cohort_uid": Cohort.uid,
    "uid": UserSession.uid,
    "token": Prompt.uid,
    "staff_uid": Enrollment.uid,
    "user_uid": User.uid,
    "upload_uid": RosterUpload.uid,
    "import_uid": RosterImport.uid,
    "change_uid": ChangeByHand.uid,
    "plan_uid": Plan.uid,
    "reflection_uid": Reflection.uid,
    "feedback_uid": Feedback.uid,
    "text_uid": Plan.uid,
}


@pytest.fixture
def filler(database: Database, cast: Cast, key_ring: KeyRing) -> Filler:
    with database.session() as db:
        db.info["key_ring"] = key_ring
        for one in (*cast.organizations.values(), *cast.cohorts.values(), *cast.users.values(), *cast.seats.values()):
            db.add(one)
        filler = Filler(cast, db)
        filler.fill()
        assert filler.empty_tables() == []
        db.commit()
    return filler


def test_each_role_sees_what_the_policy_allows_and_nothing_else(
    app: Flask, cast: Cast, filler: Filler, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        seen = crawl(app, cast, filler, watch)
    assert leaks(seen, cast) == []
    assert unseen(seen, cast) == []
    assert not CANARY.search(caplog.text)


def test_the_letter_with_a_code_holds_only_its_readers_name_and_address(
    app: Flask, cast: Cast, filler: Filler, postbox: Postbox, watch: Watch
) -> None:
    Browser(app).ask(str(cast.users["trainee"].email))
    letter = postbox.letters[0].as_string() + postbox.text()
    assert words_in(letter, filler) == resolved(POLICY["code_letter"], "trainee", cast)


@pytest.mark.parametrize(
    ("template", "shown", "too_much"),
    [
        ("accounts/account.html", "{{ visitor.user.email }}", "{{ visitor.user.department }}"),
        ("accounts/account.html", "{{ visitor.organization.name }}", "{{ visitor.user.employee_number }}"),
    ],
)
def test_planted_one_field_too_many_in_a_template_is_found(
    app: Flask, cast: Cast, filler: Filler, watch: Watch, template: str, shown: str, too_much: str
) -> None:
    source = (asset_dir("templates") / template).read_text(encoding="utf-8")
    assert shown in source
    planted = DictLoader({template: source.replace(shown, shown + too_much)})
    assert app.jinja_loader is not None
    app.jinja_loader = ChoiceLoader([planted, app.jinja_loader])
    assert leaks(crawl(app, cast, filler, watch, only="GET /account/"), cast)


def test_planted_somebody_elses_word_in_the_log_would_be_found(filler: Filler) -> None:
    assert words_in(f"a line with {next(iter(filler.meaning))}", filler)


def crawl(app: Flask, cast: Cast, filler: Filler, watch: Watch, only: str = "") -> Sightings:
    """Open every page and every export as every role, with every object of both companies."""
    seen: Sightings = {}
    for name, method, rule in watched(app, only):
        for role in ROLES:
            browser = cast.browser(app, role, watch.now())
            for arguments in every_choice(app, sorted(rule.arguments)):
                built = rule.build(arguments)
                assert built is not None
                answer = browser.get(built[1]) if method == "GET" else browser.post(built[1], page="/account/")
                seen.setdefault((name, role), set()).update(words_in(answer.get_data(as_text=True), filler))
    return seen


def watched(app: Flask, only: str) -> list[tuple[str, str, Rule]]:
    """Every page and then every export, or the routes whose name begins with `only`; an export says who read what."""
    pages = [route for route in routes(app) if route[1] == "GET" or route[0] in POLICY["exports"]]
    return sorted((route for route in pages if route[0].startswith(only)), key=lambda route: route[1] != "GET")


def every_choice(app: Flask, names: list[str]) -> list[dict[str, Any]]:
    """Every way to fill the arguments of a route."""
    choices: list[dict[str, Any]] = [{}]
    for name in names:
        pool = [WORDS[name]] if name in WORDS else every_uid(app, name)
        choices = [{**choice, name: value} for choice in choices for value in pool]
    return choices


def every_uid(app: Flask, name: str) -> list[UUID]:
    with app.extensions["database"].reading() as db:
        return [*db.scalars(select(POOLS[name])), uuid4()]


def leaks(seen: Sightings, cast: Cast) -> list[str]:
    """What was seen and is not allowed, as sentences."""
    return [
        f"{name} shows {word} to {role}"
        for (name, role), words in seen.items()
        for word in sorted(words - allowed(name, role, cast))
    ]


def unseen(seen: Sightings, cast: Cast) -> list[str]:
    """What is allowed and nobody saw: the policy is out of date, or the crawl saw an empty page."""
    missing = []
    for name, by_role in {**POLICY["pages"], **POLICY["exports"]}.items():
        for role_or_everybody, words in by_role.items():
            roles = [role_or_everybody] if role_or_everybody in ROLES else [r for r in ROLES if r != ANONYMOUS]
            for word in words:
                if not any(resolved([word], role, cast) & seen.get((name, role), set()) for role in roles):
                    missing.append(f"{name}: {word} for {role_or_everybody}")
    return missing


def allowed(name: str, role: str, cast: Cast) -> set[str]:
    if role == ANONYMOUS:
        return set()
    of_page = POLICY["pages"].get(name) or POLICY["exports"].get(name) or {}
    words = [*POLICY["frame"], *of_page.get("everybody", []), *of_page.get(role, [])]
    return resolved(words, role, cast)


def resolved(words: list[str], role: str, cast: Cast) -> set[str]:
    company = "B" if role.endswith("_b") else "A"
    owners = {"me": person_of(role), "us": f"company {company}", "ours": f"cohort {company}"}
    split = [word.split("@") for word in words]
    return {f"{column}@{owners.get(whose, whose)}" for column, whose in split}


def words_in(text: str, filler: Filler) -> set[str]:
    return {filler.meaning[canary] for canary in CANARY.findall(text)}
