"""A sending process: it begins when it may, its jobs go on whatever fails, and a dead clock ends it."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, select

from scheduler import jobs
from scheduler.engine import Engine
from scheduler.in_process import start_in_process
from scheduler.locks import AlreadySending, SendingLock
from scheduler.process import SendingProcess
from tests.prompts.due_letters import OPENING, change, letter_of, new_lease, planned_course, take
from tests.scheduler.crashes import states_of, wait_for
from tests.scheduler.postbox import PATIENT, Postbox, make_engine
from trainer import clock
from trainer.cohorts.models import Cohort
from trainer.db import Database
from trainer.prompts import workers
from trainer.prompts.models import PromptState, TaskRun, Worker
from trainer.prompts.planning import mark_running
from trainer.settings import Settings

QUICK = replace(PATIENT, tick_seconds=0.1, heartbeat_seconds=0.1, reaper_seconds=0.1)


def at_opening(database: Database, postbox: Postbox) -> Engine:
    """An engine for which it is always the opening."""
    engine = make_engine(database, postbox, pace=QUICK, worker=workers.new_worker_id())
    engine.present = lambda database: OPENING
    return engine


@pytest.fixture
def process(database: Database) -> Iterator[SendingProcess]:
    """A process that is stopped in the end, whatever happens."""
    process = SendingProcess(at_opening(database, Postbox()), lock_retry_seconds=0.1)
    yield process
    process.stop()


def test_a_process_sends_what_is_due_and_shows_that_it_lives(
    database: Database, tmp_path: Path, process: SendingProcess
) -> None:
    planned_course(database, tmp_path)
    process.start()
    wait_for(lambda: states_of(database) == {PromptState.SENT: 2})
    with database.session() as db:
        assert list(workers.living_others(db, "", timedelta(seconds=30))) == [process.engine.worker]
        assert workers.is_ticking(db, process.engine.present(database), OPENING - timedelta(days=1))
    process.stop()
    with database.session() as db:
        assert list(workers.living_others(db, "", timedelta(seconds=30))) == []
    assert process.engine.make_mailer().closed == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_on_sqlite_a_second_process_waits_until_the_first_has_gone(
    database: Database, tmp_path: Path, process: SendingProcess
) -> None:
    planned_course(database, tmp_path)
    process.start()
    wait_for(lambda: process.is_running)
    postbox = Postbox()
    second = SendingProcess(at_opening(database, postbox), lock_retry_seconds=0.1)
    second.start()
    time.sleep(0.5)
    assert not second.is_running
    process.stop()
    wait_for(lambda: second.is_running)
    second.stop()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_at_its_start_the_only_process_takes_every_letter_back(
    database: Database, tmp_path: Path, process: SendingProcess
) -> None:
    planned_course(database, tmp_path)
    take(database, lease=new_lease(seconds=3600, worker="dead:1"))
    change(database, state=PromptState.HANDING)
    process.start()
    wait_for(lambda: states_of(database) == {PromptState.SENT: 2})
    assert {letter_of(database).attempts, letter_of(database, "002").attempts} == {2, 1}


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_lock_is_held_by_one_and_free_when_it_is_let_go(database_url: str) -> None:
    first, second = SendingLock.of(make_url(database_url)), SendingLock.of(make_url(database_url))
    assert first is not None
    assert second is not None
    with first:
        assert not second.acquire()
        with pytest.raises(AlreadySending), second:
            pass
    with second:
        assert not first.acquire()
    assert first.path.name.endswith(".sched.lock")


def test_where_there_is_no_file_there_is_no_lock() -> None:
    assert SendingLock.of(make_url("postgresql+psycopg://minori@localhost/minori")) is None
    assert SendingLock.of(make_url("sqlite:///:memory:")) is None


def test_a_heartbeat_prolongs_the_lease_in_hand(database: Database, tmp_path: Path) -> None:
    planned_course(database, tmp_path)
    engine = make_engine(database, Postbox(), pace=replace(PATIENT, lease_seconds=0.6))
    engine.begin()
    take(database, lease=engine.lease.begin())
    for _ in range(4):
        time.sleep(0.2)
        jobs.heartbeat(engine)
        assert engine.lease.is_good
    change(database, lease_token=new_lease().token)
    change(database, "002", lease_token=new_lease().token)
    jobs.heartbeat(engine)
    time.sleep(0.4)
    assert not engine.lease.is_good


def test_jobs_of_the_night_are_done_once_whoever_comes_first(database: Database, tmp_path: Path) -> None:
    cohort = planned_course(database, tmp_path)
    done: list[str] = []
    for _ in range(3):
        engine = at_opening(database, Postbox())
        jobs.once_a_night(engine, "plan", lambda db, now: done.append("again"))
    assert done == ["again"]
    engine.present = lambda database: OPENING + timedelta(days=1)
    jobs.once_a_night(engine, "plan", mark_running)
    with database.reading() as db:
        assert db.get_one(Cohort, cohort).is_to_plan
        slots = db.scalars(select(TaskRun.run_at).where(TaskRun.task == "plan").order_by(TaskRun.run_at)).all()
        assert slots[1] - slots[0] == timedelta(days=1)
        assert slots[0] <= OPENING < slots[0] + timedelta(days=1)


def test_the_timetable_names_every_job_and_only_the_heartbeat_has_its_own_thread(database: Database) -> None:
    table = jobs.timetable(at_opening(database, Postbox()))
    assert {"tick", "heartbeat", "reaper", "nightly plan", "nightly clean-up"} <= {job.name for job in table}
    assert len({job.name for job in table}) == len(table)
    assert [job.name for job in table if job.has_own_thread] == ["heartbeat"]


def test_beside_the_web_nothing_is_sent_when_the_scheduler_is_off(settings: Settings) -> None:
    assert start_in_process(settings) is None


def test_beside_the_web_letters_are_sent(database: Database, settings: Settings, tmp_path: Path) -> None:
    changed = settings.model_copy(
        update={"scheduler": True, "database_url": database.url.render_as_string(hide_password=False)}
    )
    process = start_in_process(changed)
    assert process is not None
    try:
        wait_for(lambda: _workers(database) == 1)
        wait_for(lambda: _ticked(database))
    finally:
        process.stop()


def _workers(database: Database) -> int:
    with database.reading() as db:
        return len(db.scalars(select(Worker.id)).all())


def _ticked(database: Database) -> bool:
    with database.reading() as db:
        return workers.last_tick_at(db, clock.now()) is not None
