"""Large companies for measurements: many started cohorts in a fresh database of each kind."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from tests.databases import throwaway_postgres
from tests.factories import make_cohort, make_organization, make_person, make_reading
from trainer import i18n
from trainer.cohorts.enroll import enroll
from trainer.db import Database
from trainer.migrations import migrate

NOW = datetime(2026, 12, 1, tzinfo=UTC)
DAYS = {"day1_on": date(2027, 2, 3), "day2_on": date(2027, 2, 4)}
COHORTS_A_COMPANY = 10


@contextmanager
def databases(*, durable: bool = False) -> Iterator[Iterator[tuple[str, Database]]]:
    """One fresh, migrated database of each kind, one after the other: ("SQLite", …), then ("PostgreSQL", …)."""
    with TemporaryDirectory() as folder, throwaway_postgres(migrated=True) as address, _languages():

        def each() -> Iterator[tuple[str, Database]]:
            for kind, url in (("SQLite", f"sqlite:///{Path(folder) / 'bench.db'}"), ("PostgreSQL", address)):
                database = Database(url, durable=durable)
                migrate(database)
                yield kind, database
                database.dispose()

        yield each()


def fill(database: Database, *, cohorts: int, seats: int) -> list[int]:
    """Started cohorts of so many trainees each, ten to a company; gives their numbers."""
    numbers = []
    with database.session() as db:
        for place in range(cohorts):
            if place % COHORTS_A_COMPANY == 0:
                organization = make_organization(db, f"Company {place}")
            cohort = make_cohort(db, organization, name=f"Cohort {place}", started_at=NOW, **DAYS)
            people = (make_person(f"{place * seats + seat:06}", row=seat + 1) for seat in range(seats))
            enroll(db, cohort, make_reading(*people), now=NOW)
            numbers.append(cohort.id)
            db.commit()
    return numbers


@contextmanager
def _languages() -> Iterator[None]:
    app = Flask("bench")
    i18n.init_app(app)
    with app.app_context():
        yield
