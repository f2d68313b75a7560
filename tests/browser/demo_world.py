"""Everything of the demo that an address can name, written by hand, and somebody of each role to look at it."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select
from werkzeug.routing import Rule

from tests.accounts.browsers import PASSWORD, Browser, give_password
from tests.browser.conftest import Site
from tests.browser.letters import let_letters_go
from tests.browser.plans import have_a_plan_returned
from tests.browser.reflections import have_reflected
from tests.browser.shared_texts import have_shared, reflection_of, shared_text
from tests.factories import make_organization, make_user
from tests.permissions.cast import make_letter
from trainer import clock
from trainer.accounts.models import User
from trainer.app import create_app
from trainer.cohorts.models import Cohort, Enrollment
from trainer.demo import demo_doors
from trainer.outbox import letters_in
from trainer.permissions import Role
from trainer.settings import read_settings

ANONYMOUS = "anonymous"
ROLES = (ANONYMOUS, *(role.value for role in Role))
IN_TWO_COMPANIES = "two@example.jp"
ROSTER = "社員番号\t氏名\tメールアドレス\n008801\t新田 遥\tnitta@minato.example\n008802\t\tnobody"


@dataclass(frozen=True)
class World:
    """The demo, and what was done in it so that every page has something to show."""

    site: Site
    users: dict[str, User]
    seats: dict[str, UUID]
    cohort_uid: UUID
    upload_uid: UUID
    letter_id: str
    token: UUID

    def value(self, role: str, endpoint: str, argument: str) -> Any:
        """What an argument stands for; KeyError with its name where nobody has written that down."""
        known = EXAMPLES.get((endpoint, argument)) or EXAMPLES["", argument]
        return known(self, role)

    def address(self, role: str, rule: Rule) -> str:
        """The address of a page for somebody of this role."""
        built = rule.build({name: self.value(role, rule.endpoint, name) for name in rule.arguments})
        assert built is not None
        return str(built[1])

    def enter(self, page: Page, role: str) -> None:
        """Have a page's browser signed in as somebody of this role."""
        if role == ANONYMOUS:
            return
        browser = Browser(self.site.app)
        browser.enter(self.users[role], clock.now())
        page.context.add_cookies([{"name": "s", "value": browser.cookie(), "url": self.site.url}])


# what an argument of a route stands for, at one endpoint or ("") at all
EXAMPLES: dict[tuple[str, str], Callable[[World, str], Any]] = {
    ("", "seat_uid"): lambda world, role: world.seats.get(role, world.seats["trainee"]),
    ("person.change", "seat_uid"): lambda world, _role: world.seats["trainee"],
    ("trainee.page", "seat_uid"): lambda world, _role: world.seats["trainee"],
    ("ledger.address", "seat_uid"): lambda world, _role: world.seats["trainee"],
    ("rehearsal.letter", "seat_uid"): lambda world, _role: world.seats["trainee"],
    ("", "letter"): lambda _world, _role: "act1_open",
    ("", "cohort_uid"): lambda world, _role: world.cohort_uid,
    ("", "upload_uid"): lambda world, _role: world.upload_uid,
    ("", "letter_id"): lambda world, _role: world.letter_id,
    ("", "token"): lambda world, _role: world.token,
    ("", "lesson_id"): lambda _world, _role: "l1",
    ("", "question_id"): lambda _world, _role: "l1q1",
    ("door.to_seat", "name"): lambda _world, _role: "home",
    ("", "number"): lambda _world, _role: 2,
    ("", "reflection_uid"): lambda world, _role: reflection_of(world.site, world.seats["trainee"]),
    ("", "plan_uid"): lambda world, _role: shared_text(world.site, world.seats["trainee"]),
    ("", "text_uid"): lambda world, _role: shared_text(world.site, world.seats["trainee"]),
    ("", "step"): lambda _world, _role: "reflection1",
    ("reflections.form", "step"): lambda _world, _role: "reflection2",
    ("reflections.drafts", "step"): lambda _world, _role: "reflection2",
}
# routes that answer a GET with something else than a page of ours, and why
NO_PAGES = {
    "static": "files",
    "films.file": "films",
    "front.healthz": "a sign of life for machines",
    "outbox.letter_html": "a letter in its frame, under a policy of its own",
    "rehearsal.letter_html": "a letter in its frame, under a policy of its own",
    "people.refused_csv": "a file to download",
    "people.refused_xlsx": "a file to download",
    "door.to_seat": "leads on",
    "feedback.newest": "leads on",
    "feedback_desk.following": "leads on",
    "review.following": "leads on",
    "plan_form.hints": "JSON for the page's script",
    "plan.first_step": "an entry for a calendar",
    "turns.experiment": "an entry for a calendar",
}


