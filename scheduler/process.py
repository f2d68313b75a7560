"""A sending process from its start to its end: the lock, the jobs, the watchdog, and a stop that loses nothing."""

import logging
import os
import threading
from collections.abc import Callable
from datetime import UTC, timedelta

from apscheduler.executors.debug import DebugExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from scheduler.clock_watch import ClockWatch
from scheduler.engine import Engine
from scheduler.jobs import timetable
from scheduler.locks import SendingLock
from scheduler.repeating import Repeating
from trainer import clock
from trainer.prompts import reaper

log = logging.getLogger(__name__)
LOCK_RETRY_SECONDS = 10.0
WATCHDOG_SECONDS = 5.0
BACKWARD = timedelta(seconds=-1)
SOFTWARE_FAILED = 70  # sysexits.h; the service manager starts the process again


class SendingProcess:
    """Sends letters until it is stopped; on SQLite only while it holds the lock, for which it waits."""

    def __init__(self, engine: Engine, *, lock_retry_seconds: float = LOCK_RETRY_SECONDS) -> None:
        self.engine = engine
        self._lock = SendingLock.of(engine.database.url)
        self._retry_seconds = lock_retry_seconds
        self._scheduler: BackgroundScheduler | None = None
        self._threads: list[Repeating] = []
        self._starter = threading.Thread(target=self._start_when_free, name="sending process", daemon=True)

    @property
    def is_running(self) -> bool:
        """Whether this process has begun to send."""
        return self._scheduler is not None

    def start(self) -> None:
        """Begin as soon as no other process holds the lock; returns at once."""
        self._starter.start()

    def stop(self) -> None:
        """Claim nothing more, finish the letter in hand, record, give the rest back, say QUIT: within 30 s."""
        self.engine.stopping.set()
        self._starter.join(self.engine.pace.stop_seconds)
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is None:
            return
        ending = threading.Thread(target=scheduler.shutdown, daemon=True)  # waits for the turn
        ending.start()
        ending.join(self.engine.pace.stop_seconds)
        for thread in self._threads:  # the heartbeat held on to the letter in hand
            thread.stop()
        if ending.is_alive():
            log.error("the letter in hand was not finished in time; it will be in doubt")
        else:
            self.engine.end()
            self._release()

    def _start_when_free(self) -> None:
        while not self.engine.stopping.is_set():
            try:
                if self._lock is None or self._lock.acquire():
                    self._run()
                    return
                log.info("another process sends the letters of this database; trying again")
            except Exception:  # a database that is not there yet, say
                log.exception("sending cannot begin yet; trying again")
                self._release()
            self.engine.stopping.wait(self._retry_seconds)

    def _run(self) -> None:
        self.engine.begin()
        if self._lock is not None:
            self._take_back_everything()
        scheduler = new_scheduler()
        watch = Watchdog(scheduler)
        for job in timetable(self.engine):
            if job.has_own_thread:
                self._threads.append(Repeating(job.name, job.function, job.seconds))
            else:
                body = caught(job.name, job.function)
                scheduler.add_job(body, "interval", seconds=job.seconds, id=job.name, next_run_time=clock.now())
        self._threads.append(Repeating("watchdog", watch.look, WATCHDOG_SECONDS))
        scheduler.start()
        self._scheduler = scheduler
        for thread in self._threads:
            thread.start()

    def _take_back_everything(self) -> None:
        """Only the holder of the lock sends, so whoever held a lease is dead."""
        now = self.engine.present(self.engine.database)
        with self.engine.database.session() as db:
            reaper.reap_all(db, now)
            db.commit()

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()


class Watchdog:
    """Ends a process whose clock has stopped: a scheduler without its thread still says that it is running."""

    def __init__(self, scheduler: BackgroundScheduler, end: Callable[[int], object] = os._exit) -> None:
        self._scheduler, self._end = scheduler, end
        self._thread: threading.Thread | None = None
        self._clock = ClockWatch()

    def look(self) -> None:
        """End the process if the thread is dead; wake the jobs that a clock set back would let sleep."""
        self._thread = getattr(self._scheduler, "_thread", None) or self._thread
        if self._scheduler.running and self._thread is not None and not self._thread.is_alive():
            log.critical("the scheduler's thread has died: this process ends, to be started again")
            self._end(SOFTWARE_FAILED)
        if self._clock.drift(clock.now()) < BACKWARD:
            for job in self._scheduler.get_jobs():
                job.modify(next_run_time=clock.now())


def new_scheduler() -> BackgroundScheduler:
    """A clock in UTC that keeps its few jobs in memory; in its own thread, so that no two of them overlap."""
    return BackgroundScheduler(
        timezone=UTC,
        jobstores={"default": MemoryJobStore()},
        executors={"default": DebugExecutor()},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )


def caught(name: str, function: Callable[[], object]) -> Callable[[], None]:
    """The same job, whose errors are logged and go no further."""

    def body() -> None:
        try:
            function()
        except Exception:  # the edge of a job
            log.exception("%s failed", name)

    return body
