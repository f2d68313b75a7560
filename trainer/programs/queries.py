"""The packs that cohorts were started with, read."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.programs.content import Pack
from trainer.programs.models import ProgramVersion


def pack_of(db: Session, version_id: int, language: str) -> Pack:
    """The frozen pack in a language; in the program's first language where it has no other."""
    digest = db.execute(select(ProgramVersion.digest).where(ProgramVersion.id == version_id)).scalar_one()
    return pack_of_digest(db, digest, language)


def pack_of_digest(db: Session, digest: str, language: str) -> Pack:
    """The same by the digest of the version; no query from the second time on, since a frozen pack never changes."""
    pack = _packs.get((digest, language))
    if pack is None:
        packs = db.execute(select(ProgramVersion.packs).where(ProgramVersion.digest == digest)).scalar_one()
        pack = Pack.model_validate(packs.get(language) or next(iter(packs.values())))
        _packs[digest, language] = pack
    return pack


_packs: dict[tuple[str, str], Pack] = {}
