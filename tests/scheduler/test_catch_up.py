"""How many go at once, and what goes after a stop."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from scheduler.dispatch import tick
from scheduler.engine import Engine
from tests.prompts.due_letters import HOUR, OPENING, planned_course
from tests.scheduler.crashes import states_by_seat
from tests.scheduler.postbox import PATIENT, Postbox, make_engine
from trainer.db import Database
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.rules import Reason

SENT, SKIPPED = PromptState.SENT, PromptState.SKIPPED


def test_letters_of_several_connections_go_once(database: Database, tmp_path: Path, postbox: Postbox) -> None:
    planned_course(database, tmp_path, *[f"{number:03}" for number in range(130)])
    engine = make_engine(database, postbox, pace=replace(PATIENT, connections=4, claim=100))
    engine.begin()
    assert tick(engine, OPENING).states == {SENT: 130}
    assert len(set(postbox.letters)) == len(postbox.letters) == 130


def test_a_rate_lets_so_many_go_and_the_others_later(database: Database, tmp_path: Path, postbox: Postbox) -> None:
    planned_course(database, tmp_path, *[f"{number:03}" for number in range(12)])
    engine = make_engine(database, postbox, pace=replace(PATIENT, rate_per_minute=30))
    engine.begin()
    counts = []
    for second in range(0, 20, 4):
        tick(engine, OPENING + timedelta(seconds=second))
        counts.append(len(postbox.letters))
    assert counts == [5, 7, 9, 11, 12]


def test_late_letters_get_half_of_the_rate(database: Database, tmp_path: Path, postbox: Postbox) -> None:
    planned_course(database, tmp_path, *[f"{number:03}" for number in range(20)])
    engine = make_engine(database, postbox, pace=replace(PATIENT, rate_per_minute=60))
    engine.begin()
    tick(engine, OPENING + HOUR)
    assert len(postbox.letters) == 5
    tick(engine, OPENING + HOUR + timedelta(seconds=10))
    assert len(postbox.letters) == 10


def test_three_days_of_standstill_and_then_a_start_on_a_sunday_night(
    database: Database, tmp_path: Path, engine: Engine, postbox: Postbox
) -> None:
    """From Thursday to Sunday nobody was there; act1_due_soon was due on Friday."""
    planned_course(database, tmp_path)
    tick(engine, OPENING)
    postbox.letters.clear()
    sunday_night = datetime(2027, 1, 31, 13, 0, tzinfo=UTC)
    tick(engine, sunday_night)
    assert postbox.letters == []
    monday = datetime(2027, 1, 31, 23, 0, tzinfo=UTC)  # 08:00 in Tokyo
    tick(engine, monday - timedelta(seconds=1))
    assert postbox.letters == []
    tick(engine, monday)
    assert sorted(address for address in postbox.addresses if address.startswith("p0")) == [
        "p001@minato.example",
        "p002@minato.example",
    ]
    assert states_by_seat(database, "act1_due_soon") == [SENT, SENT]


def test_after_a_long_stop_the_useless_is_skipped_and_of_a_days_letters_one_goes(
    database: Database, tmp_path: Path, engine: Engine, postbox: Postbox
) -> None:
    planned_course(database, tmp_path, "001")
    wednesday = datetime(2027, 2, 2, 23, 30, tzinfo=UTC)  # the first workshop day, 08:30 in Tokyo
    tick(engine, wednesday)
    with database.reading() as db:
        chosen = select(Prompt.letter, Prompt.state, Prompt.reason).where(Prompt.due_at < wednesday)
        what = {letter: (state, reason) for letter, state, reason in db.execute(chosen)}
    assert what["act1_due_soon"] == (SKIPPED, Reason.TOO_LATE)
    assert what["workshop_eve"] == (SENT, None)
    assert what["act1_open"] == (SKIPPED, Reason.TOO_LATE)
    assert [address for address in postbox.addresses if address.startswith("p0")] == ["p001@minato.example"]
