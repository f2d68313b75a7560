"""A roster into seats: who is added, who changes, who stays, who is not named any more."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from trainer.cohorts.actions import mark_cohorts_of, mark_to_plan
from trainer.cohorts.models import Cohort, Enrollment, Group, SeatStatus
from trainer.cohorts.people import ensure_bosses, write_people
from trainer.cohorts.roster import RefusedRow, RosterReading
from trainer.cohorts.roster_plan import Outcome, Plan, PlannedRow, plan_enrollment
from trainer.cohorts.standings import recount, refresh_people
from trainer.permissions import Role


@dataclass
class Enrolled:
    """What a roster does to a cohort; `missing` are numbers with a seat that the roster does not name."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    missing: list[str] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def enroll(db: Session, cohort: Cohort, reading: RosterReading, *, now: datetime) -> Enrolled:
    """Give every accepted person of a roster a seat in the cohort, and refresh what the company knows of them.

    An empty cell says nothing: what was known stays. The caller looks at `refused`, then commits or rolls back.
    """
    plan = plan_enrollment(db, cohort, reading)
    carry_out(db, cohort, plan, now=now)
    return Enrolled(
        added=plan.count(Outcome.ADDED),
        changed=plan.count(Outcome.CHANGED),
        unchanged=plan.count(Outcome.UNCHANGED),
        missing=plan.missing,
        refused=list(plan.refused),
        warnings=list(plan.warnings),
    )


def carry_out(db: Session, cohort: Cohort, plan: Plan, *, now: datetime) -> None:
    """Write exactly what a plan made in this transaction says."""
    organization_id = cohort.organization_id
    write_people(db, organization_id, plan.matches, now)
    ids = ensure_bosses(db, organization_id, [row.person for row in plan.rows], now)
    _write_seats(db, cohort, plan.rows, ids, now)
    if any(row.outcome is not Outcome.UNCHANGED for row in plan.rows):
        mark_to_plan(db, cohort)
        recount(db, cohort)
        refresh_people(db, organization_id, [match.known.id for match in plan.matches if match.known and match.changes])
    if any("email" in row.changes for row in plan.rows):
        mark_cohorts_of(db, organization_id)


def _write_seats(db: Session, cohort: Cohort, rows: Sequence[PlannedRow], ids: dict[str, int], now: datetime) -> None:
    groups = _ensure_groups(db, cohort, {row.person.group for row in rows} - {""})
    new = []
    for row in rows:
        if row.seat is None:
            told = {"group_id": groups.get(row.person.group), "boss_id": ids.get(row.person.boss_email)}
            new.append({**_new_seat(cohort, ids[row.person.email], now), **told})
            continue
        if "group" in row.moves:
            row.seat.group_id = groups[row.moves["group"]]
        if "boss" in row.moves:
            row.seat.boss_id = ids[row.moves["boss"]]
    if new:
        db.execute(insert(Enrollment), new)


def _new_seat(cohort: Cohort, user_id: int, now: datetime) -> dict[str, object]:
    return {
        "organization_id": cohort.organization_id,
        "uid": uuid4(),
        "cohort_id": cohort.id,
        "user_id": user_id,
        "role": Role.TRAINEE,
        "status": SeatStatus.ACTIVE,
        "added_at": now,
    }


def _ensure_groups(db: Session, cohort: Cohort, names: set[str]) -> dict[str, int]:
    """Group name -> id, after adding the groups the cohort did not have."""
    known = set(db.scalars(select(Group.name).where(Group.cohort_id == cohort.id)))
    for name in sorted(names - known):
        db.add(Group(organization_id=cohort.organization_id, cohort_id=cohort.id, name=name))
    db.flush()
    return {name: id for name, id in db.execute(select(Group.name, Group.id).where(Group.cohort_id == cohort.id))}
