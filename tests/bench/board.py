"""`./run bench board`: the board, a person's page and the ledger for cohorts of very different sizes, in one run."""

import argparse
import time
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple
from uuid import UUID

from flask import Flask
from sqlalchemy import Select, delete, func, select, text, update
from sqlalchemy.orm import Session
from werkzeug.test import create_environ, run_wsgi_app

from tests.accounts.browsers import Browser
from tests.bench.large import databases
from tests.large_cohort import BETWEEN_REFLECTIONS, LargeCohort, make_large_cohort
from tests.measuring_pages import spending
from trainer import clock
from trainer.accounts.models import User
from trainer.app import create_app
from trainer.cohorts.models import Cohort, Enrollment, FinishedStep, SeatStatus
from trainer.cohorts.standing_models import Standing
from trainer.cohorts.standings import recount
from trainer.db import Database
from trainer.permissions import Role
from trainer.prompts.models import Address, Prompt, PromptState
from trainer.settings import read_settings

MOST_QUERIES, MOST_TIMES = 8, 2.0
ROUNDS = 41
PAGES = {
    "board": "/cohorts/{cohort}/board",
    "board, in the middle": "/cohorts/{cohort}/board?after={middle}",
    "board, not done by department": "/cohorts/{cohort}/board?show=not-done&sort=department&after={middle}",
    "board, paused": "/cohorts/{cohort}/board?show=paused",
    "board, past a due date": "/cohorts/{cohort}/board?show=overdue",
    "board, not reached": "/cohorts/{cohort}/board?show=unreachable",
    "a person's page": "/cohorts/{cohort}/trainees/{middle}",
    "ledger, the busiest day": "/cohorts/{cohort}/ledger?day={busiest}",
    "ledger, its last page": "/cohorts/{cohort}/ledger?day={busiest}&letter={letter}&state={state}&after={last}",
    "ledger, not sent": "/cohorts/{cohort}/ledger?day={busiest}&which=skipped",
    "ledger, not delivered": "/cohorts/{cohort}/ledger?day={busiest}&which=undelivered",
    "attendance": "/cohorts/{cohort}/attendance",
}


class Company(NamedTuple):
    """One cohort of some size, the coordinator's cookie, and the addresses of its pages."""

    seats: int
    cookie: str
    paths: dict[str, str]


class Cost(NamedTuple):
    """What a page costs: its queries, and the median of milliseconds."""

    queries: int
    milliseconds: float


