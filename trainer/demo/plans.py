"""The action plans of the demo's trainees: drafts, every submitted version, and the facilitators' answers to them."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.act2_workshop.actions import STEP, keep_as_is, submit
from trainer.act2_workshop.models import Decision, Plan, PlanReview
from trainer.act2_workshop.plan_words import Answers, PlanWords, map_of
from trainer.act2_workshop.rules import PlanState
from trainer.act2_workshop.typed_plan import typed_again
from trainer.cohorts.models import Enrollment
from trainer.demo.content_work import Differences, MapRow, PlanEvent, PlanRecord
from trainer.demo.life import Deed, Life
from trainer.demo.openings import BEFORE_THE_ANSWER, open_plan
from trainer.demo.rules import parse_when
from trainer.permissions import Role
from trainer.programs.content_fields import FieldDescription
from trainer.writing.actions import save_draft

MINUTE = timedelta(minutes=1)  # in which a facilitator may undo; afterwards the answer is released
AFTER = {Decision.RETURN: PlanState.RETURNED}  # every other answer confirms


def plans(life: Life) -> Iterator[Deed]:
    """A plan was written, handed in, opened, answered; each version with the words that it had then."""
    record = life.trainee.plan
    if record is None:
        return
    if record.saved_at is not None:
        at = life.loaded.timeline.moments.instant(record.saved_at)
        yield Deed(at, partial(_save, life, record, at))
    tells = {"submitted": _submit, "reviewed": _review}
    for event in record.history:
        at = life.loaded.timeline.moments.instant(event.at)
        if event.event == "reviewed":
            opened_at = at - BEFORE_THE_ANSWER
            yield Deed(opened_at, partial(open_plan, life, str(event.by), opened_at))
        yield Deed(at, partial(tells[event.event], life, record, event, at))


def _save(life: Life, record: PlanRecord, at: datetime, db: Session) -> None:
    words = _words(db, life, record, None)
    save_draft(db, life.seat(db), STEP, typed_again(words), based_on=0, now=at)


def _submit(life: Life, record: PlanRecord, event: PlanEvent, at: datetime, db: Session) -> None:
    seat = life.seat(db)
    if event.keep_as_is is not None:
        keep_as_is(db, life.loaded.cohort, seat, reason=event.keep_as_is, now=at)
        return
    words = _words(db, life, record, record.version_1_differs if event.version == 1 else None)
    submit(db, life.loaded.cohort, seat, words, pack=life.pack, now=at)


def _review(life: Life, record: PlanRecord, event: PlanEvent, at: datetime, db: Session) -> None:
    plan = db.scalars(select(Plan).where(Plan.enrollment_id == life.seat(db).id)).one()
    decision = Decision(str(event.decision))
    review = PlanReview(
        organization_id=plan.organization_id,
        plan_id=plan.id,
        version=event.version,
        facilitator_id=life.loaded.users[str(event.by)],
        decision=decision,
        is_starred=event.star,
        saved_at=at,
        decided_at=at,
        released_at=at + MINUTE,
    )
    comments = [{"bank": one.bank, "text": one.text} for one in event.comments]
    review.comments = json.dumps(comments, ensure_ascii=False) if comments else None
    db.add(review)
    plan.state = AFTER.get(decision, PlanState.CONFIRMED)
    plan.decided_at = at
    db.flush()


def _words(db: Session, life: Life, record: PlanRecord, differences: Differences | None) -> PlanWords:
    """What the plan said, with the days and the fellow trainees that the file only describes."""
    pack, differs = life.pack.plan, differences or Differences()
    fields = _plain(db, life, pack.plan_fields, {**record.fields, **differs.fields})
    measures = tuple(
        _plain(db, life, pack.measure_fields, {**one, **differs.measures.get(str(one["id"]), {})})
        for one in record.measures
    )
    return PlanWords(fields, measures, {**map_of(measures, {}), **{row.task: _marks(row) for row in record.map}})


def _plain(
    db: Session, life: Life, described: tuple[FieldDescription, ...], answers: Mapping[str, Any]
) -> dict[str, Any]:
    types = {field.id: field.type for field in described}
    return {name: _value(db, life, types.get(name, ""), value) for name, value in answers.items()}


def _value(db: Session, life: Life, kind: str, value: Any) -> Any:
    if kind == "date":
        return life.loaded.timeline.moments.day(parse_when(str(value))).isoformat()
    if kind == "peer_select":
        return [str(_seat_uid(db, life, str(one))) for one in value]
    return list(value) if isinstance(value, tuple) else value


def _seat_uid(db: Session, life: Life, person: str) -> object:
    return db.scalars(
        select(Enrollment.uid).where(
            Enrollment.cohort_id == life.loaded.cohort.id,
            Enrollment.user_id == life.loaded.users[person],
            Enrollment.role == Role.TRAINEE,
        )
    ).one()


def _marks(row: MapRow) -> dict[str, Answers]:
    return {wave: mark.model_dump(mode="json") for wave, mark in (("before", row.before), ("target", row.target))}
