"""What every form of the program has in common: where WTForms has a sentence of its own, ours is said instead."""

from functools import cache
from typing import Any

from flask_wtf import FlaskForm
from wtforms.meta import DefaultMeta

from trainer import i18n


def _l(message: str) -> str:
    """Mark a sentence for the catalogue; it is looked up when it is said, in the language of its form."""
    return message


NO_CHOICE = _l("This is not one of the choices. Please choose again.")
NO_DAY = _l("This cannot be read as a date. Write it like 2027-02-03.")
NO_NUMBER = _l("Enter a number in figures, such as 30.")
# What WTForms would say, which names what is wrong -> ours, which says what to do.
OURS = {
    "This field is required.": _l("Please fill this in."),
    "Not a valid choice.": NO_CHOICE,
    "Invalid Choice: could not coerce.": NO_CHOICE,
    "Invalid choice(s): one or more data inputs could not be coerced.": NO_CHOICE,
    "'%(value)s' is not a valid choice for this field.": NO_CHOICE,
    "Not a valid date value.": NO_DAY,
    "Not a valid time value.": _l("This cannot be read as a time. Write it like 09:00."),
    "Not a valid decimal value.": NO_NUMBER,
    "Not a valid integer value.": NO_NUMBER,
    "Field cannot be longer than %(max)d character.": _l(
        "Please shorten this to %(max)d characters (it has %(length)d now)."
    ),
}


class Sentences:
    """What WTForms asks for its sentences: ours, in one language, or in the one in force if none is named."""

    def __init__(self, language: str | None = None) -> None:
        self.language = language

    def gettext(self, message: str) -> str:
        """The sentence for this one."""
        return i18n.catalogue(self.language).gettext(OURS.get(message, message))

    def ngettext(self, one: str, many: str, num: int) -> str:
        """The sentence for so many; ours is the same for any number."""
        if one in OURS:
            return self.gettext(one)
        return i18n.catalogue(self.language).ngettext(one, many, num)


@cache
def sentences(language: str | None = None) -> Sentences:
    """The sentences of forms in a language."""
    return Sentences(language)


class SpokenMeta(DefaultMeta):
    """How a form without Flask speaks: in `language`."""

    language: str | None = None

    def get_translations(self, form: Any) -> Sentences:
        return sentences(self.language)


class Form(FlaskForm):
    """A form of a page, which speaks the language in force."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Sentences:
            return sentences()
