"""`./run bench plans`: saves of a draft and pages of a plan, sealing on, as a share of the empty signed-in view."""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select
from werkzeug.test import create_environ, run_wsgi_app

from tests.accounts.browsers import Browser
from tests.act2_workshop.planner import REQUIRED, SHARED
from tests.bench.large import databases
from tests.bench.web import EMPTY, _pace_words, _paces, empty
from tests.factories import let_write
from tests.large_cohort import BETWEEN_REFLECTIONS, LargeCohort, make_large_cohort
from tests.measuring_pages import spending
from trainer import clock
from trainer.app import create_app
from trainer.cohorts.models import Enrollment
from trainer.db import Database
from trainer.key_ring import KeyRing
from trainer.permissions import Role
from trainer.settings import read_settings
from trainer.writing.models import Draft

AIM = 0.2  # of the empty view: a save
MEASURES = 3  # of a plan as long as most will be


class Trainee:
    """Somebody who types: each save says something else, on top of the last revision."""

    def __init__(self, app: Flask, cohort: LargeCohort) -> None:
        self.app, self.path = app, f"/seats/{cohort.seats[Role.TRAINEE]}/plan"
        browser = Browser(app)
        browser.enter(cohort.users[Role.TRAINEE], clock.now())
        self.token = browser.token("/account/")
        self.cookie = f"s={browser.cookie()}"
        self.revision = 0

    def read(self, path: str) -> int:
        return self._call("GET", path, None)

    def save(self) -> int:
        typed = [("csrf_token", self.token), ("revision", str(self.revision)), *plan_of_measures(self.revision)]
        self.revision += 1
        return self._call("POST", f"{self.path}/draft", urlencode(typed).encode())

    def _call(self, method: str, path: str, form: bytes | None) -> int:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        site = self.app.config["PREFERRED_URL_SCHEME"] + "://" + self.app.config["SERVER_NAME"]
        environ = create_environ(path, site, method=method, data=form, headers={"Cookie": self.cookie, **kind})
        chunks, status, _answered = run_wsgi_app(self.app, environ, buffered=True)
        if not status.startswith("200"):
            raise SystemExit(f"{path} answered {status}")
        return len(b"".join(chunks))


def main() -> None:
    """A table for each kind of database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seats", type=int, default=300)
    parser.add_argument("--requests", type=int, default=300)
    told = parser.parse_args()
    ahead = BETWEEN_REFLECTIONS - clock.now()
    clock.follow(lambda: ahead)
    with databases() as each, TemporaryDirectory() as folder:
        for kind, database in each:
            app, cohort = _world(database, Path(folder) / kind, told.seats)
            _print_paces(kind, app, database, cohort, told.requests)
    print(f"aim: a save at {AIM} of the empty view")


def plan_of_measures(number: int) -> list[tuple[str, str]]:
    """What a browser posts for a plan of MEASURES, whose state is written a little further each time."""
    own = [pair for pair in REQUIRED if not pair[0].startswith("m")]
    one = [(name, value) for name, value in [*REQUIRED, *SHARED] if name.startswith("m1-")]
    measures = [
        pair
        for place in range(1, MEASURES + 1)
        for pair in [("measure", f"m{place}"), *((name.replace("m1-", f"m{place}-"), value) for name, value in one)]
    ]
    return [*own, *measures, ("plan-theme", f"written {number} times")]


def _world(database: Database, folder: Path, seats: int) -> tuple[Flask, LargeCohort]:
    folder.mkdir()
    settings = read_settings({"ENVIRONMENT": "test", "SCHEDULER": "off"}, folder)
    ring = KeyRing.open_or_create(settings.key_ring, settings.master_key)
    app = create_app(settings, database)
    app.add_url_rule("/empty", view_func=empty)
    with database.session() as db:
        cohort = make_large_cohort(db, seats)
        let_write(db, ring)
        db.commit()
    return app, cohort


def _print_paces(kind: str, app: Flask, database: Database, cohort: LargeCohort, requests: int) -> None:
    trainee = Trainee(app, cohort)
    calls: dict[str, Callable[[], Any]] = {
        EMPTY: partial(trainee.read, "/empty"),
        "a draft saved": trainee.save,
        "the form": partial(trainee.read, f"{trainee.path}/edit"),
        "the hints": partial(trainee.read, f"{trainee.path}/hints"),
    }
    trainee.save()
    print(f"{kind}, {cohort_size(database, cohort):,} seats{'requests/s':>23}{'share':>7}")
    paces = _paces(calls, requests)
    for name, call in calls.items():
        with spending(app) as spent:
            size = call()
        print(f"{_pace_words(name, paces[name])}{len(spent.statements):>4} queries{size / 1000:>8.1f} KB")
    with database.reading() as db:
        assert db.scalars(select(Draft)).one().revision == trainee.revision  # every save counted


def cohort_size(database: Database, cohort: LargeCohort) -> int:
    """How many seats there are."""
    with database.reading() as db:
        return len(db.scalars(select(Enrollment.id).where(Enrollment.cohort_id == cohort.cohort_id)).all())


if __name__ == "__main__":
    main()
