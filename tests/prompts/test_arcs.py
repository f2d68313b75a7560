"""Every arc between the states of a letter, and no other: each deed is tried on a letter in each state."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.prompts.due_letters import (
    BACK_OFF,
    LONG_LEASE,
    OPENING,
    change,
    letter_of,
    planned_course,
    tried,
)
from tests.scheduler.postbox import REPLIES
from trainer.cohorts.models import Cohort, Enrollment
from trainer.cohorts.sentences import Refused
from trainer.db import Database
from trainer.mail_outcomes import Outcome
from trainer.prompts.again import send_again
from trainer.prompts.claim import claim, release
from trainer.prompts.eligibility import DueLetter
from trainer.prompts.hand import hand, hand_unseen
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.outcomes import Record, record
from trainer.prompts.reaper import reap, reap_all, take_up_doubtful
from trainer.prompts.timetables import Timetables

PLANNED, CLAIMED, HANDING, SENT, SKIPPED, FAILED, IN_DOUBT = PromptState
ARCS = {
    (PLANNED, CLAIMED),
    (PLANNED, SKIPPED),
    (CLAIMED, HANDING),
    (CLAIMED, PLANNED),
    (HANDING, SENT),
    (HANDING, PLANNED),
    (HANDING, FAILED),
    (HANDING, IN_DOUBT),
    (FAILED, PLANNED),
    (IN_DOUBT, PLANNED),
}  # skipped to planned, before it is due: by the planner
Deed = Callable[[Session, Prompt], object]


def letter(row: Prompt) -> DueLetter:
    return DueLetter(row.id, row.uid, row.organization_id, row.letter, 1, row.not_after, False, False)


def claims(at: timedelta) -> Deed:
    def deed(db: Session, row: Prompt) -> None:
        claim(db, OPENING + at, limit=9, late_limit=9, lease=LONG_LEASE, timetables=Timetables())

    return deed


def results_in(outcome: Outcome) -> Deed:
    def deed(db: Session, row: Prompt) -> None:
        record(db, [tried(letter(row), REPLIES[outcome])], Record(LONG_LEASE.token, "test:1", OPENING, BACK_OFF))

    return deed


def again(db: Session, row: Prompt) -> None:
    seat, cohort = db.get_one(Enrollment, row.enrollment_id), db.get_one(Cohort, row.cohort_id)
    try:
        send_again(db, cohort, seat, letter=row.letter, now=OPENING)
    except Refused:
        db.rollback()


DEEDS: dict[str, Deed] = {
    "claim": claims(timedelta(0)),
    "claim too late": claims(timedelta(days=100)),
    "hand": lambda db, row: hand(
        db, [(row.id, "p001@minato.example")], to_boss=False, token=LONG_LEASE.token, now=OPENING
    ),
    "hand unseen": lambda db, row: hand_unseen(db, [row.id], token=LONG_LEASE.token, now=OPENING),
    "release": lambda db, row: release(db, [letter(row)], LONG_LEASE.token, OPENING),
    "reap": lambda db, row: reap(db, OPENING, spared=None),
    "reap all": lambda db, row: reap_all(db, OPENING),
    "take up": lambda db, row: take_up_doubtful(db, OPENING, BACK_OFF),
    "untouched": lambda db, row: record(
        db, [tried(letter(row))], Record(LONG_LEASE.token, "test:1", OPENING, BACK_OFF)
    ),
    "send again": again,
    **{outcome.value: results_in(outcome) for outcome in Outcome},
}


@pytest.fixture
def course(database: Database, tmp_path: Path) -> Database:
    planned_course(database, tmp_path, "001")
    return database


def test_each_deed_goes_by_the_arcs_alone_and_all_arcs_are_gone_by(course: Database) -> None:
    seen: set[tuple[PromptState, PromptState]] = set()
    for deed in DEEDS.values():
        for before in PromptState:
            change(course, **as_in(before))
            with course.session() as db:
                deed(db, db.get_one(Prompt, letter_of(course).id))
                db.commit()
            after = letter_of(course).state
            if after is not before:
                seen.add((before, after))
    assert seen == ARCS


def as_in(state: PromptState) -> dict[str, Any]:
    """A row in a state as it is found there; in hand, its lease has just run out."""
    is_in_hand = state in (CLAIMED, HANDING)
    return {
        "state": state,
        "reason": "finished" if state is SKIPPED else None,
        "attempts": 1,
        "next_at": OPENING,
        "lease_token": LONG_LEASE.token if is_in_hand else None,
        "lease_until": OPENING - timedelta(days=3650) if is_in_hand else None,
        "handed_at": OPENING if state is HANDING else None,
    }
