"""The web lessons of the demo's trainees: opened, watched or read, and their questions answered."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from trainer.act1_lessons.actions import add_segments, answer_question, open_lesson, read_to_end
from trainer.demo.content_work import LessonRecord
from trainer.demo.life import Deed, Life

SITTING = timedelta(minutes=10)  # where the file does not say when it ended; long enough for every lesson
A_MINUTE_MS = 60_000


def lessons(life: Life) -> Iterator[Deed]:
    """Each lesson somebody opened, and what they did in it until they closed it."""
    for lesson_id, record in (life.trainee.lessons or {}).items():
        opened_at = life.loaded.timeline.moments.instant(record.opened_at)
        ended_at = (
            life.loaded.timeline.moments.instant(record.finished_at) if record.finished_at else opened_at + SITTING
        )
        yield Deed(opened_at, partial(_open, life, lesson_id, opened_at))
        yield Deed(ended_at, partial(_work_through, life, lesson_id, record, ended_at))


def _open(life: Life, lesson_id: str, at: datetime, db: Session) -> None:
    open_lesson(db, life.seat(db).id, lesson_id, now=at)


def _work_through(life: Life, lesson_id: str, record: LessonRecord, at: datetime, db: Session) -> None:
    opened = open_lesson(db, life.seat(db).id, lesson_id, now=at)
    length_ms = opened.lesson.minutes * A_MINUTE_MS
    watched = tuple((start * length_ms // 100, end * length_ms // 100) for start, end in record.segments)
    if watched:
        add_segments(db, opened, watched, position_ms=watched[-1][1], length_ms=length_ms, now=at)
    if record.how == "read":
        read_to_end(db, opened, now=at)
    for question_id, options in record.answers.items():
        for option_id in options:
            answer_question(db, opened, question_id, option_id, now=at)
    db.flush()
