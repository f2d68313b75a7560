"""Which key ring belongs to a database: made at first use, refused when it is missing or another's."""

from pathlib import Path

import pytest

from tests.factories import make_organization
from trainer.accounts.keys import give_keys, key_ring_of
from trainer.db import Database
from trainer.key_ring import KeyRing, KeyRingError

MASTER_KEY = b"m" * 32


def test_a_database_without_companies_gets_a_ring(database: Database, tmp_path: Path) -> None:
    with database.reading() as db:
        key_ring_of(db, tmp_path / "keys.json", MASTER_KEY)
    assert (tmp_path / "keys.json").exists()


def test_every_company_gets_a_key_and_keeps_it(database: Database, tmp_path: Path) -> None:
    with database.session() as db:
        ring = key_ring_of(db, tmp_path / "keys.json", MASTER_KEY)
        first = make_organization(db)
        give_keys(db, ring)
        key = ring.active_key(first.uid).id
        second = make_organization(db)
        give_keys(db, ring)
        assert ring.active_key(first.uid).id == key
        assert ring.active_key(second.uid).id != key
        assert key_ring_of(db, tmp_path / "keys.json", MASTER_KEY).active_key(first.uid).id == key


def test_a_missing_ring_is_not_made_anew(database: Database, tmp_path: Path) -> None:
    with database.session() as db:
        make_organization(db)
        with pytest.raises(KeyRingError, match="is missing"):
            key_ring_of(db, tmp_path / "keys.json", MASTER_KEY)
    assert not (tmp_path / "keys.json").exists()


def test_the_ring_of_another_database_is_refused(database: Database, tmp_path: Path) -> None:
    KeyRing.open_or_create(tmp_path / "keys.json", MASTER_KEY)
    with database.session() as db:
        make_organization(db)
        with pytest.raises(KeyRingError, match="key ring"):
            key_ring_of(db, tmp_path / "keys.json", MASTER_KEY)
