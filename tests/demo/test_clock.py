"""The demo's clock goes ahead for every process alike, and nowhere but in the demo."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from scheduler.engine import instant_of_turn
from tests.demo.companies import load_demo
from trainer import clock
from trainer.db import Database
from trainer.demo import DemoClock, follow_demo_clock
from trainer.prompts.models import Prompt, PromptState
from trainer.settings import Settings

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def demo_settings(settings: Settings) -> Iterator[Settings]:
    """Settings of a demo; afterwards this process's clock is the world's again."""
    yield settings.model_copy(update={"environment": "demo"})
    clock.follow(None)


def test_the_clock_is_right_until_it_is_moved(demo_settings: Settings) -> None:
    follow_demo_clock(demo_settings)
    assert abs(clock.now() - datetime.now(UTC)) < SECOND


def test_the_next_day_begins_at_the_same_hour_for_every_process(demo_settings: Settings) -> None:
    here = follow_demo_clock(demo_settings)
    before = clock.now()
    assert here.next_day(before) == before + timedelta(days=1)
    assert timedelta(0) <= clock.now() - (before + timedelta(days=1)) < SECOND
    elsewhere = DemoClock(demo_settings)  # as another process, or this one after a restart, has it
    assert elsewhere.ahead() == here.ahead() == timedelta(days=1)


def test_days_add_up(demo_settings: Settings, now: datetime) -> None:
    here = DemoClock(demo_settings)
    for _ in range(3):
        now = here.next_day(now)
    assert here.ahead() == timedelta(days=3)


def test_it_goes_on_to_the_next_letter(database: Database, demo_settings: Settings, now: datetime) -> None:
    load_demo(database, now, demo_settings)
    here = DemoClock(demo_settings)
    with database.reading() as db:
        due = sorted(set(db.scalars(select(Prompt.next_at).where(Prompt.state == PromptState.PLANNED))))
        assert here.to_next_letter(db, now) == due[0]
        assert here.to_next_letter(db, due[0]) == due[1]
        assert here.ahead() == due[1] - now


def test_it_stays_where_no_letter_is_left(database: Database, demo_settings: Settings, now: datetime) -> None:
    here = DemoClock(demo_settings)
    with database.reading() as db:
        assert here.to_next_letter(db, now) is None
    assert here.ahead() == timedelta(0)


@pytest.mark.parametrize("environment", ["production", "development", "test"])
def test_no_other_clock_can_be_moved(settings: Settings, environment: str) -> None:
    with pytest.raises(ValueError, match="only the demo's clock"):
        follow_demo_clock(settings.model_copy(update={"environment": environment}))


def test_the_turns_of_the_sending_process_go_with_it_on_either_database(
    database: Database, demo_settings: Settings
) -> None:
    follow_demo_clock(demo_settings).next_day(clock.now())
    assert abs(instant_of_turn(database) - datetime.now(UTC) - timedelta(days=1)) < MINUTE
