"""Two versions of one draft side by side: when each was saved, and what they say where they differ."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from trainer.act3_practice.forms import reflection_form
from trainer.act3_practice.opening import MODE, OpenReflection, as_posted
from trainer.dates import clock_words, local, short_day_words
from trainer.programs.fields import plain_values
from trainer.programs.told import Told, told
from trainer.writing.actions import typed_in
from trainer.writing.models import Draft, DraftCopy
from trainer.writing.queries import copies_of


@dataclass(frozen=True)
class DraftVersion:
    """One of several versions; `uid` is None for the draft itself. `lines` is what it says and another does not."""

    uid: UUID | None
    saved: str
    lines: tuple[Told, ...]


def draft_versions(db: Session, opened: OpenReflection, draft: Draft) -> list[DraftVersion]:
    """The draft and what was typed on top of older revisions of it."""
    kept: list[Draft | DraftCopy] = [draft, *copies_of(db, draft)]
    said = [_said(opened, one) for one in kept]
    alike = {line for line in said[0] if all(line in other for other in said)}
    return [
        DraftVersion(
            uid=one.uid if isinstance(one, DraftCopy) else None,
            saved=_saved(opened, one),
            lines=tuple(line for line in lines if line not in alike),
        )
        for one, lines in zip(kept, said, strict=True)
    ]


def _said(opened: OpenReflection, kept: Draft | DraftCopy) -> list[Told]:
    typed = typed_in(kept)
    asked = opened.asked(dict(typed).get(MODE))
    titles = {measure.id: measure.title for measure in opened.practice.measures}
    form = reflection_form(asked, as_posted(typed))
    return told(asked.fields, plain_values(form), opened.practice.pack, titles)


def _saved(opened: OpenReflection, kept: Draft | DraftCopy) -> str:
    at = local(kept.saved_at, opened.practice.schedule.zone)
    return f"{short_day_words(at.date(), opened.practice.pack.lang)} {clock_words(at)}"
