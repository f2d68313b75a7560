"""The first reflections of the demo's trainees: drafts, whole and short ones, and what passed over each of them."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.act2_workshop.models import MapPoint, Wave
from trainer.act3_practice.actions import submit_reflection
from trainer.act3_practice.feedback import ask_back, keep_words, send, thank
from trainer.act3_practice.models import Feedback, Mode, Reflection
from trainer.act3_practice.opening import MODE
from trainer.act3_practice.queries import practice_of, reflection_of
from trainer.demo.content_parts import Remark
from trainer.demo.content_work import FeedbackRecord, MapRow, ReflectionRecord
from trainer.demo.life import Deed, Life
from trainer.demo.openings import BEFORE_THE_ANSWER, open_reflection
from trainer.demo.rules import parse_when
from trainer.programs.content_reflections import AUDIENCE
from trainer.writing.actions import save_draft
from trainer.writing.audiences import audience_of

STEP = "reflection1"


def reflections(life: Life) -> Iterator[Deed]:
    """A reflection was begun, submitted, answered; there were thanks, or a question back."""
    record, moments = life.trainee.reflection1, life.loaded.timeline.moments
    if record is None:
        return
    if record.saved_at is not None:
        at = moments.instant(record.saved_at)
        yield Deed(at, partial(_save, life, record, at))
    if record.submitted_at is not None:
        at = moments.instant(record.submitted_at)
        yield Deed(at, partial(_submit, life, record, at))
    if record.feedback is not None:
        yield from _feedback(life, record.feedback)


def _feedback(life: Life, record: FeedbackRecord) -> Iterator[Deed]:
    moments = life.loaded.timeline.moments
    at = moments.instant(record.at)
    opened_at = at - BEFORE_THE_ANSWER
    yield Deed(opened_at, partial(open_reflection, life, STEP, record.by, opened_at))
    yield Deed(at, partial(_answer, life, record, at))
    for remark, pass_on in ((record.thanks, thank), (record.ask_back, ask_back)):
        if remark is not None:
            yield Deed(moments.instant(remark.at), partial(_reply, life, pass_on, remark))


def _save(life: Life, record: ReflectionRecord, at: datetime, db: Session) -> None:
    typed: list[tuple[str, str]] = [(MODE, record.mode or Mode.FULL)]
    for name, value in _answers(life, record).items():
        pairs = value.items() if isinstance(value, dict) else [("", value)]
        for measure, one in pairs:
            many = one if isinstance(one, list) else [one]
            typed += [(f"{name}-{measure}" if measure else name, str(each)) for each in many]
    save_draft(db, life.seat(db), STEP, typed, based_on=0, now=at)


def _submit(life: Life, record: ReflectionRecord, at: datetime, db: Session) -> None:
    practice = practice_of(db, life.seat(db), life.pack.lang)
    answers = _answers(life, record)
    measures = practice.measures
    submit_reflection(
        db,
        practice,
        STEP,
        answers,
        mode=Mode(record.mode or Mode.FULL),
        audience=audience_of(str(record.share)),
        about=measures[0].id if len(measures) == 1 else None,
        now=at,
    )
    for row in life.trainee.plan.map if life.trainee.plan else ():
        _mark(db, life, row, at)


def _mark(db: Session, life: Life, row: MapRow, at: datetime) -> None:
    """The file knows also who carries the work by then, and of work that no measure speaks of."""
    if row.reflection1 is None:
        return
    seat = life.seat(db)
    known = select(MapPoint).where(
        MapPoint.enrollment_id == seat.id, MapPoint.task_id == row.task, MapPoint.wave == Wave.REFLECTION1
    )
    point = db.scalar(known) or MapPoint(
        organization_id=seat.organization_id, enrollment_id=seat.id, task_id=row.task, wave=Wave.REFLECTION1
    )
    point.level, point.carrier, point.marked_at = row.reflection1.level, row.reflection1.carrier, at
    db.add(point)
    db.flush()


def _answers(life: Life, record: ReflectionRecord) -> dict[str, Any]:
    """What was answered, field by field, as the form would have kept it."""
    types = {field.id: field.type for field in life.pack.reflection(STEP).fields}
    answers: dict[str, Any] = {name: _value(life, types[name], value) for name, value in record.values.items()}
    for measure, values in record.measures.items():
        for name, value in values.items():
            answers.setdefault(name, {})[measure] = value
    return {**answers, **({AUDIENCE: record.share} if record.share else {})}


def _value(life: Life, kind: str, value: Any) -> Any:
    if kind == "date":
        return life.loaded.timeline.moments.day(parse_when(str(value))).isoformat()
    return list(value) if isinstance(value, tuple) else value


def _answer(life: Life, record: FeedbackRecord, at: datetime, db: Session) -> None:
    reflection = _reflection(life, db)
    by = db.get_one(User, life.loaded.users[record.by])
    kept = keep_words(db, reflection, by, record.words, based_on=0, now=at)
    if record.state == "sent":
        send(db, life.loaded.cohort, reflection, kept.feedback, now=at)


def _reply(life: Life, pass_on: Any, remark: Remark, db: Session) -> None:
    feedback = db.scalars(select(Feedback).where(Feedback.reflection_id == _reflection(life, db).id)).one()
    pass_on(db, feedback, remark.words, now=life.loaded.timeline.moments.instant(remark.at))


def _reflection(life: Life, db: Session) -> Reflection:
    found = reflection_of(db, life.seat(db).id, STEP)
    assert found is not None  # noqa: S101 - the file's checks see to it that what is answered was submitted
    return found
