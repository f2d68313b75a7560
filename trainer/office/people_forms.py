"""The forms about people: a roster to upload or paste, one person by hand, groups, facilitators, coordinators."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from trainer.cohorts.roster_file import MAX_BYTES
from trainer.cohorts.roster_row import as_address
from trainer.forms import Form
from trainer.i18n import gettext as _
from trainer.i18n import lazy_gettext as _l

LONGEST_LINE = 1000


def _stripped(typed: str | None) -> str:
    return " ".join((typed or "").split())


class UploadForm(Form):
    """Takes a roster: a file, or a table copied from a spreadsheet."""

    file = FileField(_l("File"), validators=[Optional()], description=_l(".xlsx or CSV, up to 5 MB and 5,000 rows."))
    table = TextAreaField(
        _l("Or paste the table here"),
        description=_l("Copy the cells in the spreadsheet, with the line of headings, and paste them."),
    )

    def roster(self) -> tuple[str, bytes]:
        """The name and the bytes of what was given; the file counts first."""
        if self.file.data:
            with self.file.data.stream as stream:
                return str(self.file.data.filename or ""), stream.read(MAX_BYTES + 1)
        return "", (self.table.data or "").encode()

    def validate_table(self, field: Any) -> None:
        """Refuse a form with nothing in it."""
        if not self.file.data and not (field.data or "").strip():
            raise ValidationError(_("Please choose a file, or paste the table."))


class ConfirmForm(Form):
    """Confirms what the preview showed."""

    digest = HiddenField(validators=[InputRequired()])
    encoding = HiddenField(validators=[Optional()])
    same_people = BooleanField(_l("I have checked that these are the same people"))


class PersonForm(Form):
    """One person by hand; the rules are those of a roster's row."""

    employee_number = StringField(
        _l("Employee number"),
        filters=[_stripped],
        validators=[InputRequired(_l("Please type the employee number.")), Length(max=40)],
    )
    name = StringField(_l("Name"), filters=[_stripped], validators=[InputRequired(_l("Please type the name."))])
    name_reading = StringField(_l("Name reading"), filters=[_stripped], validators=[Optional()])
    email = StringField(
        _l("E-mail address"), filters=[_stripped], validators=[InputRequired(_l("Please type the e-mail address."))]
    )
    department = StringField(_l("Department"), filters=[_stripped], validators=[Optional(), Length(max=LONGEST_LINE)])
    group = StringField(
        _l("Group"),
        filters=[_stripped],
        validators=[Optional(), Length(max=LONGEST_LINE)],
        description=_l("A name that is not on the list yet makes a new group."),
    )
    boss_name = StringField(_l("Boss's name"), filters=[_stripped], validators=[Optional()])
    boss_email = StringField(_l("Boss's e-mail address"), filters=[_stripped])
    seen = HiddenField(filters=[_stripped])  # what would change of a known person, as the page that was sent said it

    def validate_boss_email(self, field: Any) -> None:
        """Refuse a boss without address: a roster leaves that boss out and says so, here it would be lost unseen."""
        if self.boss_name.data and not field.data:
            raise ValidationError(_("Enter the boss's e-mail address too; a name alone cannot be kept."))

    def cells(self) -> dict[str, str]:
        """The form as a roster's row; whoever has a number already is not asked for it."""
        names = (
            "employee_number",
            "name",
            "name_reading",
            "email",
            "department",
            "group",
            "boss_name",
            "boss_email",
        )
        return {name: (self[name].data or "") if name in self else "" for name in names}


class GroupForm(Form):
    """Calls a group otherwise."""

    name = StringField(
        _l("New name"),
        filters=[_stripped],
        validators=[InputRequired(_l("Please type the group's name.")), Length(max=LONGEST_LINE)],
    )
    present = HiddenField(validators=[InputRequired()])


def _is_an_address(_form: Form, field: Any) -> None:
    if as_address(field.data) is None:
        raise ValidationError(_("Please type a mail address, like name@example.co.jp."))


class StaffForm(Form):
    """Names somebody of the staff."""

    name = StringField(
        _l("Name"), filters=[_stripped], validators=[InputRequired(_l("Please type the name.")), Length(max=120)]
    )
    email = StringField(
        _l("E-mail address"),
        filters=[_stripped],
        validators=[InputRequired(_l("Please type the e-mail address.")), Length(max=254), _is_an_address],
    )

    @property
    def address(self) -> str:
        """The address as it is stored; the form was accepted."""
        return as_address(self.email.data) or ""


class GroupsForm(Form):
    """The groups for which a facilitator answers."""

    groups = SelectMultipleField(_l("Groups"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False))
