"""Rotation: every text moves to a new key while others read and write, and no key goes before its last text."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from tests.sealed_pages import CANARY, EARLIER, MASTER_KEY, Company, Letter, Page, WritingBase
from trainer.db import Database
from trainer.key_ring import KeyRing, KeyRingError
from trainer.rekey import drop_unused_keys, reseal, sealed_columns


@pytest.fixture
def company(database: Database, tmp_path: Path) -> Company:
    return Company(database, tmp_path / "keys.json")


def test_the_columns_are_found_by_walking_the_models() -> None:
    assert sealed_columns(WritingBase) == [
        ("letters", "body_sealed"),
        ("pages", "body_sealed"),
        ("pages", "title_sealed"),
    ]


def test_texts_under_the_old_and_the_new_key_are_read_side_by_side(company: Company) -> None:
    old = company.write("before")
    key_id = company.ring.rotate(company.uid)
    new = company.write("after")
    assert (company.read(old), company.read(new)) == ("before", "after")
    assert company.stored(old)[1:5] != company.stored(new)[1:5] == key_id
    assert company.left() == 1


def test_an_old_key_goes_only_when_no_value_is_left_under_it(company: Company) -> None:
    page_id = company.write()
    company.ring.rotate(company.uid)
    assert drop_unused_keys(company.database, company.ring, base=WritingBase) == 0
    assert len(company.ring.older_keys(company.uid)) == 1
    assert reseal(company.database, company.ring, base=WritingBase) == {"letters": 0, "pages": 1}
    assert company.left() == 0
    assert company.read(page_id) == CANARY
    assert drop_unused_keys(company.database, company.ring, base=WritingBase) == 1
    assert company.ring.older_keys(company.uid) == []
    assert company.read(page_id) == CANARY


def test_rekey_moves_every_text_of_every_company_to_a_new_key(company: Company) -> None:
    other, other_id = company.add("別会社")
    pages = {company.write(f"{n}", (company.id, other_id)[n % 2]): f"{n}" for n in range(7)}
    with company.db() as db:
        letter = Letter(organization_id=company.id, body=CANARY)
        db.add_all([letter, Page(organization_id=company.id, title="題", body=None)])
        db.commit()
    before = [company.ring.active_key(uid).id for uid in (company.uid, other)]
    assert company.rekey(batch=2) == {"letters": 1, "pages": 8}
    assert company.left() == 0
    assert not set(before) & {company.ring.active_key(uid).id for uid in (company.uid, other)}
    assert company.ring.older_keys(company.uid) == company.ring.older_keys(other) == []
    assert {page_id: company.read(page_id) for page_id in pages} == pages


def test_a_run_that_was_stopped_is_gone_on_with_and_makes_no_further_key(company: Company) -> None:
    company.write("one")
    key_id = company.ring.rotate(company.uid)
    company.write("two")
    assert company.rekey() == {"letters": 0, "pages": 1}
    assert company.ring.active_key(company.uid).id == key_id
    assert company.ring.older_keys(company.uid) == []


def test_sealing_again_is_no_change_of_the_row(company: Company) -> None:
    company.write()
    company.rekey()
    with company.db() as db:
        assert db.scalars(select(Page.changed_at)).one() == EARLIER


def test_a_value_that_does_not_open_stays_with_its_key_and_holds_up_no_other(company: Company) -> None:
    first, broken, last = company.write("first"), company.write("broken"), company.write("last")
    company.store(broken, company.stored(first))
    assert company.rekey(batch=1) == {"letters": 0, "pages": 2}
    assert company.left() == 1
    assert len(company.ring.older_keys(company.uid)) == 1
    assert (company.read(first), company.read(last)) == ("first", "last")


def test_destroyed_keys_leave_nothing_to_do(company: Company) -> None:
    _, other_id = company.add("別会社")
    company.write()
    company.write("theirs", other_id)
    company.ring.destroy(company.uid)
    assert company.rekey() == {"letters": 0, "pages": 1}
    assert company.left() == 0


def test_a_foreign_ring_is_refused_before_anything_is_touched(company: Company, tmp_path: Path) -> None:
    before = company.stored(company.write())
    company.ring = KeyRing.open_or_create(tmp_path / "foreign.json", MASTER_KEY)
    for use in (company.left, company.rekey):
        with pytest.raises(KeyRingError, match="does not know the organization"):
            use()
    assert company.stored(1) == before


def test_what_others_write_meanwhile_is_neither_lost_nor_unreadable(company: Company) -> None:
    pages = [company.write("0") for _ in range(12)]

    def write() -> None:
        for round_ in map(str, range(1, 16)):
            for page_id in pages:
                with company.db() as db:
                    db.get_one(Page, page_id).body = round_
                    db.commit()

    with ThreadPoolExecutor() as pool:
        writing = pool.submit(write)
        while not writing.done():
            company.rekey(batch=5)
    writing.result()
    assert {company.read(page_id) for page_id in pages} == {"15"}


def test_a_key_is_not_dropped_under_a_text_that_is_not_committed_yet(company: Company) -> None:
    with company.db() as db:
        page = Page(organization_id=company.id, body=CANARY)
        db.add(page)
        db.flush()
        company.ring.rotate(company.uid)
        with ThreadPoolExecutor() as pool:
            dropping = pool.submit(drop_unused_keys, company.database, company.ring, base=WritingBase)
            with pytest.raises(TimeoutError):
                dropping.result(0.3)
            db.commit()
    assert dropping.result() == 0
    assert company.read(page.id) == CANARY


@pytest.mark.parametrize("database_kind", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_what_somebody_writes_between_reading_and_sealing_again_stays(company: Company) -> None:
    page_id = company.write("old words")
    company.ring.rotate(company.uid)

    class InterruptedRing(KeyRing):
        def cipher(self, organization: UUID, key_id: bytes) -> AESGCM:
            with company.db() as db:
                db.get_one(Page, page_id).body = "new words"
                db.commit()
            return super().cipher(organization, key_id)

    assert reseal(company.database, InterruptedRing(company.ring.path, MASTER_KEY), base=WritingBase)["pages"] == 0
    assert company.read(page_id) == "new words"
