"""The versions of the programs that cohorts have started with."""

from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id


class ProgramVersion(Base):
    """A program as it was when a cohort took it: every language's pack, never changed again."""

    __tablename__ = "program_versions"
    __table_args__ = (UniqueConstraint("program", "digest"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    program: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of the packs
    packs: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)  # language -> pack
