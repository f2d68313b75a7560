"""Gunicorn's configuration: each worker, after its fork, offers to send the letters of an SQLite database.

On SQLite the one that holds the lock sends. On PostgreSQL `./run scheduler` does, on any number of machines; a web
process sends too unless SCHEDULER is off.
"""

from scheduler.in_process import start_in_process
from trainer.settings import read_settings


def post_worker_init(worker: object) -> None:
    """Gunicorn calls this in each worker, after the fork."""
    start_in_process(read_settings())
