"""Sealed texts: unreadable in the database, readable in their own row, with their organization's key."""

import logging
import pickle
import traceback
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from tests.sealed_pages import CANARY, MASTER_KEY, NOW, Company, Letter, Notebook, Page
from trainer.accounts.models import Organization
from trainer.db import Database
from trainer.key_ring import KeyRing
from trainer.sealed import SealError


@pytest.fixture
def company(database: Database, tmp_path: Path) -> Company:
    return Company(database, tmp_path / "keys.json")


# What the database sees


def test_the_raw_table_holds_no_word_of_the_text(company: Company) -> None:
    page_id = company.write()
    with company.database.engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM pages")).one()
    for form in ("utf-8", "utf-16-le", "cp932"):
        assert CANARY[:6].encode(form) not in b"".join(bytes(v) for v in row if isinstance(v, bytes | memoryview))
    assert CANARY[:6] not in str(tuple(row))
    assert company.read(page_id) == CANARY


def test_a_value_is_33_bytes_longer_than_its_text_and_names_its_key(company: Company) -> None:
    value = company.stored(company.write())
    assert len(value) == len(CANARY.encode()) + 33
    assert value[:5] == b"\x01" + company.ring.active_key(company.uid).id


def test_none_stays_none_and_an_empty_text_is_sealed(company: Company) -> None:
    nothing, empty = company.write(None), company.write("")
    assert (company.stored(nothing), len(company.stored(empty))) == (b"", 33)
    assert (company.read(nothing), company.read(empty)) == (None, "")


def test_the_same_text_twice_is_two_different_values(company: Company) -> None:
    assert company.stored(company.write()) != company.stored(company.write())


# Writing through a model


def test_a_text_may_be_written_before_its_row_knows_its_organization(company: Company) -> None:
    with company.db() as db:
        page = Page(notebook=Notebook(organization_id=company.id), title="一", body=CANARY)
        assert (page.title, page.body) == ("一", CANARY)
        db.add(page)
        db.commit()
        assert isinstance(page.body_sealed, bytes)
        assert (page.title, page.body) == ("一", CANARY)
    assert company.read(page.id) == CANARY


def test_a_text_can_be_changed_and_taken_away(company: Company) -> None:
    page_id = company.write()
    for words in ("別の言葉", "別の言葉", None, "また"):
        with company.db() as db:
            db.get_one(Page, page_id).body = words
            db.commit()
        assert company.read(page_id) == words


def test_an_untouched_text_is_not_written_again(company: Company) -> None:
    page_id = company.write()
    before = company.stored(page_id)
    with company.db() as db:
        db.get_one(Page, page_id).title = "題"
        db.commit()
    assert company.stored(page_id) == before


def test_a_rollback_takes_back_what_was_written(company: Company) -> None:
    page_id = company.write()
    with company.db() as db:
        page = db.get_one(Page, page_id)
        page.body = "unsaved"
        assert page.body == "unsaved"
        db.rollback()
        assert page.body == CANARY


def test_a_number_that_was_rolled_back_does_not_lend_its_organization_to_the_next(company: Company) -> None:
    first, second = uuid4(), uuid4()
    company.ring.add_organization(second)
    company.ring.add_organization(first)
    with company.db() as db:
        for uid in (first, second):
            db.add(Organization(id=900, uid=uid, name="同じ番号", created_at=NOW))
            db.flush()
            page = Page(organization_id=900, body=CANARY)
            db.add(page)
            db.flush()
            if uid == first:
                db.rollback()
        db.commit()
    assert company.read(page.id) == CANARY


def test_only_a_string_can_be_sealed() -> None:
    with pytest.raises(TypeError, match="not bytes"):
        Page().body = CANARY.encode()  # type: ignore[assignment] # what a careless caller does


def test_a_way_round_the_seal_stores_nothing(company: Company) -> None:
    page = Page(organization_id=company.id, uid=uuid4(), body=CANARY)
    with company.db() as db:
        with pytest.raises((StatementError, TypeError)) as caught:
            db.execute(insert(Page).values(organization_id=company.id, uid=uuid4(), body_sealed=page.body_sealed))
        db.rollback()
        assert db.scalar(select(func.count()).select_from(Page)) == 0
    assert_says_nothing(caught.value)


