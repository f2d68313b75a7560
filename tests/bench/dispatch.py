"""`./run bench dispatch`: letters due in one minute through the whole chain, a naive loop and APScheduler beside it."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select, update

from tests.bench.large import NOW, databases, fill
from tests.bench.sink import sink
from trainer.db import Database
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.planning import plan_prompts

COMPARED = 2000
SMALL = 1000
SEATS = 300


def main() -> None:
    """Print letters a second, CPU and memory, and the ratios of the same run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=36_000)
    told = parser.parse_args()
    with sink() as (url, name), databases(durable=True) as each:
        print(f"Mail server: {name}")
        for kind, database in each:
            fill(database, cohorts=max(told.letters // SEATS, COMPARED // SEATS + 1), seats=SEATS)
            _plan_openings(database)
            measure(kind, database, url, told.letters)


def measure(kind: str, database: Database, smtp_url: str, letters: int) -> None:
    """All sizes and ways on one database."""
    print(kind)
    full = run("ours", database, smtp_url, letters)
    small = run("ours", database, smtp_url, SMALL)
    print(
        f"  {letters:>7,} letters   {letters / full['seconds']:8.0f}/s  {full['cpu'] / letters * 1e6:7.0f} µs CPU each"
    )
    print(f"  peak memory       {small['peak_mb']:8.1f} MB at {SMALL:,}, {full['peak_mb']:.1f} MB at {letters:,}")
    rates = {way: COMPARED / run(way, database, smtp_url, COMPARED)["seconds"] for way in ("ours", "naive", "jobs")}
    for way, rate in rates.items():
        print(f"  {COMPARED:>7,} by {way:6}  {rate:8.0f}/s  ours is {rates['ours'] / rate:5.2f} times this")


def run(way: str, database: Database, smtp_url: str, letters: int) -> dict[str, float]:
    """What it took to send so many letters in one way, in a process of its own; every one must have gone."""
    _make_due(database, letters)
    with TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "ENVIRONMENT": "test",
            "DATABASE_URL": database.url.render_as_string(hide_password=False),
            "SMTP_URL": smtp_url,
            "KEY_RING": str(Path(folder) / "keys.json"),
            "OUTBOX_DIR": str(Path(folder) / "outbox"),
            "PUBLIC_URL": "https://minori.example.jp",
        }
        command = [sys.executable, "-m", "tests.bench.senders", way]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    with database.session() as db:
        sent = db.scalar(select(func.count()).where(Prompt.state == PromptState.SENT).select_from(Prompt))
    if sent != letters:
        raise SystemExit(f"{way}: {letters} letters were due, {sent} are recorded as sent")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _plan_openings(database: Database) -> None:
    """One letter for each seat, all due at the same instant."""
    with database.session() as db:
        while plan_prompts(db, NOW):
            db.commit()
        db.execute(update(Prompt).where(Prompt.letter != "act1_open").values(state=PromptState.FAILED))
        db.commit()


def _make_due(database: Database, letters: int) -> None:
    with database.session() as db:
        openings = update(Prompt).where(Prompt.letter == "act1_open")
        db.execute(openings.values(state=PromptState.FAILED, sent_at=None, attempts=0, next_at=Prompt.due_at))
        chosen = select(Prompt.id).where(Prompt.letter == "act1_open").order_by(Prompt.id).limit(letters)
        db.execute(update(Prompt).where(Prompt.id.in_(chosen)).values(state=PromptState.PLANNED))
        db.commit()


if __name__ == "__main__":
    main()
