"""Drafts, saved without ever losing one silently."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from trainer.cohorts.models import Enrollment
from trainer.writing.models import Draft, DraftCopy
from trainer.writing.queries import draft_of

Typed = Sequence[tuple[str, str]]  # the names and values of a form, in its order, as they were posted


@dataclass(frozen=True)
class Saved:
    """What became of a save: the draft as it stands, and the copy beside it if somebody had saved meanwhile."""

    draft: Draft
    copy: DraftCopy | None = None


def save_draft(db: Session, seat: Enrollment, form: str, typed: Typed, *, based_on: int, now: datetime) -> Saved:
    """Keep what was typed on top of revision `based_on` (0: of none).

    If the draft has moved on since then, with other words, both are kept: the draft stays and the newcomer lies
    beside it until `choose_copy` or `drop_copies`. The same words again change nothing.
    """
    draft = draft_of(db, seat, form, is_locked=True) or _first_draft(db, seat, form, typed, now)
    words = _as_words(typed)
    if draft.words == words:
        return Saved(draft)
    if draft.revision != based_on:
        return Saved(draft, _keep_beside(db, draft, words, based_on, now))
    draft.words, draft.revision, draft.saved_at = words, draft.revision + 1, now
    db.flush()
    return Saved(draft)


def choose_copy(db: Session, draft: Draft, copy_uid: UUID, *, now: datetime) -> bool:
    """Go on with a copy; what the draft said takes its place beside it. False if there is no such copy any more."""
    copy = db.scalar(select(DraftCopy).where(DraftCopy.draft_id == draft.id, DraftCopy.uid == copy_uid))
    if copy is None:
        return False
    chosen, other = copy.words, draft.words
    copy.words, copy.saved_at = other, draft.saved_at
    draft.words, draft.revision, draft.saved_at = chosen, draft.revision + 1, now
    db.flush()
    return True


def drop_copies(db: Session, draft: Draft) -> None:
    """The writer has chosen: only the draft is left."""
    db.execute(delete(DraftCopy).where(DraftCopy.draft_id == draft.id))


def drop_draft(db: Session, seat: Enrollment, form: str) -> None:
    """Forget what was typed into a form, with all copies: it has been submitted, or its writer gave it up."""
    draft = draft_of(db, seat, form)
    if draft is not None:
        drop_copies(db, draft)
        db.delete(draft)
        db.flush()


def typed_in(kept: Draft | DraftCopy) -> list[tuple[str, str]]:
    """What a draft or a copy holds, as it was posted: `MultiDict(typed_in(draft))` fills a form."""
    return [(name, value) for name, value in json.loads(kept.words or "[]")]


def _first_draft(db: Session, seat: Enrollment, form: str, typed: Typed, now: datetime) -> Draft:
    """The first save of a form; two at once take turns at the seat's row, and the second finds the first's draft."""
    db.execute(select(Enrollment.id).where(Enrollment.id == seat.id).with_for_update())
    draft = draft_of(db, seat, form, is_locked=True)
    if draft is None:
        draft = Draft(organization_id=seat.organization_id, enrollment_id=seat.id, form=form, revision=1, saved_at=now)
        draft.words = _as_words(typed)
        db.add(draft)
        db.flush()
    return draft


def _keep_beside(db: Session, draft: Draft, words: str, based_on: int, now: datetime) -> DraftCopy:
    copy = db.scalar(select(DraftCopy).where(DraftCopy.draft_id == draft.id, DraftCopy.based_on == based_on))
    if copy is None:
        copy = DraftCopy(organization_id=draft.organization_id, draft_id=draft.id, based_on=based_on)
        db.add(copy)
    copy.words, copy.saved_at = words, now
    db.flush()
    return copy


def _as_words(typed: Typed) -> str:
    return json.dumps([[name, value] for name, value in typed], ensure_ascii=False)
