"""A cohort with a facilitator and submitted plans, for tests of answers to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from tests.factories import make_cohort, make_organization, make_seat, make_user, organization_of
from trainer.accounts.models import User
from trainer.act2_workshop.models import Plan, PlanVersion
from trainer.act2_workshop.plan_words import PlanWords, as_text
from trainer.act2_workshop.review_queries import Desk
from trainer.act2_workshop.rules import PlanState
from trainer.cohorts.models import Cohort, Enrollment, FacilitatorGroup, Group
from trainer.db import Database
from trainer.key_ring import KeyRing
from trainer.permissions import Audience, Role

SUBMITTED = datetime(2027, 2, 10, 1, 0, tzinfo=UTC)  # a Wednesday, 10:00 in Tokyo
STARTED = datetime(2026, 12, 1, tzinfo=UTC)
MEASURE: dict[str, Any] = {
    "id": "m1",
    "scope": "organisation",
    "title": "納期会議の進行を持ち回りにする",
    "outcome": "o1",
    "target_state": "毎週の納期会議をメンバーが順に進め、遅れの芽が3件以上話し合われている",
    "task_ref": "t04",
    "share_with": "班長4人",
    "carrier_now": "self",
    "carrier_target": "several",
    "level_now": 3,
    "level_target": 5,
    "asked_first": "will_ask",
    "manager_keeps": "納期の最終責任と、週1回15分の相談",
    "first_step": "中堅メンバーへ、進行をやってみたいか聞く",
    "first_step_date": "2027-02-15",
    "when_cue": "もし月曜の朝会が始まったら",
    "then_action": "最初に困りごとを一つ聞く",
    "deadline": "2027-04-20",
    "expected_resistance": "r1",
}
DESIRED = "納期会議をメンバーが順に進め、遅れの芽がその場で話し合われている。"


@dataclass
class ReviewWorld:
    """Who plays: one facilitator for the whole cohort, and as many trainees as a test makes."""

    database: Database
    ring: KeyRing
    cohort: Cohort
    facilitator: User
    seat: Enrollment  # the facilitator's
    people: dict[str, User] = field(default_factory=dict)  # trainees by name

    @contextmanager
    def db(self) -> Iterator[Session]:
        with self.database.session() as db:
            db.info["key_ring"] = self.ring
            yield db

    @property
    def desk(self) -> Desk:
        return Desk(self.cohort.id, self.seat.id, self.facilitator.id)

    def plan(self, db: Session, name: str, **told: Any) -> Plan:
        """A submitted plan of a new trainee; `measures`, `fields`, `checks` and columns of the plan may be told."""
        user = make_user(db, organization_of(db, self.cohort), name=name)
        group = told.pop("group", None)
        seat = make_seat(db, self.cohort, user, group_id=group.id if group else None)
        self.people[name] = user
        return make_plan(db, seat, **told)

    def group(self, db: Session, name: str, *, given_to: Enrollment | None = None) -> Group:
        group = Group(organization_id=self.cohort.organization_id, cohort_id=self.cohort.id, name=name)
        db.add(group)
        db.flush()
        if given_to is not None:
            self.give(db, group, given_to)
        return group

    def give(self, db: Session, group: Group, seat: Enrollment) -> None:
        given = FacilitatorGroup(organization_id=group.organization_id, enrollment_id=seat.id, group_id=group.id)
        db.add(given)
        db.flush()

    def colleague(self, db: Session, name: str = "大河内 進") -> tuple[User, Enrollment]:
        """One more facilitator of the cohort."""
        user = make_user(db, organization_of(db, self.cohort), name=name, language="ja")
        return user, make_seat(db, self.cohort, user, role=Role.FACILITATOR)


def make_review_world(database: Database, folder: Path, ring: KeyRing | None = None) -> ReviewWorld:
    """Committed, without any trainee."""
    ring = ring or KeyRing.open_or_create(folder / "review-keys.json", b"m" * 32)
    with database.session() as db:
        organization = make_organization(db)
        ring.add_organization(organization.uid)
        cohort = make_cohort(db, organization, started_at=STARTED)
        facilitator = make_user(db, organization, name="西村 直子", language="ja")
        seat = make_seat(db, cohort, facilitator, role=Role.FACILITATOR)
        db.commit()
    return ReviewWorld(database, ring, cohort, facilitator, seat)


def make_plan(db: Session, seat: Enrollment, **told: Any) -> Plan:
    """A plan as if it had been submitted; the session needs the key ring."""
    measures, fields = told.pop("measures", None), told.pop("fields", {})
    checks, facts = told.pop("checks", []), told.pop("facts", {"tasks": ["t04"], "resistances": ["r1"]})
    columns = {
        "state": PlanState.SUBMITTED,
        "audience": Audience.FACILITATOR,
        "version": 1,
        "submitted_at": SUBMITTED,
        "warnings": 0,
        **told,
    }
    plan = Plan(organization_id=seat.organization_id, cohort_id=seat.cohort_id, enrollment_id=seat.id, **columns)
    db.add(plan)
    db.flush()
    words = PlanWords({"desired_state": DESIRED, "visibility": "facilitator", **fields}, tuple(measures or (MEASURE,)))
    add_version(db, plan, words, checks=checks, facts=facts)
    return plan


def add_version(
    db: Session,
    plan: Plan,
    words: PlanWords,
    *,
    checks: list[dict[str, str]] | None = None,
    facts: dict[str, list[str]] | None = None,
) -> PlanVersion:
    """The words of the plan's present version."""
    version = PlanVersion(
        organization_id=plan.organization_id,
        plan_id=plan.id,
        version=plan.version,
        checks=checks or [],
        facts=facts or {},
        submitted_at=plan.submitted_at,
    )
    version.words = as_text(words)
    db.add(version)
    db.flush()
    return version


def submit_again(db: Session, plan: Plan, words: PlanWords, *, now: datetime) -> None:
    """As the trainee's own deed does it."""
    plan.version += 1
    plan.state, plan.submitted_at, plan.opened_at, plan.decided_at = PlanState.SUBMITTED, now, None, None
    add_version(db, plan, words)


def later(seconds: float = 0, **more: float) -> datetime:
    """So long after the plans were submitted."""
    return SUBMITTED + timedelta(seconds=seconds, **more)
