"""A letter once more, because a person wants it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.prompts.courses import cohort_and_seat, languages, plan
from tests.prompts.due_letters import DAY, OPENING, change, letter_of, new_lease, planned_course, take
from trainer.cohorts.actions import mark_to_plan
from trainer.cohorts.sentences import Refused
from trainer.db import Database
from trainer.i18n import speaking
from trainer.prompts.again import send_again
from trainer.prompts.models import PromptState

LATER = OPENING + 40 * DAY  # a Monday


def ask(database: Database, cohort: int, letter: str = "act1_open", marks: bool = False, at: datetime = LATER) -> None:
    with languages(), speaking("en"), database.session() as db:
        found, seat = cohort_and_seat(db, cohort, "001")
        if marks:
            mark_to_plan(db, found)
        send_again(db, found, seat, letter=letter, now=at)
        db.commit()


@pytest.mark.parametrize("state", [PromptState.FAILED, PromptState.IN_DOUBT])
def test_a_letter_that_failed_or_is_in_doubt_goes_again_long_after_its_day(
    database: Database, tmp_path: Path, state: PromptState
) -> None:
    cohort = planned_course(database, tmp_path, "001")
    change(database, state=state, attempts=3)
    for letter in ("act1_due_soon", "act1_past_due", "workshop_eve", "plan_due", "plan_past_due"):
        change(database, letter=letter, state=PromptState.FAILED)
    ask(database, cohort, marks=True)
    row = letter_of(database)
    assert (row.state, row.next_at, row.due_at) == (PromptState.PLANNED, LATER, OPENING)
    assert row.not_after > LATER
    assert [letter.attempts for letter in take(database, LATER).letters] == [4]


def test_a_planned_letter_goes_now(database: Database, tmp_path: Path) -> None:
    cohort = planned_course(database, tmp_path, "001")
    ask(database, cohort, letter="closing_summary")
    assert letter_of(database, letter="closing_summary").next_at == LATER


def test_outside_the_hours_of_sending_it_waits_for_the_next(database: Database, tmp_path: Path) -> None:
    cohort = planned_course(database, tmp_path, "001")
    change(database, state=PromptState.FAILED, attempts=1)
    ask(database, cohort, at=LATER - 2 * DAY)  # a Saturday
    assert letter_of(database).next_at == LATER - timedelta(hours=1)  # Monday, 08:00 in Tokyo


def test_planning_anew_does_not_make_it_too_late(database: Database, tmp_path: Path) -> None:
    cohort = planned_course(database, tmp_path, "001")
    change(database, state=PromptState.FAILED, attempts=1)
    ask(database, cohort, at=LATER - 2 * DAY)
    before = letter_of(database)
    with database.session() as db:
        mark_to_plan(db, cohort_and_seat(db, cohort, "001")[0])
        plan(db, LATER - DAY)
    after = letter_of(database)
    assert (after.state, after.next_at, after.not_after) == (PromptState.PLANNED, before.next_at, before.not_after)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"state": PromptState.SENT}, "sent already"),
    ({"state": PromptState.SKIPPED, "reason": "finished"}, "finished"),
    ({"state": PromptState.CLAIMED, "lease_token": new_lease().token}, "on its way"),
]


def test_any_other_letter_is_refused_with_a_sentence(database: Database, tmp_path: Path) -> None:
    cohort = planned_course(database, tmp_path, "001")
    for values, words in REFUSED:
        change(database, **values)
        before = letter_of(database)
        with pytest.raises(Refused, match=words):
            ask(database, cohort)
        assert (letter_of(database).state, letter_of(database).next_at) == (before.state, OPENING)
    with pytest.raises(Refused, match="no letter 'nonsense'"):
        ask(database, cohort, letter="nonsense")
    assert letter_of(database, letter="closing_summary").next_at - OPENING > timedelta(days=1)
