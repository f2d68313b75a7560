"""Parts of a seat or of a cohort that somebody may change by hand, read as plain values and put back exactly so."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from trainer.cohorts.models import Cohort, DateOverride, Enrollment, Extension, FinishedStep, Pause, SeatStatus

Facet = str  # "status", "days", or a kind and which one: "extension:plan", "finished:act1", "date:plan_due"
KINDS: dict[str, tuple[Any, str, tuple[str, ...]]] = {  # kind -> table, the column of "which one", what it says
    "extension": (Extension, "step", ("due_on", "reason", "given_at", "given_by_id")),
    "finished": (FinishedStep, "step", ("finished_at", "reason", "finished_by_id")),
    "date": (DateOverride, "date_id", ("day_on", "set_at")),
}


def read_facet(db: Session, facet: Facet, cohort: Cohort, seat: Enrollment | None) -> dict[str, Any]:
    """How a part stands, in values that JSON can hold; empty where there is no such row."""
    db.flush()
    if facet == "days":
        return {"day1": _plain(cohort.day1_on), "day2": _plain(cohort.day2_on)}
    if facet == "status":
        return _read_status(db, _needed(seat))
    row, names = _row(db, facet, cohort, seat), KINDS[facet.partition(":")[0]][2]
    return {name: _plain(getattr(row, name)) for name in names} if row is not None else {}


def put_back(db: Session, facet: Facet, cohort: Cohort, seat: Enrollment | None, before: Mapping[str, Any]) -> None:
    """Make a part stand as `read_facet` once said."""
    if facet == "days":
        cohort.day1_on, cohort.day2_on = date.fromisoformat(before["day1"]), date.fromisoformat(before["day2"])
    elif facet == "status":
        _put_back_status(db, _needed(seat), before)
    else:
        _put_back_row(db, facet, cohort, seat, before)
    db.flush()


def _put_back_row(
    db: Session, facet: Facet, cohort: Cohort, seat: Enrollment | None, before: Mapping[str, Any]
) -> None:
    row = _row(db, facet, cohort, seat)
    if not before:
        if row is not None:
            db.delete(row)
        return
    if row is None:
        kind, _, which = facet.partition(":")
        model, column, _names = KINDS[kind]
        row = model(organization_id=cohort.organization_id, **{column: which}, **_owner(kind, cohort, seat))
        db.add(row)
    for name, value in before.items():
        setattr(row, name, _rich(name, value))


def _row(db: Session, facet: Facet, cohort: Cohort, seat: Enrollment | None) -> Any:
    kind, _, which = facet.partition(":")
    model, column, _names = KINDS[kind]
    owner = [getattr(model, name) == value for name, value in _owner(kind, cohort, seat).items()]
    return db.scalar(select(model).where(*owner, getattr(model, column) == which))


def _owner(kind: str, cohort: Cohort, seat: Enrollment | None) -> dict[str, int]:
    return {"cohort_id": cohort.id} if kind == "date" else {"enrollment_id": _needed(seat).id}


def _read_status(db: Session, seat: Enrollment) -> dict[str, Any]:
    pauses = db.scalars(select(Pause).where(Pause.enrollment_id == seat.id).order_by(Pause.id)).all()
    return {
        "status": seat.status.value,
        "withdrawn_at": _plain(seat.withdrawn_at),
        "pauses": [[pause.id, _plain(pause.paused_at), _plain(pause.resumed_at)] for pause in pauses],
    }


def _put_back_status(db: Session, seat: Enrollment, before: Mapping[str, Any]) -> None:
    """Only the newest pause can differ: it was begun, or it was ended."""
    seat.status = SeatStatus(before["status"])
    seat.withdrawn_at = _rich("withdrawn_at", before["withdrawn_at"])
    kept = {number: resumed_at for number, _paused_at, resumed_at in before["pauses"]}
    begun = delete(Pause).where(Pause.organization_id == seat.organization_id, Pause.enrollment_id == seat.id)
    db.execute(begun.where(Pause.id.not_in(kept)))
    for pause in db.scalars(select(Pause).where(Pause.enrollment_id == seat.id)):
        pause.resumed_at = _rich("resumed_at", kept[pause.id])


def _needed(seat: Enrollment | None) -> Enrollment:
    if seat is None:
        raise ValueError("this part belongs to a seat")
    return seat


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()  # as the database gives it back
    return value.isoformat() if isinstance(value, date) else value


def _rich(name: str, value: Any) -> Any:
    if value is None or not name.endswith(("_on", "_at")):
        return value
    return datetime.fromisoformat(value) if name.endswith("_at") else date.fromisoformat(value)
