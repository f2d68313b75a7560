"""Companies, people and cohorts for tests; whatever a test does not say is filled in here."""

from datetime import UTC, date, datetime, time
from itertools import count
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from trainer.accounts.actions import add_organization
from trainer.accounts.keys import give_keys
from trainer.accounts.models import Organization, User
from trainer.cohorts.cohort_file import read_cohort_file
from trainer.cohorts.load import Loaded, load_cohort
from trainer.cohorts.models import Cohort, Enrollment
from trainer.cohorts.roster import Person, RosterReading
from trainer.key_ring import KeyRing
from trainer.permissions import Role
from trainer.programs.actions import freeze_program

NOW = datetime(2026, 9, 2, 1, 0, tzinfo=UTC)
DAY1, DAY2 = date(2027, 2, 3), date(2027, 2, 4)
HEADER = "Employee number,Name,E-mail,Department,Group,Boss,Boss e-mail"
_numbers = count(1)


def make_organization(db: Session, name: str | None = None, **columns: Any) -> Organization:
    """A company in Tokyo."""
    return add_organization(db, name or f"Company {next(_numbers)}", **{"now": NOW, **columns})


def make_user(db: Session, organization: Organization, number: str | None = None, **columns: Any) -> User:
    """A person with an employee number and an address."""
    number = number or f"{next(_numbers):06}"
    told = {
        "employee_number": number,
        "name": f"Person {number}",
        "email": f"e{number}@minato.example",
        "created_at": NOW,
        **columns,
    }
    user = User(organization_id=organization.id, **told)
    db.add(user)
    db.flush()
    return user


def make_cohort(db: Session, organization: Organization | None = None, **columns: Any) -> Cohort:
    """A cohort in Tokyo on 3 and 4 February 2027, not started unless `started_at` is given."""
    organization = organization or make_organization(db)
    told = {
        "name": f"Cohort {next(_numbers)}",
        "program_version_id": freeze_program(db, "management_basics_default").id,
        "day1_on": DAY1,
        "day2_on": DAY2,
        "start_time": time(9),
        "prompt_time": time(9),
        "time_zone": organization.time_zone,
        "language": organization.language,
        "holidays": organization.holidays,
        "created_at": NOW,
        **columns,
    }
    cohort = Cohort(organization_id=organization.id, **told)
    db.add(cohort)
    db.flush()
    return cohort


def make_seat(db: Session, cohort: Cohort, user: User | None = None, **columns: Any) -> Enrollment:
    """A trainee's seat, unless `role` says otherwise."""
    user = user or make_user(db, organization_of(db, cohort))
    told = {"role": Role.TRAINEE, "added_at": NOW, **columns}
    seat = Enrollment(organization_id=cohort.organization_id, cohort_id=cohort.id, user_id=user.id, **told)
    db.add(seat)
    db.flush()
    return seat


def let_write(db: Session, key_ring: KeyRing) -> None:
    """From here on the people of this session's companies can write, and what they wrote opens in it."""
    db.flush()
    give_keys(db, key_ring)
    db.info["key_ring"] = key_ring


def organization_of(db: Session, cohort: Cohort) -> Organization:
    """The company of a cohort."""
    return db.get_one(Organization, cohort.organization_id)


def make_person(number: str, row: int = 1, **cells: str) -> Person:
    """A row of a roster; cells that are not told are empty."""
    told = {"name": f"Person {number}", "email": f"e{number}@minato.example", **cells}
    empty = dict.fromkeys(("name_reading", "department", "group", "boss_name", "boss_email"), "")
    return Person(row=row, employee_number=number, **{**empty, **told})


def make_reading(*people: Person) -> RosterReading:
    """A roster without refused rows."""
    return RosterReading(people, (), "utf-8", ())


def write_roster(folder: Path, *lines: str, name: str = "roster.csv") -> Path:
    """A CSV roster; its lines follow HEADER."""
    path = folder / name
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return path


def roster_line(number: str, **cells: str) -> str:
    """One person's line."""
    person = make_person(number, 1, **cells)
    told = (number, person.name, person.email, person.department, person.group, person.boss_name, person.boss_email)
    return ",".join(told)


def write_cohort_file(folder: Path, organization: dict[str, Any] | None = None, **cohort: Any) -> Path:
    """A cohort file in English for roster.csv beside it; `cohort` and `organization` add keys or replace them."""
    declared = {
        "organization": {"name": "Minato", "language": "en", **(organization or {})},
        "cohort": {"name": "First", "workshop_days": [DAY1, DAY2], "roster": "roster.csv", **cohort},
    }
    path = folder / "cohort.yaml"
    path.write_text(yaml.safe_dump(declared, allow_unicode=True), encoding="utf-8")
    return path


def load(db: Session, path: Path, *, now: datetime = NOW, **options: bool) -> Loaded:
    """What the real loader makes of a cohort file; committed if it was written."""
    loaded = load_cohort(db, read_cohort_file(path), path.parent, now=now, **options)
    (db.commit if loaded.written else db.rollback)()
    return loaded
