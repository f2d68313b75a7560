"""A sealed value by itself: any text comes back from its own place, and nothing else opens."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sealed_pages import MASTER_KEY
from trainer.key_ring import KeyRing
from trainer.sealed import Place, SealError, open_text, seal_text

PLACE = Place(uuid4(), "pages", "body_sealed", uuid4())


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    ring = KeyRing.open_or_create(tmp_path_factory.mktemp("ring") / "keys.json", MASTER_KEY)
    ring.add_organization(PLACE.organization)
    return ring


@given(text=st.text(st.characters()))  # half of a surrogate pair included
def test_any_text_comes_back_as_it_was(ring: KeyRing, text: str) -> None:
    assert open_text(ring, PLACE, seal_text(ring, PLACE, text)) == text


@given(text=st.text(), data=st.data())
def test_any_changed_byte_gives_an_error(ring: KeyRing, text: str, data: st.DataObject) -> None:
    value = bytearray(seal_text(ring, PLACE, text))
    value[data.draw(st.integers(0, len(value) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealError):
        open_text(ring, PLACE, bytes(value))


@given(value=st.binary(max_size=80))
def test_any_other_bytes_give_an_error(ring: KeyRing, value: bytes) -> None:
    with pytest.raises(SealError):
        open_text(ring, PLACE, value)


@given(kept=st.integers(0, 40))
def test_any_value_cut_short_gives_an_error(ring: KeyRing, kept: int) -> None:
    with pytest.raises(SealError):
        open_text(ring, PLACE, seal_text(ring, PLACE, "12345678")[:kept])


@pytest.mark.parametrize(
    "moved", [{"table": "page", "column": "sbody_sealed"}, {"organization": PLACE.row}, {"row": UUID(int=0)}]
)
def test_no_two_places_are_written_alike(moved: dict[str, Any]) -> None:
    assert bytes(PLACE._replace(**moved)) != bytes(PLACE)
