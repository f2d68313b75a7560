"""`./run bench reflections`: the form and the saving of a draft, among a thousand and a million stored reflections."""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import create_environ, run_wsgi_app

from tests.accounts.browsers import Browser
from tests.act3_practice.turns import ANSWERS, make_plan, make_reflection
from tests.bench.large import databases
from tests.factories import let_write
from tests.large_cohort import BETWEEN_REFLECTIONS, LargeCohort, make_large_cohort
from tests.measuring_pages import spending
from trainer import clock
from trainer.app import create_app
from trainer.cohorts.models import Enrollment
from trainer.db import Database
from trainer.key_ring import KeyRing
from trainer.permissions import Can, Role, needs
from trainer.settings import Settings, read_settings

AIMS = {"form": 0.08, "draft saved": 0.2}  # of an empty authenticated view
FLAT = 1.2  # so much slower at most among the most stored reflections than among the fewest
ROUNDS = 12  # and one before, which is not counted
WORDS_BYTES = 600  # of a stored reflection, sealed
SEATS_AT_A_TIME = 50_000
TYPED = {
    **{name: str(value) for name, value in ANSWERS.items() if isinstance(value, str)},
    "m_status-m1": "done",
    "gap": "予想と違ったのは、一回目から話し出したことです。",
}


@dataclass
class Writer:
    """A trainee at their second reflection: what their browser sends along, and the draft as it stands."""

    app: Flask
    path: str
    cookie: str
    token: str
    revision: int = field(default=0)
    saves: int = field(default=0)

    def read(self, path: str = "") -> None:
        _ask(self.app, path or self.path, self.cookie)

    def save(self) -> None:
        """Other words each time, on top of the last revision."""
        self.saves += 1
        form = {**TYPED, "scene": f"{self.saves}回目に書いた一場面。", "revision": str(self.revision)}
        self.revision = _ask(self.app, f"{self.path}/draft", self.cookie, form, self.token)["revision"]


