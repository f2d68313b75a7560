"""Signs of life, and tasks that are done once whoever comes first."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from trainer import clock
from trainer.db import Database
from trainer.prompts import workers
from trainer.prompts.models import Worker

MINUTE = timedelta(minutes=1)


def test_the_program_is_ticking_in_its_first_minute_and_while_any_process_ticks(database: Database) -> None:
    now = clock.now()
    with database.session() as db:
        assert workers.is_ticking(db, now, now - MINUTE / 2)
        assert not workers.is_ticking(db, now, now - 2 * MINUTE)
        workers.register(db, "a:1")
        assert not workers.is_ticking(db, now, now - 2 * MINUTE)
        workers.mark_tick(db, "a:1", now)
        assert workers.is_ticking(db, now, now - 2 * MINUTE)
        assert not workers.is_ticking(db, now + 2 * MINUTE, now - 2 * MINUTE)
        assert not workers.is_ticking(db, now - 2 * MINUTE, now - 4 * MINUTE), "a turn on a clock that was ahead"
        db.commit()


def test_a_process_is_alive_until_its_heartbeat_is_old_or_it_leaves(database: Database) -> None:
    with database.session() as db:
        for name in ("a:1", "b:2", "c:3"):
            workers.register(db, name)
        db.execute(update(Worker).where(Worker.id == "b:2").values(heartbeat_at=clock.now() - 3 * MINUTE))
        assert list(workers.living_others(db, "a:1", 2 * MINUTE)) == ["c:3"]
        workers.beat(db, "b:2")
        assert list(workers.living_others(db, "a:1", 2 * MINUTE)) == ["b:2", "c:3"]
        workers.leave(db, "c:3")
        workers.leave(db, "b:2")
        assert list(workers.living_others(db, "a:1", 2 * MINUTE)) == []


def test_a_slot_of_a_task_is_taken_once(database: Database) -> None:
    slot = clock.now()
    with database.session() as db:
        assert workers.is_first(db, "plan", slot, "a:1")
        assert not workers.is_first(db, "plan", slot, "b:2")
        assert workers.is_first(db, "plan", slot + MINUTE, "b:2")
        workers.finish_task(db, "plan", slot, "done")
        db.commit()


def test_what_is_long_gone_is_forgotten_and_nothing_else(database: Database) -> None:
    now = clock.now()
    with database.session() as db:
        for name in ("old:1", "new:2"):
            workers.register(db, name)
        long_ago = now - timedelta(days=40)
        db.execute(update(Worker).where(Worker.id == "old:1").values(started_at=long_ago, heartbeat_at=long_ago))
        workers.is_first(db, "plan", long_ago, "old:1")
        workers.is_first(db, "plan", now, "new:2")
        assert workers.forget_the_old(db, now, timedelta(days=30)) == 2
        assert list(workers.living_others(db, "", MINUTE)) == ["new:2"]
        assert not workers.is_first(db, "plan", now, "old:1")


def test_names_of_processes_are_never_the_same(tmp_path: Path) -> None:
    assert len({workers.new_worker_id() for _ in range(50)}) == 50
    assert all(len(workers.new_worker_id()) <= 80 for _ in range(5))
