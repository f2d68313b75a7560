"""Digests: one row per seat and slot, made at the slot itself, and only where there is something to say."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from trainer.cohorts.models import Cohort, Enrollment, SeatStatus
from trainer.cohorts.rules import Calendar, instant_of
from trainer.i18n import speaking
from trainer.permissions import Role
from trainer.programs.content import Letter
from trainer.programs.queries import pack_of
from trainer.programs.rules import WeekdaysTrigger, WeeklyTrigger
from trainer.prompts.addressees import Background, backgrounds_of
from trainer.prompts.digest_lines import digest_values, is_worth_sending
from trainer.prompts.models import Prompt, PromptState, TaskRun

LONGEST_COURSE = timedelta(days=400)  # after the workshop nobody looks at a cohort any more
DAYS_AHEAD = 75  # more than the longest time without a business day


@dataclass(frozen=True)
class Slot:
    """One digest letter of one cohort on one local day."""

    cohort_id: int
    letter: str
    day: date
    at: datetime  # UTC

    @property
    def task(self) -> str:
        return f"digest:{self.cohort_id}:{self.letter}"


def make_digests(db: Session, now: datetime, *, worker: str) -> int:
    """Make the rows of today's digests whose hour has come, exactly once per slot; the caller commits.

    A slot at which there was nothing to say stays empty: no line, no letter. Gives how many rows were made.
    """
    made = 0
    for slot in _slots_to_do(db, now):
        if _is_first(db, slot, worker):
            made += _make(db, slot, now)
    return made


def next_digest_at(db: Session, after: datetime) -> datetime | None:
    """The UTC instant of the next slot of any running cohort after `after`, None when there is none."""
    slots = (slot.at for cohort in _running(db, after) for slot in _coming_slots(db, cohort, after))
    return min(slots, default=None)


def slot_day(trigger: WeeklyTrigger | WeekdaysTrigger, day: date, calendar: Calendar) -> bool:
    """Whether a digest goes on this local day: weekly moves to a business day, weekdays leaves the others out."""
    if not calendar.is_business_day(day):
        return False
    if isinstance(trigger, WeekdaysTrigger):
        return True
    nominal = day - timedelta(days=(day.weekday() - trigger.weekday) % 7)
    return calendar.forward(nominal) == day


def _slots_to_do(db: Session, now: datetime) -> list[Slot]:
    slots = [
        slot for cohort in _running(db, now) for slot in _slots_on(db, cohort, _today(cohort, now)) if slot.at <= now
    ]
    done = select(TaskRun.task, TaskRun.run_at).where(TaskRun.run_at > now - timedelta(days=2))
    known = {(task, run_at) for task, run_at in db.execute(done)}
    return [slot for slot in slots if (slot.task, slot.at) not in known]


def _running(db: Session, now: datetime) -> Sequence[Any]:
    columns = (Cohort.id, Cohort.program_version_id, Cohort.language, Cohort.time_zone, Cohort.started_at)
    running = select(*columns).where(Cohort.started_at <= now, Cohort.day2_on > (now - LONGEST_COURSE).date())
    return db.execute(running.order_by(Cohort.id)).all()


def _slots_on(db: Session, cohort: Any, day: date) -> Iterator[Slot]:
    """The slots of a day by their hour alone; whether the day is one of theirs is asked when the hour has come."""
    zone = ZoneInfo(cohort.time_zone)
    for letter in _digests(db, cohort):
        at = instant_of(day, letter.when.at, zone)  # type: ignore[union-attr]  # only digests have such triggers
        if at >= cohort.started_at:
            yield Slot(cohort.id, letter.id, day, at)


def _digests(db: Session, cohort: Any) -> Iterable[Letter]:
    pack = pack_of(db, cohort.program_version_id, cohort.language)
    return [letter for letter in pack.letters if isinstance(letter.when, WeeklyTrigger | WeekdaysTrigger)]


def _is_first(db: Session, slot: Slot, worker: str) -> bool:
    dialect = sqlite if db.get_bind().dialect.name == "sqlite" else postgresql
    claimed = dialect.insert(TaskRun).values(task=slot.task, run_at=slot.at, worker_id=worker, result="")
    return bool(db.execute(claimed.on_conflict_do_nothing().returning(TaskRun.task)).first())


def _make(db: Session, slot: Slot, now: datetime) -> int:
    background = backgrounds_of(db, [slot.cohort_id])[slot.cohort_id]
    schedule = background.timetable.schedule
    letter = schedule.pack.letter(slot.letter)
    if slot.day > background.dates["close"] or not slot_day(letter.when, slot.day, schedule.calendar):  # type: ignore[arg-type]
        return 0
    seats = select(Enrollment.id).where(
        Enrollment.cohort_id == slot.cohort_id,
        Enrollment.role == Role(letter.to),
        Enrollment.status == SeatStatus.ACTIVE,
    )
    with speaking(background.cohort.language):
        said = {seat: digest_values(db, background, letter, seat, now) for seat in db.scalars(seats).all()}
    told = [seat for seat, values in said.items() if is_worth_sending(letter, values)]
    rows = [_row(background, letter, slot, seat, now) for seat in told]
    if rows:
        db.execute(insert(Prompt), rows)
    return len(rows)


def _row(background: Background, letter: Letter, slot: Slot, seat: int, now: datetime) -> dict[str, Any]:
    cohort = background.cohort
    return {
        "organization_id": cohort.organization_id,
        "cohort_id": cohort.id,
        "enrollment_id": seat,
        "letter": letter.id,
        "occasion": slot.day.isoformat(),
        "idem_key": f"{seat}:{letter.id}:{slot.day.isoformat()}",
        "local_date": slot.day,
        "local_time": slot.at.astimezone(background.zone).time(),
        "zone": cohort.time_zone,
        "program_version_id": cohort.program_version_id,
        "due_at": slot.at,
        "next_at": slot.at,
        "not_after": background.timetable.not_after(letter, slot.day),
        "state": PromptState.PLANNED,
        "attempts": 0,
        "updated_at": now,
    }


def _coming_slots(db: Session, cohort: Any, after: datetime) -> Iterator[Slot]:
    """The first slot of each digest letter after an instant, by the cohort's own business days."""
    background = backgrounds_of(db, [cohort.id])[cohort.id]
    calendar, close = background.timetable.schedule.calendar, background.dates["close"]
    today = _today(cohort, after)
    for letter in _digests(db, cohort):
        days = (today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD))
        for day in days:
            at = instant_of(day, letter.when.at, background.zone)  # type: ignore[union-attr]
            if day <= close and at > after and slot_day(letter.when, day, calendar):  # type: ignore[arg-type]
                yield Slot(cohort.id, letter.id, day, at)
                break


def _today(cohort: Any, now: datetime) -> date:
    return now.astimezone(ZoneInfo(cohort.time_zone)).date()
