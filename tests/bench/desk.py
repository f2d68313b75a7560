"""`./run bench desk`: the review desk with 300 plans waiting and with 5,000, in one run: queries and time."""

import argparse
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import text

from tests.accounts.browsers import Browser
from tests.bench.large import databases
from tests.large_cohort import BETWEEN_REFLECTIONS
from tests.large_desk import LargeDesk, make_large_desk
from tests.measuring_pages import spending
from trainer import clock
from trainer.app import create_app
from trainer.db import Database
from trainer.key_ring import KeyRing
from trainer.settings import Settings, read_settings


def main() -> None:
    """For each page: statements and median at both sizes, and how many times as long the larger one takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=300)
    parser.add_argument("--many", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=60)
    told = parser.parse_args()
    ahead = BETWEEN_REFLECTIONS - clock.now()
    clock.follow(lambda: ahead)
    with databases() as each:
        for kind, database in each:
            with TemporaryDirectory() as folder:
                settings = read_settings({"ENVIRONMENT": "test", "SCHEDULER": "off"}, Path(folder))
                _measure(kind, settings, database, (told.few, told.many), told.rounds)


def _measure(kind: str, settings: Settings, database: Database, sizes: tuple[int, int], rounds: int) -> None:
    ring = KeyRing.open_or_create(settings.key_ring, settings.master_key)
    app = create_app(settings, database)
    with database.session() as db:
        desks = [make_large_desk(db, size, ring) for size in sizes]
        db.execute(text("ANALYZE"))  # as any database has done whose rows are older than a minute
        db.commit()
    browsers = [_browser(app, desk) for desk in desks]
    print(kind)
    for page in ("home", "queue", "card"):
        paths = [str(getattr(desk, page)) for desk in desks]
        statements = [_statements(app, browser, path) for browser, path in zip(browsers, paths, strict=True)]
        few, many = _medians(browsers, paths, rounds)
        for size, count, seconds in zip(sizes, statements, (few, many), strict=True):
            print(f"  {page:<5} {size:>6,} plans: {count} statements, {1000 * seconds:.1f} ms")
        print(f"  {page:<5} {many / few:.2f} times")


def _browser(app: Flask, desk: LargeDesk) -> Browser:
    browser = Browser(app)
    browser.enter(desk.facilitator, clock.now())
    return browser


def _statements(app: Flask, browser: Browser, path: str) -> int:
    """The statements of a page, the gate's included, the second time it is asked for."""
    if browser.get(path).status_code != 200:
        raise SystemExit(f"{path} did not answer")
    with spending(app) as spent:
        browser.get(path)
    return len(spent.statements)


def _medians(browsers: list[Browser], paths: list[str], rounds: int) -> tuple[float, float]:
    """Seconds at both sizes, asked for in turns, so that what else the machine does meets both alike."""
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for place, (browser, path) in enumerate(zip(browsers, paths, strict=True)):
            begin = time.perf_counter()
            browser.get(path)
            took[place].append(time.perf_counter() - begin)
    return median(took[0]), median(took[1])


if __name__ == "__main__":
    main()
