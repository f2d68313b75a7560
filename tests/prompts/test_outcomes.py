"""Results, written down: states, tries, addresses; and what comes after a lease was lost changes nothing."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.prompts.courses import cohort_and_seat, plan
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
    tried,
    tries_of,
)
from tests.scheduler.postbox import REPLIES
from trainer.cohorts.models import Cohort
from trainer.db import Database
from trainer.mail_outcomes import Outcome
from trainer.prompts.claim import Claim, Lease
from trainer.prompts.hand import hand
from trainer.prompts.models import Address, PromptState
from trainer.prompts.outcomes import Record, Tried, record
from trainer.prompts.reaper import reap_all
from trainer.prompts.rules import Reason

SENT = REPLIES[Outcome.SENT]


def write(database: Database, results: list[Tried], lease: Lease = LONG_LEASE) -> dict[PromptState, int]:
    how = Record(lease.token, lease.worker, OPENING, BACK_OFF)
    with database.session() as db:
        states = record(db, results, how)
        db.commit()
    return dict(states)


@pytest.fixture
def handed(database: Database, tmp_path: Path) -> Claim:
    """Both letters of a small course, just before their first byte: that of 001, then that of 002."""
    planned_course(database, tmp_path)
    claimed = hand_all(database, take(database), LONG_LEASE)
    first = letter_of(database).id
    return replace(claimed, letters=tuple(sorted(claimed.letters, key=lambda letter: letter.id != first)))


def hand_all(database: Database, claimed: Claim, lease: Lease) -> Claim:
    addresses = {letter_of(database, number).id: f"p{number}@minato.example" for number in ("001", "002")}
    with database.session() as db:
        letters = [(letter.id, addresses[letter.id]) for letter in claimed.letters]
        assert len(hand(db, letters, to_boss=False, token=lease.token, now=OPENING)) == len(letters)
        db.commit()
    return claimed


def test_a_sent_letter_is_in_the_ledger_with_the_relays_words(database: Database, handed: Claim) -> None:
    assert write(database, [tried(letter, SENT) for letter in handed.letters]) == {PromptState.SENT: 2}
    row = letter_of(database)
    assert (row.state, row.sent_at, row.smtp_code, row.smtp_reply) == (PromptState.SENT, OPENING, 250, "2.0.0 Ok")
    assert (row.lease_token, row.lease_until, row.attempts) == (None, None, 1)
    assert row.sent_to == "p001@minato.example"
    assert tries_of(database) == [(1, "sent")]


def test_a_try_that_may_be_repeated_is_counted_and_planned_again(database: Database, handed: Claim) -> None:
    write(database, [tried(handed.letters[0], REPLIES[Outcome.TRY_LATER])])
    row = letter_of(database)
    assert (row.state, row.attempts, row.next_at) == (PromptState.PLANNED, 1, OPENING + BACK_OFF[0])
    assert (row.smtp_code, row.due_at) == (451, OPENING)
    assert letter_of(database, "002").state is PromptState.HANDING


def test_trouble_of_the_relay_and_untouched_letters_are_no_tries(database: Database, handed: Claim) -> None:
    first, second = handed.letters
    assert write(database, [tried(first, REPLIES[Outcome.RELAY_AWAY]), tried(second)]) == {PromptState.PLANNED: 1}
    for number, tries in (("001", [(1, "relay_away")]), ("002", [])):
        row = letter_of(database, number)
        assert (row.state, row.attempts, row.next_at) == (PromptState.PLANNED, 0, OPENING)
        assert tries_of(database, number) == tries


def test_results_after_the_lease_was_lost_overwrite_nothing(database: Database, handed: Claim) -> None:
    with database.session() as db:
        assert reap_all(db, OPENING + HOUR) == 2
        db.commit()
    write(database, [tried(letter, SENT) for letter in handed.letters])
    assert letter_of(database).state is PromptState.IN_DOUBT
    change(database, state=PromptState.PLANNED)
    other = new_lease(worker="test:2")
    hand_all(database, take(database, lease=other), other)
    write(database, [tried(letter, REPLIES[Outcome.POLICY]) for letter in handed.letters])
    row = letter_of(database)
    assert (row.state, row.lease_token, row.worker_id) == (PromptState.HANDING, other.token, "test:2")


def test_an_address_that_refuses_twice_has_bounced_and_is_planned_for_no_more(
    database: Database, handed: Claim
) -> None:
    letter = handed.letters[0]
    write(database, [tried(letter, REPLIES[Outcome.ADDRESS_REFUSED])])
    assert letter_of(database).state is PromptState.FAILED
    assert scores(database) == {"p001@minato.example": 2}
    assert not is_marked(database)
    change(database, letter="act1_due_soon", state=PromptState.HANDING, lease_token=LONG_LEASE.token)
    again = Tried(letter, "p001@minato.example", OPENING, OPENING, REPLIES[Outcome.ADDRESS_REFUSED])
    change(database, state=PromptState.HANDING, lease_token=LONG_LEASE.token)
    write(database, [again])
    assert scores(database) == {"p001@minato.example": 4}
    assert is_marked(database)
    with database.session() as db:
        plan(db, OPENING)
    assert letter_of(database, letter="plan_due").reason == Reason.BOUNCED
    assert letter_of(database, "002", "plan_due").reason is None


def test_a_letter_that_cannot_be_written_fails_the_third_time_and_its_words_are_not_kept(
    database: Database, handed: Claim
) -> None:
    letter = handed.letters[0]
    for expected in (PromptState.PLANNED, PromptState.PLANNED, PromptState.FAILED):
        change(database, state=PromptState.HANDING, lease_token=LONG_LEASE.token, attempts=1)
        write(database, [tried(letter, error=ValueError("Dear Person 001"))])
        assert letter_of(database).state is expected
    assert tries_of(database) == [(1, "unwritten")] * 3
    assert letter_of(database).smtp_reply == "ValueError"


def scores(database: Database) -> dict[str, int]:
    with database.reading() as db:
        return {address: score for address, score in db.execute(select(Address.address, Address.score))}


def is_marked(database: Database) -> bool:
    with database.reading() as db:
        return db.scalars(select(Cohort.is_to_plan)).one()


def test_the_cohort_of_a_boss_whose_address_bounces_is_planned_anew(database: Database, tmp_path: Path) -> None:
    cohort = planned_course(database, tmp_path, "001", optional_letters=["boss_brief"])
    lease = LONG_LEASE
    letter = next(one for one in take(database).letters if one.to_boss)
    for _ in range(2):
        change(database, letter="boss_brief", state=PromptState.HANDING, lease_token=lease.token)
        refused = Tried(letter, "boss@minato.example", OPENING, OPENING, REPLIES[Outcome.ADDRESS_REFUSED])
        write(database, [refused])
    with database.session() as db:
        found, _ = cohort_and_seat(db, cohort, "001")
        assert found.is_to_plan
