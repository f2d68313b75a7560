"""Drafts and readings, read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.cohorts.models import Enrollment
from trainer.writing.models import Draft, DraftCopy, Reading


@dataclass(frozen=True)
class Reader:
    """Somebody who opened a text of another person."""

    name: str
    first_read_at: datetime
    last_read_at: datetime


def draft_of(db: Session, seat: Enrollment, form: str, *, is_locked: bool = False) -> Draft | None:
    """What the seat has typed into this form; `is_locked` keeps other saves waiting until the transaction ends."""
    drafts = select(Draft).where(Draft.enrollment_id == seat.id, Draft.form == form)
    return db.scalar(drafts.with_for_update() if is_locked else drafts)


def copies_of(db: Session, draft: Draft) -> Sequence[DraftCopy]:
    """What was typed on top of older revisions and waits for a choice, the newest first."""
    copies = select(DraftCopy).where(DraftCopy.draft_id == draft.id)
    return db.scalars(copies.order_by(DraftCopy.saved_at.desc(), DraftCopy.id.desc())).all()


def readers_of(db: Session, seat: Enrollment, text: str) -> list[Reader]:
    """Who opened this text of the seat besides its writer, in the order of their first reading."""
    readings = (
        select(User.name, Reading.first_read_at, Reading.last_read_at)
        .join(User, User.id == Reading.reader_id)
        .where(Reading.enrollment_id == seat.id, Reading.text == text)
        .order_by(Reading.first_read_at, Reading.id)
    )
    return [Reader(*row) for row in db.execute(readings)]
