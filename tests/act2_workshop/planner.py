"""A trainee at their plan: what they type, their browser, and a facilitator who answers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.accounts.browsers import Browser, Watch
from trainer.accounts.models import User
from trainer.act2_workshop.comments import Comment
from trainer.act2_workshop.models import Plan, PlanVersion
from trainer.act2_workshop.plan_words import PlanWords
from trainer.act2_workshop.queries import plan_of, version_of
from trainer.act2_workshop.releasing import release_reviews
from trainer.act2_workshop.reviewing import decide
from trainer.act2_workshop.rules import Deed
from trainer.cohorts.models import Cohort, Enrollment
from trainer.db import Database
from trainer.key_ring import KeyRing

Typed = Sequence[tuple[str, str]]
REQUIRED: list[tuple[str, str]] = [
    ("plan-desired_state", "Each crew leader runs one meeting a week and names one risk."),
    ("plan-visibility", "facilitator"),
    ("measure", "m1"),
    ("m1-scope", "organisation"),
    ("m1-title", "Rotate the morning meeting"),
    ("m1-outcome", "o1"),
    ("m1-target_state", "Four crew leaders take turns, and each names one thing to watch."),
    ("m1-first_step", "Ask the crew leaders what the meeting could do without"),
    ("m1-first_step_date", "2027-02-10"),
    ("m1-when_cue", "If the morning meeting begins"),
    ("m1-then_action", "I ask for one difficulty first"),
    ("m1-deadline", "2027-04-20"),
]
SHARED = [
    ("m1-task_ref", "t04"),
    ("m1-carrier_now", "self"),
    ("m1-carrier_target", "rotation"),
    ("m1-level_now", "2"),
    ("m1-level_target", "4"),
    ("m1-asked_first", "will_ask"),
    ("m1-load_offset", "No more papers before the meeting"),
]
WORDS = PlanWords(
    {"desired_state": "Each crew leader runs one meeting a week.", "visibility": "facilitator"},
    ({"id": "m1", "scope": "organisation", "title": "Rotate the meeting", "first_step": "Ask the crew leaders"},),
)


def typed(*changes: tuple[str, str], without: Sequence[str] = (), of: Typed = REQUIRED) -> list[tuple[str, str]]:
    """What is required, with these answers instead of the ones that are there, or besides them."""
    changed = {name for name, _ in changes} | set(without)
    lists = {"measure", "removed", "work"}
    kept = [pair for pair in of if pair[0] in lists - set(without) or pair[0] not in changed]
    return [*kept, *changes]


@dataclass
class Planner:
    """A trainee with their browser, in a cohort with one facilitator."""

    database: Database
    ring: KeyRing
    cohort: Cohort
    user: User
    seat: Enrollment
    facilitator: User
    browser: Browser
    watch: Watch

    @contextmanager
    def db(self) -> Iterator[Session]:
        """A session in which what the cohort's people wrote opens."""
        with self.database.session() as db:
            db.info["key_ring"] = self.ring
            yield db

    def path(self, rest: str = "") -> str:
        return f"/seats/{self.seat.uid}/plan{rest}"

    def page(self, rest: str = "", status: int = 200) -> str:
        answer = self.browser.get(self.path(rest))
        assert answer.status_code == status, answer.location
        return answer.get_data(as_text=True)

    def post(self, rest: str, pairs: Typed) -> TestResponse:
        """A form as a browser sends it."""
        token = ("csrf_token", self.browser.token("/account/"))
        form: dict[str, list[str]] = {}
        for name, value in [token, *pairs]:
            form.setdefault(name, []).append(value)
        return self.browser.client.post(self.path(rest), data=form)

    def press(self, button: str, pairs: Typed, revision: int | None = None) -> TestResponse:
        """One of the buttons of the form, at the page as it stands unless a revision is told."""
        revision = self.revision() if revision is None else revision
        return self.post("/edit", [*pairs, ("revision", str(revision)), ("do", button)])

    def save(self, pairs: Typed, revision: int) -> TestResponse:
        """As the page's script saves."""
        return self.post("/draft", [*pairs, ("revision", str(revision))])

    def submit(self, *changes: tuple[str, str], of: Typed = REQUIRED) -> None:
        """Hand the plan in; the answer is the receipt."""
        answer = self.press("submit", typed(*changes, of=of))
        assert (answer.status_code, answer.location) == (303, self.path("/received")), answer.get_data(as_text=True)

    def revision(self) -> int:
        page = self.page("/edit")
        return int(page.split('name="revision" value="', 1)[1].split('"', 1)[0])

    def plan(self) -> tuple[Plan | None, PlanVersion | None]:
        """The plan and its last version, as they are stored."""
        with self.db() as db:
            plan = plan_of(db, self.seat)
            return plan, version_of(db, plan) if plan else None

    def answer(self, deed: Deed, words: str, bank: str | None = None) -> None:
        """The facilitator answers, and the minute passes."""
        with self.db() as db:
            plan = plan_of(db, self.seat)
            assert plan is not None
            decide(db, plan, plan.version, deed, [Comment(bank=bank, text=words)], by=self.facilitator, now=self.now())
            db.commit()
        self.watch.pass_by(seconds=90)
        with self.db() as db:
            assert release_reviews(db, self.now()) == 1
            db.commit()

    def now(self) -> datetime:
        return self.watch.now()
