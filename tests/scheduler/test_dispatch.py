"""A turn: what is due goes out once, to whom is still to be asked; a part that fails holds up no other."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy.orm import Session

from scheduler.dispatch import tick
from scheduler.engine import Engine
from tests.prompts.courses import cohort_and_seat
from tests.prompts.due_letters import OPENING, letter_of, planned_course
from tests.scheduler.postbox import ORIGIN, PATIENT, Postbox, make_engine
from trainer.cohorts import actions
from trainer.db import Database
from trainer.mail_outcomes import Handed
from trainer.prompts.claim import Lease
from trainer.prompts.letters import LetterWriter
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.rules import Reason

SENT, PLANNED, SKIPPED = PromptState.SENT, PromptState.PLANNED, PromptState.SKIPPED


def test_what_is_due_goes_out_once_with_the_rows_own_message_id(
    database: Database, tmp_path: Path, engine: Engine, postbox: Postbox
) -> None:
    planned_course(database, tmp_path)
    report = tick(engine, OPENING)
    assert (report.states[SENT], report.errors) == (2, [])
    uids = {f"<{letter_of(database, number).uid}@minori.example.jp>" for number in ("001", "002")}
    assert {message_id for message_id, _ in postbox.letters} == uids
    assert tick(engine, OPENING + timedelta(minutes=1)).states == {}
    assert len(postbox.letters) == 2
    assert letter_of(database).sent_at == OPENING


def test_a_turn_plans_first_so_that_who_has_just_finished_is_not_asked(
    database: Database, tmp_path: Path, engine: Engine, postbox: Postbox
) -> None:
    cohort = planned_course(database, tmp_path)
    with database.session() as db:
        found, seat = cohort_and_seat(db, cohort, "001")
        actions.finish_step(db, found, seat, step="act1", now=OPENING)
        db.commit()
    tick(engine, OPENING)
    assert postbox.addresses == ["p002@minato.example"]
    assert letter_of(database).reason == Reason.FINISHED


class Interrupted(LetterWriter):
    """Between the claim and the handing over something happens."""

    def write(self, db: Session, prompts: Sequence[Prompt], *, now: datetime) -> dict[int, EmailMessage | Exception]:
        written = super().write(db, prompts, now=now)
        HAPPENS[0]()
        return written


HAPPENS = [lambda: None]


def test_who_finishes_while_the_letter_is_written_is_not_asked_and_the_ledger_says_why(
    database: Database, tmp_path: Path, postbox: Postbox
) -> None:
    cohort = planned_course(database, tmp_path)
    done: list[bool] = []

    def finish() -> None:
        if not done:
            done.append(True)
            with database.session() as db:
                found, seat = cohort_and_seat(db, cohort, "001")
                actions.finish_step(db, found, seat, step="act1", now=OPENING)
                db.commit()

    HAPPENS[0] = finish
    engine = make_engine(database, postbox, writer=Interrupted(ORIGIN, "no-reply@minori.example.jp"))
    engine.begin()
    report = tick(engine, OPENING)
    assert postbox.addresses == ["p002@minato.example"]
    assert (letter_of(database).state, letter_of(database).reason) == (SKIPPED, Reason.FINISHED)
    assert (letter_of(database).attempts, report.states[SKIPPED]) == (0, 1)


def test_a_part_that_fails_holds_up_no_other(
    database: Database, tmp_path: Path, engine: Engine, postbox: Postbox
) -> None:
    """The planner meets a cohort whose time zone nobody knows; the letters of the others still go."""
    broken = planned_course(database, tmp_path, "001")
    planned_course(database, tmp_path, "002", name="第2回")
    with database.session() as db:
        found, _ = cohort_and_seat(db, broken, "001")
        found.time_zone, found.is_to_plan = "Nowhere/Land", True
        db.commit()
    report = tick(engine, OPENING)
    assert "plan" in report.errors
    assert postbox.addresses == ["p002@minato.example"]


def test_asked_to_stop_a_turn_hands_nothing_over(
    database: Database, tmp_path: Path, engine: Engine, postbox: Postbox
) -> None:
    planned_course(database, tmp_path)
    engine.stopping.set()
    tick(engine, OPENING)
    assert (postbox.tries, letter_of(database).state, letter_of(database).attempts) == (0, PLANNED, 0)


class Slow(Postbox):
    """Takes its time for each letter."""

    def send(self, message: EmailMessage, *, envelope_id: str) -> Handed:
        time.sleep(0.15)
        return super().send(message, envelope_id=envelope_id)


def test_without_enough_of_its_lease_left_a_process_hands_nothing_more_over(database: Database, tmp_path: Path) -> None:
    """No heartbeat prolongs the lease here: what is left of each claim is given back, and claimed anew."""
    planned_course(database, tmp_path, *[f"{number:03}" for number in range(9)])
    postbox = Slow()
    engine = make_engine(database, postbox, pace=replace(PATIENT, lease_seconds=1))
    engine.begin()
    tokens: list[object] = []
    begin = engine.lease.begin

    def begin_and_count() -> Lease:
        tokens.append(1)
        return begin()

    engine.lease.begin = begin_and_count  # type: ignore[method-assign]
    assert tick(engine, OPENING).states == {SENT: 9}
    assert len(tokens) > 3  # the last of them found nothing
    assert len(set(postbox.letters)) == len(postbox.letters) == 9
    assert {row.attempts for row in (letter_of(database, "000"), letter_of(database, "008"))} == {1}
