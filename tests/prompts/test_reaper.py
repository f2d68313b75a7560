"""Letters of dead processes come back: planned if nothing left the house, in doubt if it may have."""

from pathlib import Path

import pytest
from sqlalchemy import update

from tests.prompts.due_letters import (
    BACK_OFF,
    HOUR,
    LONG_LEASE,
    OPENING,
    change,
    letter_of,
    new_lease,
    planned_course,
    take,
    tries_of,
)
from trainer.db import Database
from trainer.programs.models import ProgramVersion
from trainer.prompts.claim import prolong
from trainer.prompts.models import PromptState
from trainer.prompts.reaper import has_doubtful, reap, reap_all, take_up_doubtful

GONE = new_lease(seconds=-1)  # has run out before it began


def test_what_was_only_claimed_is_planned_and_what_was_handed_over_is_in_doubt(
    database: Database, tmp_path: Path
) -> None:
    planned_course(database, tmp_path)
    take(database, lease=GONE)
    change(database, state=PromptState.HANDING, handed_at=OPENING)
    with database.session() as db:
        assert reap(db, OPENING, spared=None) == 1
        db.commit()
    handed, claimed = letter_of(database), letter_of(database, "002")
    assert (handed.state, handed.attempts, handed.lease_token) == (PromptState.IN_DOUBT, 1, None)
    assert (claimed.state, claimed.attempts, claimed.lease_token) == (PromptState.PLANNED, 0, None)
    assert tries_of(database) == [(1, "in_doubt")]
    assert tries_of(database, "002") == []


def test_a_lease_that_is_good_or_our_own_is_spared_and_at_a_lone_start_none_is(
    database: Database, tmp_path: Path
) -> None:
    planned_course(database, tmp_path)
    take(database, lease=LONG_LEASE)
    with database.session() as db:
        reap(db, OPENING, spared=None)
        db.commit()
    assert letter_of(database).state is PromptState.CLAIMED
    with database.session() as db:
        assert prolong(db, new_lease(seconds=60)) is False
        reap_all(db, OPENING)
        db.commit()
    assert letter_of(database).state is PromptState.PLANNED
    take(database, lease=GONE)
    with database.session() as db:
        reap(db, OPENING, spared=GONE.token)
        assert prolong(db, GONE)
        db.commit()
    assert letter_of(database).state is PromptState.CLAIMED


def test_a_heartbeat_keeps_letters_from_being_taken_back(database: Database, tmp_path: Path) -> None:
    planned_course(database, tmp_path)
    take(database, lease=GONE)
    alive = new_lease(seconds=60)
    change(database, lease_token=alive.token)
    with database.session() as db:
        assert prolong(db, alive)
        reap(db, OPENING, spared=None)
        db.commit()
    assert letter_of(database).state is PromptState.CLAIMED
    assert letter_of(database, "002").state is PromptState.PLANNED


@pytest.mark.parametrize(("attempts", "wait"), [(1, None), (2, BACK_OFF[0]), (3, BACK_OFF[1])])
def test_what_is_in_doubt_goes_again_at_the_next_turn_and_later_with_patience(
    database: Database, tmp_path: Path, attempts: int, wait: object
) -> None:
    planned_course(database, tmp_path, "001")
    uid = letter_of(database).uid
    change(database, state=PromptState.IN_DOUBT, attempts=attempts)
    with database.session() as db:
        assert has_doubtful(db, OPENING)
        assert take_up_doubtful(db, OPENING, BACK_OFF) == 1
        assert not has_doubtful(db, OPENING)
        db.commit()
    row = letter_of(database)
    assert (row.state, row.uid, row.attempts) == (PromptState.PLANNED, uid, attempts)
    assert row.next_at == (OPENING if wait is None else OPENING + BACK_OFF[attempts - 2])


def test_what_is_of_no_use_any_more_stays_in_doubt(database: Database, tmp_path: Path) -> None:
    planned_course(database, tmp_path, "001")
    change(database, state=PromptState.IN_DOUBT, not_after=OPENING)
    with database.session() as db:
        assert take_up_doubtful(db, OPENING + HOUR, BACK_OFF) == 0


def test_a_letter_that_holds_waits_for_a_person(database: Database, tmp_path: Path) -> None:
    planned_course(database, tmp_path, "001")
    hold_all_letters(database)
    assert [letter.holds for letter in take(database).letters] == [True]
    change(database, state=PromptState.IN_DOUBT)
    with database.session() as db:
        assert not has_doubtful(db, OPENING)
        assert take_up_doubtful(db, OPENING, BACK_OFF) == 0
    assert letter_of(database).state is PromptState.IN_DOUBT


def hold_all_letters(database: Database) -> None:
    """The frozen pack, with `on_doubt: hold` at every letter."""
    with database.session() as db:
        version = db.query(ProgramVersion).one()
        packs = {language: with_hold(pack) for language, pack in version.packs.items()}
        changed = update(ProgramVersion).where(ProgramVersion.id == version.id)
        db.execute(changed.values(packs=packs, digest=version.digest[::-1]))
        db.commit()


def with_hold(pack: dict[str, object]) -> dict[str, object]:
    messages = dict(pack["messages"])  # type: ignore[call-overload]
    messages["items"] = [{**letter, "on_doubt": "hold"} for letter in messages["items"]]
    return {**pack, "messages": messages}
