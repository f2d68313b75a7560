"""`tick` visits every instant at which something is due; `send-again` brings one letter back onto the same path."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, update

from scheduler.locks import SendingLock
from tests.cli.commands import CommandLine
from tests.environments import PRODUCTION
from tests.prompts.due_letters import OPENING, change, letter_of, planned_course
from tests.smtp_servers import PostOffice
from trainer.cohorts.models import Cohort
from trainer.db import Database
from trainer.prompts import workers
from trainer.prompts.models import PromptState

NOTHING = {"visited": 1, "sent": 0, "skipped": 0, "failed": 0, "in_doubt": 0}
CLOSE = datetime(2027, 4, 21, tzinfo=UTC)


@pytest.fixture
def lines(database_url: str, tmp_path: Path) -> CommandLine:
    """Commands on a fresh database, whose letters go to a folder."""
    line = CommandLine(database_url, tmp_path)
    line.environment["OUTBOX_DIR"] = str(tmp_path / "outbox")
    return line


def test_one_turn_sends_what_is_due_and_nothing_twice(lines: CommandLine, database: Database, tmp_path: Path) -> None:
    planned_course(database, tmp_path)
    assert lines("tick", "--now", OPENING - timedelta(seconds=1)).json == NOTHING
    assert lines("tick", "--now", OPENING).json == {**NOTHING, "sent": 2}
    assert lines("tick", "--now", OPENING).json == NOTHING
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 2


def test_until_visits_each_instant_in_its_order(lines: CommandLine, database: Database, tmp_path: Path) -> None:
    planned_course(database, tmp_path, "001")
    answer = lines("tick", "--now", OPENING - timedelta(days=1), "--until", CLOSE).json
    assert answer["sent"] > 12
    assert answer["failed"] == answer["in_doubt"] == 0
    sent = [letter_of(database, letter=letter) for letter in ("act1_open", "plan_due", "closing_summary")]
    assert [row.sent_at for row in sent] == [row.due_at for row in sent]
    assert lines("tick", "--now", CLOSE, "--until", CLOSE).json == NOTHING


def test_a_pause_of_the_breaker_moves_the_clock(lines: CommandLine, database: Database, tmp_path: Path) -> None:
    planned_course(database, tmp_path)
    with PostOffice() as office:
        office.answer(reply="421 4.3.2 closing", at="mail", times=7)
        told = lines("tick", "--now", OPENING, "--until", OPENING + timedelta(hours=2), SMTP_URL=office.url)
        assert told.json["sent"] == 2
        assert 3 <= told.json["visited"] <= 8
    assert (letter_of(database).sent_at or OPENING) > OPENING + timedelta(seconds=30)


def test_what_is_in_doubt_is_taken_up_at_an_instant_of_its_own(
    lines: CommandLine, database: Database, tmp_path: Path
) -> None:
    planned_course(database, tmp_path, "001")
    with PostOffice() as office:
        office.drop_at("dot", times=1)
        told = lines("tick", "--now", OPENING, "--until", OPENING + timedelta(hours=1), SMTP_URL=office.url)
    assert told.json == {"visited": 2, "sent": 1, "skipped": 0, "failed": 0, "in_doubt": 1}


def test_in_production_the_clock_is_the_clock(lines: CommandLine) -> None:
    told = lines("tick", **{**PRODUCTION, "DATABASE_URL": lines.environment["DATABASE_URL"]})
    assert (told.code, told.answer) == (1, "")
    assert "refused in production" in told.errors


def test_while_another_process_sends_it_is_refused(lines: CommandLine, database: Database, database_url: str) -> None:
    lock = SendingLock.of(make_url(database_url))
    with database.session() as db:
        workers.register(db, "other:1")
        db.commit()
    if lock is not None:
        lock.acquire()
    told = lines("tick", "--now", OPENING)
    assert (told.code, told.answer) == (1, "")
    assert "Another process is sending" in told.errors
    if lock is not None:
        lock.release()
    with database.session() as db:
        workers.leave(db, "other:1")
        db.commit()
    assert lines("tick", "--now", OPENING).code == 0
    with database.reading() as db:
        assert workers.is_ticking(db, OPENING, OPENING - timedelta(days=900))


def test_a_tick_that_would_end_before_it_begins_is_a_wrong_usage(lines: CommandLine) -> None:
    told = lines("tick", "--now", OPENING, "--until", (OPENING - timedelta(days=1)).isoformat())
    assert told.code == 2
    assert "--until" in told.errors


def test_a_letter_that_failed_goes_again_by_the_usual_path(
    lines: CommandLine, database: Database, tmp_path: Path
) -> None:
    planned_course(database, tmp_path, "001")
    change(database, state=PromptState.FAILED, attempts=1, smtp_code=550, smtp_reply="5.1.1 no such\nperson")
    assert ",failed,550 5.1.1 no such person," in lines("ledger", "第1回", "--csv").answer
    later = OPENING + timedelta(hours=3)
    told = lines("send-again", "第1回", "001", "act1_open", "--now", later)
    assert (told.code, told.json["changed"]) == (0, True)
    assert lines("tick", "--now", later).json["sent"] == 1
    told = lines("send-again", "第1回", "001", "act1_open", "--now", later)
    assert told.code == 1
    assert "sent already" in told.errors
    assert "Nobody with the employee number 7" in lines("send-again", "1", "7", "act1_open").errors


def test_a_turn_that_could_not_do_everything_says_so(lines: CommandLine, database: Database, tmp_path: Path) -> None:
    cohort = planned_course(database, tmp_path, "001")
    with database.session() as db:
        db.execute(update(Cohort).where(Cohort.id == cohort).values(time_zone="Nowhere/Land", is_to_plan=True))
        db.commit()
    told = lines("tick", "--now", OPENING)
    assert (told.code, told.json["sent"]) == (1, 0)
    assert "Not everything could be done" in told.errors
    assert letter_of(database).state is PromptState.PLANNED
