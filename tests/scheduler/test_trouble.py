"""A real SMTP server and a real database in trouble: letters wait, none is lost, and none doubles without a doubt."""

import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from scheduler.dispatch import tick
from scheduler.engine import Engine
from scheduler.visits import visit
from tests.prompts.due_letters import HOUR, OPENING, letter_of, planned_course, tries_of
from tests.scheduler.crashes import states_of, tally, wait_for
from tests.scheduler.postbox import PATIENT, Postbox, make_engine
from tests.scheduler.sending_program import QUICK, engine_at
from tests.smtp_servers import PostOffice
from trainer.db import Database
from trainer.mail_outcomes import Handed
from trainer.prompts.models import PromptState
from trainer.prompts.workers import last_tick_at
from trainer.smtp_relay import Timeouts

SENT, FAILED, PLANNED = PromptState.SENT, PromptState.FAILED, PromptState.PLANNED
ONE, TWO = "p001@minato.example", "p002@minato.example"
IMPATIENT = replace(QUICK, timeouts=Timeouts(command=0.3, data=0.3, dot=0.3))


def away(office: PostOffice) -> None:
    office.stop()


TEMPORARY: dict[str, Callable[[PostOffice], None]] = {
    "away": away,
    "hangs at its greeting": lambda office: office.hang_at("greeting", times=1),
    "hangs at the sender": lambda office: office.hang_at("mail", times=1),
    "hangs at the recipient": lambda office: office.hang_at("rcpt", to=ONE, times=1),
    "drops in the letter": lambda office: office.drop_at("body", to=ONE, times=1),
    "slow at the final dot": lambda office: office.slow_at("dot", 0.2),
    "says 421": lambda office: office.answer(reply="421 4.3.2 closing", at="mail", times=3),
    "says 421 at the recipient": lambda office: office.answer(reply="421 4.3.2 closing", at="rcpt", times=3),
    "says 432": lambda office: office.answer(reply="432 4.3.2 too many letters", at="mail", times=3),
    "says 450": lambda office: office.answer(reply="450 4.2.1 busy", at="rcpt", times=3),
    "says 451": lambda office: office.answer(reply="451 4.7.1 greylisted", at="rcpt", times=3),
    "says 452": lambda office: office.answer(reply="452 4.3.1 no room", at="data", times=3),
    "says 452 too many recipients": lambda office: office.answer(reply="452 4.5.3 slower", at="rcpt", times=3),
    "says 454": lambda office: office.answer(reply="454 4.7.0 later", at="mail", times=1),
}


@pytest.mark.parametrize("trouble", TEMPORARY.values(), ids=TEMPORARY.keys())
def test_after_trouble_that_passes_every_letter_arrives_once(
    database: Database, database_url: str, tmp_path: Path, trouble: Callable[[PostOffice], None]
) -> None:
    planned_course(database, tmp_path)
    log = tmp_path / "office.log"
    with PostOffice(log=log) as office:
        trouble(office)
        engine = engine_at(database_url, office.url, OPENING, IMPATIENT)
        engine.begin()
        tick(engine, OPENING)
        if trouble is away:
            office.start()
        finish(engine)
    result = tally(database, log)
    assert (len(result.sent), result.lost, result.doubled) == (2, frozenset(), frozenset())
    assert letter_of(database).attempts <= 4


PERMANENT = [
    ("550 5.1.1 no such person", "rcpt", FAILED, "address_refused"),
    ("551 5.1.6 moved", "rcpt", FAILED, "address_refused"),
    ("552 5.2.2 full", "rcpt", PLANNED, "mailbox_full"),
    ("554 5.7.1 we do not want this", "dot", FAILED, "policy"),
]


@pytest.mark.parametrize(("reply", "at", "state", "outcome"), PERMANENT)
def test_what_is_refused_for_one_person_is_kept_from_nobody_else(
    database: Database, database_url: str, tmp_path: Path, reply: str, at: str, state: PromptState, outcome: str
) -> None:
    planned_course(database, tmp_path)
    with PostOffice() as office:
        office.answer(reply=reply, at=at, to=ONE)
        engine = engine_at(database_url, office.url, OPENING, IMPATIENT)
        engine.begin()
        tick(engine, OPENING)
        assert [letter.recipient for letter in office.received] == [TWO]
        engine.end()
    assert letter_of(database).state is state
    assert tries_of(database) == [(1, outcome)]
    assert (letter_of(database).smtp_reply or "").split()[0] in reply


