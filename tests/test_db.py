"""What every connection to PostgreSQL is told: who stands still lets go, and no query is compiled."""

import time

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from tests.factories import make_organization
from trainer.accounts.models import Organization
from trainer.db import Database


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_postgresql_ends_a_transaction_that_stands_still(database_url: str) -> None:
    database = Database(database_url, standstill_seconds=0.2)
    with database.session() as db:
        make_organization(db, name="before")
        db.commit()
    with database.session() as frozen:
        frozen.execute(update(Organization).values(name="frozen"))
        time.sleep(0.5)
        with database.session() as other:
            other.execute(update(Organization).values(name="after"))
            other.commit()
        with pytest.raises(DBAPIError, match="idle-in-transaction timeout"):
            frozen.commit()
    with database.reading() as db:
        assert db.scalars(select(Organization.name)).all() == ["after"]
    database.dispose()


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_postgresql_compiles_no_query_for_us(database: Database) -> None:
    with database.session() as db, database.reading() as reading:
        assert [one.scalar(text("SHOW jit")) for one in (db, reading)] == ["off", "off"]
