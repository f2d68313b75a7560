"""One follow-up letter a seat and day, two reminders a week: by the days on which letters really go."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.prompts.due_letters import change, letter_of, new_lease, planned_course, take
from trainer.db import Database
from trainer.prompts.models import PromptState
from trainer.prompts.rules import Reason

MONDAY = datetime(2027, 2, 1, 1, 0, tzinfo=UTC)  # 10:00 in Tokyo
LONG_USEFUL = MONDAY + timedelta(days=30)
PLANNED, SKIPPED, CLAIMED = PromptState.PLANNED, PromptState.SKIPPED, PromptState.CLAIMED


def due(database: Database, letter: str, at: datetime) -> None:
    """Make a letter of 001 due then, whatever its own day is."""
    change(database, letter=letter, due_at=at, next_at=at, not_after=LONG_USEFUL)


def gone(database: Database, letter: str, at: datetime, state: PromptState = PromptState.SENT) -> None:
    """As if a letter of 001 had gone then."""
    change(database, letter=letter, state=state, handed_at=at, sent_at=at if state is PromptState.SENT else None)


@pytest.fixture
def course(database: Database, tmp_path: Path) -> Database:
    """One trainee, none of whose letters is due before the middle of March."""
    planned_course(database, tmp_path, "001")
    for letter in ("act1_open", "act1_due_soon", "act1_past_due", "workshop_eve", "plan_due", "plan_past_due"):
        due(database, letter, datetime(2027, 3, 15, tzinfo=UTC))
        change(database, letter=letter, state=PLANNED, reason=None)
    return database


def standing(database: Database, letter: str) -> tuple[PromptState, str | None]:
    row = letter_of(database, letter=letter)
    return row.state, row.reason


def test_of_two_that_are_overdue_the_higher_rank_goes(course: Database) -> None:
    due(course, "act1_due_soon", MONDAY - timedelta(days=3))
    due(course, "act1_open", MONDAY - timedelta(days=5))
    take(course, MONDAY)
    assert standing(course, "act1_open") == (CLAIMED, None)
    assert standing(course, "act1_due_soon") == (SKIPPED, Reason.SUPERSEDED)


def test_of_two_reminders_the_last_in_the_packs_order_goes(course: Database) -> None:
    due(course, "act1_due_soon", MONDAY)
    due(course, "plan_due", MONDAY)
    take(course, MONDAY)
    assert standing(course, "plan_due") == (CLAIMED, None)
    assert standing(course, "act1_due_soon") == (SKIPPED, Reason.SUPERSEDED)


def test_an_overdue_letter_gives_way_to_a_higher_one_that_is_planned_for_later_today(course: Database) -> None:
    due(course, "act1_due_soon", MONDAY - timedelta(days=3))
    due(course, "workshop_eve", MONDAY + timedelta(hours=3))
    take(course, MONDAY)
    assert standing(course, "act1_due_soon") == (SKIPPED, Reason.SUPERSEDED)
    assert standing(course, "workshop_eve") == (PLANNED, None)


def test_what_is_planned_for_tomorrow_outdoes_nothing_today(course: Database) -> None:
    due(course, "act1_due_soon", MONDAY)
    due(course, "workshop_eve", MONDAY + timedelta(days=1))
    take(course, MONDAY)
    assert standing(course, "act1_due_soon") == (CLAIMED, None)


@pytest.mark.parametrize("state", [PromptState.SENT, PromptState.HANDING, PromptState.IN_DOUBT])
def test_after_a_letter_that_has_gone_today_no_other_goes(course: Database, state: PromptState) -> None:
    gone(course, "act1_due_soon", MONDAY - timedelta(hours=1), state)
    due(course, "workshop_eve", MONDAY)
    take(course, MONDAY)
    assert standing(course, "workshop_eve") == (SKIPPED, Reason.SUPERSEDED)


def test_a_letter_that_went_late_yesterday_by_the_cohorts_clock_does_not_count_today(course: Database) -> None:
    gone(course, "act1_due_soon", datetime(2027, 1, 31, 14, 59, tzinfo=UTC))  # Sunday, 23:59 in Tokyo
    due(course, "workshop_eve", MONDAY)
    take(course, MONDAY)
    assert standing(course, "workshop_eve") == (CLAIMED, None)


def test_the_third_reminder_of_an_iso_week_is_over_the_limit(course: Database) -> None:
    gone(course, "act1_due_soon", MONDAY)
    gone(course, "act1_past_due", MONDAY + timedelta(days=1))
    due(course, "plan_due", MONDAY + timedelta(days=2))
    take(course, MONDAY + timedelta(days=2))
    assert standing(course, "plan_due") == (SKIPPED, Reason.OVER_LIMIT)


def test_reminders_of_the_week_before_do_not_count(course: Database) -> None:
    gone(course, "act1_due_soon", MONDAY - timedelta(days=3))
    gone(course, "act1_past_due", MONDAY - timedelta(days=4))
    due(course, "plan_due", MONDAY)
    take(course, MONDAY)
    assert standing(course, "plan_due") == (CLAIMED, None)


def test_a_boss_letter_goes_besides(database: Database, tmp_path: Path) -> None:
    planned_course(database, tmp_path, "001", optional_letters=["boss_brief"])
    at = letter_of(database, letter="boss_brief").due_at
    assert letter_of(database).due_at == at
    assert {letter.letter for letter in take(database, at, new_lease()).letters} == {"act1_open", "boss_brief"}