def ask_for_a_code(page: Page, address: str = "nobody@example.jp") -> None:
    """Then there is a page to type it."""
    page.goto("/sign-in")
    page.locator("#address").fill(address)
    _send(page)


def prove_two_companies(page: Page) -> None:
    """Then there is a choice between them."""
    page.goto("/sign-in/password")
    page.locator("#address").fill(IN_TWO_COMPANIES)
    page.locator("#password").fill(PASSWORD)
    _send(page)


def _send(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form button").first.click()


# what has to be done first so that a page exists
BEFORE: dict[str, Callable[[Page], None]] = {"sign_in.code": ask_for_a_code, "sign_in.company": prove_two_companies}


@cache
def pages() -> tuple[Rule, ...]:
    """Every route of the demo that may show a page: new ones are here by themselves."""
    with tempfile.TemporaryDirectory() as folder:
        app: Flask = create_app(read_settings({"ENVIRONMENT": "demo", "SCHEDULER": "off"}, Path(folder)))
        app.extensions["database"].dispose()
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    return tuple(sorted((rule for rule in rules if rule.endpoint not in NO_PAGES), key=lambda rule: rule.endpoint))


def make_world(site: Site) -> World:
    """Letters in the outbox, a roster waiting for its confirmation, somebody in two companies."""
    _add_two_companies(site)
    let_letters_go(site, clock.now(), clock.now() + timedelta(days=2))
    with site.database.reading() as db:
        doors = {door.role.value: door for door in reversed(demo_doors(db))}
        users = {role: db.get_one(User, door.user_id) for role, door in doors.items()}
        cohort = db.get_one(Cohort, doors["trainee"].cohort_id)
        seats = {role: _seat(site, user, Role(role)) for role, user in users.items()}
    with site.database.session() as db:
        seat = db.scalars(select(Enrollment).where(Enrollment.uid == seats["trainee"])).one()
        token = make_letter(db, seat, cohort.program_version_id).uid
        db.commit()
    have_a_plan_returned(site, seats["trainee"])
    have_reflected(site, seats["trainee"])
    have_shared(site, seats["trainee"])
    letter_id = letters_in(site.settings.outbox_dir, 1)[0].id
    upload_uid = _upload(site, users["coordinator"], cohort.uid)
    return World(site, users, seats, cohort.uid, upload_uid, letter_id, token)


def _seat(site: Site, user: User, role: Role) -> UUID:
    with site.database.reading() as db:
        seats = select(Enrollment.uid).where(Enrollment.user_id == user.id, Enrollment.role == role)
        return db.scalars(seats.order_by(Enrollment.id)).all()[-1]


def _upload(site: Site, coordinator: User, cohort_uid: UUID) -> UUID:
    browser, path = Browser(site.app), f"/cohorts/{cohort_uid}/people/upload"
    browser.enter(coordinator, clock.now())
    answer = browser.post(path, page=path, table=ROSTER)
    assert answer.status_code == 303
    return UUID(answer.location.rpartition("/")[2])


def _add_two_companies(site: Site) -> None:
    with site.database.session() as db:
        users = [make_user(db, make_organization(db), email=IN_TWO_COMPANIES) for _ in range(2)]
        db.commit()
    for user in users:
        give_password(site.database, user, clock.now())
