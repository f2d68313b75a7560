"""A reflection is submitted, or put off for a week."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.act2_workshop.models import MapPoint, Wave
from trainer.act3_practice.models import Experiment, MeasureVersion, Mode, Reflection, Snooze
from trainer.act3_practice.queries import Measure, Practice, reflection_of
from trainer.act3_practice.reflection_words import as_text
from trainer.act3_practice.rules import Answers, Period, changed_measure
from trainer.cohorts.actions import extend, finish_step
from trainer.cohorts.models import Enrollment
from trainer.permissions import Audience
from trainer.programs.content_reflections import AUDIENCE
from trainer.writing.actions import drop_draft

STATUS, LEVEL, CHANGE = "m_status", "level_now", "plan_change"  # the questions of the program that the course acts on
WHEN, THEN, PREDICTION, DAY = "next_when", "next_then", "prediction", "next_date"


def submit_reflection(
    db: Session,
    practice: Practice,
    step: str,
    answers: Answers,
    *,
    mode: Mode,
    audience: Audience,
    about: str | None,
    now: datetime,
) -> Reflection:
    """Keep a turn as it was submitted, and everything that follows from it; the step is finished.

    `about` is the measure it goes on with where the form itself does not ask. Who submits twice at once has submitted
    once: the second gives what the first kept.
    """
    seat = practice.seat
    db.execute(select(Enrollment.id).where(Enrollment.id == seat.id).with_for_update())
    known = reflection_of(db, seat.id, step)
    if known is not None:
        return known
    measure = practice.measure(answers.get("measure_ref") or about)
    reflection = _new_reflection(practice, step, answers, mode, audience, measure, now)
    db.add(reflection)
    _decide(db, seat, step, answers, measure, now)
    _change_measure(db, seat, step, answers, measure, now)
    _mark_map(db, practice, step, answers.get(LEVEL) or {}, now)
    drop_draft(db, seat, step)
    db.flush()
    finish_step(db, practice.cohort, seat, step=step, now=now)
    return reflection


def put_off(db: Session, practice: Practice, step: str, period: Period, *, by_id: int, now: datetime) -> bool:
    """Give the writer a week more for this step, once, and quiet until then; False if that cannot be (any more)."""
    snooze = practice.asked(step).snooze
    db.execute(select(Enrollment.id).where(Enrollment.id == practice.seat.id).with_for_update())
    taken = select(Snooze.id).where(Snooze.enrollment_id == practice.seat.id, Snooze.step == step)
    if not period.can_be_put_off(snooze.max_times) or db.scalar(taken):
        return False
    db.add(
        Snooze(
            organization_id=practice.seat.organization_id,
            enrollment_id=practice.seat.id,
            step=step,
            snoozed_at=now,
            until_on=period.today + timedelta(days=snooze.days),
        )
    )
    due_on = period.due_on + timedelta(days=snooze.days)
    reason = snooze.label
    return extend(db, practice.cohort, practice.seat, step=step, due_on=due_on, reason=reason, now=now, by_id=by_id)


def _new_reflection(
    practice: Practice,
    step: str,
    answers: Answers,
    mode: Mode,
    audience: Audience,
    measure: Measure | None,
    now: datetime,
) -> Reflection:
    before = practice.before(step)
    reflection = Reflection(
        organization_id=practice.seat.organization_id,
        cohort_id=practice.seat.cohort_id,
        enrollment_id=practice.seat.id,
        step=step,
        mode=mode,
        audience=audience,
        measure_id=measure.id if measure else None,
        source_experiment_id=before.experiment.id if before and before.experiment else None,
        submitted_at=now,
    )
    reflection.words = as_text({name: value for name, value in answers.items() if name != AUDIENCE})
    return reflection


def _decide(db: Session, seat: Enrollment, step: str, answers: Answers, measure: Measure | None, now: datetime) -> None:
    """The experiment, if one was decided: the short form of the last turn asks for none."""
    if not (answers.get(WHEN) and answers.get(THEN)):
        return
    planned = answers.get(DAY)
    experiment = Experiment(
        organization_id=seat.organization_id,
        enrollment_id=seat.id,
        step=step,
        measure_id=measure.id if measure else None,
        planned_on=date.fromisoformat(planned) if planned else None,
        decided_at=now,
    )
    experiment.words = as_text(
        {"when": answers[WHEN], "then": answers[THEN], "prediction": answers.get(PREDICTION) or ""}
    )
    db.add(experiment)


def _change_measure(
    db: Session, seat: Enrollment, step: str, answers: Answers, measure: Measure | None, now: datetime
) -> None:
    change = answers.get(CHANGE)
    words = changed_measure(measure.words, change, answers.get(WHEN), answers.get(THEN)) if measure else None
    if measure is None or words is None:
        return
    version = MeasureVersion(
        organization_id=seat.organization_id,
        enrollment_id=seat.id,
        measure_id=measure.id,
        step=step,
        change=change,
        made_at=now,
    )
    version.words = as_text(words)
    db.add(version)


def _mark_map(db: Session, practice: Practice, step: str, levels: Mapping[str, Any], now: datetime) -> None:
    """The work of each measure at its level of today; of two measures with one work the plan's first counts."""
    carriers = _last_carriers(db, practice.seat.id)
    marked: dict[str, tuple[Measure, int]] = {}
    for measure in practice.measures:
        task = measure.words.get("task_ref")
        if task and measure.id in levels:
            marked.setdefault(task, (measure, levels[measure.id]))
    for task, (measure, level) in marked.items():
        point = MapPoint(
            organization_id=practice.seat.organization_id,
            enrollment_id=practice.seat.id,
            task_id=task,
            wave=Wave(step),
            level=level,
            carrier=carriers.get(task) or measure.words.get("carrier_now") or "",
            marked_at=now,
        )
        db.add(point)


def _last_carriers(db: Session, seat_id: int) -> dict[str, str]:
    """Task -> who carried it last; nobody is asked again in a reflection, and nothing is guessed."""
    points = select(MapPoint).where(MapPoint.enrollment_id == seat_id, MapPoint.wave != Wave.TARGET)
    return {point.task_id: point.carrier for point in db.scalars(points.order_by(MapPoint.marked_at, MapPoint.id))}
