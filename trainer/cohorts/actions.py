"""Dates, seats and finished steps, changed; each marks the cohort, so that its letters are planned again."""

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from trainer.cohorts.models import Cohort, DateOverride, Enrollment, Extension, FinishedStep, Pause, SeatStatus
from trainer.cohorts.queries import schedule_of
from trainer.cohorts.rules import ImpossibleSchedule, Problem, check_standstill, check_year
from trainer.cohorts.sentences import Refused
from trainer.cohorts.standings import recount, refresh_standing
from trainer.i18n import gettext as _
from trainer.programs.rules import ANCHORS


def mark_to_plan(db: Session, cohort: Cohort) -> None:
    """Have the letters of a cohort planned again at the next turn.

    Always an UPDATE of its own: it waits for a planner that is at work on the cohort, which may not see our change.
    """
    db.execute(update(Cohort).where(Cohort.id == cohort.id).values(is_to_plan=True))


def mark_cohorts_of(db: Session, organization_id: int) -> None:
    """Have all cohorts of an organization planned again: somebody's address is another now."""
    db.execute(update(Cohort).where(Cohort.organization_id == organization_id).values(is_to_plan=True))


def take_turns(db: Session, cohort: Cohort, seat: Enrollment | None = None) -> None:
    """Wait for whoever is changing this cohort, and see what they did; until the end of this transaction."""
    db.flush()
    db.refresh(cohort, with_for_update=True)
    if seat is not None:
        db.refresh(seat)


def start(db: Session, cohort: Cohort, *, now: datetime) -> bool:
    """From now on the cohort's letters go out; False if they did already."""
    if cohort.started_at is not None:
        return False
    cohort.started_at = now
    mark_to_plan(db, cohort)
    return True


def set_schedule(db: Session, cohort: Cohort, *, day1: date, day2: date) -> bool:
    """Move the workshop days, and with them every computed date; False if they stay. Raises ImpossibleSchedule."""
    if (cohort.day1_on, cohort.day2_on) == (day1, day2):
        return False
    cohort.day1_on, cohort.day2_on = day1, day2
    dates_have_changed(db, cohort)
    return True


def dates_have_changed(db: Session, cohort: Cohort) -> None:
    """Have letters and standings follow the dates as they are now. Raises ImpossibleSchedule."""
    mark_to_plan(db, cohort)
    schedule_of(db, cohort).check(cohort)
    recount(db, cohort)


def override_date(db: Session, cohort: Cohort, *, date_id: str, day: date, now: datetime) -> bool:
    """Set one date by hand; it stands as given. False if it did already. Raises ImpossibleSchedule."""
    known = {entry.id: entry.offset for entry in schedule_of(db, cohort).pack.schedule.dates}
    if date_id not in known:
        raise ImpossibleSchedule(Problem.UNKNOWN_DATE, date_id=date_id, known=", ".join(known))
    if known[date_id].base in ANCHORS and not known[date_id].terms:
        raise ImpossibleSchedule(Problem.WORKSHOP_DAY_BY_HAND, date_id=date_id)
    check_year(day)
    override = db.scalar(
        select(DateOverride).where(DateOverride.cohort_id == cohort.id, DateOverride.date_id == date_id)
    )
    if override is not None and override.day_on == day:
        return False
    if override is None:
        override = DateOverride(organization_id=cohort.organization_id, cohort_id=cohort.id, date_id=date_id)
        db.add(override)
    override.day_on, override.set_at = day, now
    dates_have_changed(db, cohort)
    return True


def compute_again(db: Session, cohort: Cohort, *, date_id: str) -> bool:
    """Let a date that was set by hand be computed again; False if it is already. Raises ImpossibleSchedule."""
    override = db.scalar(
        select(DateOverride).where(DateOverride.cohort_id == cohort.id, DateOverride.date_id == date_id)
    )
    if override is None:
        return False
    db.delete(override)
    db.flush()
    dates_have_changed(db, cohort)
    return True


