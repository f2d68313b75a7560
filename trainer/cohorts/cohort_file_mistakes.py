"""What is said of each mistake in a cohort file: its place and what to do, in the language in force."""

from collections.abc import Callable, Mapping
from typing import Any

from trainer.i18n import LANGUAGES
from trainer.i18n import gettext as _

_SAME = {  # pydantic's names of mistakes that are one and the same to a person
    "date_from_datetime_parsing": "date_type",
    "date_from_datetime_inexact": "date_type",
    "date_parsing": "date_type",
    "model_attributes_type": "model_type",
}
_SENTENCES: dict[str, Callable[[str, Mapping[str, Any]], str]] = {
    "extra_forbidden": lambda place, _told: _(
        "%(place)s is not known here. Remove it or correct its spelling.", place=place
    ),
    "missing": lambda place, _told: _("%(place)s is missing.", place=place),
    "model_type": lambda place, _told: _("%(place)s must be lines of the form KEY: VALUE.", place=place),
    "list_type": lambda place, _told: _("%(place)s must be a list.", place=place),
    "string_type": lambda place, _told: _("%(place)s must be a text. Put it in quotation marks.", place=place),
    "string_too_short": lambda place, _told: _("%(place)s is empty.", place=place),
    "string_too_long": lambda place, told: _(
        "%(place)s is longer than %(limit)s characters. Shorten it.", place=place, limit=told["max_length"]
    ),
    "date_type": lambda place, _told: _("%(place)s must be a day, written like 2027-02-03.", place=place),
    "too_short": lambda place, told: _("%(place)s must have %(count)s entries.", place=place, count=told["min_length"]),
    "too_long": lambda place, told: _("%(place)s must have %(count)s entries.", place=place, count=told["max_length"]),
    "literal_error": lambda place, _told: _(
        "%(place)s must be one of: %(known)s.", place=place, known=", ".join(LANGUAGES)
    ),
}


def sentence_of_mistake(mistake: Mapping[str, Any]) -> str:
    """The sentence of one of pydantic's errors; a validator of ours has written the reason itself."""
    place = ".".join(str(step) for step in mistake["loc"]) or _("the file")
    sentence = _SENTENCES.get(_SAME.get(mistake["type"], mistake["type"]))
    if sentence is not None:
        return sentence(place, mistake.get("ctx", {}))
    reason = str(mistake["msg"]).removeprefix("Value error, ")
    return _("%(place)s is not right: %(reason)s", place=place, reason=reason)
