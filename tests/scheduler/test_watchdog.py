"""The clock and its watchdog: jobs go on whatever fails, and a dead clock ends the process."""

import logging
import threading
from datetime import timedelta
from typing import Any

import pytest

from scheduler.process import SOFTWARE_FAILED, Watchdog, caught, new_scheduler
from scheduler.repeating import Repeating
from tests.scheduler.crashes import wait_for
from trainer import clock


def test_the_clock_is_as_it_has_to_be() -> None:
    scheduler = new_scheduler()
    job = scheduler.add_job(lambda: None, "interval", seconds=5)
    scheduler.start(paused=True)
    try:
        assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)
        assert str(scheduler.timezone) == "UTC"
    finally:
        scheduler.shutdown()


def test_what_a_job_raises_is_logged_and_goes_no_further(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise RuntimeError("out of order")

    caught("tick", fail)()
    assert "tick failed" in caplog.text


def test_a_repeated_job_goes_on_after_an_error(caplog: pytest.LogCaptureFixture) -> None:
    calls: list[int] = []

    def fail() -> None:
        calls.append(1)
        raise RuntimeError("out of order")

    repeating = Repeating("heartbeat", fail, 0.01)
    repeating.start()
    wait_for(lambda: len(calls) >= 3)
    repeating.stop()
    assert "heartbeat failed" in caplog.text


class Clockwork:
    """A scheduler without APScheduler: its thread, whether it says that it runs, and its jobs."""

    def __init__(self, thread: threading.Thread) -> None:
        self._thread, self.running = thread, True
        self.woken: list[Any] = []

    def get_jobs(self) -> list["Clockwork"]:
        return [self]

    def modify(self, **changes: Any) -> None:
        self.woken.append(changes)


def test_the_watchdog_ends_a_process_whose_clock_has_died() -> None:
    ended: list[int] = []
    thread = threading.Thread(target=lambda: None)
    clockwork = Clockwork(thread)
    thread.start()
    thread.join()
    Watchdog(clockwork, ended.append).look()
    assert ended == [SOFTWARE_FAILED]
    clockwork._thread = threading.current_thread()
    Watchdog(clockwork, ended.append).look()
    assert ended == [SOFTWARE_FAILED]


def test_jobs_are_woken_when_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    clockwork = Clockwork(threading.current_thread())
    watchdog = Watchdog(clockwork, lambda code: None)
    watchdog.look()
    earlier = clock.now() - timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: earlier)
    watchdog.look()
    watchdog.look()
    assert clockwork.woken == [{"next_run_time": earlier}]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_real_thread_that_dies_is_noticed() -> None:
    """APScheduler itself goes on saying that it runs."""
    scheduler, ended = new_scheduler(), list[int]()
    watchdog = Watchdog(scheduler, ended.append)

    def die() -> None:
        raise SystemExit

    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    scheduler.start()
    watchdog.look()
    assert ended == []
    scheduler._process_jobs = die
    scheduler.wakeup()
    wait_for(lambda: not scheduler._thread.is_alive())
    assert scheduler.running
    watchdog.look()
    assert ended == [SOFTWARE_FAILED]
