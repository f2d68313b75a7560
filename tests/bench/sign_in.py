"""`./run bench sign_in`: whether the time of a refusal tells if an address is known (promise R23)."""

import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from flask import Flask

from tests.accounts.browsers import Browser, give_password
from tests.accounts.factories import make_organization, make_user
from tests.bench.large import databases
from trainer import clock
from trainer.app import create_app
from trainer.db import Database
from trainer.settings import read_settings

AIM = 0.3  # apart at most, of the longer
TRIES = 15  # of each; twenty would empty the bucket
KNOWN, UNKNOWN = "okada@example.jp", "nobody@example.jp"


def main() -> None:
    """One line for each kind of database: the median of both, and how far they are apart."""
    with databases() as each, TemporaryDirectory() as folder:
        for kind, database in each:
            app = create_app(read_settings({"ENVIRONMENT": "test", "SCHEDULER": "off"}, Path(folder)), database)
            _make_known(database)
            known, unknown = _medians(app)
            apart = abs(known - unknown) / max(known, unknown)
            print(f"{kind:<12}known {1000 * known:5.1f} ms   unknown {1000 * unknown:5.1f} ms   apart {apart:.2f}")
    print(f"aim: at most {AIM} apart")


def _make_known(database: Database) -> None:
    with database.session() as db:
        user = make_user(db, make_organization(db, "Minato"), KNOWN)
        db.commit()
    give_password(database, user, clock.now())


def _medians(app: Flask) -> tuple[float, float]:
    """In seconds; tried in turn, so that whatever else the machine does meets both alike."""
    browser = Browser(app)
    form = {"csrf_token": browser.token("/sign-in/password"), "password": "a wrong one that is long"}
    took: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    for _ in range(TRIES):
        for address, seconds in took.items():
            began = time.perf_counter()
            browser.client.post("/sign-in/password", data={**form, "address": address})
            seconds.append(time.perf_counter() - began)
    return median(took[KNOWN]), median(took[UNKNOWN])


if __name__ == "__main__":
    main()
