"""A cohort in figures, read from the tallies that each write keeps."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.cohorts.models import Cohort, SeatStatus
from trainer.cohorts.standing_models import Tally


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
    tallies = db.execute(
        select(Tally.kind, Tally.key, Tally.count).where(Tally.cohort_id == cohort.id, Tally.count > 0)
    )
    by_kind: dict[str, dict[str, int]] = {}
    for kind, key, count in tallies:
        by_kind.setdefault(kind, {})[key] = count
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
