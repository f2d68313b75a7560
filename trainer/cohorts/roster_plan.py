"""What a roster would do to a cohort, row by row, before anything is written; enrolling carries out the same plan."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment, Group, SeatStatus
from trainer.cohorts.people import Match, match_people
from trainer.cohorts.roster import Person, RefusedRow, RosterReading
from trainer.i18n import gettext as _
from trainer.permissions import Role


class Outcome(StrEnum):
    """What becomes of a row that is taken."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class PlannedRow:
    """A row that is taken; `moves` are the new group's name and the new boss's address, where they are other ones."""

    match: Match
    seat: Enrollment | None
    moves: dict[str, str]

    @property
    def person(self) -> Person:
        return self.match.person

    @property
    def changes(self) -> dict[str, str]:
        """What the company knows of the person and the roster says otherwise: column -> new value."""
        return self.match.changes if self.match.known else {}

    @property
    def outcome(self) -> Outcome:
        if self.seat is None:
            return Outcome.ADDED
        return Outcome.CHANGED if self.moves or self.changes else Outcome.UNCHANGED

    @property
    def overwrites(self) -> bool:
        """Whether somebody new to the cohort is known to the company, perhaps in other cohorts, and would change."""
        return self.seat is None and bool(self.changes)

    @property
    def is_doubtful(self) -> bool:
        """Whether an overwritten person keeps nothing but the number: it may be another person's, mistyped."""
        known = self.match.known
        if not self.overwrites or known is None or "email" not in self.changes:
            return False
        return "".join(known.name.split()) != "".join(self.person.name.split())  # a space is no other name

    @property
    def is_withdrawn(self) -> bool:
        """Whether the roster names somebody who has left; they stay withdrawn."""
        return self.seat is not None and self.seat.status == SeatStatus.WITHDRAWN


@dataclass(frozen=True)
class Plan:
    """A whole roster; `not_named` are number and name of those with a seat whom the roster does not name."""

    rows: tuple[PlannedRow, ...]
    refused: tuple[RefusedRow, ...]
    not_named: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]

    @property
    def missing(self) -> list[str]:
        """The numbers of those whom the roster does not name."""
        return [number for number, _name in self.not_named]

    @property
    def has_doubts(self) -> bool:
        """Whether somebody should look twice before this is carried out."""
        return any(row.is_doubtful for row in self.rows)

    @property
    def matches(self) -> list[Match]:
        return [row.match for row in self.rows]

    def count(self, outcome: Outcome) -> int:
        """How many rows come to this."""
        return sum(row.outcome is outcome for row in self.rows)


def plan_enrollment(db: Session, cohort: Cohort, reading: RosterReading) -> Plan:
    """What `enroll` would do with a roster now; nothing is written."""
    facilitators = set(db.scalars(_seats(cohort, Role.FACILITATOR).with_only_columns(Enrollment.user_id)))
    matches, refused = match_people(db, cohort.organization_id, reading.people, facilitators)
    rows = _planned_rows(db, cohort, matches)
    withdrawn = [
        _("%(number)s has withdrawn and stays so, although the roster names them.", number=row.person.employee_number)
        for row in rows
        if row.is_withdrawn
    ]
    return Plan(
        rows=tuple(rows),
        refused=tuple(sorted([*reading.refused, *refused], key=lambda row: row.row)),
        not_named=tuple(_not_named(db, cohort, reading)),
        warnings=(*reading.warnings, *withdrawn),
    )


def _planned_rows(db: Session, cohort: Cohort, matches: Sequence[Match]) -> list[PlannedRow]:
    seats = {seat.user_id: seat for seat in db.scalars(_seats(cohort, Role.TRAINEE))}
    groups = {id: name for id, name in db.execute(select(Group.id, Group.name).where(Group.cohort_id == cohort.id))}
    owners = _owners_afterwards(db, cohort.organization_id, matches)
    planned = []
    for match in matches:
        seat = seats.get(match.known.id) if match.known else None
        planned.append(PlannedRow(match, seat, _moves(seat, match.person, groups, owners) if seat else {}))
    return planned


def _moves(seat: Enrollment, person: Person, groups: dict[int, str], owners: dict[str, int | None]) -> dict[str, str]:
    moves = {}
    if person.group and (seat.group_id is None or person.group != groups[seat.group_id]):
        moves["group"] = person.group
    if person.boss_email and (seat.boss_id is None or owners.get(person.boss_email) != seat.boss_id):
        moves["boss"] = person.boss_email
    return moves


def _owners_afterwards(db: Session, organization_id: int, matches: Iterable[Match]) -> dict[str, int | None]:
    """Whose the bosses' addresses will be when the roster is in: a user's number, or None for somebody new."""
    asked = {match.person.boss_email for match in matches} - {""}
    users = select(User.email, User.id).where(User.organization_id == organization_id, User.email.in_(asked))
    owners: dict[str, int | None] = {email: user_id for email, user_id in db.execute(users) if email}
    for match in matches:
        if match.known and "email" in match.changes and owners.get(match.known.email or "") == match.known.id:
            del owners[match.known.email or ""]
    return owners | {match.person.email: match.known.id if match.known else None for match in matches}


def _not_named(db: Session, cohort: Cohort, reading: RosterReading) -> list[tuple[str, str]]:
    named = {person.employee_number for person in reading.people} | {row.employee_number for row in reading.refused}
    taking_part = db.execute(
        select(User.employee_number, User.name)
        .join(Enrollment, Enrollment.user_id == User.id)
        .where(
            Enrollment.cohort_id == cohort.id,
            Enrollment.role == Role.TRAINEE,
            Enrollment.status != SeatStatus.WITHDRAWN,
        )
    )
    return sorted((number, name) for number, name in taking_part if number and number not in named)


def _seats(cohort: Cohort, role: Role) -> Select[Enrollment]:
    return select(Enrollment).where(Enrollment.cohort_id == cohort.id, Enrollment.role == role)
