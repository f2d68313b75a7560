"""Carries the letters of one claim: written and handed over by groups while others are on their way, then recorded."""

import logging
import traceback
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import timedelta
from email.message import EmailMessage
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from scheduler import crash_points
from scheduler.pace import GROUP
from scheduler.recorder import record_results
from scheduler.sender import Parcel
from scheduler.turn import Turn
from trainer.mail import UnwritableLetter, people_of
from trainer.prompts.claim import release
from trainer.prompts.eligibility import DueLetter
from trainer.prompts.hand import hand, hand_unseen
from trainer.prompts.models import Prompt
from trainer.prompts.outcomes import Tried

log = logging.getLogger(__name__)
REFUSED_TWICE = timedelta(minutes=10)
WAIT_SECONDS = 1.0  # for results, before this process shows again that it is alive


def carry(turn: Turn, letters: Sequence[DueLetter]) -> None:
    """Send the letters of one claim, as far as the relay, the lease and a wish to stop allow; the rest is given back.

    When this returns, nothing of the claim is on its way any more and all results are recorded.
    """
    senders = turn.engine.senders
    groups, ready = deque(_groups(letters)), list[Parcel]()
    while True:
        if groups and not ready and turn.goes_on():
            ready = _write_or_give_up(turn, groups.popleft())
        elif ready and senders.is_free and turn.goes_on():
            _hand_over_or_give_up(turn, ready)
            ready = []
        elif senders.is_busy:
            record_results(turn, senders.collect(WAIT_SECONDS))
            turn.show_life()
        else:
            break
    if left := [letter for letter in letters if letter.id not in turn.handed]:
        _give_back(turn, left)


def _groups(letters: Sequence[DueLetter]) -> Iterator[list[DueLetter]]:
    """At most 20 to readers of one kind; a letter that holds when in doubt goes alone, so that no second one may be."""
    for holds, _, alike in _kinds(letters):
        size = 1 if holds else GROUP
        for start in range(0, len(alike), size):
            yield alike[start : start + size]


def _kinds(letters: Sequence[DueLetter]) -> Iterator[tuple[bool, bool, list[DueLetter]]]:
    def kind(letter: DueLetter) -> tuple[bool, bool]:
        return letter.holds, letter.to_boss

    for (holds, to_boss), alike in groupby(sorted(letters, key=kind), key=kind):
        yield holds, to_boss, list(alike)


def _write_or_give_up(turn: Turn, group: list[DueLetter]) -> list[Parcel]:
    try:
        return _write(turn, group)
    except Exception:  # what is on its way has still to be recorded
        turn.give_up("write")
        return []


def _write(turn: Turn, group: list[DueLetter]) -> list[Parcel]:
    """The letters that could be written; each of the others fails alone, and that is recorded."""
    with turn.engine.database.reading() as db:
        written = _write_each(turn, db, group)
    parcels, failed = list[Parcel](), list[Tried]()
    for letter in group:
        ready = _parcel(letter, written.get(letter.id))
        if isinstance(ready, Parcel):
            parcels.append(ready)
        else:
            log.error("letter %s cannot be written: %s", letter.id, _where(ready))
            failed.append(Tried(letter, "", turn.watch.at(), turn.watch.at(), error=ready))
    if failed:
        _record_unwritten(turn, failed)
    return parcels


def _where(error: Exception) -> str:
    """An error without its words, which may quote the letter."""
    place = traceback.extract_tb(error.__traceback__)[-1:]
    return " ".join([type(error).__name__, *(f"{frame.filename}:{frame.lineno}" for frame in place)])


def _parcel(letter: DueLetter, message: EmailMessage | Exception | None) -> Parcel | Exception:
    if isinstance(message, EmailMessage):
        try:
            return Parcel(letter, people_of(message)[1], message)
        except UnwritableLetter as error:
            return error
    return message or LookupError("the letter was not written")


def _write_each(turn: Turn, db: Session, group: list[DueLetter]) -> dict[int, EmailMessage | Exception]:
    writer, now = turn.engine.writer, turn.watch.now
    prompts = db.scalars(select(Prompt).where(Prompt.id.in_([letter.id for letter in group]))).all()
    try:
        return writer.write(db, prompts, now=now)
    except DBAPIError:
        raise
    except Exception as error:  # something is wrong with one of them, or with what it hangs from
        if len(prompts) == 1:
            return {prompts[0].id: error}
    written: dict[int, EmailMessage | Exception] = {}
    for letter in group:
        written |= _write_each(turn, db, [letter])
    return written


def _record_unwritten(turn: Turn, failed: list[Tried]) -> None:
    with turn.engine.database.session() as db:
        hand_unseen(db, [one.letter.id for one in failed], token=turn.token, now=turn.watch.now)
        db.commit()
    turn.handed.update(one.letter.id for one in failed)
    record_results(turn, failed)


def _hand_over_or_give_up(turn: Turn, parcels: list[Parcel]) -> None:
    try:
        _hand_over(turn, parcels)
    except Exception:
        turn.give_up("hand over")


def _hand_over(turn: Turn, parcels: list[Parcel]) -> None:
    turn.engine.senders.prepare()  # before anything is marked as being on its way
    with turn.engine.database.session() as db:
        still_asked = hand(
            db,
            [(parcel.letter.id, parcel.address) for parcel in parcels],
            to_boss=parcels[0].letter.to_boss,
            token=turn.token,
            now=turn.watch.now,
        )
        db.commit()
    crash_points.at("after_handing")
    turn.handed |= still_asked
    turn.refuse(parcel.letter.id for parcel in parcels if parcel.letter.id not in still_asked)
    leaving = [parcel for parcel in parcels if parcel.letter.id in still_asked]
    if leaving:
        turn.engine.senders.send(leaving, turn.watch)


def _give_back(turn: Turn, letters: list[DueLetter]) -> None:
    """The next claim writes the reason of a letter that was not to be asked any more, after all."""
    stubborn = [letter for letter in letters if letter.id in turn.refused_twice]
    others = [letter for letter in letters if letter.id not in turn.refused_twice]
    with turn.engine.database.session() as db:
        if others:
            release(db, others, turn.token, turn.watch.now)
        if stubborn:  # the claim finds no reason, and yet it does not go: let the others pass
            release(db, stubborn, turn.token, turn.watch.now, turn.watch.now + REFUSED_TWICE)
        db.commit()
