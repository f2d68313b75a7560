"""Clocks that are moved: what leaps ahead is not trusted at once, what goes back delays and doubles nothing."""

from datetime import timedelta
from pathlib import Path

import pytest

from scheduler import jobs
from scheduler.clock_watch import ClockWatch
from scheduler.dispatch import tick
from scheduler.engine import instant_of_turn
from tests.prompts.due_letters import DAY, HOUR, OPENING, letter_of, planned_course
from tests.scheduler.postbox import Postbox, make_engine
from trainer.db import Database
from trainer.prompts.models import PromptState

SECOND = timedelta(seconds=1)


class Passing:
    """A monotonic clock that a test moves on."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.mark.parametrize("leap", [HOUR, DAY, -HOUR, -DAY, timedelta(0)])
def test_a_leap_is_seen_once_and_by_how_much(leap: timedelta) -> None:
    passing = Passing()
    watch = ClockWatch(passing)
    assert watch.drift(OPENING) == timedelta(0)
    passing.seconds += 5
    assert watch.drift(OPENING + 5 * SECOND + leap) == leap
    passing.seconds += 5
    assert watch.drift(OPENING + 10 * SECOND + leap) == timedelta(0)


def test_after_a_leap_ahead_one_tick_is_left_out(database: Database) -> None:
    engine = make_engine(database, Postbox())
    instants = iter([OPENING, OPENING + HOUR, OPENING + HOUR + 5 * SECOND, OPENING - DAY])
    engine.present = lambda database: next(instants)
    ticker = jobs.Ticker(engine)
    engine.begin()
    assert [ticker.tick() is not None for _ in range(4)] == [True, False, True, True]


@pytest.mark.parametrize("jump", [HOUR, DAY])
def test_a_clock_that_goes_back_doubles_nothing(database: Database, tmp_path: Path, jump: timedelta) -> None:
    planned_course(database, tmp_path)
    postbox = Postbox()
    engine = make_engine(database, postbox)
    engine.begin()
    for at in (OPENING, OPENING - jump, OPENING, OPENING + HOUR):
        tick(engine, at)
    assert sorted(postbox.addresses) == ["p001@minato.example", "p002@minato.example"]
    assert letter_of(database).state is PromptState.SENT


def test_the_instant_of_a_turn_is_aware_and_present(database: Database) -> None:
    first, second = instant_of_turn(database), instant_of_turn(database)
    assert first.tzinfo is not None
    assert timedelta(0) <= second - first < timedelta(seconds=30)
