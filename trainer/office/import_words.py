"""What is said of a roster that was brought in, above the next page and on the list of people."""

from uuid import UUID

from flask import url_for
from markupsafe import Markup

from trainer.i18n import gettext as _
from trainer.i18n import ngettext


def imported_words(added: int, changed: int) -> str:
    """What an import has done; a part that is nothing is left out."""
    if added and changed:
        return ngettext(
            "%(num)s person was added, %(changed)s changed.",
            "%(num)s people were added, %(changed)s changed.",
            added,
            changed=changed,
        )
    if changed:
        return ngettext("%(num)s person was changed.", "%(num)s people were changed.", changed)
    return ngettext("%(num)s person was added.", "%(num)s people were added.", added)


def done_words(added: int, changed: int, cohort_uid: UUID) -> str:
    """What was written, and the way to where it is undone."""
    way = url_for("people.page", cohort_uid=cohort_uid)
    return _with_link(imported_words(added, changed), way, _("See the people, or undo this import"))


def left_out_words(count: int, preview: str) -> str:
    """How many rows were not taken, and the way to them: `preview` shows them until its hour is over."""
    words = ngettext("%(num)s row was refused and left out.", "%(num)s rows were refused and left out.", count)
    return _with_link(words, preview, _("See the refused rows"))


def _with_link(words: str, url: str, link: str) -> str:
    return Markup('{} <a href="{}">{}</a>').format(words, url, link)
