"""The small forms around feedback and readers."""

from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from trainer.accounts.audience_words import AUDIENCE_WORDS, READER_WORDS
from trainer.forms import Form
from trainer.i18n import gettext as _
from trainer.i18n import lazy_gettext as _l
from trainer.permissions import READERS, Audience, Reader
from trainer.programs.fields_simple import tidy
from trainer.writing.widening import offered_audiences

LONGEST_FEEDBACK, LONGEST_ANSWER, LONGEST_QUESTION, LONGEST_THANKS = 2_000, 1_000, 400, 200


class FeedbackForm(Form):
    """A facilitator's answer to a reflection; whatever was typed is kept, sending asks for some words."""

    comments = TextAreaField(_l("Your feedback"), [Optional(), Length(max=LONGEST_FEEDBACK)], filters=[tidy])


class AnswerForm(Form):
    """A facilitator's answer to the question that came back."""

    reply = TextAreaField(
        _l("Your answer"), [InputRequired(_l("Write your answer first.")), Length(max=LONGEST_ANSWER)], filters=[tidy]
    )


class ThanksForm(Form):
    """Thanks, with or without words."""

    thanks = TextAreaField(_l("A word of thanks"), [Optional(), Length(max=LONGEST_THANKS)], filters=[tidy])


class QuestionForm(Form):
    """One question about feedback."""

    question = TextAreaField(
        _l("Your question"),
        [InputRequired(_l("Write your question first.")), Length(max=LONGEST_QUESTION)],
        filters=[tidy],
    )


class ReadersForm(Form):
    """Who may read a text; `is_sure`: the writer has seen by name who could read it from then on."""

    audience = RadioField(_l("Who may read this text"), [InputRequired(_l("Choose who may read this text."))])
    is_sure = BooleanField()

    def offer(self, *, has_group: bool, present: Audience) -> "ReadersForm":
        """The form with the audiences that this writer may choose from, the present one chosen."""
        offered = offered_audiences(has_group=has_group)
        self.audience.choices = [
            SelectChoice(one.value, _("%(audience)s (%(readers)s)", audience=AUDIENCE_WORDS[one], readers=_others(one)))
            for one in offered
        ]
        if self.audience.data is None:
            self.audience.data = present.value
        return self


def _others(audience: Audience) -> str:
    """The readers of an audience besides the writer, as one line."""
    others = [str(READER_WORDS[reader]) for reader in Reader if reader in READERS[audience] - {Reader.WRITER}]
    return _(", ").join(others) or _("nobody else; only that it was handed in is seen")
