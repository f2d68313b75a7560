"""kill -9 anywhere loses no letter, and doubles one only where its row was in doubt."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from scheduler import crash_points
from tests.prompts.courses import cohort_and_seat
from tests.prompts.due_letters import OPENING, planned_course
from tests.scheduler.crashes import end_all, finish, kill_at_random, start, states_of, stop, tally, wait_for
from tests.scheduler.sending_program import QUICK
from tests.smtp_servers import PostOffice, read_log
from trainer.cohorts.actions import mark_to_plan
from trainer.db import Database
from trainer.prompts.models import Prompt, PromptState

NUMBERS = [f"{number:03}" for number in range(25)]  # two groups


@pytest.fixture(autouse=True)
def nobody_stays() -> Iterator[None]:
    """A test that fails leaves no process behind to disturb the next."""
    yield
    end_all()


def test_places_are_inert_unless_armed_and_unknown_ones_are_refused() -> None:
    for name in crash_points.NAMES:
        crash_points.at(name)
    with pytest.raises(ValueError, match="nowhere is no crash point"):
        crash_points.arm("nowhere")
    crash_points.arm("after_dot:3")
    try:
        crash_points.at("after_dot")
        crash_points.at("after_250")
    finally:
        crash_points.disarm()


@pytest.mark.parametrize("point", crash_points.NAMES)
def test_a_kill_at_each_point_loses_nothing(database: Database, database_url: str, tmp_path: Path, point: str) -> None:
    cohort = planned_course(database, tmp_path, *NUMBERS)
    if point == "planning":
        mark(database, cohort)
    log = tmp_path / "office.log"
    with PostOffice(log=log) as office:
        times = 3 if point in ("in_body", "after_dot", "after_250") else 1
        process = start(database_url, office, OPENING, "once", crash_at=f"{point}:{times}")
        words = process.communicate(timeout=60)[1]
        assert process.returncode == -signal.SIGKILL, words
        finish(database_url, office, OPENING)
    result = tally(database, log)
    assert len(result.sent) == len(NUMBERS)
    assert result.lost == frozenset()
    assert result.doubled <= result.in_doubt
    assert len(result.in_doubt) <= 20
    if point in ("planning", "after_claim"):
        assert result.in_doubt == frozenset()
    if point == "after_250":
        assert len(result.doubled) == times


def mark(database: Database, cohort: int) -> None:
    """Something has changed: the cohort is to be planned."""
    with database.session() as db:
        mark_to_plan(db, cohort_and_seat(db, cohort, NUMBERS[0])[0])
        db.commit()


def test_five_kills_at_random_lose_nothing(database: Database, database_url: str, tmp_path: Path) -> None:
    planned_course(database, tmp_path, *[f"{number:03}" for number in range(150)])
    log = tmp_path / "office.log"
    with PostOffice(log=log) as office:
        office.slow_at("dot", 0.004)
        assert kill_at_random(database_url, office, OPENING, times=5, seed=8) >= 2
        finish(database_url, office, OPENING)
    result = tally(database, log)
    assert len(result.sent) == 150
    assert result.lost == frozenset()
    assert result.doubled <= result.in_doubt


def test_sigterm_finishes_the_letter_in_hand_and_gives_the_rest_back(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    planned_course(database, tmp_path, *NUMBERS)
    log = tmp_path / "office.log"
    with PostOffice(log=log) as office:
        office.slow_at("dot", 0.3)
        process = start(database_url, office, OPENING)
        wait_for(lambda: len(office.received) >= 2)
        words = stop(process)
        assert process.returncode == 0, words
        assert office.commands[-1].upper() == "QUIT"
        sent = len(read_log(log))
        assert states_of(database) == {PromptState.SENT: sent, PromptState.PLANNED: 25 - sent}
        office.forgive()
        finish(database_url, office, OPENING)
    result = tally(database, log)
    assert (len(result.sent), result.doubled, result.in_doubt) == (25, frozenset(), frozenset())


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_a_process_that_was_stopped_for_three_leases_is_fenced_off_when_it_wakes(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    planned_course(database, tmp_path, *NUMBERS)
    log = tmp_path / "office.log"
    with PostOffice(log=log) as office:
        office.slow_at("dot", 0.1)
        sleeper = start(database_url, office, OPENING)
        wait_for(lambda: len(office.received) >= 3)
        sleeper.send_signal(signal.SIGSTOP)
        other = start(database_url, office, OPENING)
        wait_for(lambda: states_of(database) == {PromptState.SENT: 25})
        time.sleep(3 * QUICK.lease_seconds)
        before = rows(database)
        sleeper.send_signal(signal.SIGCONT)
        time.sleep(2)
        assert rows(database) == before
        assert "after the lease was lost" in stop(sleeper)
        stop(other)
        assert rows(database) == before
    result = tally(database, log)
    assert result.lost == frozenset()
    assert result.doubled <= result.in_doubt


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.parametrize(("point", "others"), [("planning", 25), ("before_commit", 5)])  # up to 20 are locked
def test_a_process_that_freezes_in_the_middle_of_a_transaction_keeps_nobody_waiting(
    database: Database, database_url: str, tmp_path: Path, point: str, others: int
) -> None:
    mark(database, planned_course(database, tmp_path, *NUMBERS))
    log = tmp_path / "office.log"
    with PostOffice(log=log) as office:
        frozen = start(database_url, office, OPENING, crash_at=f"{point}:1:freeze")
        os.waitid(os.P_PID, frozen.pid, os.WSTOPPED)
        other = start(database_url, office, OPENING)
        wait_for(lambda: states_of(database)[PromptState.SENT] >= others)
        frozen.kill()
        wait_for(lambda: states_of(database)[PromptState.SENT] == 25)
        stop(other)
    result = tally(database, log)
    assert result.lost == frozenset()
    assert result.doubled <= result.in_doubt


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_two_schedulers_at_once_send_each_letter_once(database: Database, database_url: str, tmp_path: Path) -> None:
    planned_course(database, tmp_path, *[f"{number:03}" for number in range(300)])
    log = tmp_path / "office.log"
    with PostOffice(log=log) as office:
        processes = [start(database_url, office, OPENING) for _ in range(2)]
        wait_for(lambda: states_of(database) == {PromptState.SENT: 300}, 60)
        for process in processes:
            stop(process)
    taken = [message_id for message_id, _ in read_log(log)]
    assert len(taken) == len(set(taken)) >= 300


def rows(database: Database) -> list[tuple[object, ...]]:
    """Everything about every letter."""
    with database.reading() as db:
        return [tuple(row) for row in db.execute(select(Prompt.__table__).order_by(Prompt.id))]
