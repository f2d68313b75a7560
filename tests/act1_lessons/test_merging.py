"""Merging watched segments: any order, duplicates, overlaps, hostile values."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.act1_lessons.rules import (
    MOST_PIECES,
    SLACK_MS,
    SMALLEST_GAP_MS,
    SPEEDS,
    Segments,
    merge,
    paid_ms,
    read_segments,
    resume_point,
    union,
    watched_ms,
    watched_share,
)

LENGTH = 240_000
AGES = 10**9  # real time enough for anything

numbers = st.integers(-5_000, LENGTH + 50_000)
pieces = st.lists(st.tuples(numbers, numbers), max_size=12)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=30,
)
posts = st.lists(
    st.tuples(pieces.map(lambda posted: read_segments([list(one) for one in posted])), st.integers(0, 60_000))
)


def contains(whole: Segments, part: Segments) -> bool:
    return all(any(start <= one and two <= end for start, end in whole) for one, two in part)


def is_tidy(segments: Segments) -> bool:
    flat = [moment for piece in segments for moment in piece]
    return flat == sorted(set(flat))


@given(posts=posts)
def test_what_is_known_never_shrinks_and_never_leaves_the_film(posts: list[tuple[Segments, int]]) -> None:
    known: Segments = ()
    for posted, elapsed in posts:
        merged = merge(known, posted, length_ms=LENGTH, elapsed_ms=elapsed)
        assert contains(merged, known)
        assert is_tidy(merged)
        assert all(0 <= start < end <= LENGTH for start, end in merged)
        known = merged


@given(posts=posts)
def test_no_number_of_posts_gains_more_than_the_slack_once(posts: list[tuple[Segments, int]]) -> None:
    known: Segments = ()
    now, paid_until = 0, 0.0
    for posted, elapsed in posts:
        now += elapsed
        merged = merge(known, posted, length_ms=LENGTH, elapsed_ms=math.floor(now - paid_until))
        paid_until = max(now, paid_until + paid_ms(known, merged))
        known = merged
        assert watched_ms(known) <= now * max(SPEEDS) + SLACK_MS


@given(posted=pieces, known=pieces, order=st.randoms(use_true_random=False))
def test_order_repetition_and_cutting_into_pieces_change_nothing(
    posted: list[tuple[int, int]], known: list[tuple[int, int]], order: object
) -> None:
    shuffled = [*posted, *posted]
    order.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis calls its Random by no name of its own
    had = merge((), union(known), length_ms=LENGTH, elapsed_ms=AGES)
    once = merge(had, union(posted), length_ms=LENGTH, elapsed_ms=AGES)
    assert merge(had, union(shuffled), length_ms=LENGTH, elapsed_ms=AGES) == once
    assert merge(once, union(posted), length_ms=LENGTH, elapsed_ms=AGES) == once


@given(one=pieces, other=pieces)
def test_two_devices_come_to_the_same_whichever_is_first(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    def after(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> Segments:
        known = merge((), union(first), length_ms=LENGTH, elapsed_ms=AGES)
        return merge(known, union(second), length_ms=LENGTH, elapsed_ms=AGES)

    def seconds(segments: Segments) -> set[int]:
        return {at for start, end in segments for at in range(-(-start // 1000), end // 1000)}

    # seams of up to half a second are closed by whoever brings both sides, so compare what lies between them
    assert abs(len(seconds(after(one, other))) - len(seconds(after(other, one)))) <= len(one) + len(other)


@given(posted=anything)
def test_whatever_a_browser_sends_is_read_as_tidy_stretches(posted: object) -> None:
    segments = read_segments(posted)
    assert is_tidy(segments)
    assert all(0 <= start < end for start, end in segments)
    assert watched_share(merge((), segments, length_ms=LENGTH, elapsed_ms=AGES), LENGTH) <= 1


@pytest.mark.parametrize(
    ("posted", "read"),
    [
        ([[0, 10_000]], ((0, 10_000),)),
        ([[5_000, 10_000], [0, 6_000]], ((0, 10_000),)),
        ([[0.0, 10_400.9]], ((0, 10_400),)),
        ([[-5, 10]], ((0, 10),)),
        ([[10, 5]], ()),
        ([[math.nan, 5]], ()),
        ([[0, math.inf]], ()),
        ([[0, True]], ()),
        ([["0", "9"]], ()),
        ([[1, 2, 3]], ()),
        ([None, 7, "07"], ()),
        ({"0": 5}, ()),
        (None, ()),
        ([[2 * n, 2 * n + 1] for n in range(MOST_PIECES + 50)], tuple((2 * n, 2 * n + 1) for n in range(MOST_PIECES))),
    ],
)
def test_reading_what_was_posted(posted: object, read: Segments) -> None:
    assert read_segments(posted) == read


@pytest.mark.parametrize(
    ("known", "posted", "elapsed", "merged"),
    [
        ((), ((0, 10_000),), 10_000, ((0, 10_000),)),
        ((), ((0, 20_000),), 10_000, ((0, 20_000),)),  # at 2x
        ((), ((0, 60_000),), 10_000, ((0, 22_000),)),  # faster than anybody can watch
        (((0, 22_000),), ((0, 60_000),), 20_000, ((0, 60_000),)),  # what was cut comes again, and now it is possible
        ((), ((0, 60_000),), 0, ((0, SLACK_MS),)),
        ((), ((0, 60_000),), -SLACK_MS // 2, ()),  # lent already
        ((), ((0, 60_000),), -5_000, ()),  # a clock that was set back
        (((0, 5_000),), ((5_000 + SMALLEST_GAP_MS, 9_000),), 10_000, ((0, 9_000),)),
        (((0, 5_000),), ((5_001 + SMALLEST_GAP_MS, 9_000),), 10_000, ((0, 5_000), (5_501, 9_000))),
        (((0, 250_000),), ((230_000, 999_000),), AGES, ((0, 250_000),)),  # known from a longer film: stays
        ((), ((239_000, 300_000),), AGES, ((239_000, 240_000),)),
    ],
)
def test_merging(known: Segments, posted: Segments, elapsed: int, merged: Segments) -> None:
    assert merge(known, posted, length_ms=LENGTH, elapsed_ms=elapsed) == merged


@pytest.mark.parametrize(
    ("segments", "share"),
    [((), 0), (((0, 120_000),), 0.5), (((0, 60_000), (180_000, 240_000)), 0.5), (((0, 999_000),), 1)],
)
def test_the_watched_share(segments: Segments, share: float) -> None:
    assert watched_share(segments, LENGTH) == share


def test_a_film_without_length_was_not_watched() -> None:
    assert watched_share(((0, 10),), 0) == 0


@pytest.mark.parametrize(
    ("segments", "position", "resumed"),
    [
        ((), 0, 0),
        (((0, 60_000),), 60_000, 60_000),
        (((0, 60_000),), 12_000, 12_000),  # went back on purpose
        (((0, 60_000), (200_000, 240_000)), 240_000, 60_000),  # the end was reached: the first gap
        (((50_000, 240_000),), 239_000, 0),
        (((0, 240_000),), 240_000, 0),  # all was seen: from the beginning
        (((0, 60_000),), -1, 60_000),
        (((0, 60_000),), 10**12, 60_000),
    ],
)
def test_where_to_go_on(segments: Segments, position: int, resumed: int) -> None:
    assert resume_point(segments, position, LENGTH) == resumed
