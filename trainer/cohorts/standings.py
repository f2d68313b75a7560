"""Keeps every trainee's standing, and the numbers of a board, as the other tables have it: on each write, not later."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from trainer.cohorts.models import Cohort, Enrollment
from trainer.cohorts.queries import schedule_of
from trainer.cohorts.standing_facts import columns_of_seats, due_dates_of
from trainer.cohorts.standing_models import Standing, Tally
from trainer.cohorts.standing_rules import counted
from trainer.permissions import Role

KEPT = ("status", "finished", "due_on", "step", "has_address", "reading", "department", "group_name")
MOST_NAMED = 5_000  # seats in one statement; for more of them the whole cohort is counted
Columns = Mapping[str, Any]


def refresh_standing(db: Session, cohort: Cohort, seat: Enrollment) -> None:
    """After a change of one seat; the caller commits, and so for everything here."""
    refresh_standings(db, cohort, [seat.id])


def refresh_standings(db: Session, cohort: Cohort, seats: Collection[int]) -> None:
    """Bring the standings of some seats up to date, and the cohort's numbers by the difference."""
    if len(seats) > MOST_NAMED:
        recount(db, cohort)
        return
    before, after = _lock_and_read(db, cohort, seats)
    difference = Counter[tuple[str, str]]()
    for columns in before.values():
        difference.subtract(counted(columns))
    for columns in after.values():
        difference.update(counted(columns))
    _write(db, cohort, before, after)
    _add(db, cohort, {key: count for key, count in difference.items() if count})


def recount(db: Session, cohort: Cohort) -> int:
    """Make all standings and numbers of a cohort anew; gives how many standings were not as they should be."""
    before, after = _lock_and_read(db, cohort, None)
    _write(db, cohort, before, after)
    db.execute(delete(Tally).where(Tally.organization_id == cohort.organization_id, Tally.cohort_id == cohort.id))
    numbers = Counter[tuple[str, str]]()
    for columns in after.values():
        numbers.update(counted(columns))
    _add(db, cohort, numbers)
    return sum(before.get(seat) != columns for seat, columns in after.items()) + len(before.keys() - after.keys())


def refresh_people(db: Session, organization_id: int, users: Sequence[int]) -> None:
    """After a change of people's names, addresses or departments: in every cohort in which they are trainees."""
    of_organization = Enrollment.organization_id == organization_id
    seats = (
        select(Cohort, Enrollment.id)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .where(of_organization, Enrollment.user_id.in_(users), Enrollment.role == Role.TRAINEE)
        .order_by(Cohort.id)
    )
    for cohort, rows in groupby(db.execute(seats).all(), lambda row: row[0]):
        refresh_standings(db, cohort, [seat for _cohort, seat in rows])


def recount_all(db: Session) -> int:
    """Make every cohort's standings anew; gives how many were not as they should be, which is none unless we erred."""
    return sum(recount(db, cohort) for cohort in db.scalars(select(Cohort).order_by(Cohort.id)).all())


def _lock_and_read(
    db: Session, cohort: Cohort, seats: Collection[int] | None
) -> tuple[dict[int, Columns], dict[int, Columns]]:
    """The standings as they are stored and as they should be; two at a time would count one change twice."""
    db.flush()
    db.execute(select(Cohort.id).where(Cohort.id == cohort.id).with_for_update())
    stored = select(Standing.enrollment_id, *(getattr(Standing, name) for name in KEPT))
    stored = stored.where(Standing.organization_id == cohort.organization_id, Standing.cohort_id == cohort.id)
    if seats is not None:
        stored = stored.where(Standing.enrollment_id.in_(seats))
    before: dict[int, Columns] = {row[0]: dict(zip(KEPT, row[1:], strict=True)) for row in db.execute(stored)}
    return before, dict(columns_of_seats(db, cohort, due_dates_of(schedule_of(db, cohort)), seats))


_CHANGE = (
    update(table := cast(Table, Standing.__table__))
    .where(table.c.organization_id == bindparam("of_organization"), table.c.enrollment_id == bindparam("of_seat"))
    .values({name: bindparam(f"new_{name}") for name in KEPT})
)


def _write(db: Session, cohort: Cohort, before: Mapping[int, Columns], after: Mapping[int, Columns]) -> None:
    of = {"organization_id": cohort.organization_id, "cohort_id": cohort.id}
    new = [{**of, "enrollment_id": seat, **columns} for seat, columns in after.items() if seat not in before]
    if new:
        db.execute(insert(Standing), new)
    changed = [seat for seat in before.keys() & after.keys() if before[seat] != after[seat]]
    if changed:
        db.connection().execute(_CHANGE, [_new_values(cohort, seat, after[seat]) for seat in sorted(changed)])
    if gone := before.keys() - after.keys():
        of_seats = (Standing.organization_id == cohort.organization_id, Standing.enrollment_id.in_(gone))
        db.execute(delete(Standing).where(*of_seats))


def _new_values(cohort: Cohort, seat: int, columns: Columns) -> dict[str, Any]:
    new = {f"new_{name}": columns[name] for name in KEPT}
    return {"of_organization": cohort.organization_id, "of_seat": seat, **new}


def _add(db: Session, cohort: Cohort, numbers: Mapping[tuple[str, str], int]) -> None:
    rows: Iterable[dict[str, Any]] = [
        {
            "organization_id": cohort.organization_id,
            "cohort_id": cohort.id,
            "kind": kind,
            "key": key,
            "count": count,
        }
        for (kind, key), count in sorted(numbers.items())
    ]
    if rows:
        dialect = sqlite if db.get_bind().dialect.name == "sqlite" else postgresql
        added = dialect.insert(Tally).values(list(rows))
        added = added.on_conflict_do_update(
            index_elements=["cohort_id", "kind", "key"], set_={"count": Tally.count + added.excluded.count}
        )
        db.execute(added, execution_options={"synchronize_session": False})
