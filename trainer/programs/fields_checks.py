"""The checks of single fields, each a WTForms validator."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from wtforms import BooleanField, DateField, SelectMultipleField
from wtforms.fields import SelectFieldBase
from wtforms.validators import StopValidation, ValidationError

from trainer.forms import NO_DAY
from trainer.i18n import gettext as _
from trainer.i18n import ngettext
from trainer.programs.conditions import is_required
from trainer.programs.fields_context import Saving
from trainer.programs.fields_values import is_blank, plain

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
LARGEST_NUMBER = 1_000_000_000


@dataclass(frozen=True)
class Answered:
    """Stops at a blank field: with an error if an answer is required now, else without one."""

    required: bool | str
    saving: Saving

    def __call__(self, form: Any, field: Any) -> None:
        if not is_blank(field):
            return
        field.errors[:] = []
        if self.saving is not Saving.DRAFT and is_required(self.required, form.situation):
            raise StopValidation(_missing(field))
        raise StopValidation()


@dataclass(frozen=True)
class AtMost:
    """No more than so many answers."""

    count: int

    def __call__(self, form: Any, field: Any) -> None:
        if len(plain(field) or ()) > self.count:
            raise ValidationError(
                ngettext("Give no more than %(num)s answer.", "Give no more than %(num)s answers.", self.count)
            )


@dataclass(frozen=True)
class AtLeast:
    """No fewer than so many answers."""

    count: int

    def __call__(self, form: Any, field: Any) -> None:
        if len(plain(field) or ()) < self.count:
            raise ValidationError(too_few(self.count))


@dataclass(frozen=True)
class Within:
    """A number between two bounds."""

    least: int | None
    most: int | None

    def __call__(self, form: Any, field: Any) -> None:
        least = -LARGEST_NUMBER if self.least is None else self.least
        most = LARGEST_NUMBER if self.most is None else self.most
        if not field.process_errors and not least <= field.data <= most:
            raise ValidationError(
                field.gettext("Enter a number from %(min)s to %(max)s.") % {"min": least, "max": most}
            )


@dataclass(frozen=True)
class LongEnough:
    """A text of so many characters at least; how many are missing is said as an invitation."""

    count: int

    def __call__(self, form: Any, field: Any) -> None:
        missing = self.count - len(field.data or "")
        if missing > 0:
            raise ValidationError(
                field.ngettext(
                    "About %(num)s more character would help your reader.",
                    "About %(num)s more characters would help your reader.",
                    missing,
                )
                % {"num": missing}
            )


def check_day(form: Any, field: Any) -> None:
    """A WTForms validator: a day of our time."""
    if field.data is not None and not FIRST_DAY <= field.data <= LAST_DAY:
        raise ValidationError(field.gettext(NO_DAY))


def too_few(count: int) -> str:
    """The sentence for somebody who answered for fewer than `count`."""
    return str(ngettext("Give at least %(num)s answer.", "Give at least %(num)s answers.", count))


def no_number() -> str:
    """The sentence for what is no number."""
    return str(_("Enter a number in figures, such as 30."))


def _missing(field: Any) -> str:
    """What is to be done at a blank field, by what one does there."""
    if isinstance(field, SelectMultipleField):
        return str(field.gettext("Please choose at least one."))
    if isinstance(field, SelectFieldBase):
        return str(field.gettext("Please choose one."))
    if isinstance(field, BooleanField):
        return str(field.gettext("Please tick this."))
    if isinstance(field, DateField):
        return str(field.gettext("Please choose a day."))
    return str(field.gettext("Please fill this in."))
