"""The people of the demo who are offered at one click."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import Organization, User
from trainer.accounts.queries import organization_named
from trainer.cohorts.models import Cohort
from trainer.demo.content import DEMO_LANGUAGES, Company, load_company
from trainer.demo.content_parts import Person
from trainer.permissions import Role


@dataclass(frozen=True)
class Door:
    """Somebody's sign-in at one click; `cohort_id` is where the click leads, None for the whole company."""

    user_id: int
    user_uid: UUID
    role: Role
    cohort_id: int | None
    label: str


def demo_doors(db: Session) -> list[Door]:
    """The doors of the demo company in this database, in the file's order; none where there is no such company.

    They are told from the file, so a person whose address was changed since has no door any more.
    """
    for language in DEMO_LANGUAGES:
        company = load_company(language)
        organization = organization_named(db, company.organization.name)
        if organization is not None:
            return _doors(db, organization, company)
    return []


def _doors(db: Session, organization: Organization, company: Company) -> list[Door]:
    addresses = _addresses(company)
    wanted = [addresses[door.person] for door in company.doors]
    people = select(User).where(User.organization_id == organization.id, User.email.in_(wanted))
    users = {user.email: user for user in db.scalars(people)}
    names = {part.id: part.name for part in company.cohorts}
    known = select(Cohort.name, Cohort.id).where(Cohort.organization_id == organization.id)
    cohorts = {name: cohort_id for name, cohort_id in db.execute(known)}
    return [
        Door(user.id, user.uid, door.role, cohorts.get(names[door.cohort]) if door.cohort else None, door.label)
        for door in company.doors
        if (user := users.get(addresses[door.person]))
    ]


def _addresses(company: Company) -> dict[str, str]:
    """Id in the file -> address."""
    people: list[Person] = [*company.people.coordinators, *company.people.facilitators]
    for cohort in company.cohorts:
        people += cohort.trainees
    return {one.id: one.email for one in people}
