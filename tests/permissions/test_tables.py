"""The tables of who may do and read what."""

import pytest

from trainer.permissions import (
    GRANTS,
    READERS,
    Audience,
    Can,
    Reader,
    Role,
    declaration_of,
    is_granted,
    may_read,
    needs,
)


def test_every_deed_and_every_audience_is_in_its_table() -> None:
    assert set(GRANTS) == set(Can)
    assert set(READERS) == set(Audience)


@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        (Audience.ONLY_ME, {Reader.WRITER}),
        (Audience.PARTNER, {Reader.WRITER, Reader.PARTNER}),
        (Audience.FACILITATOR, {Reader.WRITER, Reader.FACILITATOR}),
        (Audience.GROUP, {Reader.WRITER, Reader.FACILITATOR, Reader.GROUP}),
        (Audience.COHORT, {Reader.WRITER, Reader.FACILITATOR, Reader.COHORT}),
        (Audience.BOSS, {Reader.WRITER, Reader.FACILITATOR, Reader.BOSS}),
    ],
)
def test_a_text_is_read_by_its_audience_and_nobody_else(audience: Audience, readers: set[Reader]) -> None:
    for reader in Reader:
        assert may_read(audience, {reader}) is (reader in readers)
    assert not may_read(audience, set())


def test_a_coordinator_is_no_reader_of_anything() -> None:
    assert "coordinator" not in {reader.value for reader in Reader}


def test_without_a_seat_there_is_only_the_account() -> None:
    assert [can for can in Can if is_granted(can, set())] == [Can.USE_ACCOUNT]
    assert all(is_granted(Can.OPEN_HOME, {role}) for role in Role)


@pytest.mark.parametrize("declared", [{}, {"can": Can.OPEN_HOME, "public": "both"}, {"public": ""}])
def test_a_view_declares_one_thing(declared: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="either a permission or the reason"):
        needs(**declared)  # type: ignore[arg-type] # what a careless view might write


def test_a_class_of_views_may_carry_the_declaration() -> None:
    class Page:
        pass

    def view() -> None:
        pass

    needs(Can.OPEN_HOME)(Page)
    view.view_class = Page  # type: ignore[attr-defined] # as Flask does it
    declared = declaration_of(view)
    assert declared is not None
    assert declared.can is Can.OPEN_HOME
    assert declaration_of(lambda: None) is None
