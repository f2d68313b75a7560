"""Old addresses are told of new ones by every sending process, each once; standings are counted anew at night."""

from datetime import timedelta

from sqlalchemy import select

from scheduler import jobs
from scheduler.engine import Engine
from tests.factories import NOW, make_cohort, make_organization, make_seat, make_user
from tests.scheduler.postbox import Postbox
from trainer.accounts.address_changes import change_address
from trainer.accounts.held_models import HeldAddress
from trainer.cohorts.standing_models import Standing
from trainer.db import Database
from trainer.prompts.models import TaskRun


def test_an_old_address_is_told_once_by_whichever_process(database: Database, engine: Engine, postbox: Postbox) -> None:
    with database.session() as db:
        user = make_user(db, make_organization(db), email="old@minato.example", signed_in_at=NOW - timedelta(days=40))
        change_address(db, user, "new@minato.example", now=NOW)
        db.commit()
    engine.present = lambda _database: NOW
    assert (jobs.tell(engine), jobs.tell(engine)) == (1, 0)
    assert postbox.addresses == ["old@minato.example"]
    with database.reading() as db:
        assert db.scalars(select(HeldAddress.told_at)).all() == [NOW]


def test_both_are_jobs_of_a_sending_process(engine: Engine) -> None:
    assert {"notices", "nightly standings"} <= {job.name for job in jobs.timetable(engine)}


def test_the_first_night_makes_the_standings_of_seats_that_were_there(database: Database, engine: Engine) -> None:
    with database.session() as db:
        make_seat(db, make_cohort(db))
        db.commit()
    engine.present = lambda _database: NOW
    night = next(job for job in jobs.timetable(engine) if job.name == "nightly standings")
    night.function()
    night.function()
    with database.reading() as db:
        assert len(db.scalars(select(Standing)).all()) == 1
        assert db.scalars(select(TaskRun.result).where(TaskRun.task == "standings")).all() == ["1"]
