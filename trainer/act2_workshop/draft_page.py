"""Two versions of one draft side by side: when each was saved, and where they differ."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from trainer.act2_workshop.forms import PlanForm
from trainer.act2_workshop.opening import OpenForm
from trainer.act2_workshop.plan_reading import Change, changes_between
from trainer.act2_workshop.plan_words import PlanWords
from trainer.dates import clock_words, local, short_day_words
from trainer.writing.actions import Typed, typed_in
from trainer.writing.models import Draft, DraftCopy
from trainer.writing.queries import copies_of


@dataclass(frozen=True)
class DraftVersion:
    """One of several versions; `uid` is None for the draft itself. `changes` is what differs from the draft."""

    uid: UUID | None
    saved: str
    changes: list[Change]


def draft_versions(db: Session, opened: OpenForm, draft: Draft) -> list[DraftVersion]:
    """The draft and what was typed on top of older revisions of it."""
    own = _words(opened, typed_in(draft))
    copies = [_version(opened, copy, own, copy.uid) for copy in copies_of(db, draft)]
    return [_version(opened, draft, own, None), *copies]


def _version(opened: OpenForm, kept: Draft | DraftCopy, own: PlanWords, uid: UUID | None) -> DraftVersion:
    at = local(kept.saved_at, opened.plan.schedule.zone)
    saved = f"{short_day_words(at.date(), opened.plan.pack.lang)} {clock_words(at)}"
    peers = {peer.id: peer.name for peer in opened.asked.peers}
    changes = [] if uid is None else changes_between(own, _words(opened, typed_in(kept)), opened.plan.pack, peers)
    return DraftVersion(uid, saved, changes)


def _words(opened: OpenForm, typed: Typed) -> PlanWords:
    return PlanForm(opened.asked, typed).words()
