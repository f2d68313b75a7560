"""What changed between two texts, as pieces that can be read both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.act2_workshop.changes import Kind, Piece, pieces_between


def read(pieces: list[Piece], without: Kind) -> str:
    return "".join(piece.text for piece in pieces if piece.kind is not without)


@given(st.text(max_size=60), st.text(max_size=60))
def test_without_what_came_it_reads_as_before_and_without_what_went_as_now(before: str, after: str) -> None:
    pieces = pieces_between(before, after)
    assert (read(pieces, Kind.IN), read(pieces, Kind.OUT)) == (before, after)


@pytest.mark.parametrize(
    ("before", "after", "out", "came"),
    [
        ("班長四人が進める", "班長五人が進める", ["四"], ["五"]),
        ("Four crew leaders take turns.", "Five crew leaders take turns.", ["Four"], ["Five"]),
        ("", "新しい", [], ["新しい"]),
        ("同じ", "同じ", [], []),
    ],
)
def test_only_what_changed_is_marked(before: str, after: str, out: list[str], came: list[str]) -> None:
    pieces = pieces_between(before, after)
    assert [piece.text for piece in pieces if piece.kind is Kind.OUT] == out
    assert [piece.text for piece in pieces if piece.kind is Kind.IN] == came


def test_a_single_letter_in_common_does_not_tear_a_change_apart() -> None:
    pieces = pieces_between("順番の決め方を書いた表をつくる", "担当者と昨日の順番をどう決めたかを話す")
    assert all(len(piece.text) > 2 for piece in pieces if piece.kind is Kind.SAME)
