"""The forms of a cohort: two days and a name, and everything else already filled in."""

from collections.abc import Callable, Sequence
from datetime import time
from typing import Any

from pydantic import TypeAdapter, ValidationError
from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.validators import ValidationError as NotAccepted
from wtforms.widgets import CheckboxInput, ListWidget

from trainer.accounts.forms import LANGUAGE_NAMES
from trainer.accounts.models import Organization
from trainer.cohorts.cohort_file import Closure, Country, Line, Zone
from trainer.cohorts.models import Cohort
from trainer.cohorts.new_cohort import NewCohort, Settings
from trainer.forms import Form
from trainer.i18n import LANGUAGES
from trainer.i18n import lazy_gettext as _l
from trainer.programs.content import Pack, load_program, shipped_programs
from trainer.prompts.letter_names import letter_name

NINE = time(9, 0)


def _as(kind: Any) -> Callable[[Form, Any], None]:
    """What a cohort file would refuse in this place is refused here, in the same words."""
    adapter = TypeAdapter[Any](kind)

    def check(_form: Form, field: Any) -> None:
        try:
            adapter.validate_python(field.data)
        except ValidationError as error:
            raise NotAccepted(str(error.errors()[0]["msg"]).removeprefix("Value error, ")) from None

    return check


def _stripped(typed: str | None) -> str:
    return (typed or "").strip()


def _lines(typed: object) -> list[str]:
    text = typed if isinstance(typed, str) else "\n".join(typed) if isinstance(typed, list) else ""
    return [line.strip() for line in text.splitlines() if line.strip()]


class _ClosuresField(TextAreaField):
    """Days or ranges of days, one a line."""

    def _value(self) -> str:
        return "\n".join(_lines(self.data))


class SettingsForm(Form):
    """Everything about a cohort but its program and its days."""

    name = StringField(
        _l("Name of the cohort"),
        filters=[_stripped],
        validators=[InputRequired(_l("Please give the cohort a name.")), Length(max=200), _as(Line)],
    )
    time_zone = StringField(_l("Time zone"), filters=[_stripped], validators=[InputRequired(), _as(Zone)])
    start_time = TimeField(_l("The workshop begins at"), default=NINE, validators=[InputRequired()])
    venue = StringField(_l("Venue"), filters=[_stripped], validators=[Optional(), Length(max=1000)])
    prompt_time = TimeField(
        _l("Letters go out at"),
        default=NINE,
        validators=[InputRequired()],
        description=_l("Between 08:00 and 18:00, on business days only."),
    )
    language = RadioField(
        _l("Language of letters and pages"), validators=[InputRequired(_l("Please choose a language."))]
    )
    holidays = StringField(
        _l("Public holidays of"),
        filters=[_stripped],
        validators=[InputRequired(), _as(Country)],
        description=_l("JP is Japan. No letter goes out on a public holiday."),
    )
    closures = _ClosuresField(
        _l("Days on which the company is closed"),
        filters=[_lines],
        validators=[Optional(), _as(list[Closure])],
        description=_l("One a line, like 2027-04-30 or 2027-08-12/2027-08-16. No letter goes out on these days."),
    )
    optional_letters = SelectMultipleField(
        _l("Letters to bosses"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )

    def offer(self, packs: Sequence[Pack]) -> None:
        """Take the choices from the programs."""
        self.language.choices = [SelectChoice(known, LANGUAGE_NAMES[known]) for known in LANGUAGES]
        self.optional_letters.choices = [
            SelectChoice(letter.id, letter_name(letter, pack))
            for pack in packs
            for letter in pack.letters
            if letter.to == "boss"
        ]

    def settings(self) -> Settings:
        """What the form says; it was accepted."""
        return Settings(
            name=self.name.data,
            time_zone=self.time_zone.data,
            language=self.language.data,
            holidays=self.holidays.data,
            start_time=self.start_time.data,
            prompt_time=self.prompt_time.data,
            venue=self.venue.data or "",
            closures=tuple(self.closures.data),
            optional_letters=tuple(self.optional_letters.data or ()),
        )


class CohortForm(SettingsForm):
    """Makes a cohort."""

    program = SelectField(_l("Program"), validators=[InputRequired(_l("Please choose one."))])
    day1 = DateField(_l("Workshop, first day"), validators=[InputRequired(_l("Please choose the first day."))])
    day2 = DateField(_l("Workshop, second day"), validators=[InputRequired(_l("Please choose the second day."))])
    warned = HiddenField(filters=[_stripped])  # the days whose warnings were on the page that was sent

    def cohort(self) -> NewCohort:
        """What the form says; it was accepted."""
        return NewCohort(self.program.data, self.day1.data, self.day2.data, self.settings())


def cohort_form(organization: Organization, language: str) -> CohortForm:
    """The form with what is usual in the company filled in; `language` is the reader's."""
    form = CohortForm(
        time_zone=organization.time_zone, language=organization.language, holidays=organization.holidays, closures=[]
    )
    programs = [load_program(program) for program in shipped_programs()]
    packs = [by_language.get(language) or next(iter(by_language.values())) for by_language in programs]
    form.program.choices = [SelectChoice(pack.program.id, pack.program.title) for pack in packs]
    form.offer(packs)
    return form


def settings_form(cohort: Cohort, pack: Pack) -> SettingsForm:
    """The form with a cohort's present settings; `pack` is its program in the reader's language."""
    form = SettingsForm(obj=cohort)
    form.offer([pack])
    return form
