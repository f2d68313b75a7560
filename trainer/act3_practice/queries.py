"""What a reflection begins with: the plan being practised, what became of its measures, and the turns before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from trainer.act2_workshop.models import Plan, PlanVersion
from trainer.act2_workshop.plan_words import PlanWords, words_of
from trainer.act3_practice.models import Experiment, MeasureVersion, Reflection, Snooze
from trainer.act3_practice.reflection_words import Decided, answers_of, decided_in
from trainer.act3_practice.rules import Answers, Period
from trainer.cohorts.models import Cohort, Enrollment, Extension
from trainer.cohorts.queries import Schedule, cohort_with_schedule
from trainer.programs.content import Pack
from trainer.programs.content_reflections import Reflection as AskedReflection
from trainer.programs.queries import pack_of_digest

STEPS = ("reflection1", "reflection2")


@dataclass(frozen=True)
class Change:
    """What a reflection made of a measure."""

    step: str
    change: str  # the program's id
    words: Answers


@dataclass(frozen=True)
class Measure:
    """A measure of the plan as it is now, and how it came to be so."""

    id: str
    first: Answers  # as the plan has it
    changes: tuple[Change, ...] = ()  # in the order of the reflections

    @property
    def words(self) -> Answers:
        """The measure's answers by field, as they are now."""
        return self.changes[-1].words if self.changes else self.first

    @property
    def title(self) -> str:
        """What it is called."""
        return str(self.words.get("title") or self.id)


@dataclass(frozen=True)
class Turn:
    """A reflection that was submitted, and what it decided to try next."""

    reflection: Reflection
    experiment: Experiment | None = None

    @cached_property
    def answers(self) -> dict[str, Any]:
        """What was answered, by field."""
        return answers_of(self.reflection)

    @cached_property
    def decided(self) -> Decided | None:
        """What will be tried next, where something was decided."""
        return decided_in(self.experiment) if self.experiment else None


@dataclass(frozen=True)
class Practice:
    """Everything that one seat's reflections begin with; `pack` is in the reader's language."""

    seat: Enrollment
    cohort: Cohort
    schedule: Schedule
    pack: Pack
    plan: PlanWords | None = None  # the last one submitted
    plan_row: Plan | None = None
    measures: tuple[Measure, ...] = ()
    turns: Mapping[str, Turn] = field(default_factory=dict)  # by step

    def asked(self, step: str) -> AskedReflection:
        """What the program asks in this step."""
        return self.pack.reflection(step)

    def before(self, step: str) -> Turn | None:
        """The turn before this one, where there is one and it was taken."""
        return self.turns.get(STEPS[0]) if step != STEPS[0] else None

    def measure(self, measure_id: str | None) -> Measure | None:
        """The measure of this id."""
        return next((one for one in self.measures if one.id == measure_id), None)


def practice_of(db: Session, seat: Enrollment, language: str) -> Practice:
    """Everything a seat's reflections begin with, in four queries. Raises SealError where a key is missing."""
    cohort, schedule = cohort_with_schedule(db, seat.cohort_id)
    version = _present_plan(db, seat.id)
    plan = words_of(version[1]) if version else None
    return Practice(
        seat=seat,
        cohort=cohort,
        schedule=schedule,
        pack=pack_of_digest(db, schedule.digest, language),
        plan=plan,
        plan_row=version[0] if version else None,
        measures=_measures(plan, _changes(db, seat.id) if plan else {}),
        turns=turns_of(db, seat.id),
    )


def period_of(db: Session, practice: Practice, step: str, now: datetime) -> Period:
    """The days of one step for this seat, in one query."""
    extended_to, put_off = db.execute(
        select(Extension.due_on, Snooze.id)
        .select_from(Enrollment)
        .outerjoin(Extension, and_(Extension.enrollment_id == Enrollment.id, Extension.step == step))
        .outerjoin(Snooze, and_(Snooze.enrollment_id == Enrollment.id, Snooze.step == step))
        .where(Enrollment.id == practice.seat.id)
    ).one()
    schedule = practice.schedule
    opens = next(entry.opens for entry in schedule.pack.schedule.steps if entry.id == step)
    return Period(
        opens_on=schedule.dates[opens],
        due_on=extended_to or schedule.dates[schedule.due_dates[step]],
        today=now.astimezone(schedule.zone).date(),
        was_put_off=put_off is not None,
    )


def turns_of(db: Session, seat_id: int) -> dict[str, Turn]:
    """Step -> the turn that was taken in it, in one query."""
    decided = and_(Experiment.enrollment_id == Reflection.enrollment_id, Experiment.step == Reflection.step)
    rows = db.execute(
        select(Reflection, Experiment).outerjoin(Experiment, decided).where(Reflection.enrollment_id == seat_id)
    )
    return {reflection.step: Turn(reflection, experiment) for reflection, experiment in rows}


def reflection_of(db: Session, seat_id: int, step: str) -> Reflection | None:
    """What the seat submitted in this step."""
    return db.scalar(select(Reflection).where(Reflection.enrollment_id == seat_id, Reflection.step == step))


def _present_plan(db: Session, seat_id: int) -> tuple[Plan, PlanVersion] | None:
    """The plan being practised: what was submitted last, whatever a facilitator has said of it; not one taken back."""
    present = and_(PlanVersion.plan_id == Plan.id, PlanVersion.version == Plan.version)
    handed_in = (Plan.enrollment_id == seat_id, Plan.submitted_at.is_not(None))
    row = db.execute(select(Plan, PlanVersion).join(PlanVersion, present).where(*handed_in)).first()
    return (row[0], row[1]) if row else None


def _changes(db: Session, seat_id: int) -> dict[str, tuple[Change, ...]]:
    found: dict[str, tuple[Change, ...]] = {}
    versions = select(MeasureVersion).where(MeasureVersion.enrollment_id == seat_id)
    for row in db.scalars(versions.order_by(MeasureVersion.step, MeasureVersion.id)):
        change = Change(row.step, row.change, answers_of(row))
        found[row.measure_id] = (*found.get(row.measure_id, ()), change)
    return found


def _measures(plan: PlanWords | None, changes: Mapping[str, tuple[Change, ...]]) -> tuple[Measure, ...]:
    measures = plan.measures if plan else ()
    return tuple(Measure(str(one["id"]), one, changes.get(str(one["id"]), ())) for one in measures)
