"""`./run bench plan`: letters planned from nothing, planned again unchanged, and after moving one cohort."""

import argparse
import time
from datetime import date

from sqlalchemy import func, select

from tests.bench.large import NOW, databases, fill
from trainer.cohorts import actions
from trainer.cohorts.models import Cohort
from trainer.db import Database
from trainer.prompts.models import Prompt
from trainer.prompts.planning import mark_running, plan_prompts


def main() -> None:
    """Print rows a second and the ratios between the three runs, on each kind of database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cohorts", type=int, default=120)
    parser.add_argument("--seats", type=int, default=300)
    told = parser.parse_args()
    with databases() as each:
        for kind, database in each:
            measure(kind, database, cohorts=told.cohorts, seats=told.seats)


def measure(kind: str, database: Database, *, cohorts: int, seats: int) -> None:
    """The three runs on one database."""
    numbers = fill(database, cohorts=cohorts, seats=seats)
    first = _seconds(database)
    with database.session() as db:
        rows = db.scalar(select(func.count()).select_from(Prompt)) or 0
    idle = _seconds(database)
    with database.session() as db:
        mark_running(db, NOW)
        db.commit()
    again = _seconds(database)
    with database.session() as db:
        actions.set_schedule(db, db.get_one(Cohort, numbers[0]), day1=date(2027, 2, 17), day2=date(2027, 2, 18))
        db.commit()
    moved = _seconds(database)
    print(f"{kind}: {cohorts * seats:,} seats in {cohorts} cohorts, {rows:,} rows")
    print(f"  from nothing       {first:8.2f} s  {rows / first:10,.0f} rows/s")
    print(f"  nothing marked     {idle:8.2f} s  {idle / first:10.4f} of the first")
    print(f"  all marked again   {again:8.2f} s  {again / first:10.4f} of the first")
    print(f"  one cohort moved   {moved:8.2f} s  {moved / first:10.4f} of the first")


def _seconds(database: Database) -> float:
    begin = time.perf_counter()
    with database.session() as db:
        while plan_prompts(db, NOW):
            db.commit()
        db.commit()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
