"""Rotation of keys: a new key for each organization, every text sealed again with it, the old keys dropped."""

import logging
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    LargeBinary,
    Row,
    Select,
    TableClause,
    Uuid,
    bindparam,
    column,
    func,
    select,
    table,
    update,
)
from sqlalchemy.orm import DeclarativeBase

from trainer.db import Base, Database
from trainer.key_ring import KEY_ID_BYTES, KeyRing
from trainer.migrations import load_models
from trainer.sealed import KEY_ID, KEY_LOCK, ORGANIZATIONS, Place, Sealed, SealError, keep_keys, open_text, seal_text

log = logging.getLogger(__name__)


class SealedColumn(NamedTuple):
    """A column of sealed values, by its names in the database."""

    table: str
    column: str


class _Organization(NamedTuple):
    id: int
    uid: UUID


def rekey(database: Database, ring: KeyRing, *, batch: int = 500, base: type[DeclarativeBase] = Base) -> dict[str, int]:
    """Rotate every organization's key; gives how many values of each table were sealed again.

    It may run while others write, and may be stopped: the next run goes on with what is left, and makes new keys
    only where nothing is. One commit per batch. A value that does not open stays as it is, and its key with it.
    Raises KeyRingError where the ring is not this database's.
    """
    if not values_left(database, ring, base=base):
        for organization in _with_keys(database, ring):
            ring.rotate(organization.uid)
    counts = reseal(database, ring, batch=batch, base=base)
    drop_unused_keys(database, ring, base=base)
    return counts


def values_left(database: Database, ring: KeyRing, *, base: type[DeclarativeBase] = Base) -> int:
    """How many values are not under their organization's active key; where the keys were destroyed none counts."""
    active = {one.id: ring.active_key(one.uid).id for one in _with_keys(database, ring)}
    with database.reading_engine.connect() as connection:
        uses = _uses(connection, base)
    return sum(count for (owner, key_id), count in uses.items() if owner in active and key_id != active[owner])


def reseal(
    database: Database, ring: KeyRing, *, batch: int = 500, base: type[DeclarativeBase] = Base
) -> dict[str, int]:
    """Seal every value under an older key again with the active one; gives how many of each table, a commit a batch."""
    counts: Counter[str] = Counter()
    for organization in _with_keys(database, ring):
        for sealed in sealed_columns(base):
            counts[sealed.table] += _reseal_column(database, ring, organization, sealed, batch)
    return dict(counts)


def drop_unused_keys(database: Database, ring: KeyRing, *, base: type[DeclarativeBase] = Base) -> int:
    """Drop every older key that no value uses, also none that is being written just now; gives how many."""
    organizations = _with_keys(database, ring)
    older = [(one, key_id) for one in organizations for key_id in ring.older_keys(one.uid)]
    with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(KEY_LOCK)))
        uses = _uses(connection, base)
        unused = [(one, key_id) for one, key_id in older if not uses[one.id, key_id]]
        for organization, key_id in unused:
            ring.drop_key(organization.uid, key_id, values_using_it=0)
    return len(unused)


def sealed_columns(base: type[DeclarativeBase] = Base) -> list[SealedColumn]:
    """The columns behind every Sealed of every model, each once."""
    load_models()  # a model that nobody imported would lose the keys of its texts
    return sorted(
        {
            SealedColumn(*attribute.column_of(mapper.class_))
            for mapper in base.registry.mappers
            for model in mapper.class_.__mro__
            for attribute in vars(model).values()
            if isinstance(attribute, Sealed)
        }
    )


def _with_keys(database: Database, ring: KeyRing) -> list[_Organization]:
    """The organizations whose keys were not destroyed."""
    with database.reading_engine.connect() as connection:
        rows = connection.execute(select(ORGANIZATIONS.c.id, ORGANIZATIONS.c.uid).order_by(ORGANIZATIONS.c.id))
        organizations = [_Organization(row.id, row.uid) for row in rows]
    return [one for one in organizations if not ring.is_destroyed(one.uid)]


def _reseal_column(
    database: Database, ring: KeyRing, organization: _Organization, sealed: SealedColumn, batch: int
) -> int:
    last, count = 0, 0
    while True:
        with database.engine.begin() as connection:
            keep_keys(connection)
            rows = connection.execute(_next_old_values(ring, organization, sealed, last).limit(batch)).all()
            if not rows:
                return count
            last = rows[-1].id
            count += _write_again(connection, ring, organization, sealed, rows)


def _next_old_values(
    ring: KeyRing, organization: _Organization, sealed: SealedColumn, last: int
) -> Select[int, UUID, bytes]:
    values = _values(sealed)
    return (
        select(values.c.id, values.c.uid, values.c[sealed.column].label("value"))
        .where(values.c.organization_id == organization.id, values.c.id > last)
        .where(_key_id(values.c[sealed.column]) != ring.active_key(organization.uid).id)
        .order_by(values.c.id)
    )


def _write_again(
    connection: Connection,
    ring: KeyRing,
    organization: _Organization,
    sealed: SealedColumn,
    rows: Sequence[Row[int, UUID, bytes]],
) -> int:
    values = _values(sealed)
    replace = (
        update(values)
        .where(values.c.id == bindparam("row"), values.c[sealed.column] == bindparam("old"))
        .values({sealed.column: bindparam("new")})
    )
    written = 0
    for row in rows:
        place = Place(organization.uid, sealed.table, sealed.column, row.uid)
        new = _sealed_again(ring, place, row.value)
        if new is not None:  # and where somebody wrote meanwhile, theirs stays
            written += connection.execute(replace, {"row": row.id, "old": row.value, "new": new}).rowcount
    return written


def _sealed_again(ring: KeyRing, place: Place, value: bytes) -> bytes | None:
    try:
        return seal_text(ring, place, open_text(ring, place, value))
    except SealError as error:
        log.warning("a text stays under its old key: %s", error)
        return None


def _uses(connection: Connection, base: type[DeclarativeBase]) -> Counter[tuple[int, bytes]]:
    """How many values each key of each organization (by its number) holds."""
    uses: Counter[tuple[int, bytes]] = Counter()
    for sealed in sealed_columns(base):
        values = _values(sealed)
        counted = (
            select(values.c.organization_id, _key_id(values.c[sealed.column]).label("key_id"), func.count())
            .where(values.c[sealed.column].is_not(None))
            .group_by(values.c.organization_id, "key_id")
        )
        uses.update({(owner, bytes(key)): count for owner, key, count in connection.execute(counted)})
    return uses


def _values(sealed: SealedColumn) -> TableClause:
    # not the mapped table: its defaults, such as the time of the last change, are not ours to touch
    return table(
        sealed.table,
        column("id", BigInteger),
        column("organization_id", BigInteger),
        column("uid", Uuid()),
        column(sealed.column, LargeBinary),
    )


def _key_id(value: ColumnElement[bytes]) -> ColumnElement[bytes]:
    return func.substr(value, KEY_ID.start + 1, KEY_ID_BYTES, type_=LargeBinary)
