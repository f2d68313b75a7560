"""`./run bench load`: 5,000 people from .xlsx and from CP932 CSV, read and loaded, on SQLite and PostgreSQL."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

from tests.databases import throwaway_postgres
from tests.large_rosters import write_cohort, write_csv, write_workbook
from tests.measuring import Measured, line, measure, report
from tests.postgres_server import MISSING, find_postgres
from trainer.cohorts.cohort_file import read_cohort_file
from trainer.cohorts.load import load_cohort
from trainer.cohorts.roster import read_roster
from trainer.db import Database
from trainer.migrations import migrate

PEOPLE = 5_000
AIM = 2_000  # rows a second, the whole load on PostgreSQL
NOW = datetime(2026, 9, 2, 1, 0, tzinfo=UTC)


def main() -> None:
    """Print a line for each form of roster and each thing done with it; the last column compares with reading CSV."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rosters = [write_csv(folder / "cp932.csv", PEOPLE), write_workbook(folder / "workbook.xlsx", PEOPLE)]
        base = measure("tests.bench.load", "nothing")
        print(f"{PEOPLE:,} people; the program itself holds {base.megabytes:.0f} MB")
        read = [measure("tests.bench.load", "read", roster) for roster in rosters]
        for roster, measured in zip(rosters, read, strict=True):
            print(line(f"read {roster.suffix[1:]}", PEOPLE, "rows", measured, read[0]))
        for roster in rosters:
            _print_loads(folder, roster, read[0])
        print(f"aim: {AIM:,} rows/s for the whole load on PostgreSQL")


def _print_loads(folder: Path, roster: Path, base: Measured) -> None:
    path = write_cohort(folder, roster)
    for kind in ("SQLite", "PostgreSQL"):
        with _database(kind, folder / f"{roster.stem}.db") as url:
            if url is None:
                print(f"load {roster.suffix[1:]}, {kind}: NOT RUN - {MISSING}")
                continue
            for title in ("load", "load again"):
                measured = measure("tests.bench.load", "load", path, url)
                print(line(f"{title} {roster.suffix[1:]}, {kind}", PEOPLE, "rows", measured, base))


@contextmanager
def _database(kind: str, path: Path) -> Iterator[str | None]:
    """The address of a fresh, migrated database; None where there is no PostgreSQL."""
    if kind == "PostgreSQL":
        with throwaway_postgres() if find_postgres() else nullcontext() as url:
            yield url
        return
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.dispose()
    yield f"sqlite:///{path}"


def _read(roster: str) -> None:
    content = Path(roster).read_bytes()
    report(lambda: read_roster(content, filename=roster))


def _load(path: str, url: str) -> None:
    database = Database(url)

    def work() -> None:
        with database.session() as db:
            loaded = load_cohort(db, read_cohort_file(Path(path)), Path(path).parent, now=NOW)
            db.commit()
        if not loaded.written:
            raise SystemExit(f"the roster was refused: {loaded.refused[:3]}")

    report(work)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["nothing"]:
            report(lambda: None)
        case ["read", roster]:
            _read(roster)
        case ["load", path, url]:
            _load(path, url)
        case _:
            main()
