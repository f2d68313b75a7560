"""The table of failure classes: what follows from each outcome, and how long a letter waits for its next try."""

from datetime import timedelta

import pytest

from tests.prompts.due_letters import BACK_OFF, DAY, OPENING
from trainer.mail_outcomes import Outcome
from trainer.prompts.consequences import Earlier, Fate, fate_of
from trainer.prompts.models import PromptState

SENT, PLANNED, FAILED, IN_DOUBT = (
    PromptState.SENT,
    PromptState.PLANNED,
    PromptState.FAILED,
    PromptState.IN_DOUBT,
)
FIRST = Earlier()


def fate(outcome: Outcome | None, attempts: int = 1, earlier: Earlier = FIRST, useful: timedelta = 9 * DAY) -> Fate:
    return fate_of(outcome, attempts=attempts, not_after=OPENING + useful, earlier=earlier, now=OPENING)


CLASSES = [
    (Outcome.SENT, Fate(SENT)),
    (Outcome.IN_DOUBT, Fate(IN_DOUBT)),
    (Outcome.ADDRESS_REFUSED, Fate(FAILED, score=2)),
    (Outcome.POLICY, Fate(FAILED)),
    (Outcome.TRY_LATER, Fate(PLANNED, OPENING + timedelta(minutes=5))),
    (Outcome.MAILBOX_FULL, Fate(PLANNED, OPENING + timedelta(minutes=5))),
    (Outcome.LOST_BEFORE_DOT, Fate(PLANNED, OPENING + timedelta(minutes=5), is_a_try=False)),
    (Outcome.RELAY_AWAY, Fate(PLANNED, is_a_try=False)),
    (Outcome.RELAY_REFUSES_US, Fate(PLANNED, is_a_try=False)),
    (Outcome.TOO_MANY, Fate(PLANNED, is_a_try=False)),
    (None, Fate(PLANNED, OPENING + timedelta(minutes=5), is_a_try=False)),
]


@pytest.mark.parametrize(("outcome", "expected"), CLASSES)
def test_each_outcome_has_its_consequence(outcome: Outcome | None, expected: Fate) -> None:
    assert fate(outcome) == expected


def test_the_table_names_every_outcome() -> None:
    assert {outcome for outcome, _ in CLASSES} == {None, *Outcome}


@pytest.mark.parametrize(("attempts", "minutes"), list(enumerate([5, 15, 30, 60, 120, 240, 480, 480, 480], start=1)))
def test_the_wait_for_the_next_try_grows(attempts: int, minutes: int) -> None:
    assert fate(Outcome.TRY_LATER, attempts) == Fate(PLANNED, OPENING + timedelta(minutes=minutes))


def test_tries_end_when_the_next_would_be_too_late() -> None:
    assert fate(Outcome.TRY_LATER, useful=BACK_OFF[0]) == Fate(PLANNED, OPENING + BACK_OFF[0])
    assert fate(Outcome.TRY_LATER, useful=BACK_OFF[0] - timedelta(seconds=1)) == Fate(FAILED)


@pytest.mark.parametrize(("hours", "state", "score"), [(23, PLANNED, 0), (24, FAILED, 1)])
def test_a_mailbox_that_stays_full_for_a_day_is_given_up(hours: int, state: PromptState, score: int) -> None:
    result = fate(Outcome.MAILBOX_FULL, 7, Earlier(6, OPENING - timedelta(hours=hours)))
    assert (result.state, result.score) == (state, score)


@pytest.mark.parametrize(("before", "state"), [(0, PLANNED), (1, PLANNED), (2, FAILED)])
def test_a_letter_that_cannot_be_written_is_given_up_after_three_times(before: int, state: PromptState) -> None:
    assert fate(None, earlier=Earlier(before, OPENING)).state is state


def test_a_letter_on_which_connections_break_waits_longer_each_time() -> None:
    waits = [fate(Outcome.LOST_BEFORE_DOT, earlier=Earlier(times, OPENING)).next_at for times in range(4)]
    assert waits == [OPENING + wait for wait in BACK_OFF[:4]]
