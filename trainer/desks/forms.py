"""The forms at the desks: dates, reasons, addresses."""

from datetime import date
from typing import Any

from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from trainer.cohorts.roster_row import as_address
from trainer.forms import Form
from trainer.i18n import gettext as _
from trainer.i18n import lazy_gettext as _l

LONGEST_REASON = 1000


def _stripped(typed: str | None) -> str:
    return (typed or "").strip()


class DayForm(Form):
    """Sets one date by hand."""

    day = DateField(_l("New date"), validators=[InputRequired(_l("Please choose a day."))])


class MoveForm(Form):
    """Moves the workshop; `meta` without a token, since looking at the difference changes nothing."""

    class Meta:
        """A form that only asks."""

        csrf = False

    day1 = DateField(_l("Workshop, first day"), validators=[InputRequired(_l("Please choose the first day."))])
    day2 = DateField(_l("Workshop, second day"), validators=[InputRequired(_l("Please choose the second day."))])


class ExtensionForm(Form):
    """Gives one trainee a due date of their own, not before `not_before`."""

    not_before: date | None = None
    step = SelectField(_l("Step"))
    due_on = DateField(_l("New due date"), validators=[InputRequired(_l("Please choose a day."))])
    reason = StringField(
        _l("Reason"),
        filters=[_stripped],
        validators=[DataRequired(_l("Please give the reason.")), Length(max=LONGEST_REASON)],
        description=_l("The office reads it; the person gets it with their own data."),
    )

    def validate_due_on(self, field: Any) -> None:
        """Refuse a day that has passed: nobody could keep to it."""
        if self.not_before is not None and field.data is not None and field.data < self.not_before:
            raise ValidationError(_("This day has passed. Please choose today or a later day."))


class FinishForm(Form):
    """Writes down that a trainee has finished a step."""

    finished_step = SelectField(_l("Step"))
    why = TextAreaField(
        _l("Reason"),
        filters=[_stripped],
        validators=[DataRequired(_l("Please give the reason.")), Length(max=LONGEST_REASON)],
        description=_l("The office reads it; the person gets it with their own data."),
    )


class ReasonForm(Form):
    """Pauses, resumes or ends somebody's participation."""

    note = StringField(_l("Reason"), filters=[_stripped], validators=[Optional(), Length(max=LONGEST_REASON)])


class AddressForm(Form):
    """Corrects an address."""

    email = StringField(
        _l("New e-mail address"),
        filters=[_stripped],
        validators=[DataRequired(_l("Please type the e-mail address.")), Length(max=254)],
    )

    @property
    def address(self) -> str:
        """The address as it is stored; the form was accepted."""
        return as_address(self.email.data) or ""

    def validate_email(self, field: Any) -> None:
        """Refuse what is no address."""
        if as_address(field.data) is None:
            raise ValidationError(_("Please type a mail address, like name@example.co.jp."))
