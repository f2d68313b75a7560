"""The cast of every permission test: two companies, and one person for each thing somebody can be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.accounts.browsers import Browser
from tests.accounts.factories import (
    BEGAN,
    make_cohort,
    make_group,
    make_office,
    make_organization,
    make_seat,
    make_user,
)
from tests.act2_workshop.reviews import make_plan
from tests.factories import let_write
from tests.permissions.written import Written, make_written
from trainer.accounts.models import Organization, User
from trainer.accounts.session_models import ClosedAccount, UserSession
from trainer.act2_workshop.models import Plan
from trainer.act2_workshop.queries import plan_of
from trainer.act3_practice.models import Reflection
from trainer.cohorts.models import Cohort, Enrollment
from trainer.cohorts.roster_preview import keep_upload
from trainer.db import Database
from trainer.key_ring import KeyRing
from trainer.permissions import Audience, Role
from trainer.programs.actions import freeze_program
from trainer.prompts.models import Prompt, PromptState

ROLES = (
    "anonymous",
    "trainee",
    "other_trainee",
    "facilitator",
    "other_facilitator",
    "facilitator_b",
    "coordinator",
    "disabled",
    "boss",
    "boss_without_share",
)
ANONYMOUS = "anonymous"
# the trainee's boss is one person; before they call, the trainee's texts are for these readers
SHARED = {"boss": Audience.BOSS, "boss_without_share": Audience.FACILITATOR}


@dataclass
class Cast:
    """Who plays; A is the company of all but `facilitator_b`."""

    organizations: dict[str, Organization]
    cohorts: dict[str, Cohort]
    users: dict[str, User]
    seats: dict[str, Enrollment]
    letter: Prompt
    written: Written

    def browser(self, app: Flask, role: str, now: datetime) -> Browser:
        """A browser in which this role is signed in."""
        browser = Browser(app)
        if role in SHARED:
            self._share(app, SHARED[role])
        if role != ANONYMOUS:
            browser.enter(self.users[person_of(role)], now)
        return browser

    def _share(self, app: Flask, audience: Audience) -> None:
        """As far as data can: no page offers a trainee to share with their boss."""
        with app.extensions["database"].session() as db:
            for kind in (Plan, Reflection):
                own = kind.enrollment_id == self.seats["trainee"].id
                db.execute(update(kind).where(own).values(audience=audience))
            db.commit()

    def path(
        self, app: Flask, rule: Rule, now: datetime, *, unknown: bool = False, other: Mapping[str, UUID] | None = None
    ) -> str:
        """The address of a route at the trainee's own objects, or with `unknown` at objects that nobody has.

        `other`: arguments of the route that stand for something else.
        """
        values = {name: self._value(app, rule.endpoint, name, now, unknown) for name in rule.arguments}
        built = rule.build({**values, **(other or {})})
        assert built is not None
        return str(built[1])

    def _value(self, app: Flask, endpoint: str, name: str, now: datetime, unknown: bool) -> Any:
        if name in WORDS and (endpoint, name) not in OBJECTS:
            return WORDS[name]
        if unknown and name not in NO_OBJECTS:
            return uuid4()
        return (
            OBJECTS[endpoint, name](self, app, now)
            if (endpoint, name) in OBJECTS
            else OBJECTS["", name](self, app, now)
        )


def person_of(role: str) -> str:
    """Who plays a role: the boss plays two."""
    return "boss" if role in SHARED else role


def session_of_trainee(cast: Cast, app: Flask, now: datetime) -> UUID:
    user = cast.users["trainee"]
    with app.extensions["database"].session() as db:
        session = UserSession(
            organization_id=user.organization_id,
            handle_hash=uuid4().bytes,
            user_id=user.id,
            opened_by="code",
            created_at=now,
            seen_at=now,
        )
        db.add(session)
        db.commit()
    return session.uid


def facilitator_of_a(cast: Cast, app: Flask, _now: datetime) -> UUID:
    """Another facilitator each time: one of the requests takes them away."""
    with app.extensions["database"].session() as db:
        user = make_user(db, cast.organizations["A"])
        seat = make_seat(db, cast.cohorts["A"], user, Role.FACILITATOR)
        db.commit()
    return seat.uid


def upload_of_coordinator(cast: Cast, app: Flask, now: datetime) -> UUID:
    with app.extensions["database"].session() as db:
        content = b"Employee number,Name,E-mail\n1,Ito,ito@example.jp\n"
        by = cast.users["coordinator"]
        upload = keep_upload(db, cast.cohorts["A"], by=by, file_name="roster.csv", content=content, now=now)
        db.commit()
    return upload.uid


def plan_of_trainee(cast: Cast, app: Flask, now: datetime) -> UUID:
    """A plan that waits for the facilitator, as long as no test has filled in another."""
    seat = cast.seats["trainee"]
    with app.extensions["database"].session() as db:
        db.info["key_ring"] = app.extensions["key_ring"]
        plan = plan_of(db, seat) or make_plan(db, seat, submitted_at=now)
        db.commit()
    return plan.uid


# pages of a text that the trainee has handed in
NO_OBJECTS = ("step",)
OF_A_TEXT = ("readers.page", "readers.change", "feedback.page")
# what an argument of a route stands for, at one endpoint or ("") at all
OBJECTS: dict[tuple[str, str], Any] = {
    ("account.end_session", "uid"): session_of_trainee,
    **{(endpoint, "step"): lambda cast, _app, _now: cast.written.reflection.step for endpoint in OF_A_TEXT},
    ("", "staff_uid"): facilitator_of_a,
    ("", "upload_uid"): upload_of_coordinator,
    ("", "import_uid"): lambda _cast, _app, _now: uuid4(),
    ("", "change_uid"): lambda _cast, _app, _now: uuid4(),
    ("", "plan_uid"): plan_of_trainee,
    ("", "token"): lambda cast, _app, _now: cast.letter.uid,
    ("", "user_uid"): lambda cast, _app, _now: cast.users["trainee"].uid,
    ("", "reflection_uid"): lambda cast, _app, _now: cast.written.reflection.uid,
    ("", "feedback_uid"): lambda cast, _app, _now: cast.written.feedback.uid,
    ("", "text_uid"): lambda cast, _app, _now: cast.written.shared.uid,
    ("", "seat_uid"): lambda cast, _app, _now: cast.seats["trainee"].uid,
    ("", "cohort_uid"): lambda cast, _app, _now: cast.cohorts["A"].uid,
}
WORDS = {
    "name": "home",
    "lesson_id": "l1",
    "question_id": "l1q1",
    "letter_id": "none",
    "letter": "act1_open",
    "date_id": "plan_due",
    "step": "reflection1",
    "change": "pause",
    "filename": "minori.css",
    "code": 404,
    "number": 1,
}


def make_cast(database: Database, key_ring: KeyRing) -> Cast:
    """Both companies, filled and committed."""
    with database.session() as db:
        version = freeze_program(db, "management_basics_default")
        organizations = {letter: make_organization(db) for letter in "AB"}
        let_write(db, key_ring)
        cohorts = {letter: make_cohort(db, organization, version) for letter, organization in organizations.items()}
        a, b = organizations["A"], organizations["B"]
        users = {role: make_user(db, b if role.endswith("_b") else a) for role in (*ROLES[1:-1], "trainee_b")}
        seats = {
            "facilitator": make_seat(db, cohorts["A"], users["facilitator"], Role.FACILITATOR),
            "other_facilitator": make_seat(db, cohorts["A"], users["other_facilitator"], Role.FACILITATOR),
            "facilitator_b": make_seat(db, cohorts["B"], users["facilitator_b"], Role.FACILITATOR),
            "disabled": make_seat(db, cohorts["A"], users["disabled"]),
            "trainee_b": make_seat(db, cohorts["B"], users["trainee_b"]),
        }
        group = make_group(db, cohorts["A"], seats["facilitator"])
        other_group = make_group(db, cohorts["A"], seats["other_facilitator"])
        boss = users["boss"].id
        seats["trainee"] = make_seat(db, cohorts["A"], users["trainee"], group_id=group.id, boss_id=boss)
        seats["other_trainee"] = make_seat(db, cohorts["A"], users["other_trainee"], group_id=other_group.id)
        make_office(db, a, users["coordinator"])
        db.add(ClosedAccount(organization_id=a.id, user_id=users["disabled"].id, closed_at=BEGAN))
        letter = make_letter(db, seats["trainee"], version.id)
        written = make_written(db, seats, users["facilitator"])
        db.commit()
    return Cast(organizations, cohorts, users, seats, letter, written)


def make_letter(db: Session, seat: Enrollment, program_version_id: int) -> Prompt:
    """A letter that went to a trainee, of a kind that can be stopped."""
    letter = Prompt(
        organization_id=seat.organization_id,
        cohort_id=seat.cohort_id,
        enrollment_id=seat.id,
        letter="nudge_experiment",
        idem_key=f"{seat.id} nudge_experiment",
        local_date=BEGAN.date(),
        local_time=BEGAN.time(),
        zone="Asia/Tokyo",
        program_version_id=program_version_id,
        due_at=BEGAN,
        next_at=BEGAN,
        not_after=BEGAN,
        state=PromptState.SENT,
        sent_at=BEGAN,
        updated_at=BEGAN,
    )
    db.add(letter)
    db.flush()
    return letter
