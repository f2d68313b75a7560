"""A letter that cannot be written fails alone."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler.dispatch import tick
from scheduler.engine import Engine
from tests.prompts.due_letters import BACK_OFF, HOUR, OPENING, letter_of, planned_course, tries_of
from tests.scheduler.crashes import states_by_seat
from tests.scheduler.postbox import ORIGIN, Postbox, make_engine
from trainer.accounts.models import User
from trainer.cohorts.models import Enrollment
from trainer.db import Database
from trainer.prompts.letters import LetterWriter
from trainer.prompts.models import Prompt, PromptState

SENT, PLANNED, FAILED = PromptState.SENT, PromptState.PLANNED, PromptState.FAILED


class Poisoned(LetterWriter):
    """Cannot write to one person; with several at once it stumbles as a whole."""

    def write(self, db: Session, prompts: Sequence[Prompt], *, now: datetime) -> dict[int, EmailMessage | Exception]:
        poisoned = db.scalars(select(User.id).where(User.name == "Person 002")).one()
        with_poison = [prompt for prompt in prompts if prompt.enrollment_id and _user(db, prompt) == poisoned]
        if with_poison:
            raise RuntimeError("no such template")
        return super().write(db, prompts, now=now)


def _user(db: Session, prompt: Prompt) -> int:
    return db.get_one(Enrollment, prompt.enrollment_id).user_id


def test_a_letter_that_cannot_be_written_fails_alone_after_three_turns(
    database: Database, tmp_path: Path, postbox: Postbox
) -> None:
    planned_course(database, tmp_path, "001", "002", "003")
    engine = make_engine(database, postbox, writer=Poisoned(ORIGIN, "no-reply@minori.example.jp"))
    engine.begin()
    at = OPENING
    for wait in (*BACK_OFF[:2], HOUR):
        tick(engine, at)
        assert sorted(postbox.addresses) == ["p001@minato.example", "p003@minato.example"]
        at += wait
    assert states_by_seat(database) == [SENT, FAILED, SENT]
    assert tries_of(database, "002") == [(0 + 1, "unwritten")] * 3
    assert tick(engine, at).states == {}


def test_a_poisoned_name_fails_alone(database: Database, tmp_path: Path, engine: Engine, postbox: Postbox) -> None:
    planned_course(database, tmp_path)
    with database.session() as db:
        db.execute(update(User).where(User.name == "Person 001").values(name="Eve\r\nBcc: all@minato.example"))
        db.commit()
    tick(engine, OPENING)
    assert postbox.addresses == ["p002@minato.example"]
    assert letter_of(database).state is PLANNED
    assert tries_of(database) == [(1, "unwritten")]


class TwoReaders(LetterWriter):
    """Writes to two people at once, where it should be one."""

    def write(self, db: Session, prompts: Sequence[Prompt], *, now: datetime) -> dict[int, EmailMessage | Exception]:
        written = super().write(db, prompts, now=now)
        message = written[min(written)]
        assert isinstance(message, EmailMessage)
        message["Cc"] = "all@minato.example"
        return written


def test_a_letter_to_more_than_one_person_never_leaves(database: Database, tmp_path: Path, postbox: Postbox) -> None:
    planned_course(database, tmp_path)
    engine = make_engine(database, postbox, writer=TwoReaders(ORIGIN, "no-reply@minori.example.jp"))
    engine.begin()
    report = tick(engine, OPENING)
    assert (report.states[SENT], report.states[PLANNED], report.errors) == (1, 1, [])
