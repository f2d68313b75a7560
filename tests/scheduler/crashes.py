"""Sending processes that are killed, and what the office's log says afterwards of lost and doubled letters."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from scheduler.__main__ import CRASH_AT
from scheduler.visits import visit
from tests.scheduler.sending_program import QUICK, engine_at
from tests.smtp_servers import PostOffice, read_log
from trainer.db import Database
from trainer.prompts.models import Attempt, Prompt, PromptState

ROOT = Path(__file__).parents[2]
started: list[subprocess.Popen[str]] = []


@dataclass(frozen=True)
class Tally:
    """Message-IDs: of the rows that ended as sent, of the letters lost and doubled, of those that were in doubt."""

    sent: frozenset[str]
    lost: frozenset[str]
    doubled: frozenset[str]
    in_doubt: frozenset[str]


def start(database: str, office: PostOffice, at: datetime, *words: str, crash_at: str = "") -> subprocess.Popen[str]:
    """A sending process of its own; `crash_at` arms a crash point."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)} | ({CRASH_AT: crash_at} if crash_at else {})
    command = [sys.executable, "-m", "tests.scheduler.sending_program", database, office.url, at.isoformat(), *words]
    started.append(subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stderr=subprocess.PIPE))
    return started[-1]


def end_all() -> None:
    """End every process that was started here and still runs."""
    for process in started:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()
    started.clear()


def finish(database: str, office: PostOffice, at: datetime) -> None:
    """Send what is left, some hours on, after the leases of the dead have run out."""
    let_leases_run_out(database)
    engine = engine_at(database, office.url, at)
    visit(engine, at, at + timedelta(hours=6))
    engine.database.dispose()


def let_leases_run_out(database: str) -> None:
    """On SQLite nobody waits: the one process that holds the lock knows that all others are dead."""
    if not database.startswith("sqlite"):
        time.sleep(QUICK.lease_seconds)


def kill_at_random(database: str, office: PostOffice, at: datetime, *, times: int, seed: int) -> int:
    """Start a sender and kill it a moment later, so many times; gives how many were killed at work."""
    chance, killed = random.Random(seed), 0  # noqa: S311 - no secret depends on it
    for _ in range(times):
        process = start(database, office, at)
        letters = len(office.received)
        until = time.monotonic() + 60
        while len(office.received) == letters and process.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.15))
        killed += len(office.received) > letters
        process.kill()
        process.communicate()
        let_leases_run_out(database)
    return killed


def stop(process: subprocess.Popen[str]) -> str:
    """Ask a process to stop; gives what it said on standard error."""
    process.send_signal(signal.SIGTERM)
    return process.communicate(timeout=60)[1]


def tally(database: Database, log: Path) -> Tally:
    """Compare the rows with the office's own log."""
    taken = Counter(message_id for message_id, _ in read_log(log))
    with database.reading() as db:
        rows = {f"<{uid}@minori.example.jp>": state for uid, state in db.execute(select(Prompt.uid, Prompt.state))}
        doubtful = select(Prompt.uid).join(Attempt, Attempt.prompt_id == Prompt.id).where(Attempt.outcome == "in_doubt")
        in_doubt = frozenset(f"<{uid}@minori.example.jp>" for uid in db.scalars(doubtful))
    sent = frozenset(message_id for message_id, state in rows.items() if state is PromptState.SENT)
    return Tally(
        sent=sent,
        lost=sent - taken.keys(),
        doubled=frozenset(message_id for message_id, times in taken.items() if times > 1),
        in_doubt=in_doubt,
    )


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Return once it is so; TimeoutError if it never is."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError("what the test waits for did not happen")
        time.sleep(0.02)


def states_of(database: Database, letter: str = "act1_open") -> Counter[PromptState]:
    """How many letters of one kind are in which state."""
    with database.reading() as db:
        return Counter(db.scalars(select(Prompt.state).where(Prompt.letter == letter)))


def states_by_seat(database: Database, letter: str = "act1_open") -> list[PromptState]:
    """The states of the trainees' letters of one kind, in the order of their seats."""
    with database.reading() as db:
        return list(db.scalars(select(Prompt.state).where(Prompt.letter == letter).order_by(Prompt.enrollment_id)))
