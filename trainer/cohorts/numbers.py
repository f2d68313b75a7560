"""A cohort in figures, read from the tallies that each write keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.cohorts.models import Cohort, SeatStatus
from trainer.cohorts.standing_models import Tally

_ByKind = dict[str, dict[str, int]]  # kind -> key -> count


@dataclass(frozen=True)
class Numbers:
    """A cohort in figures; who has withdrawn counts nowhere else."""

    total: int
    finished: dict[str, int]  # step -> how many
    not_done: int
    overdue: int
    paused: int
    withdrawn: int
    no_address: int
    groups: dict[str, int]  # name -> how many; "" is no group


def numbers_of(db: Session, cohort: Cohort, today: date) -> Numbers:
    """The numbers at a day of the cohort: a row for each step, due date and group, however many people there are."""
    return numbers_of_many(db, {cohort.id: today})[cohort.id]


def numbers_of_many(db: Session, days: Mapping[int, date]) -> dict[int, Numbers]:
    """The same for cohorts, each at its own day, in one query; `days`: cohort id -> day."""
    columns = (Tally.cohort_id, Tally.kind, Tally.key, Tally.count)
    tallies = db.execute(select(*columns).where(Tally.cohort_id.in_(days), Tally.count > 0))
    found: dict[int, _ByKind] = {cohort_id: {} for cohort_id in days}
    for cohort_id, kind, key, count in tallies:
        found[cohort_id].setdefault(kind, {})[key] = count
    return {cohort_id: _numbers(found[cohort_id], today) for cohort_id, today in days.items()}


def _numbers(by_kind: _ByKind, today: date) -> Numbers:
    status = by_kind.get("status", {})
    total = status.get(SeatStatus.ACTIVE, 0) + status.get(SeatStatus.PAUSED, 0)
    return Numbers(
        total=total,
        finished=by_kind.get("finished", {}),
        not_done=total - by_kind.get("complete", {}).get("", 0),
        overdue=sum(count for day, count in by_kind.get("due", {}).items() if day < today.isoformat()),
        paused=status.get(SeatStatus.PAUSED, 0),
        withdrawn=status.get(SeatStatus.WITHDRAWN, 0),
        no_address=by_kind.get("no_address", {}).get("", 0),
        groups=dict(sorted(by_kind.get("group", {}).items())),
    )
