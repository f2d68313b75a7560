"""The breaker: trouble of the relay pauses everything, ever longer; trouble with one letter pauses nothing."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from scheduler.breaker import Breaker
from tests.scheduler.postbox import Steady
from trainer.mail_outcomes import Outcome

NOW = datetime(2027, 1, 13, tzinfo=UTC)
BASE = timedelta(seconds=15)


def pause_after(breaker: Breaker, outcome: Outcome, at: datetime = NOW) -> timedelta | None:
    breaker.note(outcome, at)
    return breaker.open_until - at if breaker.open_until and breaker.is_open(at) else None


def test_pauses_double_up_to_ten_minutes_and_begin_anew_after_a_letter_that_went() -> None:
    breaker, at, pauses = Breaker(BASE, Steady()), NOW, []
    for _ in range(8):
        pause = pause_after(breaker, Outcome.RELAY_AWAY, at)
        assert pause is not None
        assert breaker.is_probing
        pauses.append(int(pause.total_seconds()))
        at += pause
        assert not breaker.is_open(at)
    assert pauses == [15, 30, 60, 120, 240, 480, 600, 600]
    breaker.note(Outcome.SENT, at)
    assert not breaker.is_probing
    assert pause_after(breaker, Outcome.RELAY_AWAY, at) == BASE


@pytest.mark.parametrize("seed", range(20))
def test_pauses_are_spread_by_a_fifth(seed: int) -> None:
    pause = pause_after(Breaker(BASE, Random(seed)), Outcome.TOO_MANY)  # noqa: S311 - no secret depends on it
    assert pause is not None
    assert BASE * 0.8 <= pause <= BASE * 1.2


def test_a_refused_sign_in_pauses_for_the_longest_time_at_once() -> None:
    assert pause_after(Breaker(BASE, Steady()), Outcome.RELAY_REFUSES_US) == timedelta(minutes=10)


def test_several_connections_that_notice_one_trouble_open_it_once() -> None:
    breaker = Breaker(BASE, Steady())
    for second in range(3):
        breaker.note(Outcome.RELAY_AWAY, NOW + timedelta(seconds=second))
    assert breaker.open_until == NOW + BASE


@pytest.mark.parametrize("outcome", [Outcome.ADDRESS_REFUSED, Outcome.MAILBOX_FULL, Outcome.TRY_LATER])
def test_trouble_with_letters_pauses_nothing(outcome: Outcome) -> None:
    breaker = Breaker(BASE, Steady())
    assert [pause_after(breaker, outcome) for _ in range(150)] == [None] * 150


@pytest.mark.parametrize("outcome", [Outcome.LOST_BEFORE_DOT, Outcome.IN_DOUBT])
def test_one_lost_connection_may_be_the_letters_fault_two_in_a_row_are_the_relays(outcome: Outcome) -> None:
    breaker = Breaker(BASE, Steady())
    assert pause_after(breaker, outcome) is None
    assert pause_after(breaker, Outcome.SENT) is None
    assert pause_after(breaker, outcome) is None
    assert pause_after(breaker, outcome) == BASE


def test_more_than_five_policy_refusals_among_the_last_hundred_pause() -> None:
    breaker = Breaker(BASE, Steady())
    for _ in range(5):
        assert pause_after(breaker, Outcome.POLICY) is None
    for _ in range(95):
        breaker.note(Outcome.SENT, NOW)
    assert pause_after(breaker, Outcome.POLICY) is None  # the first has left the hundred
    assert pause_after(breaker, Outcome.POLICY) is None
    for _ in range(4):
        pause = pause_after(breaker, Outcome.POLICY)
    assert pause == BASE