def extend(
    db: Session,
    cohort: Cohort,
    seat: Enrollment,
    *,
    step: str,
    due_on: date,
    reason: str,
    now: datetime,
    by_id: int | None = None,
) -> bool:
    """Give one seat its own due date for one step; False if it has it for this reason. Raises ImpossibleSchedule."""
    schedule = schedule_of(db, cohort)
    opens_on = schedule.dates[next(entry.opens for entry in schedule.pack.schedule.steps if entry.id == step)]
    if due_on < opens_on:
        raise ImpossibleSchedule(Problem.DUE_BEFORE_OPENING, step=step, opens=opens_on, due=due_on)
    check_year(due_on)
    check_standstill(schedule.calendar, opens_on, due_on)
    extension = db.scalar(select(Extension).where(Extension.enrollment_id == seat.id, Extension.step == step))
    if extension is not None and (extension.due_on, extension.reason) == (due_on, reason):
        return False
    if extension is None:
        extension = Extension(organization_id=seat.organization_id, enrollment_id=seat.id, step=step)
        db.add(extension)
    extension.due_on, extension.reason, extension.given_at = due_on, reason, now
    extension.given_by_id = by_id
    _seat_has_changed(db, cohort, seat)
    return True


def finish_step(
    db: Session,
    cohort: Cohort,
    seat: Enrollment,
    *,
    step: str,
    now: datetime,
    reason: str = "",
    by_id: int | None = None,
) -> bool:
    """Write down that a seat finished a step; False if it had. `reason` and `by_id` are for a finish by somebody else.

    `by_id` is the number of that user. Whoever finishes by themselves what was finished for them makes it their own.
    """
    had = db.scalar(select(FinishedStep).where(FinishedStep.enrollment_id == seat.id, FinishedStep.step == step))
    if had is not None:
        if by_id is None and not reason:
            had.reason, had.finished_by_id = "", None
        return False
    finished = FinishedStep(organization_id=seat.organization_id, enrollment_id=seat.id, step=step, finished_at=now)
    finished.reason, finished.finished_by_id = reason, by_id
    db.add(finished)
    _seat_has_changed(db, cohort, seat)
    return True


def unfinish_step(db: Session, cohort: Cohort, seat: Enrollment, *, step: str) -> bool:
    """The seat has taken back what finished a step; False if it was not finished, or by somebody else's hand."""
    own = select(FinishedStep).where(
        FinishedStep.enrollment_id == seat.id, FinishedStep.step == step, FinishedStep.finished_by_id.is_(None)
    )
    finished = db.scalar(own)
    if finished is None:
        return False
    db.delete(finished)
    db.flush()
    _seat_has_changed(db, cohort, seat)
    return True


def withdraw(db: Session, cohort: Cohort, seat: Enrollment, *, now: datetime) -> bool:
    """The person leaves the course: no letter any more; False if they had left."""
    if seat.status == SeatStatus.WITHDRAWN:
        return False
    seat.status, seat.withdrawn_at = SeatStatus.WITHDRAWN, now
    _seat_has_changed(db, cohort, seat)
    return True


def pause(db: Session, cohort: Cohort, seat: Enrollment, *, now: datetime) -> bool:
    """No letters until the seat is resumed; False if it is paused already. Raises Refused for a withdrawn seat."""
    _refuse_withdrawn(seat)
    if seat.status == SeatStatus.PAUSED:
        return False
    seat.status = SeatStatus.PAUSED
    db.add(Pause(organization_id=seat.organization_id, enrollment_id=seat.id, paused_at=now))
    _seat_has_changed(db, cohort, seat)
    return True


def resume(db: Session, cohort: Cohort, seat: Enrollment, *, now: datetime) -> bool:
    """The seat takes part again; False if it does. Raises Refused for a withdrawn seat."""
    _refuse_withdrawn(seat)
    if seat.status == SeatStatus.ACTIVE:
        return False
    seat.status = SeatStatus.ACTIVE
    pauses = select(Pause).where(Pause.enrollment_id == seat.id, Pause.resumed_at.is_(None))
    for open_pause in db.scalars(pauses):
        open_pause.resumed_at = now
    _seat_has_changed(db, cohort, seat)
    return True


def _seat_has_changed(db: Session, cohort: Cohort, seat: Enrollment) -> None:
    mark_to_plan(db, cohort)
    refresh_standing(db, cohort, seat)


def _refuse_withdrawn(seat: Enrollment) -> None:
    if seat.status == SeatStatus.WITHDRAWN:
        raise Refused(_("This person has withdrawn from the cohort, so there is nothing to pause or resume."))