def main() -> None:
    """A table for each kind of database: a page in a line, a size in a column, the sizes in turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seats", type=int, nargs="+", default=[300, 5_000, 36_000])
    told = parser.parse_args()
    ahead = BETWEEN_REFLECTIONS - clock.now()
    clock.follow(lambda: ahead)
    with databases() as each, TemporaryDirectory() as folder:
        for kind, database in each:
            app = create_app(read_settings({"ENVIRONMENT": "test", "SCHEDULER": "off"}, Path(folder)), database)
            companies = [_company(app, database, seats) for seats in told.seats]
            _tidy(database)
            _print(kind, app, companies)


def _company(app: Flask, database: Database, seats: int) -> Company:
    with database.session() as db:
        cohort = make_large_cohort(db, seats)
        _make_trouble(db, cohort)
    browser = Browser(app)
    browser.enter(cohort.users[Role.COORDINATOR], clock.now())
    with database.reading() as db:
        day = db.scalars(_days(cohort).order_by(func.count().desc()).limit(1)).one()
        words = {"cohort": cohort.cohort_uid, "middle": db.scalars(_middle(cohort, seats)).one(), "busiest": day}
        letter, state, last = db.execute(_letters(cohort, day).offset(20).limit(1)).one()
    paths = {name: path.format(**words, letter=letter, state=state.value, last=last) for name, path in PAGES.items()}
    return Company(seats, f"s={browser.cookie()}", paths)


def _make_trouble(db: Session, cohort: LargeCohort) -> None:
    """As it is in life: a tenth is past a due date, a fiftieth is paused, three addresses come back. Commits."""
    of_cohort = (Enrollment.cohort_id == cohort.cohort_id, Enrollment.role == Role.TRAINEE)
    late = select(Enrollment.id).where(*of_cohort, Enrollment.id % 10 == 0)
    db.execute(delete(FinishedStep).where(FinishedStep.enrollment_id.in_(late), FinishedStep.step == "reflection1"))
    db.execute(update(Enrollment).where(*of_cohort, Enrollment.id % 50 == 1).values(status=SeatStatus.PAUSED))
    some = select(User).join(Enrollment, Enrollment.user_id == User.id).where(*of_cohort).order_by(Enrollment.id)
    for user in db.scalars(some.limit(3)).all():
        db.add(Address(organization_id=user.organization_id, address=user.email, score=4))
    recount(db, db.get_one(Cohort, cohort.cohort_id))
    db.commit()


def _days(cohort: LargeCohort) -> Select[date]:
    return select(Prompt.local_date).where(Prompt.cohort_id == cohort.cohort_id).group_by(Prompt.local_date)


def _middle(cohort: LargeCohort, seats: int) -> Select[UUID]:
    """The seat in the middle of the board."""
    of_cohort = select(Enrollment.uid).join(Standing, Standing.enrollment_id == Enrollment.id)
    of_cohort = of_cohort.where(Standing.cohort_id == cohort.cohort_id)
    return of_cohort.order_by(Standing.reading, Standing.enrollment_id).offset(seats // 2).limit(1)


def _letters(cohort: LargeCohort, day: date) -> Select[str, PromptState, int]:
    """(letter, state, number) of a day's letters, from the last one back."""
    of_day = select(Prompt.letter, Prompt.state, Prompt.id)
    of_day = of_day.where(Prompt.cohort_id == cohort.cohort_id, Prompt.local_date == day)
    return of_day.order_by(Prompt.letter.desc(), Prompt.state.desc(), Prompt.id.desc())


def _tidy(database: Database) -> None:
    """Let PostgreSQL do what it does by itself after a while: count how rows are spread, and which pages are whole."""
    if database.is_sqlite:
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _print(kind: str, app: Flask, companies: list[Company]) -> None:
    costs = {name: _costs(app, name, companies) for name in PAGES}
    sizes = "".join(f"{company.seats:>12,} seats" for company in companies)
    print(f"{kind:<34}{sizes}{'most : least':>16}")
    for name, each in costs.items():
        cells = "".join(f"{cost.milliseconds:>10.1f} ms {cost.queries} q" for cost in each)
        times = each[-1].milliseconds / each[0].milliseconds
        same = len({cost.queries for cost in each}) == 1 and each[0].queries <= MOST_QUERIES
        verdict = "" if same and times <= MOST_TIMES else "  <-- more than it should be"
        print(f"  {name:<32}{cells}{times:>14.2f}{verdict}", flush=True)
    print(f"aim: the same number of queries for each size, at most {MOST_QUERIES}; at most {MOST_TIMES} times as long")


def _costs(app: Flask, name: str, companies: list[Company]) -> list[Cost]:
    """The sizes take turns, so that what else the machine does meets them alike; the first round is not counted."""
    took: list[list[float]] = [[] for _ in companies]
    for _ in range(ROUNDS + 1):
        for place, company in enumerate(companies):
            started = time.perf_counter()
            _get(app, company, name)
            took[place].append(1000 * (time.perf_counter() - started))
    return [Cost(_queries(app, company, name), median(took[place][1:])) for place, company in enumerate(companies)]


def _queries(app: Flask, company: Company, name: str) -> int:
    asked = []
    for _ in range(2):  # once a minute, one of them also notes that the session is in use
        with spending(app) as spent:
            _get(app, company, name)
        asked.append(len(spent.statements))
    return min(asked)


def _get(app: Flask, company: Company, name: str) -> None:
    site = app.config["PREFERRED_URL_SCHEME"] + "://" + app.config["SERVER_NAME"]
    environ = create_environ(company.paths[name], site, headers={"Cookie": company.cookie})
    chunks, status, _headers = run_wsgi_app(app, environ, buffered=True)
    if not status.startswith("200"):
        raise SystemExit(f"{company.paths[name]} answered {status}: {b''.join(chunks)[:300]!r}")


if __name__ == "__main__":
    main()
