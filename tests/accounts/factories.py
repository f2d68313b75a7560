"""Companies, people and seats for tests; whatever a test does not say is filled in."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from email.message import EmailMessage
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from trainer.accounts.models import Coordinator, Organization, User
from trainer.cohorts.models import Cohort, Enrollment, FacilitatorGroup, Group
from trainer.mail_outcomes import Handed, Outcome
from trainer.permissions import Role
from trainer.programs.models import ProgramVersion

BEGAN = datetime(2026, 8, 1, tzinfo=UTC)
NUMBERS = count(1)


@dataclass
class Postbox:
    """A Mailer that keeps what it is handed."""

    letters: list[EmailMessage] = field(default_factory=list)

    def send(self, message: EmailMessage, *, envelope_id: str) -> Handed:
        assert envelope_id
        self.letters.append(message)
        return Handed(Outcome.SENT, 250, "2.0.0", "2.0.0 kept", "reply")

    def text(self) -> str:
        """The newest letter's plain text."""
        part = self.letters[-1].get_body(("plain",))
        assert part is not None
        return str(part.get_content())


def make_organization(db: Session, name: str = "") -> Organization:
    organization = Organization(name=name or f"Company {next(NUMBERS)}", created_at=BEGAN)
    db.add(organization)
    db.flush()
    return organization


def make_user(db: Session, organization: Organization, email: str | None = None, **values: Any) -> User:
    number = next(NUMBERS)
    values.setdefault("name", f"Person {number}")
    user = User(organization_id=organization.id, email=email or f"p{number}@example.jp", created_at=BEGAN, **values)
    db.add(user)
    db.flush()
    return user


def make_cohort(db: Session, organization: Organization, version: ProgramVersion | None = None) -> Cohort:
    number = next(NUMBERS)
    if version is None:
        version = ProgramVersion(program="stub", version=1, digest=f"{number}", packs={})
        db.add(version)
        db.flush()
    cohort = Cohort(
        organization_id=organization.id,
        name=f"Cohort {number}",
        program_version_id=version.id,
        day1_on=date(2026, 10, 7),
        day2_on=date(2026, 10, 8),
        start_time=time(9),
        prompt_time=time(9),
        time_zone="Asia/Tokyo",
        language="en",
        holidays="JP",
        created_at=BEGAN,
    )
    db.add(cohort)
    db.flush()
    return cohort


def make_seat(db: Session, cohort: Cohort, user: User, role: Role = Role.TRAINEE, **values: Any) -> Enrollment:
    seat = Enrollment(
        organization_id=cohort.organization_id,
        cohort_id=cohort.id,
        user_id=user.id,
        role=role,
        added_at=BEGAN,
        **values,
    )
    db.add(seat)
    db.flush()
    return seat


def make_group(db: Session, cohort: Cohort, *facilitators: Enrollment) -> Group:
    group = Group(organization_id=cohort.organization_id, cohort_id=cohort.id, name=f"Group {next(NUMBERS)}")
    db.add(group)
    db.flush()
    for seat in facilitators:
        db.add(FacilitatorGroup(organization_id=cohort.organization_id, enrollment_id=seat.id, group_id=group.id))
    db.flush()
    return group


def make_office(db: Session, organization: Organization, user: User) -> None:
    db.add(Coordinator(organization_id=organization.id, user_id=user.id, added_at=BEGAN))
    db.flush()
