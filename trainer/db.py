"""The database: the tables' base, instants in UTC, and where sessions come from."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    TypeDecorator,
    UniqueConstraint,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only an INTEGER key


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant in UTC; SQLite, which forgets zones, is put right on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a zone cannot be stored")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What every table has in common."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: UTCDateTime()}


class OfOrganization:
    """A row that belongs to one company: children point to (organization_id, id), so none can point across."""

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organization_id: Mapped[int] = mapped_column(Id)


def belongs_to(table: str, column: str, ondelete: str | None = None) -> ForeignKeyConstraint:
    """A foreign key to a row of the same company: (organization_id, `column`) -> `table`."""
    return ForeignKeyConstraint(
        ["organization_id", column], [f"{table}.organization_id", f"{table}.id"], ondelete=ondelete
    )


def owned_by_organization() -> tuple[Any, ...]:
    """The constraints of a parent row: its company exists, and children may point to the pair."""
    return (
        ForeignKeyConstraint(["organization_id"], ["organizations.id"]),
        UniqueConstraint("organization_id", "id"),
    )


class Database:
    """One database: an engine that writes, one that cannot, and sessions from either."""

    def __init__(
        self,
        url: str,
        *,
        lock_wait_seconds: float = 30,
        standstill_seconds: float = 30,
        durable: bool = False,
        key_ring: object | None = None,
    ) -> None:
        """`durable` makes SQLite wait for the disk at each commit, as the sender of letters must.

        On PostgreSQL a process that stands still for `standstill_seconds` in the middle of a transaction loses it, and
        with it the rows that others wait for. `key_ring` is what `Sealed` texts are sealed and opened with.
        """
        self.url = make_url(url)
        self._info: dict[Any, Any] = {"key_ring": key_ring}
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = self._make_engine(lock_wait_seconds)
        self.reading_engine: Engine = self.engine.execution_options(postgresql_readonly=True)
        if self.is_sqlite:
            self.reading_engine = self._make_engine(lock_wait_seconds)
            _prepare_sqlite(self.engine, lock_wait_seconds, durable)
            _prepare_sqlite(self.reading_engine, lock_wait_seconds, durable, reads_only=True)
        else:
            _prepare_postgresql(self.engine, standstill_seconds)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that may write; what is not committed when it ends is rolled back."""
        with Session(self.engine, expire_on_commit=False, info=dict(self._info)) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session in which the database itself refuses to write."""
        with Session(self.reading_engine, expire_on_commit=False, info=dict(self._info)) as session:
            yield session

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        self.reading_engine.dispose()

    def _make_engine(self, lock_wait_seconds: float) -> Engine:
        options: dict[str, Any] = {"timeout": lock_wait_seconds} if self.is_sqlite else {}
        return create_engine(self.url, hide_parameters=True, connect_args=options, pool_pre_ping=not self.is_sqlite)


def _prepare_postgresql(engine: Engine, standstill_seconds: float) -> None:
    """Let go of what a frozen process holds, and never compile a query, on every connection of this engine.

    Compiling begins where a query seems dear; ours are short, and a guess too high costs 300 ms.
    """
    settings = {"idle_in_transaction_session_timeout": f"{int(standstill_seconds * 1000)}", "jit": "off"}

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            for name, value in settings.items():
                cursor.execute(f"SET {name} = {value}")
        connection.commit()


def _prepare_sqlite(engine: Engine, lock_wait_seconds: float, durable: bool, reads_only: bool = False) -> None:
    """Journal, keys and locks as they must be, on every connection of this engine."""
    pragmas = [
        f"busy_timeout = {int(lock_wait_seconds * 1000)}",
        "journal_mode = WAL",
        f"synchronous = {'FULL' if durable else 'NORMAL'}",
        "foreign_keys = ON",
        "secure_delete = ON",
        f"query_only = {'ON' if reads_only else 'OFF'}",
    ]

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, below
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # a reader that turns writer in the middle of a transaction fails at once, whatever the lock wait
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
