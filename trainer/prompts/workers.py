"""The processes that send letters: their signs of life, and the tasks that are done once for all of them."""

import os
import secrets
import socket
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from trainer import clock
from trainer.db import UTCDateTime
from trainer.prompts.models import TaskRun, Worker

TICK_IS_LATE = timedelta(seconds=60)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # the heartbeat of a process that has left in good order
LONGEST_WORDS = 500


def new_worker_id() -> str:
    """A name for this process that no other has had: host, process number, something random."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


def server_now(db: Session, later: timedelta = timedelta(0)) -> ColumnElement[datetime]:
    """The database server's own time, and so much later: what leases and heartbeats are measured by.

    SQLite has no server: there all processes are on one host, and that host's clock it is.
    """
    if db.get_bind().dialect.name == "sqlite":
        return literal(clock.now() + later, UTCDateTime())
    return func.now(type_=UTCDateTime()) + literal(later)


def present(db: Session) -> datetime:
    """The instant (UTC) at which a turn happens: the server's where there is one, so that all processes agree.

    In the demo it is as far ahead as the demo was moved; leases and heartbeats never are.
    """
    if db.get_bind().dialect.name == "sqlite":
        return clock.now()
    return db.execute(select(server_now(db))).scalar_one() + clock.ahead()


def register(db: Session, worker: str) -> None:
    """A process begins, or begins again; the caller commits, as for everything here."""
    row = {"id": worker, "host": socket.gethostname()[:200], "process": os.getpid(), "last_error": ""}
    begun = _insert(db, Worker).values(**row, started_at=server_now(db), heartbeat_at=server_now(db))
    db.execute(begun.on_conflict_do_update(index_elements=["id"], set_={"heartbeat_at": server_now(db)}))


def beat(db: Session, worker: str) -> None:
    """The process is alive."""
    db.execute(update(Worker).where(Worker.id == worker).values(heartbeat_at=server_now(db)))


def mark_tick(db: Session, worker: str, now: datetime) -> None:
    """The process looks after the letters that are due at `now`, the instant of its turn."""
    db.execute(update(Worker).where(Worker.id == worker).values(last_tick_at=now))


def note_error(db: Session, worker: str, words: str) -> None:
    """What somebody should know of, for `doctor`."""
    db.execute(update(Worker).where(Worker.id == worker).values(last_error=words[:LONGEST_WORDS]))


def leave(db: Session, worker: str) -> None:
    """The process ends in good order: it holds nothing any more."""
    db.execute(update(Worker).where(Worker.id == worker).values(heartbeat_at=LONG_AGO))


def living_others(db: Session, worker: str, patience: timedelta) -> Sequence[str]:
    """The other processes whose last heartbeat is younger than `patience`."""
    alive = select(Worker.id).where(Worker.id != worker, Worker.heartbeat_at > server_now(db, -patience))
    return db.scalars(alive.order_by(Worker.id)).all()


def last_tick_at(db: Session, now: datetime) -> datetime | None:
    """The instant (UTC) of the last turn of any process; turns that lie after `now` are not counted.

    Such turns were done on a clock that has been put right since, or by `tick --now`, and prove nothing today.
    """
    turns = select(func.max(Worker.last_tick_at)).where(Worker.last_tick_at <= now + TICK_IS_LATE)
    return db.scalar(turns)


def is_ticking(db: Session, now: datetime, started_at: datetime) -> bool:
    """Whether letters are looked after; a program that has just started (60 s) is given time."""
    if now - started_at < TICK_IS_LATE:
        return True
    last = last_tick_at(db, now)
    return last is not None and now - last <= TICK_IS_LATE


def is_first(db: Session, task: str, run_at: datetime, worker: str) -> bool:
    """Whether nobody has taken this slot of a task yet; then it is ours, once the caller commits."""
    taken = _insert(db, TaskRun).values(task=task, run_at=run_at, worker_id=worker, result="")
    return db.execute(taken.on_conflict_do_nothing().returning(TaskRun.task)).first() is not None


def finish_task(db: Session, task: str, run_at: datetime, result: str) -> None:
    """Write down how a slot of a task ended."""
    done = update(TaskRun).where(TaskRun.task == task, TaskRun.run_at == run_at)
    db.execute(done.values(ended_at=server_now(db), result=result[:LONGEST_WORDS]))


def forget_the_old(db: Session, now: datetime, kept: timedelta) -> int:
    """Remove processes that have been silent, and slots of tasks that are past, for longer than `kept`."""
    begun_long_ago = Worker.started_at < server_now(db, -kept)  # who left in good order has no heartbeat
    silent = delete(Worker).where(begun_long_ago, Worker.heartbeat_at < server_now(db, -kept))
    past = delete(TaskRun).where(TaskRun.run_at < now - kept)
    return len(db.execute(silent.returning(Worker.id)).all()) + len(db.execute(past.returning(TaskRun.task)).all())


def _insert(db: Session, model: type[Worker] | type[TaskRun]) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(model) if db.get_bind().dialect.name == "sqlite" else postgresql.insert(model)
