"""Tables with sealed texts, and a company that writes in them, for the tests of sealing alone."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import ForeignKeyConstraint, MetaData, UniqueConstraint, Uuid, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from trainer.accounts.models import Organization
from trainer.db import Database, Id, UTCDateTime
from trainer.key_ring import KeyRing
from trainer.rekey import rekey, values_left
from trainer.sealed import Sealed

CANARY = "CANARY-私が一人で抱えていたこと"
MASTER_KEY = b"m" * 32
NOW = datetime(2026, 9, 2, 1, 0, tzinfo=UTC)
EARLIER = datetime(2026, 8, 1, tzinfo=UTC)


class WritingBase(DeclarativeBase):
    """Tables of these tests alone."""

    metadata = MetaData()


class Notebook(WritingBase):
    """The parent whose organization a page takes over."""

    __tablename__ = "notebooks"
    __table_args__ = (UniqueConstraint("organization_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organization_id: Mapped[int] = mapped_column(Id)


class Page(WritingBase):
    """Somebody's words, in two columns."""

    __tablename__ = "pages"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "notebook_id"], ["notebooks.organization_id", "notebooks.id"]),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organization_id: Mapped[int] = mapped_column(Id)
    notebook_id: Mapped[int | None] = mapped_column(Id)
    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4, unique=True)
    title_sealed: Mapped[bytes | None]
    body_sealed: Mapped[bytes | None]
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=EARLIER, onupdate=NOW)
    notebook: Mapped[Notebook | None] = relationship()
    title = Sealed("title")
    body = Sealed("body")


class Letter(WritingBase):
    """The same column in another table."""

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organization_id: Mapped[int] = mapped_column(Id)
    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4, unique=True)
    body_sealed: Mapped[bytes | None]
    body = Sealed("body")


class Company:
    """A database with the tables above, its key ring, and one organization; `db()` gives sessions."""

    def __init__(self, database: Database, path: Path) -> None:
        WritingBase.metadata.create_all(database.engine)
        self.database = database
        self.ring = KeyRing.open_or_create(path, MASTER_KEY)
        self.uid, self.id = self.add("湊商事")

    def db(self) -> Session:
        return Session(self.database.engine, expire_on_commit=False, info={"key_ring": self.ring})

    def add(self, name: str) -> tuple[UUID, int]:
        uid = uuid4()
        self.ring.add_organization(uid)
        with self.db() as db:
            organization = Organization(uid=uid, name=name, created_at=NOW)
            db.add(organization)
            db.commit()
            return uid, organization.id

    def write(self, body: str | None = CANARY, organization_id: int | None = None) -> int:
        with self.db() as db:
            page = Page(organization_id=organization_id or self.id, body=body)
            db.add(page)
            db.commit()
            return page.id

    def read(self, page_id: int) -> str | None:
        with self.db() as db:
            return db.get_one(Page, page_id).body

    def stored(self, page_id: int) -> bytes:
        with self.db() as db:
            return bytes(db.scalars(select(Page.body_sealed).where(Page.id == page_id)).one() or b"")

    def store(self, page_id: int, value: bytes) -> None:
        with self.db() as db:
            db.execute(update(Page).where(Page.id == page_id).values(body_sealed=value))
            db.commit()

    def left(self) -> int:
        return values_left(self.database, self.ring, base=WritingBase)

    def rekey(self, batch: int = 500) -> dict[str, int]:
        return rekey(self.database, self.ring, batch=batch, base=WritingBase)
