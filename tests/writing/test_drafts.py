"""Drafts: saved again and again, never lost to a second tab, and unreadable in the database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.factories import let_write, make_cohort, make_seat
from trainer.cohorts.models import Enrollment
from trainer.db import Database
from trainer.key_ring import KeyRing
from trainer.writing.actions import choose_copy, drop_copies, drop_draft, save_draft, typed_in
from trainer.writing.models import Draft, DraftCopy
from trainer.writing.queries import copies_of, draft_of

FIRST = [("title", "朝礼を持ち回りにする"), ("outcome", "o1")]
SECOND = [("title", "朝礼を班長の持ち回りにする"), ("outcome", "o1")]
OTHER_TAB = [("title", "納期会議を持ち回りにする"), ("outcome", "o4")]


@pytest.fixture
def db(database: Database, key_ring: KeyRing) -> Iterator[Session]:
    with database.session() as db:
        yield db


@pytest.fixture
def seat(db: Session, key_ring: KeyRing) -> Enrollment:
    seat = make_seat(db, make_cohort(db))
    let_write(db, key_ring)
    return seat


def test_each_save_counts_up_and_what_was_typed_comes_back(db: Session, seat: Enrollment, now: datetime) -> None:
    assert save_draft(db, seat, "plan", FIRST, based_on=0, now=now).draft.revision == 1
    saved = save_draft(db, seat, "plan", SECOND, based_on=1, now=now + timedelta(seconds=5))
    assert (saved.draft.revision, saved.copy, saved.draft.saved_at) == (2, None, now + timedelta(seconds=5))
    assert typed_in(saved.draft) == SECOND


def test_the_same_words_again_change_nothing(db: Session, seat: Enrollment, now: datetime) -> None:
    save_draft(db, seat, "plan", FIRST, based_on=0, now=now)
    saved = save_draft(db, seat, "plan", FIRST, based_on=0, now=now + timedelta(seconds=5))
    assert (saved.draft.revision, saved.copy, saved.draft.saved_at) == (1, None, now)


def test_a_save_on_top_of_an_older_revision_lies_beside_the_draft(db: Session, seat: Enrollment, now: datetime) -> None:
    save_draft(db, seat, "plan", FIRST, based_on=0, now=now)
    save_draft(db, seat, "plan", SECOND, based_on=1, now=now)
    saved = save_draft(db, seat, "plan", OTHER_TAB, based_on=1, now=now)
    assert saved.copy is not None
    assert (typed_in(saved.draft), typed_in(saved.copy)) == (SECOND, OTHER_TAB)


def test_a_tab_that_goes_on_typing_beside_keeps_one_copy(db: Session, seat: Enrollment, now: datetime) -> None:
    save_draft(db, seat, "plan", FIRST, based_on=0, now=now)
    save_draft(db, seat, "plan", SECOND, based_on=1, now=now)
    draft = save_draft(db, seat, "plan", FIRST, based_on=1, now=now).draft
    save_draft(db, seat, "plan", OTHER_TAB, based_on=1, now=now)
    assert [typed_in(copy) for copy in copies_of(db, draft)] == [OTHER_TAB]


def test_whoever_chooses_the_copy_can_still_go_back(db: Session, seat: Enrollment, now: datetime) -> None:
    save_draft(db, seat, "plan", FIRST, based_on=0, now=now)
    saved = save_draft(db, seat, "plan", OTHER_TAB, based_on=0, now=now)
    assert saved.copy is not None
    assert choose_copy(db, saved.draft, saved.copy.uid, now=now)
    assert (typed_in(saved.draft), typed_in(saved.copy), saved.draft.revision) == (OTHER_TAB, FIRST, 2)
    drop_copies(db, saved.draft)
    assert copies_of(db, saved.draft) == []
    assert not choose_copy(db, saved.draft, saved.copy.uid, now=now)


def test_each_form_has_a_draft_of_its_own(db: Session, seat: Enrollment, now: datetime) -> None:
    save_draft(db, seat, "plan", FIRST, based_on=0, now=now)
    save_draft(db, seat, "reflection1", OTHER_TAB, based_on=0, now=now)
    drop_draft(db, seat, "plan")
    left = draft_of(db, seat, "reflection1")
    assert draft_of(db, seat, "plan") is None
    assert left is not None
    assert typed_in(left) == OTHER_TAB


def test_two_tabs_that_save_at_once_lose_neither(
    database: Database, db: Session, seat: Enrollment, key_ring: KeyRing, now: datetime
) -> None:
    db.commit()
    both_ready = Barrier(2)

    def save(typed: list[tuple[str, str]]) -> None:
        with database.session() as own:
            own.info["key_ring"] = key_ring
            both_ready.wait()
            save_draft(own, seat, "plan", typed, based_on=0, now=now)
            own.commit()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(save, [FIRST, OTHER_TAB]))
    draft, copy = db.scalars(select(Draft)).one(), db.scalars(select(DraftCopy)).one()
    assert sorted([typed_in(draft), typed_in(copy)]) == sorted([FIRST, OTHER_TAB])


def test_the_database_sees_no_word_of_it(db: Session, seat: Enrollment, now: datetime) -> None:
    save_draft(db, seat, "plan", FIRST, based_on=0, now=now)
    save_draft(db, seat, "plan", OTHER_TAB, based_on=0, now=now)
    for table in ("drafts", "draft_copies"):
        value = bytes(db.execute(text(f"SELECT words_sealed FROM {table}")).scalar_one())  # noqa: S608 - our own names
        assert "持ち回り".encode() not in value
    assert db.scalar(select(func.count()).select_from(Draft)) == 1
