"""A program taken into the database, as it is today."""

import hashlib
import json
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.programs.content import load_program
from trainer.programs.models import ProgramVersion


def freeze_program(db: Session, program: str) -> ProgramVersion:
    """The present version of a shipped program, stored once and never changed. Raises PackError."""
    packs, digest = _present(program)
    known = select(ProgramVersion).where(ProgramVersion.program == program, ProgramVersion.digest == digest)
    version = db.scalar(known)
    if version is None:
        number = next(iter(packs.values()))["program"]["version"]
        version = ProgramVersion(program=program, version=number, digest=digest, packs=packs)
        db.add(version)
        db.flush()
    return version


@cache
def _present(program: str) -> tuple[dict[str, Any], str]:
    """The packs of a shipped program as plain values, and their digest; read once, as `load_program` does."""
    packs = {language: pack.model_dump(mode="json", by_alias=True) for language, pack in load_program(program).items()}
    return packs, hashlib.sha256(json.dumps(packs, sort_keys=True).encode()).hexdigest()