def main() -> None:
    """For each database and number of reflections, the pace as a share of the empty view; then how flat it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stored", type=int, nargs="+", default=[1_000, 1_000_000])
    parser.add_argument("--requests", type=int, default=240)
    told = parser.parse_args()
    ahead = BETWEEN_REFLECTIONS - clock.now()
    clock.follow(lambda: ahead)
    with databases() as each, TemporaryDirectory() as folder:
        for kind, database in each:
            home = Path(folder) / kind
            home.mkdir()
            writer = _writer(database, read_settings({"ENVIRONMENT": "test", "SCHEDULER": "off"}, home))
            paces = {count: _measured(kind, database, writer, count, told.requests) for count in sorted(told.stored)}
            for name in AIMS:
                few, many = paces[min(paces)][name], paces[max(paces)][name]
                print(f"{kind}: {name} is {many / few:.2f} times slower among the most (at most {FLAT})")
    print(f"aims, of the empty view: {AIMS}")


def _writer(database: Database, settings: Settings) -> Writer:
    """Somebody with a plan and a first reflection; their second is open."""
    ring = KeyRing.open_or_create(settings.key_ring, settings.master_key)
    app = create_app(settings, database)
    app.add_url_rule("/empty", view_func=empty)
    with database.session() as db:
        cohort = make_large_cohort(db, 30)
        let_write(db, ring)
        _begin(db, cohort)
        db.commit()
    browser = Browser(app)
    browser.enter(cohort.users[Role.TRAINEE], clock.now())
    path = f"/seats/{cohort.seats[Role.TRAINEE]}/reflections/reflection2"
    token = browser.token("/account/")  # which is in the cookie, too
    return Writer(app, path, f"s={browser.cookie()}", token)


def _begin(db: Session, cohort: LargeCohort) -> None:
    seat = db.scalars(select(Enrollment).where(Enrollment.uid == cohort.seats[Role.TRAINEE])).one()
    make_plan(db, seat)
    make_reflection(db, seat)
    db.execute(text("UPDATE cohorts SET day1_on = '2027-01-13', day2_on = '2027-01-14'"))  # two months ago


@needs(Can.USE_ACCOUNT)
def empty() -> str:
    """What every page costs at least: the gate, and nothing behind it."""
    return ""


def _measured(kind: str, database: Database, writer: Writer, stored: int, requests: int) -> dict[str, float]:
    """Seconds of each case among so many stored reflections."""
    with database.session() as db:
        _store(db, stored)
    calls = {"empty": lambda: writer.read("/empty"), "form": writer.read, "draft saved": writer.save}
    shares, seconds = _in_turns(calls, max(1, requests // ROUNDS))
    print(f"{kind}, {stored:,} stored reflections")
    for name, aim in AIMS.items():
        with spending(writer.app) as spent:
            calls[name]()
        share = shares[name]
        each = 1000 * seconds[name]
        print(
            f"  {name:<14}{each:8.2f} ms{share:7.2f} of the empty view (aim {aim}), {len(spent.statements)} statements"
        )
    return {name: 1 / shares[name] for name in AIMS}


def _in_turns(calls: dict[str, Callable[[], None]], requests: int) -> tuple[dict[str, float], dict[str, float]]:
    """Each case in turn, again and again: what else the machine does meanwhile meets all of them alike."""
    rounds = [{name: _seconds(call, requests) for name, call in calls.items()} for _ in range(ROUNDS + 1)][1:]
    seconds = {name: median(each[name] for each in rounds) for name in calls}
    return {name: median(each["empty"] / each[name] for each in rounds) for name in calls}, seconds


def _seconds(call: Callable[[], None], times: int) -> float:
    begin = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - begin) / times


def _store(db: Session, stored: int) -> None:
    """Seats of the same company with two reflections and a draft each, until there are so many reflections."""
    seats = (stored - int(db.execute(text("SELECT count(*) FROM reflections")).scalar_one())) // 2
    first = int(db.execute(text("SELECT max(id) FROM users")).scalar_one()) + 1
    is_sqlite = db.get_bind().dialect.name == "sqlite"
    for begin in range(first, first + seats, SEATS_AT_A_TIME):
        numbers = {"begin": begin, "end": min(begin + SEATS_AT_A_TIME, first + seats) - 1, "bytes": WORDS_BYTES}
        for statement in _statements(is_sqlite=is_sqlite):
            db.execute(text(statement), numbers)
        db.commit()
    if not is_sqlite:
        db.execute(text("ANALYZE"))
        db.commit()


def _statements(*, is_sqlite: bool) -> list[str]:
    """A person, their seat, two reflections and a draft for each number, in the first cohort."""
    series = "WITH RECURSIVE series(n) AS (SELECT :begin UNION ALL SELECT n + 1 FROM series WHERE n < :end) "
    uid, words, source = "lower(hex(randomblob(16)))", "randomblob(:bytes)", "series"
    if not is_sqlite:
        series, uid = "", "gen_random_uuid()"
        words = "decode(repeat(md5(n::text), CAST(:bytes AS integer) / 16), 'hex')"
        source = "generate_series(CAST(:begin AS bigint), CAST(:end AS bigint)) AS series(n)"
    now = "'2027-03-10 01:00:00'" if is_sqlite else "timestamptz '2027-03-10 01:00:00+00'"
    cohort = f"FROM {source} CROSS JOIN (SELECT * FROM cohorts ORDER BY id LIMIT 1) AS cohort"  # noqa: S608 - all of it ours
    steps = f"{cohort} CROSS JOIN (SELECT 'reflection1' AS step UNION ALL SELECT 'reflection2') AS steps"
    return [
        "INSERT INTO users (id, uid, organization_id, employee_number, name, name_reading, email, department, "
        f"created_at) {series}SELECT n, {uid}, cohort.organization_id, 'n' || n, 'Person ' || n, '', "
        f"'n' || n || '@minato.example', '', {now} {cohort}",
        "INSERT INTO enrollments (id, uid, organization_id, cohort_id, user_id, role, status, added_at) "
        f"{series}SELECT n, {uid}, cohort.organization_id, cohort.id, n, 'trainee', 'active', {now} {cohort}",
        "INSERT INTO reflections (uid, organization_id, cohort_id, enrollment_id, step, mode, audience, words_sealed, "
        f"submitted_at) {series}SELECT {uid}, cohort.organization_id, cohort.id, n, step, 'full', 'facilitator', "
        f"{words}, {now} {steps}",
        "INSERT INTO drafts (uid, organization_id, enrollment_id, form, revision, words_sealed, saved_at) "
        f"{series}SELECT {uid}, cohort.organization_id, n, 'plan', 1, {words}, {now} {cohort}",
    ]


def _ask(app: Flask, path: str, cookie: str, form: dict[str, str] | None = None, token: str = "") -> dict[str, Any]:
    """The answer's JSON, {} for a page; straight into the application, without a server."""
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token}
    environ = create_environ(
        path,
        app.config["PREFERRED_URL_SCHEME"] + "://" + app.config["SERVER_NAME"],
        method="POST" if form else "GET",
        data=urlencode(form).encode() if form else None,
        headers=headers,
    )
    chunks, status, _answered = run_wsgi_app(app, environ, buffered=True)
    content = b"".join(chunks)
    if not status.startswith("200"):
        raise SystemExit(f"{path} answered {status}: {content.decode()[:200]}")
    return dict(app.json.loads(content)) if form else {}


if __name__ == "__main__":
    main()
