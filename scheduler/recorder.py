"""Writes results down, and does not let go of them while the database is away."""

import logging
import time
from collections.abc import Sequence

from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from scheduler import crash_points
from scheduler.turn import Turn
from trainer.mail_outcomes import Outcome
from trainer.prompts import workers
from trainer.prompts.outcomes import Record, Tried, record

log = logging.getLogger(__name__)
AWAY = (OperationalError, InterfaceError, InternalError, NoConnection)
RETRY_SECONDS = 0.5
REFUSED = "The mail server refuses the sign-in. Check SMTP_URL: "


def record_results(turn: Turn, results: Sequence[Tried]) -> None:
    """Learn from the results and record them; returns when they are in the database.

    Only a process that is asked to stop gives up on a database that stays away: its letters are then in doubt.
    """
    if not results:
        return
    for one in results:
        _learn(turn, one)
    waited_since = time.monotonic()
    while not _try_to_record(turn, results):
        if turn.engine.stopping.wait(RETRY_SECONDS) and time.monotonic() - waited_since > turn.engine.pace.stop_seconds:
            log.error("%s results could not be recorded before the end", len(results))
            return
        if turn.engine.stopping.is_set():
            time.sleep(RETRY_SECONDS)


def _learn(turn: Turn, one: Tried) -> None:
    if one.handed is None:
        return
    turn.engine.breaker.note(one.handed.outcome, turn.watch.at())
    if one.handed.outcome is Outcome.TOO_MANY:
        turn.engine.senders.use_one_less()
    elif one.handed.outcome is Outcome.RELAY_REFUSES_US:
        log.critical("the mail server refuses the sign-in: %s %s", one.handed.code, one.handed.reply)


def _try_to_record(turn: Turn, results: Sequence[Tried]) -> bool:
    """False while the database is away."""
    try:
        _record(turn, results)
    except AWAY:
        log.exception("the database is away: %s results wait", len(results))
        return False
    except Exception:  # something is wrong with one of them
        log.exception("the results of letters %s cannot be recorded together", [one.letter.id for one in results])
        return len(results) == 1 or all([_try_to_record(turn, [one]) for one in results])
    return True


def _record(turn: Turn, results: Sequence[Tried]) -> None:
    engine = turn.engine
    how = Record(turn.token, engine.worker, turn.watch.now, engine.pace.back_off)
    with engine.database.session() as db:
        states = record(db, results, how)
        for one in results:
            if one.handed and one.handed.outcome is Outcome.RELAY_REFUSES_US:
                workers.note_error(db, engine.worker, REFUSED + one.handed.reply)
        crash_points.at("before_commit")
        db.commit()
    crash_points.at("after_commit")
    turn.states.update(states)
