"""`./run bench crash`: senders killed at random moments, and what the mail server's own log says of it afterwards."""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.large import databases
from tests.prompts.due_letters import OPENING, planned_course
from tests.scheduler.crashes import finish, kill_at_random, tally
from tests.smtp_servers import PostOffice
from trainer.db import Database

SLOW_DOT_SECONDS = 0.004  # so that most kills meet a letter on its way


def main() -> None:
    """Kill a sender again and again, let another finish, and print lost, doubled and in doubt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--letters", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=8)
    told = parser.parse_args()
    with databases(durable=True) as each, TemporaryDirectory() as folder:
        for kind, database in each:
            measure(kind, database, Path(folder) / kind, told)


def measure(kind: str, database: Database, folder: Path, told: argparse.Namespace) -> None:
    """The kills on one database."""
    folder.mkdir()
    planned_course(database, folder, *(f"{number:05}" for number in range(told.letters)))
    address, log = database.url.render_as_string(hide_password=False), folder / "office.log"
    with PostOffice(log=log) as office:
        office.slow_at("dot", SLOW_DOT_SECONDS)
        at_work = kill_at_random(address, office, OPENING, times=told.kills, seed=told.seed)
        finish(address, office, OPENING)
    result = tally(database, log)
    lost = len(result.lost) + told.letters - len(result.sent)
    print(f"{kind}: {told.kills} kills, {at_work} of them at work; {len(result.sent):,} letters sent")
    print(f"  lost {lost}, doubled {len(result.doubled)}, in doubt {len(result.in_doubt)}")
    print(f"  doubled without having been in doubt: {len(result.doubled - result.in_doubt)}")


if __name__ == "__main__":
    main()
