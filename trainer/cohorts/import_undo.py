"""The pieces of undoing an import: delete what nothing depends on, put back what nobody changed since."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, delete, select
from sqlalchemy.orm import DeclarativeBase, Session

from trainer.accounts.models import User
from trainer.cohorts.models import Enrollment
from trainer.db import Base

BATCH = 500  # numbers in one statement


@dataclass(frozen=True)
class Change:
    """One row that an import changed: its columns before and after."""

    id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def columns(self, row: object) -> dict[str, Any]:
        """What to put back: the columns that the import changed and that still say what it wrote."""
        touched = {name: value for name, value in self.before.items() if value != self.after[name]}
        return {name: value for name, value in touched.items() if getattr(row, name) == self.after[name]}


def delete_unused(
    db: Session,
    organization_id: int,
    model: type[DeclarativeBase],
    ids: Sequence[int],
    *,
    besides: Collection[str] = (),
) -> int:
    """Delete rows to which no row of any table points, but for the tables `besides`; gives how many stay."""
    kept = 0
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        used = _used(db, organization_id, model, batch, besides)
        kept += len(used)
        rows: Any = model
        gone = delete(model).where(rows.organization_id == organization_id, rows.id.in_(set(batch) - used))
        db.execute(gone, execution_options={"synchronize_session": "fetch"})
    return kept


def put_back_seats(db: Session, changes: Sequence[Change]) -> int:
    """Put back groups and bosses; gives how many seats were changed otherwise since, and stay."""
    kept = 0
    for change in changes:
        seat = db.get(Enrollment, change.id)
        told = change.columns(seat) if seat else {}
        kept += not told
        for name, value in told.items():
            setattr(seat, name, value)
    db.flush()
    return kept


def put_back_people(db: Session, changes: Sequence[Change]) -> int:
    """Put back what was known of people; gives how many stay otherwise: changed since, or the address is taken."""
    told = {change.id: change.columns(db.get(User, change.id)) for change in changes}
    for user_id, columns in told.items():
        if "email" in columns:  # two people may have swapped addresses: let go of all before anybody takes one
            db.get_one(User, user_id).email = None
    db.flush()
    kept = 0
    for change in changes:
        columns = told[change.id]
        user = db.get_one(User, change.id)
        if columns.get("email") and _is_taken(db, user, columns["email"]):
            columns["email"] = change.after["email"]
            kept += 1
        kept += not columns
        for name, value in columns.items():
            setattr(user, name, value)
        db.flush()
    return kept


def _used(
    db: Session, organization_id: int, model: type[DeclarativeBase], ids: Sequence[int], besides: Collection[str]
) -> set[int]:
    used: set[int] = set()
    for column in _pointing_to(str(model.__tablename__)):
        if column.table.name not in besides:
            found = select(column).where(column.table.c.organization_id == organization_id, column.in_(ids))
            used.update(db.scalars(found))
    return used


def _pointing_to(table_name: str) -> Iterator[Column[Any]]:
    """Every column of every table that holds numbers of this table's rows."""
    for table in Base.metadata.tables.values():
        for constraint in table.foreign_key_constraints:
            for element in constraint.elements:
                if element.column.table.name == table_name and element.column.name == "id":
                    yield element.parent


def _is_taken(db: Session, user: User, email: str) -> bool:
    others = select(User.id).where(User.organization_id == user.organization_id, User.email == email)
    return db.scalar(others.where(User.id != user.id).limit(1)) is not None
