"""To whom letters go and against which background they are written, read in a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment, Extension, FinishedStep, SeatStatus
from trainer.permissions import Role
from trainer.prompts.models import Prompt
from trainer.prompts.timetable import Timetable, timetable_of


@dataclass(frozen=True)
class Background:
    """What all letters of a cohort have in common."""

    cohort: Cohort
    timetable: Timetable
    facilitator_name: str
    coordinator_name: str
    coordinator_contact: str

    @property
    def dates(self) -> dict[str, date]:
        return self.timetable.schedule.dates

    @property
    def zone(self) -> ZoneInfo:
        return self.timetable.schedule.zone


@dataclass(frozen=True)
class Addressee:
    """The one person a letter goes to, and the seat it is about."""

    seat_uid: UUID
    name: str
    address: str | None
    language: str | None  # None: the cohort's
    trainee_name: str
    boss_name: str
    due_dates: dict[str, date]  # step -> this seat's due date
    finished: dict[str, datetime] = field(default_factory=dict)  # step -> UTC instant


def backgrounds_of(db: Session, cohorts: Collection[int]) -> dict[int, Background]:
    """Cohort id -> background; the first facilitator and coordinator of the cohort who are still there speak for it."""
    people: dict[int, dict[Role, User]] = defaultdict(dict)
    staff = (
        select(Enrollment.cohort_id, Enrollment.role, User)
        .join(User, User.id == Enrollment.user_id)
        .where(
            Enrollment.cohort_id.in_(cohorts),
            Enrollment.role != Role.TRAINEE,
            Enrollment.status != SeatStatus.WITHDRAWN,
        )
        .order_by(Enrollment.id)
    )
    for cohort_id, role, user in db.execute(staff):
        people[cohort_id].setdefault(role, user)
    return {
        cohort.id: _background(db, cohort, people[cohort.id])
        for cohort in db.scalars(select(Cohort).where(Cohort.id.in_(cohorts)))
    }


def _background(db: Session, cohort: Cohort, staff: dict[Role, User]) -> Background:
    facilitator, coordinator = staff.get(Role.FACILITATOR), staff.get(Role.COORDINATOR)
    return Background(
        cohort=cohort,
        timetable=timetable_of(db, cohort),
        facilitator_name=facilitator.name if facilitator else "",
        coordinator_name=coordinator.name if coordinator else "",
        coordinator_contact=(coordinator.email or "") if coordinator else "",
    )


def addressees_of(db: Session, prompts: Collection[int], backgrounds: Mapping[int, Background]) -> dict[int, Addressee]:
    """Prompt id -> its addressee: the seat's own person, or their boss for a letter to the boss."""
    boss = aliased(User)
    rows = db.execute(
        select(Prompt.id, Prompt.letter, Enrollment, User, boss)
        .join(Enrollment, Enrollment.id == Prompt.enrollment_id)
        .join(User, User.id == Enrollment.user_id)
        .outerjoin(boss, boss.id == Enrollment.boss_id)
        .where(Prompt.id.in_(prompts))
    ).all()
    seats = {seat.id for _, _, seat, _, _ in rows}
    extensions = _extensions_of(db, seats)
    finished = _finished_of(db, seats)
    return {
        prompt_id: _addressee(
            backgrounds[seat.cohort_id], letter, seat, person, superior, extensions[seat.id], finished[seat.id]
        )
        for prompt_id, letter, seat, person, superior in rows
    }


def addressee_at_first(db: Session, seat: Enrollment, letter: str, background: Background) -> Addressee:
    """To whom a letter about this seat would go, while nothing is finished yet; for a letter without a row."""
    person = db.get_one(User, seat.user_id)
    superior = db.get(User, seat.boss_id) if seat.boss_id else None
    return _addressee(background, letter, seat, person, superior, _extensions_of(db, [seat.id])[seat.id], {})


def _addressee(
    background: Background,
    letter: str,
    seat: Enrollment,
    person: User,
    superior: User | None,
    extensions: dict[str, date],
    finished: dict[str, datetime],
) -> Addressee:
    schedule = background.timetable.schedule
    due_dates = {step: schedule.dates[due] for step, due in schedule.due_dates.items()}
    reader = superior if schedule.pack.letter(letter).to == "boss" and superior else person
    return Addressee(
        seat_uid=seat.uid,
        name=reader.name,
        address=reader.email,
        language=reader.language,
        trainee_name=person.name,
        boss_name=superior.name if superior else "",
        due_dates={**due_dates, **extensions},
        finished=finished,
    )


def _extensions_of(db: Session, seats: Collection[int]) -> dict[int, dict[str, date]]:
    found: dict[int, dict[str, date]] = defaultdict(dict)
    for extension in db.scalars(select(Extension).where(Extension.enrollment_id.in_(seats))):
        found[extension.enrollment_id][extension.step] = extension.due_on
    return found


def _finished_of(db: Session, seats: Collection[int]) -> dict[int, dict[str, datetime]]:
    found: dict[int, dict[str, datetime]] = defaultdict(dict)
    steps = select(FinishedStep).where(FinishedStep.enrollment_id.in_(seats)).order_by(FinishedStep.finished_at)
    for step in db.scalars(steps):
        found[step.enrollment_id][step.step] = step.finished_at
    return found
