"""The people of a roster and the people a company has already: who is who, and what changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import uuid4

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from trainer.accounts.address_changes import NewAddress, hold
from trainer.accounts.models import User
from trainer.cohorts.roster import Person, RefusedRow
from trainer.i18n import gettext as _


@dataclass(frozen=True)
class Known:
    """A person the organization has already."""

    id: int
    employee_number: str | None
    email: str | None
    name: str
    name_reading: str
    department: str


@dataclass(frozen=True)
class Match:
    """A row of the roster and the known person it speaks of, if there is one."""

    person: Person
    known: Known | None

    @property
    def changes(self) -> dict[str, str]:
        """The columns in which the roster differs from what is known; an empty cell says nothing."""
        told = {name: getattr(self.person, name) for name in _TOLD}
        return {name: value for name, value in told.items() if value and value != getattr(self.known, name, None)}


_TOLD = ("employee_number", "email", "name", "name_reading", "department")


def match_people(
    db: Session, organization_id: int, people: Iterable[Person], facilitators: set[int]
) -> tuple[list[Match], list[RefusedRow]]:
    """Each row with its person: the one with its number, else one without number who has its address.

    Refused: an address that stays somebody else's, and a facilitator of the cohort (`facilitators`: user ids), since
    nobody answers their own reflections.
    """
    columns = [User.id, *(getattr(User, name) for name in _TOLD)]
    known = [Known(*row) for row in db.execute(select(*columns).where(User.organization_id == organization_id))]
    numbers = {one.employee_number: one for one in known if one.employee_number}
    owners = {one.email: one for one in known if one.email}
    matches, refused = [], list[RefusedRow]()
    for person in people:
        owner = owners.get(person.email)
        nameless = owner if owner and not owner.employee_number else None
        matches.append(Match(person, numbers.get(person.employee_number) or nameless))
    while clashes := _clashes(matches, owners, facilitators):  # a refused row keeps its old address taken
        refused.extend(clashes)
        rows = {clash.row for clash in clashes}
        matches = [match for match in matches if match.person.row not in rows]
    return matches, refused


def write_people(db: Session, organization_id: int, matches: Sequence[Match], now: datetime) -> None:
    """Add the new people and refresh the known ones, in a few statements."""
    changed = [match for match in matches if match.known and match.changes]
    moving = {
        match.known.id: NewAddress(match.known.email, match.changes["email"])
        for match in changed
        if match.known and "email" in match.changes
    }
    if moving:  # two people may swap addresses: let go of all before anybody takes one
        letting_go = update(User).where(User.organization_id == organization_id, User.id.in_(moving))
        db.execute(letting_go.values(email=None), execution_options={"synchronize_session": False})
    if changed:
        db.connection().execute(_REFRESH, [_refreshed(organization_id, match) for match in changed])
    if moving:
        hold(db, organization_id, moving, now=now)
    new = [match.person for match in matches if match.known is None]
    if new:
        db.execute(insert(User), [_new_user(organization_id, person, now) for person in new])


def ensure_bosses(db: Session, organization_id: int, people: Iterable[Person], now: datetime) -> dict[str, int]:
    """Address -> user id of everybody in the organization, after adding the bosses it did not know."""
    ids = _ids_by_address(db, organization_id)
    unknown = {person.boss_email: person for person in people if person.boss_email and person.boss_email not in ids}
    if unknown:
        rows = [
            {
                "organization_id": organization_id,
                "uid": uuid4(),
                "email": email,
                "name": person.boss_name or email,
                "created_at": now,
            }
            for email, person in unknown.items()
        ]
        db.execute(insert(User), rows)
        ids = _ids_by_address(db, organization_id)
    return ids


_REFRESH = (
    update(table := cast(Table, User.__table__))
    .where(table.c.organization_id == bindparam("of_organization"), table.c.id == bindparam("of_id"))
    .values({name: bindparam(f"new_{name}") for name in _TOLD})
)


def _refreshed(organization_id: int, match: Match) -> dict[str, object]:
    now_told = {f"new_{name}": match.changes.get(name) or getattr(match.known, name) for name in _TOLD}
    return {"of_organization": organization_id, "of_id": match.known.id if match.known else None, **now_told}


def _clashes(matches: Sequence[Match], owners: dict[str, Known], facilitators: set[int]) -> list[RefusedRow]:
    staying = {match.known.id: match.person.email for match in matches if match.known}
    refused = []
    for match in matches:
        owner, person = owners.get(match.person.email), match.person
        if owner and owner != match.known and staying.get(owner.id, person.email) == person.email:
            reason = _(
                "The address %(email)s belongs to %(owner)s. Correct the address, or that person's first.",
                email=person.email,
                owner=owner.employee_number or owner.name,
            )
            refused.append(RefusedRow(person.row, person.employee_number, reason))
        elif match.known and match.known.id in facilitators:
            reason = _("This person is a facilitator of this cohort and cannot be a trainee in it.")
            refused.append(RefusedRow(person.row, person.employee_number, reason))
    return refused


def _new_user(organization_id: int, person: Person, now: datetime) -> dict[str, object]:
    told = {name: getattr(person, name) for name in _TOLD}
    return {"organization_id": organization_id, "uid": uuid4(), "created_at": now, **told}


def _ids_by_address(db: Session, organization_id: int) -> dict[str, int]:
    rows = db.execute(
        select(User.email, User.id).where(User.organization_id == organization_id, User.email.is_not(None))
    )
    return {email: user_id for email, user_id in rows if email}
