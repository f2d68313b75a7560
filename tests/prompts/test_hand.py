"""The last look: what happened since the claim keeps a letter in the house."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.prompts.courses import cohort_and_seat
from tests.prompts.due_letters import LONG_LEASE, OPENING, letter_of, new_lease, planned_course, take
from tests.prompts.test_claim import REASONS
from trainer.accounts.models import User
from trainer.cohorts.models import Enrollment
from trainer.db import Database
from trainer.prompts.claim import Lease, release
from trainer.prompts.hand import hand
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.rules import Reason

ADDRESSES = {"001": "p001@minato.example", "002": "p002@minato.example"}


def change_address(db: Session, seat: Enrollment) -> None:
    db.execute(update(User).where(User.id == seat.user_id).values(email="new@minato.example"))


def let_time_run_out(db: Session, seat: Enrollment) -> None:
    late = update(Prompt).where(Prompt.enrollment_id == seat.id).values(not_after=OPENING - timedelta(seconds=1))
    db.execute(late)


def lose_lease(db: Session, seat: Enrollment) -> None:
    taken = update(Prompt).where(Prompt.enrollment_id == seat.id).values(lease_token=new_lease().token)
    db.execute(taken)


CHANGES: list[tuple[Callable[[Session, Enrollment], None], Reason | None]] = [
    *REASONS,
    (change_address, None),
    (let_time_run_out, Reason.TOO_LATE),
    (lose_lease, None),
]


def hand_both(database: Database, lease: Lease = LONG_LEASE) -> frozenset[int]:
    letters = [(letter_of(database, number).id, address) for number, address in ADDRESSES.items()]
    with database.session() as db:
        handed = hand(db, letters, to_boss=False, token=lease.token, now=OPENING)
        db.commit()
    return handed


def test_what_is_still_to_be_asked_is_marked_before_it_leaves(database: Database, tmp_path: Path) -> None:
    planned_course(database, tmp_path)
    take(database)
    assert hand_both(database) == {letter_of(database).id, letter_of(database, "002").id}
    row = letter_of(database)
    assert (row.state, row.handed_at, row.attempts) == (PromptState.HANDING, OPENING, 1)
    assert hand_both(database) == frozenset()


@pytest.mark.parametrize(("happens", "reason"), CHANGES)
def test_what_happened_since_the_claim_keeps_the_letter_in_the_house(
    database: Database, tmp_path: Path, happens: Callable[[Session, Enrollment], None], reason: Reason | None
) -> None:
    cohort = planned_course(database, tmp_path)
    claimed = take(database)
    with database.session() as db:
        happens(db, cohort_and_seat(db, cohort, "001")[1])
        db.commit()
    assert hand_both(database) == {letter_of(database, "002").id}
    assert letter_of(database).state is PromptState.CLAIMED
    with database.session() as db:
        release(
            db, [letter for letter in claimed.letters if letter.id == letter_of(database).id], LONG_LEASE.token, OPENING
        )
        db.commit()
    if reason is not None:  # the next claim writes it
        take(database, lease=new_lease())
        assert letter_of(database).reason == reason


def test_a_letter_to_the_boss_is_checked_against_the_boss(database: Database, tmp_path: Path) -> None:
    planned_course(database, tmp_path, "001", optional_letters=["boss_brief"])
    take(database)
    row = letter_of(database, letter="boss_brief").id
    for address, expected in (("p001@minato.example", frozenset()), ("boss@minato.example", frozenset({row}))):
        with database.session() as db:
            handed = hand(db, [(row, address)], to_boss=True, token=LONG_LEASE.token, now=OPENING)
            db.commit()
        assert handed == expected


def test_what_was_not_handed_over_is_given_back_without_a_try(database: Database, tmp_path: Path) -> None:
    planned_course(database, tmp_path)
    claimed = take(database)
    with database.session() as db:
        release(db, claimed.letters[:1], LONG_LEASE.token, OPENING)
        release(db, claimed.letters[1:], new_lease().token, OPENING)  # not ours
        db.commit()
    states = {(row.state, row.attempts, row.lease_token) for row in (letter_of(database), letter_of(database, "002"))}
    assert states == {(PromptState.PLANNED, 0, None), (PromptState.CLAIMED, 1, LONG_LEASE.token)}