def test_words_that_wait_for_the_flush_show_themselves_nowhere(company: Company) -> None:
    page = Page(organization_id=company.id, body=CANARY)
    assert CANARY not in repr(page) + repr(vars(page)) + repr(page.body_sealed)
    with pytest.raises(TypeError, match="cannot leave the process"):
        pickle.dumps(page.body_sealed)


# A value opens only in its own place


def test_two_values_that_were_swapped_give_an_error_and_no_text(company: Company) -> None:
    first, second = company.write("the first"), company.write(CANARY)
    values = company.stored(first), company.stored(second)
    company.store(first, values[1])
    company.store(second, values[0])
    for page_id in (first, second):
        with pytest.raises(SealError, match=r"pages\.body_sealed .* does not open") as caught:
            company.read(page_id)
        assert_says_nothing(caught.value)


def test_a_value_moved_to_another_column_table_or_company_gives_an_error(company: Company) -> None:
    value = company.stored(company.write())
    _, other_id = company.add("別会社")
    with company.db() as db:
        uid = db.scalars(select(Page.uid)).one()
        title = Page(organization_id=company.id, title_sealed=value)
        letter = Letter(organization_id=company.id, uid=uid, body_sealed=value)
        foreign = Letter(organization_id=other_id, body_sealed=value)
        db.add_all([title, letter, foreign])
        db.commit()
        for row, name in ((title, "title"), (letter, "body"), (foreign, "body")):
            with pytest.raises(SealError) as caught:
                getattr(row, name)
            assert_says_nothing(caught.value)


# Keys that are not there


def test_destroying_an_organizations_keys_closes_its_texts_and_no_others(company: Company) -> None:
    _, other_id = company.add("別会社")
    ours, theirs = company.write(), company.write("theirs", other_id)
    copy = KeyRing.open(company.ring.path, MASTER_KEY)  # as another process holds it
    copy.active_key(company.uid)
    company.ring.destroy(company.uid)
    for ring in (company.ring, copy, KeyRing.open(copy.path, MASTER_KEY)):
        company.ring = ring
        with pytest.raises(SealError, match="were destroyed: what its people wrote can no longer be opened") as caught:
            company.read(ours)
        assert_says_nothing(caught.value)
        with pytest.raises(SealError, match="were destroyed"):
            company.write()
        assert company.read(theirs) == "theirs"


def test_a_foreign_ring_opens_and_seals_nothing(company: Company, tmp_path: Path) -> None:
    page_id = company.write()
    company.ring = KeyRing.open_or_create(tmp_path / "foreign.json", MASTER_KEY)
    for use in (lambda: company.read(page_id), company.write):
        with pytest.raises(SealError, match="does not know the organization") as caught:
            use()
        assert_says_nothing(caught.value)


def test_a_session_without_a_ring_opens_and_seals_nothing(company: Company) -> None:
    page_id = company.write()
    with Session(company.database.engine) as db:
        page = db.get_one(Page, page_id)
        with pytest.raises(SealError, match="no key ring"):
            _ = page.body
        page.body = CANARY
        with pytest.raises(SealError, match="no key ring") as caught:
            db.commit()
        assert_says_nothing(caught.value)


def test_a_row_without_a_session_opens_nothing(company: Company) -> None:
    page_id = company.write()
    with company.db() as db:
        page = db.get_one(Page, page_id)
    with pytest.raises(SealError, match="only while its row belongs to a session"):
        _ = page.body


def test_a_row_of_no_organization_is_not_sealed(company: Company) -> None:
    with pytest.raises(SealError, match="names its organization"):
        company.write(organization_id=4711)


def test_nothing_logged_on_the_way_holds_a_word(company: Company, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        page_id = company.write()
        assert company.read(page_id) == CANARY
        company.store(page_id, company.stored(page_id)[:-1])
        with pytest.raises(SealError):
            company.read(page_id)
        company.ring.rotate(company.uid)
        company.rekey()
    assert "stays under its old key" in caplog.text
    assert CANARY not in caplog.text


def assert_says_nothing(error: BaseException) -> None:
    assert CANARY not in "".join(traceback.format_exception(error))
    assert CANARY not in repr(error)
