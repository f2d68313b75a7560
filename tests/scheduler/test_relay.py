"""What the relay answers: trouble of its own costs no letter a try, a doubt is taken up, a refusal is kept."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from scheduler.dispatch import tick
from scheduler.engine import Engine
from tests.prompts.due_letters import HOUR, OPENING, letter_of, planned_course, tries_of
from tests.prompts.test_reaper import hold_all_letters
from tests.scheduler.crashes import states_by_seat
from tests.scheduler.postbox import Postbox
from trainer.db import Database
from trainer.mail_outcomes import Outcome
from trainer.prompts.models import Prompt, PromptState, Worker

SENT, PLANNED, FAILED, IN_DOUBT = PromptState.SENT, PromptState.PLANNED, PromptState.FAILED, PromptState.IN_DOUBT


def test_a_relay_that_is_away_costs_no_letter_a_try_and_is_left_in_peace(
    database: Database, tmp_path: Path, engine: Engine, postbox: Postbox
) -> None:
    planned_course(database, tmp_path, *[f"{number:03}" for number in range(30)])
    postbox.always(Outcome.RELAY_AWAY)
    tick(engine, OPENING)
    assert postbox.tries == 1
    tick(engine, OPENING + timedelta(seconds=14))
    assert postbox.tries == 1
    tick(engine, OPENING + timedelta(seconds=16))
    assert postbox.tries == 2
    with database.reading() as db:
        rows = db.execute(select(Prompt.state, Prompt.attempts, Prompt.lease_token).where(Prompt.letter == "act1_open"))
        assert {tuple(row) for row in rows} == {(PLANNED, 0, None)}
    postbox.always(None)
    assert tick(engine, OPENING + HOUR).states[SENT] == 30
    assert len(set(postbox.letters)) == len(postbox.letters) == 30


def test_a_refused_sign_in_is_written_down_for_the_doctor(
    database: Database, tmp_path: Path, engine: Engine, postbox: Postbox
) -> None:
    planned_course(database, tmp_path)
    postbox.always(Outcome.RELAY_REFUSES_US)
    tick(engine, OPENING)
    tick(engine, OPENING + timedelta(minutes=9))
    assert postbox.tries == 1
    with database.reading() as db:
        assert "5.7.8 no" in db.scalars(select(Worker.last_error)).one()


def test_letters_of_a_refused_address_fail_and_the_others_go(
    database: Database, tmp_path: Path, engine: Engine, postbox: Postbox
) -> None:
    planned_course(database, tmp_path)
    postbox.then(Outcome.ADDRESS_REFUSED)
    report = tick(engine, OPENING)
    assert (report.states[FAILED], report.states[SENT]) == (1, 1)


def test_what_is_in_doubt_goes_again_at_the_next_turn_with_its_message_id(
    database: Database, tmp_path: Path, engine: Engine, postbox: Postbox
) -> None:
    planned_course(database, tmp_path, "001")
    postbox.then(Outcome.IN_DOUBT)
    assert tick(engine, OPENING).states == {IN_DOUBT: 1}
    assert letter_of(database).state is IN_DOUBT
    assert tick(engine, OPENING + timedelta(seconds=5)).states == {SENT: 1}
    row = letter_of(database)
    assert postbox.letters == [(f"<{row.uid}@minori.example.jp>", "p001@minato.example")]
    assert tries_of(database) == [(1, "in_doubt"), (2, "sent")]


def test_a_letter_that_holds_stays_in_doubt_and_never_more_than_one_at_a_time_may_be(
    database: Database, tmp_path: Path, engine: Engine, postbox: Postbox
) -> None:
    planned_course(database, tmp_path)
    hold_all_letters(database)
    postbox.then(Outcome.IN_DOUBT)
    tick(engine, OPENING)
    tick(engine, OPENING + HOUR)
    assert sorted(states_by_seat(database)) == [IN_DOUBT, SENT]
    assert len(postbox.letters) == 1
