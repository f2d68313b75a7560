"""`./run bench rehearse`: every letter of 36,000 seats, in cohorts of 300 and as one cohort."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.databases import throwaway_postgres
from tests.large_rosters import roster_rows
from tests.measuring import line, measure, report
from tests.postgres_server import find_postgres
from trainer.cohorts.cohort_file import CohortFile
from trainer.cohorts.enroll import enroll
from trainer.cohorts.load import load_cohort
from trainer.cohorts.models import Cohort
from trainer.cohorts.roster import Person, RosterReading
from trainer.db import Database
from trainer.migrations import migrate
from trainer.prompts.rehearsal import as_csv, rehearse

SEATS = 36_000
SIZES = (300, SEATS)
NOW = datetime(2026, 9, 2, 1, 0, tzinfo=UTC)


def main() -> None:
    """Print a line for each size of cohort and each database; the last column compares with the first line."""
    base = None
    with tempfile.TemporaryDirectory() as name:
        for kind in ("SQLite", "PostgreSQL") if find_postgres() else ("SQLite",):
            for size in SIZES:
                with _database(kind, Path(name) / f"{size}.db") as url:
                    measure("tests.bench.rehearse", "fill", url, size)
                    measured = measure("tests.bench.rehearse", "rehearse", url)
                base = base or measured
                print(line(f"{SEATS // size} cohorts of {size:,}, {kind}", SEATS, "seats", measured, base))


@contextmanager
def _database(kind: str, path: Path) -> Iterator[str]:
    if kind == "PostgreSQL":
        with throwaway_postgres() as url:
            yield url
    else:
        yield f"sqlite:///{path}"


def _fill(url: str, size: int) -> None:
    """Cohorts of `size` trainees, seated as the loader seats them."""
    database = Database(url)
    migrate(database)
    with database.session() as db:
        for number in range(SEATS // size):
            people = [Person(row, *cells) for row, cells in enumerate(roster_rows(size, number * size), 1)]
            enroll(db, _cohort(db, number), RosterReading(tuple(people), (), "utf-8", ()), now=NOW)
        db.commit()
    database.dispose()


def _cohort(db: Session, number: int) -> Cohort:
    """A cohort in a company of its own, made by a cohort file whose roster holds one person."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "roster.csv").write_text("Employee number,Name,E-mail\n999999,One,one@minato.example\n")
        part = {"name": str(number), "workshop_days": ["2027-02-03", "2027-02-04"], "roster": "roster.csv"}
        declared = CohortFile.model_validate({"organization": {"name": f"Company {number}"}, "cohort": part})
        loaded = load_cohort(db, declared, Path(folder), now=NOW)
    return db.get_one(Cohort, loaded.cohort)


def _rehearse(url: str) -> None:
    database = Database(url)

    def work() -> None:
        with database.reading() as db:
            for cohort in db.scalars(select(Cohort)).all():
                as_csv(rehearse(db, cohort))

    report(work)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["fill", url, size]:
            report(lambda: _fill(url, int(size)))
        case ["rehearse", url]:
            _rehearse(url)
        case _:
            main()