def test_a_lost_final_dot_is_a_doubt_and_only_that_letter_may_double(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    planned_course(database, tmp_path)
    log = tmp_path / "office.log"
    with PostOffice(log=log) as office:
        office.hang_at("dot", to=ONE, times=1, accepted=True)
        engine = engine_at(database_url, office.url, OPENING, IMPATIENT)
        engine.begin()
        tick(engine, OPENING)
        assert letter_of(database).state is PromptState.IN_DOUBT
        finish(engine)
    result = tally(database, log)
    assert len(result.sent) == 2
    assert result.doubled == result.in_doubt == {f"<{letter_of(database).uid}@minori.example.jp>"}


def test_an_office_that_closes_after_fifty_letters_gets_all_of_them(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    planned_course(database, tmp_path, *[f"{number:03}" for number in range(120)])
    with PostOffice() as office:
        office.close_after(50)
        engine = engine_at(database_url, office.url, OPENING)
        engine.begin()
        tick(engine, OPENING)
        engine.end()
        assert len({letter.message_id for letter in office.received}) == len(office.received) == 120
        assert office.connections >= 3
    assert states_of(database) == {SENT: 120}


class Interrupting(Postbox):
    """Does something in the middle of sending."""

    def __init__(self, at_letter: int, what: Callable[[], None]) -> None:
        super().__init__()
        self._at_letter, self._what = at_letter, what

    def send(self, message: EmailMessage, *, envelope_id: str) -> Handed:
        result = super().send(message, envelope_id=envelope_id)
        if self.tries == self._at_letter:
            self._what()
        return result


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_results_wait_while_another_connection_locks_the_database_past_its_lock_wait(
    database_url: str, tmp_path: Path
) -> None:
    database = Database(database_url, lock_wait_seconds=0.1, durable=True)
    planned_course(database, tmp_path, *[f"{number:03}" for number in range(30)])
    path = make_url(database_url).database
    assert path is not None

    def lock() -> None:
        other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(1.5, other.close).start()

    postbox = Interrupting(5, lock)
    engine = make_engine(database, postbox)
    engine.begin()
    began = time.monotonic()
    tick(engine, OPENING)
    assert time.monotonic() - began > 1
    tick(engine, OPENING + timedelta(minutes=1))
    assert len(set(postbox.letters)) == len(postbox.letters) == 30
    assert states_of(database) == {SENT: 30}


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_results_wait_while_the_server_is_away_and_comes_back(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    """What a client sees of a restart: every connection ends, and for a while nobody is let in."""
    planned_course(database, tmp_path, *[f"{number:03}" for number in range(30)])
    url = make_url(database_url)
    admin = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)

    def let_in(is_open: bool) -> None:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS {is_open}'.encode())
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [url.database]
            )

    def restart() -> None:
        let_in(False)
        threading.Timer(1.5, let_in, [True]).start()

    postbox = Interrupting(5, restart)
    engine = make_engine(Database(database_url, durable=True), postbox)
    engine.begin()
    tick(engine, OPENING)
    tick(engine, OPENING + timedelta(minutes=1))
    assert len(set(postbox.letters)) == len(postbox.letters) == 30
    assert states_of(database) == {SENT: 30}
    engine.end()
    engine.database.dispose()


def test_a_process_that_waits_for_one_answer_still_ticks_and_keeps_its_letters(
    database: Database, tmp_path: Path
) -> None:
    """Nothing of it is taken back by others, and /healthz does not complain."""
    planned_course(database, tmp_path)
    answered = threading.Event()

    def wait() -> None:
        answered.wait(20)

    postbox = Interrupting(1, wait)
    engine = make_engine(database, postbox, pace=replace(PATIENT, tick_seconds=0.1))
    engine.begin()
    turn = threading.Thread(target=tick, args=(engine, OPENING))
    turn.start()
    wait_for(lambda: ticked_at(database) is not None)
    first = ticked_at(database)
    wait_for(lambda: ticked_at(database) != first)
    answered.set()
    turn.join()
    assert states_of(database) == {SENT: 2}


def ticked_at(database: Database) -> datetime | None:
    with database.reading() as db:
        return last_tick_at(db, OPENING + timedelta(hours=1))


def finish(engine: Engine) -> None:
    """Visit what is due in the next hours, on an engine that goes on where it was."""
    engine.stopping.clear()
    visit(engine, OPENING + timedelta(seconds=1), OPENING + 6 * HOUR)
    engine.database.dispose()
