"""Makes the rows agree with dates, seats, finished steps and events; doing it twice changes nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from trainer.cohorts.models import Cohort
from trainer.prompts.seats import seats_of
from trainer.prompts.situations import Situation, Wanted, wanted_rows
from trainer.prompts.timetable import Timetable, timetable_of
from trainer.prompts.wanted import add_missing, comparing, correct_differing, lay_out, remove_unwanted

COHORTS_AT_A_TIME = 20  # so that a turn's transaction stays short


def plan_prompts(db: Session, now: datetime, *, limit: int = COHORTS_AT_A_TIME) -> int:
    """Plan up to `limit` started cohorts that are marked as changed; gives how many it found.

    The caller commits and calls again until it answers 0. A cohort that somebody is changing just now keeps its mark
    and comes next time. A row that is sent, in hand, or was skipped at or after its due time is never touched.
    """
    marked = (
        select(Cohort)
        .where(Cohort.is_to_plan, Cohort.started_at.is_not(None))
        .order_by(Cohort.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    cohorts = db.scalars(marked).all()
    if cohorts:
        _plan(db, cohorts, now)
        planned = update(Cohort).where(Cohort.id.in_([cohort.id for cohort in cohorts]))
        db.execute(planned.values(is_to_plan=False), execution_options={"synchronize_session": False})
        db.expire_all()
    return len(cohorts)


def mark_running(db: Session, now: datetime) -> None:
    """Mark every cohort that has started, so that the next turn repairs whatever may be missing."""
    db.execute(update(Cohort).where(Cohort.started_at <= now).values(is_to_plan=True))


def _plan(db: Session, cohorts: Sequence[Cohort], now: datetime) -> None:
    timetables = {cohort.id: timetable_of(db, cohort) for cohort in cohorts}
    numbers: dict[tuple[int, Situation], int] = {}
    seats: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for seat in seats_of(db, timetables.values(), now):
        timetable, key = timetables[seat.cohort_id], (seat.cohort_id, seat.situation)
        if key not in numbers:
            numbers[key] = len(numbers)
            wanted = wanted_rows(timetable, seat.situation)
            rows.extend(_columns(timetable, row, numbers[key]) for row in wanted)
        seats.append(
            {
                "enrollment_id": seat.id,
                "organization_id": timetable.cohort.organization_id,
                "cohort_id": seat.cohort_id,
                "situation": numbers[key],
            }
        )
    lay_out(db, seats, rows)
    digests = {letter.id for one in timetables.values() for letter in one.letters if letter.rank == "digest"}
    with comparing(db):
        remove_unwanted(db, list(timetables), digests, now)
        correct_differing(db, list(timetables), now)
        add_missing(db, list(timetables), now)


def _columns(timetable: Timetable, row: Wanted, situation: int) -> dict[str, Any]:
    local = row.due_at.astimezone(timetable.schedule.zone)
    return {
        "situation": situation,
        "letter": row.letter,
        "occasion": row.occasion,
        "step": row.step,
        "local_date": row.day,
        "local_time": local.time(),
        "zone": timetable.cohort.time_zone,
        "program_version_id": timetable.cohort.program_version_id,
        "due_at": row.due_at,
        "not_after": row.not_after,
        "state": row.state.value,
        "reason": row.reason.value if row.reason else None,
    }
