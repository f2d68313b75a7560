"""A roster brought in so that it can be undone: what it added goes again, what it changed is changed back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.cohorts.actions import mark_cohorts_of
from trainer.cohorts.enroll import carry_out
from trainer.cohorts.import_models import RosterImport
from trainer.cohorts.import_undo import Change, delete_unused, put_back_people, put_back_seats
from trainer.cohorts.models import Cohort, Enrollment, Group
from trainer.cohorts.roster_plan import Outcome, Plan
from trainer.cohorts.standings import recount, refresh_people
from trainer.permissions import Role

PERSON = ("employee_number", "email", "name", "name_reading", "department")
SEAT = ("group_id", "boss_id")


@dataclass(frozen=True)
class Standing:
    """What an import can touch, as it stands at one moment: row number -> its columns."""

    people: Mapping[int, Mapping[str, Any]]
    seats: Mapping[int, Mapping[str, Any]]
    groups: Mapping[int, Mapping[str, Any]]


def import_plan(db: Session, cohort: Cohort, plan: Plan, *, now: datetime) -> RosterImport:
    """Carry out a plan made in this transaction, and keep what undoing it needs."""
    before = _standing(db, cohort)
    carry_out(db, cohort, plan, now=now)
    db.flush()
    after = _standing(db, cohort)
    imported = RosterImport(
        organization_id=cohort.organization_id,
        cohort_id=cohort.id,
        imported_at=now,
        added=plan.count(Outcome.ADDED),
        changed=plan.count(Outcome.CHANGED),
        traces={
            "people": _traces(before.people, after.people),
            "seats": _traces(before.seats, after.seats),
            "groups": _traces(before.groups, after.groups),
        },
    )
    db.add(imported)
    db.flush()
    return imported


def last_import(db: Session, cohort: Cohort) -> RosterImport | None:
    """The newest import of a cohort that was not undone, and did something."""
    imports = (
        select(RosterImport)
        .where(RosterImport.cohort_id == cohort.id, RosterImport.undone_at.is_(None))
        .where(RosterImport.added + RosterImport.changed > 0)
    )
    return db.scalar(imports.order_by(RosterImport.id.desc()).limit(1))


def undo_import(db: Session, cohort: Cohort, imported: RosterImport, *, now: datetime) -> int:
    """Take an import back, once; the caller knows that no letter has gone out since, and that it is the last one.

    What somebody did or changed meanwhile stays: a seat with work in it, a person with other ties, a newer name.
    Gives how many rows stayed so.
    """
    people, seats, groups = (imported.traces[kind] for kind in ("people", "seats", "groups"))
    kept = put_back_seats(db, _changes(seats))
    kept += delete_unused(db, cohort.organization_id, Enrollment, seats["added"], besides={"prompts", "standings"})
    kept += delete_unused(db, cohort.organization_id, Group, groups["added"])
    kept += delete_unused(db, cohort.organization_id, User, people["added"])
    kept += put_back_people(db, _changes(people))
    imported.undone_at, imported.traces = now, {}
    mark_cohorts_of(db, cohort.organization_id)
    recount(db, cohort)
    refresh_people(db, cohort.organization_id, [one["id"] for one in people["changed"]])
    db.flush()
    return kept


def _standing(db: Session, cohort: Cohort) -> Standing:
    people = select(User.id, *(getattr(User, name) for name in PERSON))
    seats = select(Enrollment.id, *(getattr(Enrollment, name) for name in SEAT))
    return Standing(
        people=_rows(db.execute(people.where(User.organization_id == cohort.organization_id)), PERSON),
        seats=_rows(db.execute(seats.where(Enrollment.cohort_id == cohort.id, Enrollment.role == Role.TRAINEE)), SEAT),
        groups=_rows(db.execute(select(Group.id, Group.name).where(Group.cohort_id == cohort.id)), ("name",)),
    )


def _rows(rows: Iterable[Any], names: tuple[str, ...]) -> dict[int, dict[str, Any]]:
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}


def _traces(before: Mapping[int, Mapping[str, Any]], after: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    changed = [
        {"id": id, "before": dict(before[id]), "after": dict(columns)}
        for id, columns in after.items()
        if id in before and before[id] != columns
    ]
    return {"added": sorted(after.keys() - before.keys()), "changed": changed}


def _changes(traces: Mapping[str, Any]) -> list[Change]:
    return [Change(one["id"], one["before"], one["after"]) for one in traces["changed"]]
