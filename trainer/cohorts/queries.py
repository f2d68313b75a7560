"""Cohorts, their dates and their seats, read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from trainer.accounts.models import Organization, User
from trainer.cohorts.models import Cohort, DateOverride, Enrollment, SeatStatus
from trainer.cohorts.rules import (
    Calendar,
    check_anchors,
    check_periods,
    check_standstill,
    compute_dates,
    parse_closure,
    public_holidays,
)
from trainer.permissions import Role
from trainer.programs.content import Pack
from trainer.programs.models import ProgramVersion
from trainer.programs.queries import pack_of_digest


@dataclass(frozen=True)
class Schedule:
    """What every date of one cohort is computed from."""

    pack: Pack
    digest: str  # of the version that the pack belongs to
    day1: date
    day2: date
    overrides: dict[str, date]
    calendar: Calendar
    zone: ZoneInfo

    @cached_property
    def dates(self) -> dict[str, date]:
        """Every date of the program; raises ImpossibleSchedule."""
        offsets = {entry.id: entry.offset for entry in self.pack.schedule.dates}
        return compute_dates(offsets, self.day1, self.day2, self.overrides, self.calendar)

    @cached_property
    def due_dates(self) -> dict[str, str]:
        """Step -> the id of the date on which it is due."""
        return {step.id: step.due for step in self.pack.schedule.steps}

    def check(self, cohort: Cohort) -> None:
        """Raise ImpossibleSchedule unless this can be the schedule of a cohort."""
        check_anchors(self.day1, self.day2, cohort.prompt_time)
        check_periods({step.id: (step.opens, step.due) for step in self.pack.schedule.steps}, self.dates)
        check_standstill(self.calendar, min(self.dates.values()), max(self.dates.values()))


def schedule_of(db: Session, cohort: Cohort) -> Schedule:
    """The schedule of a cohort as it stands now, in one query."""
    return cohort_with_schedule(db, cohort.id)[1]


def cohort_with_schedule(db: Session, cohort_id: int) -> tuple[Cohort, Schedule]:
    """A cohort and its schedule as they stand now, in one query."""
    return _with_schedules(db, Cohort.id == cohort_id)[0]


def cohorts_with_schedules(db: Session, organization: Organization) -> list[tuple[Cohort, Schedule]]:
    """Every cohort of a company with its schedule, the newest workshop first, in one query."""
    return _with_schedules(db, Cohort.organization_id == organization.id)


def _with_schedules(db: Session, condition: ColumnElement[bool]) -> list[tuple[Cohort, Schedule]]:
    rows = db.execute(
        select(Cohort, Organization, ProgramVersion.digest, DateOverride.date_id, DateOverride.day_on)
        .join(Organization, Organization.id == Cohort.organization_id)
        .join(ProgramVersion, ProgramVersion.id == Cohort.program_version_id)
        .outerjoin(DateOverride, DateOverride.cohort_id == Cohort.id)
        .where(condition)
        .order_by(Cohort.day1_on.desc(), Cohort.id.desc())
    ).all()
    overrides: dict[int, dict[str, date]] = {}
    for cohort, _organization, _digest, date_id, day_on in rows:
        overrides.setdefault(cohort.id, {}).update({date_id: day_on} if date_id else {})
    once = {cohort.id: (cohort, organization, digest) for cohort, organization, digest, *_ in rows}
    return [(one[0], _schedule(db, *one, overrides[one[0].id])) for one in once.values()]


def _schedule(
    db: Session, cohort: Cohort, organization: Organization, digest: str, overrides: dict[str, date]
) -> Schedule:
    return Schedule(
        pack=pack_of_digest(db, digest, cohort.language),
        digest=digest,
        day1=cohort.day1_on,
        day2=cohort.day2_on,
        overrides=overrides,
        calendar=calendar_of(organization, cohort),
        zone=ZoneInfo(cohort.time_zone),
    )


def calendar_of(organization: Organization, cohort: Cohort) -> Calendar:
    """The business days of a cohort: its country's holidays, its own closures and its company's."""
    return calendar_with(organization, cohort.holidays, cohort.closures)


def calendar_with(organization: Organization, holidays: str, closures: Iterable[str]) -> Calendar:
    """The same for a cohort that is only being made."""
    days = [parse_closure(text) for text in (*organization.closures, *closures)]
    return Calendar(public_holidays(holidays), frozenset().union(*days))


def cohorts_named(db: Session, name: str) -> Sequence[Cohort]:
    """Every cohort of exactly this name, in whichever organization."""
    return db.scalars(select(Cohort).where(Cohort.name == name).order_by(Cohort.id)).all()


def cohort_of(db: Session, organization: Organization, name: str) -> Cohort | None:
    """The organization's cohort of exactly this name."""
    return db.scalar(select(Cohort).where(Cohort.organization_id == organization.id, Cohort.name == name))


def other_cohorts(db: Session, cohort: Cohort, user_ids: Iterable[int]) -> dict[int, list[str]]:
    """User id -> names of the company's other cohorts in which each of these people has a seat, in one query."""
    rows = db.execute(
        select(Enrollment.user_id, Cohort.name)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .where(
            Cohort.organization_id == cohort.organization_id,
            Cohort.id != cohort.id,
            Enrollment.user_id.in_(set(user_ids)),
            Enrollment.status != SeatStatus.WITHDRAWN,
        )
        .order_by(Cohort.day1_on.desc(), Cohort.id)
    )
    found: dict[int, list[str]] = {}
    for user_id, name in rows:
        names = found.setdefault(user_id, [])
        names += [] if name in names else [name]  # whoever has two roles there
    return found


def trainee_seats(cohort: Cohort) -> Select[Enrollment]:
    """The trainees' seats of a cohort that are not withdrawn, in the order in which they were added."""
    return (
        select(Enrollment)
        .where(
            Enrollment.cohort_id == cohort.id,
            Enrollment.role == Role.TRAINEE,
            Enrollment.status != SeatStatus.WITHDRAWN,
        )
        .order_by(Enrollment.id)
    )


def seat_of(db: Session, cohort: Cohort, employee_number: str) -> Enrollment | None:
    """The trainee's seat of the person with this employee number, withdrawn or not."""
    return db.scalar(
        select(Enrollment)
        .join(User, User.id == Enrollment.user_id)
        .where(
            Enrollment.cohort_id == cohort.id,
            Enrollment.role == Role.TRAINEE,
            User.employee_number == employee_number,
        )
    )


def seats_in_role(db: Session, cohort: Cohort, role: Role) -> Sequence[Enrollment]:
    """The seats of one role in a cohort, in the order of the cohort's file."""
    seats = select(Enrollment).where(Enrollment.cohort_id == cohort.id, Enrollment.role == role)
    return db.scalars(seats.order_by(Enrollment.id)).all()


def cohorts_with_role(db: Session, cohort_ids: Iterable[int], role: Role) -> set[int]:
    """Those of the cohorts in which somebody has this role, in one query."""
    seats = select(Enrollment.cohort_id).where(Enrollment.cohort_id.in_(set(cohort_ids)), Enrollment.role == role)
    return set(db.scalars(seats.where(Enrollment.status != SeatStatus.WITHDRAWN).distinct()))
