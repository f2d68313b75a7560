"""The rows as they should be, laid beside `prompts` in temporary tables, and the three statements that compare them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from typing import cast as typed
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Delete,
    FromClause,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Time,
    Update,
    Uuid,
    case,
    cast,
    delete,
    insert,
    literal,
    null,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable
from sqlalchemy.sql.functions import FunctionElement

from trainer.db import Id, UTCDateTime
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.queries import is_open

_temporary = MetaData()

SEATS = Table(
    "wanted_seats",
    _temporary,
    Column("enrollment_id", Id, primary_key=True),
    Column("organization_id", Id, nullable=False),
    Column("cohort_id", Id, nullable=False),
    Column("situation", Integer, nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
ROWS = Table(
    "wanted_rows",
    _temporary,
    Column("situation", Integer, primary_key=True, autoincrement=False),
    Column("letter", String(60), primary_key=True),
    Column("occasion", String(60), primary_key=True),
    Column("step", String(20)),
    Column("local_date", Date),
    Column("local_time", Time),
    Column("zone", String(60)),
    Column("program_version_id", Id),
    Column("due_at", UTCDateTime),
    Column("not_after", UTCDateTime),
    Column("state", String(20)),
    Column("reason", String(40)),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
_PROMPTS = typed(Table, Prompt.__table__)
_INTENT = ("local_date", "local_time", "zone", "program_version_id", "due_at", "not_after")


class random_uid(FunctionElement[UUID]):  # noqa: N801 - a function of the database, named like one
    """A random UUID, made by the database."""

    type = Uuid()
    inherit_cache = True


@compiles(random_uid, "postgresql")
def _postgresql_uid(element: object, compiler: object, **options: object) -> str:
    return "gen_random_uuid()"


@compiles(random_uid, "sqlite")
def _sqlite_uid(element: object, compiler: object, **options: object) -> str:
    return "lower(hex(randomblob(16)))"


def lay_out(db: Session, seats: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write down for each seat its situation, and for each situation its rows."""
    for table, values in ((SEATS, seats), (ROWS, rows)):
        db.execute(CreateTable(table, if_not_exists=True))
        db.execute(delete(table))
        if values:
            db.execute(insert(table), list(values))
        if not _is_sqlite(db):  # it knows nothing of a table that is a moment old
            db.execute(text(f"ANALYZE {table.name}"))


@contextmanager
def comparing(db: Session) -> Iterator[None]:
    """Inside, PostgreSQL compares whole tables, whatever old statistics say; afterwards it chooses for itself again."""
    if not _is_sqlite(db):
        db.execute(text("SET LOCAL enable_nestloop = off"))
    yield
    if not _is_sqlite(db):
        db.execute(text("SET LOCAL enable_nestloop TO DEFAULT"))


def add_missing(db: Session, cohorts: Collection[int], now: datetime) -> None:
    """INSERT the rows that are not there; the unique key lets nothing in twice, whoever else inserts."""
    dialect = sqlite if _is_sqlite(db) else postgresql
    known = _PROMPTS.alias("known")
    values: dict[str, Any] = {
        "uid": random_uid(),
        "organization_id": SEATS.c.organization_id,
        "cohort_id": SEATS.c.cohort_id,
        "enrollment_id": SEATS.c.enrollment_id,
        "letter": ROWS.c.letter,
        "step": ROWS.c.step,
        "occasion": ROWS.c.occasion,
        "idem_key": cast(SEATS.c.enrollment_id, String) + ":" + ROWS.c.letter + ":" + ROWS.c.occasion,
        **{name: ROWS.c[name] for name in _INTENT},
        "next_at": ROWS.c.due_at,
        "state": ROWS.c.state,
        "reason": ROWS.c.reason,
        "attempts": literal(0),
        "updated_at": literal(now, UTCDateTime()),
    }
    wanted: Select[Any] = (
        select(*values.values())
        .select_from(SEATS.join(ROWS, ROWS.c.situation == SEATS.c.situation))
        .outerjoin(
            known,
            _among(db, known, cohorts)
            & (known.c.enrollment_id == SEATS.c.enrollment_id)
            & (known.c.letter == ROWS.c.letter)
            & (known.c.occasion == ROWS.c.occasion),
        )
        .where(known.c.id.is_(None))
    )
    statement = dialect.insert(_PROMPTS).from_select(list(values), wanted, include_defaults=False)
    db.execute(statement.on_conflict_do_nothing(index_elements=["idem_key"]))


def correct_differing(db: Session, cohorts: Collection[int], now: datetime) -> None:
    """UPDATE the open rows that are not as they should be; a row that waits for its next try goes on waiting.

    And what somebody sends again stays of use for as long as `again` said, else it would be too late when it goes.
    """
    same_row = (
        (_PROMPTS.c.enrollment_id == SEATS.c.enrollment_id)
        & (_PROMPTS.c.letter == ROWS.c.letter)
        & (_PROMPTS.c.occasion == ROWS.c.occasion)
        & (ROWS.c.situation == SEATS.c.situation)
    )
    waits = (_PROMPTS.c.due_at == ROWS.c.due_at) & (_PROMPTS.c.state == PromptState.PLANNED)
    goes_later = waits & (_PROMPTS.c.next_at > _PROMPTS.c.due_at) & (_PROMPTS.c.not_after > ROWS.c.not_after)
    not_after = case((goes_later, _PROMPTS.c.not_after), else_=ROWS.c.not_after)
    differs = or_(
        *(_PROMPTS.c[name] != ROWS.c[name] for name in (*_INTENT, "state") if name != "not_after"),
        _PROMPTS.c.not_after != not_after,
        _PROMPTS.c.reason.is_distinct_from(ROWS.c.reason),
    )
    statement: Update = (
        update(_PROMPTS)
        .where(_among(db, _PROMPTS, cohorts), same_row, is_open(now), differs)
        .values(
            {
                **{name: ROWS.c[name] for name in (*_INTENT, "state", "reason")},
                "not_after": not_after,
                "next_at": case((waits, _PROMPTS.c.next_at), else_=ROWS.c.due_at),
                "updated_at": now,
            }
        )
    )
    db.execute(statement)


def remove_unwanted(db: Session, cohorts: Collection[int], kept: Collection[str], now: datetime) -> None:
    """DELETE the open rows of letters that have no day any more; `kept` are letters planned elsewhere (digests)."""
    wanted = (
        select(null())
        .select_from(SEATS.join(ROWS, ROWS.c.situation == SEATS.c.situation))
        .where(
            SEATS.c.enrollment_id == _PROMPTS.c.enrollment_id,
            ROWS.c.letter == _PROMPTS.c.letter,
            ROWS.c.occasion == _PROMPTS.c.occasion,
        )
        .correlate(_PROMPTS)
    )
    statement: Delete = delete(_PROMPTS).where(
        _PROMPTS.c.cohort_id.in_(cohorts), _PROMPTS.c.letter.not_in(kept), is_open(now), ~wanted.exists()
    )
    db.execute(statement)


def _among(db: Session, prompts: FromClause, cohorts: Collection[int]) -> ColumnElement[bool]:
    """Lets PostgreSQL hash only these cohorts' rows; SQLite, which joins row by row, would leave the seats' index."""
    return true() if _is_sqlite(db) else prompts.c.cohort_id.in_(cohorts)


def _is_sqlite(db: Session) -> bool:
    return db.get_bind().dialect.name == "sqlite"
