"""A draft that a browser posted, saved and answered: to the page's script as JSON, to a plain form as nothing."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import ImmutableMultiDict

from trainer.cohorts.models import Enrollment
from trainer.dates import clock_words, local
from trainer.i18n import gettext as _
from trainer.organization_scope import request_session
from trainer.writing.actions import Saved, Typed, save_draft
from trainer.writing.models import Draft

NOT_WORDS = frozenset({"csrf_token", "revision", "do"})  # `do` is the name of every button of such a form
LONGEST = 200_000  # characters of one form, many times what its fields hold together

MOST_REVISIONS = 2**31 - 1  # what the column of a copy takes; a larger number is nobody's revision


class TooMuchTyped(Exception):
    """More than any form of ours asks for; nothing was saved."""


def save_posted(seat: Enrollment, form: str, *, now: datetime) -> Saved:
    """Save what this request's form holds as the seat's draft of `form`; the caller commits. Raises TooMuchTyped."""
    typed = typed_fields(request.form)
    if sum(len(name) + len(value) for name, value in typed) > LONGEST:
        raise TooMuchTyped
    revision = request.form.get("revision", default=0, type=int)
    based_on = revision if 0 < revision <= MOST_REVISIONS else 0
    return save_draft(request_session(), seat, form, typed, based_on=based_on, now=now)


def answer_saved(seat: Enrollment, form: str, zone: ZoneInfo, *, now: datetime) -> ResponseReturnValue:
    """Save and commit, and answer the script: 200 with the new revision, 409 where both versions were kept."""
    try:
        saved = save_posted(seat, form, now=now)
    except TooMuchTyped:
        return {"words": _("This is too long to be saved. Shorten it, then go on.")}, 413
    request_session().commit()
    if saved.copy is not None:
        return {"words": _("Something else was saved meanwhile. Both versions are kept.")}, 409
    return {"revision": saved.draft.revision, "words": saved_words(saved.draft, zone)}


def typed_fields(posted: ImmutableMultiDict[str, str]) -> Typed:
    """The fields of a posted form, without what belongs to the page alone."""
    return [(name, value) for name, value in posted.items(multi=True) if name not in NOT_WORDS]


def saved_words(draft: Draft | None, zone: ZoneInfo, *, begins_with_words: bool = False) -> str:
    """Whether something is saved and since when: 保存しました 10:32, in the reader's language and the cohort's zone.

    `begins_with_words`: without a draft the form is not blank, it says what was handed in last.
    """
    if draft is None:
        return _("Nothing is changed yet.") if begins_with_words else _("Nothing is written yet.")
    return _("Saved %(time)s", time=clock_words(local(draft.saved_at, zone)))
