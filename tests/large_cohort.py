"""One started cohort of any size in the middle of its course, with somebody of each role."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from tests.factories import make_cohort, make_organization, make_person, make_reading, make_seat, make_user
from trainer.accounts.actions import ensure_coordinator
from trainer.accounts.models import User
from trainer.cohorts.enroll import enroll
from trainer.cohorts.models import Cohort, Enrollment, FinishedStep
from trainer.cohorts.standings import recount
from trainer.permissions import Role
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.planning import plan_prompts

BEGAN = datetime(2026, 12, 1, tzinfo=UTC)
BETWEEN_REFLECTIONS = datetime(2027, 3, 17, 1, 0, tzinfo=UTC)
DAYS = {"day1_on": date(2027, 2, 3), "day2_on": date(2027, 2, 4)}
FINISHED = ("act1", "workshop", "plan", "reflection1")


@dataclass(frozen=True)
class LargeCohort:
    """Its number, and one user and seat for each role; the coordinator belongs to the office too."""

    cohort_id: int
    cohort_uid: UUID
    users: dict[Role, User]
    seats: dict[Role, UUID]


def make_large_cohort(db: Session, seats: int, *, language: str = "ja") -> LargeCohort:
    """A company with one cohort; what was due before BETWEEN_REFLECTIONS was sent and done. Commits."""
    organization = make_organization(db, language=language)
    cohort = make_cohort(db, organization, started_at=BEGAN, **DAYS)
    enroll(db, cohort, make_reading(*(make_person(f"{row:06}", row) for row in range(1, seats + 1))), now=BEGAN)
    users = {role: make_user(db, organization, f"staff-{role}") for role in (Role.FACILITATOR, Role.COORDINATOR)}
    found = {role: make_seat(db, cohort, user, role=role).uid for role, user in users.items()}
    ensure_coordinator(db, organization, users[Role.COORDINATOR], now=BEGAN)
    trainees = db.execute(
        select(Enrollment.id, Enrollment.uid, Enrollment.user_id)
        .where(Enrollment.role == Role.TRAINEE, Enrollment.cohort_id == cohort.id)
        .order_by(Enrollment.id)
    ).all()
    found[Role.TRAINEE], users[Role.TRAINEE] = trainees[0].uid, db.get_one(User, trainees[0].user_id)
    done = {"organization_id": organization.id, "finished_at": BEGAN}
    rows = [{**done, "enrollment_id": seat.id, "step": step} for seat in trainees for step in FINISHED]
    db.execute(insert(FinishedStep), rows)
    recount(db, cohort)
    db.commit()
    _let_letters_go(db, cohort)
    for user in users.values():
        db.refresh(user)  # planning forgets what it knew
        db.expunge(user)
    db.commit()
    return LargeCohort(cohort.id, cohort.uid, users, found)


def _let_letters_go(db: Session, cohort: Cohort) -> None:
    while plan_prompts(db, BEGAN):
        db.commit()
    due = update(Prompt).where(Prompt.cohort_id == cohort.id, Prompt.due_at < BETWEEN_REFLECTIONS)
    db.execute(due.values(state=PromptState.SENT, sent_at=Prompt.due_at))
    db.commit()
