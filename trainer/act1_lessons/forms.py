"""A check question as a form, made from the pack."""

from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from trainer.forms import Form
from trainer.i18n import gettext as _
from trainer.i18n import lazy_gettext as _l
from trainer.programs.content_lessons import Question


def _is_offered(_form: Form, field: Any) -> None:
    if field.data not in {choice.value for choice in field.choices}:
        raise ValidationError(_("Please choose one of the answers."))


class AnswerForm(Form):
    """One answer to one question."""

    option = RadioField(
        validators=[InputRequired(_l("Please choose one of the answers.")), _is_offered], validate_choice=False
    )

    def ask(self, question: Question) -> "AnswerForm":
        """The form with the words of a question."""
        self.option.label.text = question.stem
        self.option.choices = [SelectChoice(option.id, option.text) for option in question.options]
        return self
