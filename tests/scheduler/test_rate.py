"""The rate: no more letters a minute than the relay is to be given, whatever the clock does."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.rate import Rate

NOW = datetime(2027, 1, 13, tzinfo=UTC)


def test_without_a_rate_there_is_no_limit() -> None:
    rate = Rate(None)
    assert rate.room(NOW, 200) == 200
    rate.take(200)
    assert (rate.room(NOW, 200), rate.next_at(NOW)) == (200, None)


def test_a_sixth_of_a_minutes_letters_may_go_at_once_and_then_one_by_one() -> None:
    rate = Rate(30)
    assert rate.room(NOW, 200) == 5
    rate.take(5)
    assert rate.room(NOW, 200) == 0
    assert rate.next_at(NOW) == NOW + timedelta(seconds=2)
    assert rate.room(NOW + timedelta(seconds=2), 200) == 1
    assert rate.room(NOW + timedelta(minutes=5), 200) == 5


def test_a_clock_that_goes_back_gives_nothing() -> None:
    rate = Rate(60)
    rate.take(rate.room(NOW, 200))
    assert rate.room(NOW - timedelta(hours=1), 200) == 0
    assert rate.room(NOW - timedelta(hours=1) + timedelta(seconds=3), 200) == 3


@pytest.mark.parametrize("per_minute", [1, 30, 600])
@given(gaps=st.lists(st.integers(0, 90), max_size=40))
def test_no_more_go_than_the_rate_and_one_burst(per_minute: int, gaps: list[int]) -> None:
    rate, at, gone = Rate(per_minute), NOW, 0
    for gap in gaps:
        at += timedelta(seconds=gap)
        room = rate.room(at, 200)
        rate.take(room)
        gone += room
    burst = max(1.0, per_minute / 6)
    assert gone <= burst + (at - NOW).total_seconds() * per_minute / 60 + 1e-6
