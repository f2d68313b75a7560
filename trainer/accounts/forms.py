"""What is typed at the door and on the account page."""

import unicodedata
from collections.abc import Callable
from typing import Any

from email_validator import EmailNotValidError, validate_email
from wtforms import HiddenField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from trainer.accounts.password_rules import LONGEST, SHORTEST, PasswordProblem, password_problem
from trainer.forms import Form
from trainer.i18n import LANGUAGES
from trainer.i18n import gettext as _
from trainer.i18n import lazy_gettext as _l

LANGUAGE_NAMES = {"ja": "日本語", "en": "English"}


def plain_address(typed: str | None) -> str:
    """An address as it is stored: half width, small letters, without spaces around it."""
    return unicodedata.normalize("NFKC", typed or "").strip().lower()


def _is_an_address(_form: Form, field: Any) -> None:
    try:
        validate_email(field.data, check_deliverability=False)
    except EmailNotValidError:
        raise ValidationError(_("Please type a mail address, like name@example.co.jp.")) from None


class _AddressField(Form):
    address = StringField(
        _l("E-mail address"),
        filters=[plain_address],
        validators=[InputRequired(_l("Please type your e-mail address.")), Length(max=254), _is_an_address],
    )
    next = HiddenField(filters=[lambda typed: typed or ""])


class AddressForm(_AddressField):
    """Asks for a code."""


class CodeForm(Form):
    """Takes the code from the letter."""

    code = StringField(
        _l("Code from the letter"),
        validators=[InputRequired(_l("Please type the code from the letter.")), Length(max=40)],
    )


class PasswordForm(_AddressField):
    """Signs in by password."""

    password = PasswordField(
        _l("Password"), validators=[InputRequired(_l("Please type your password.")), Length(max=4 * LONGEST)]
    )


class ChoiceForm(Form):
    """Chooses one of the companies for which the same address was proved."""

    person = RadioField(_l("Company"), validators=[InputRequired(_l("Please choose a company."))])


class LanguageForm(Form):
    """Chooses the language of pages and letters."""

    language = RadioField(
        _l("Language of pages and letters"),
        choices=[SelectChoice(language, LANGUAGE_NAMES[language]) for language in LANGUAGES],
        validators=[InputRequired(_l("Please choose a language."))],
    )


class NewPasswordForm(Form):
    """Sets a password; asks for the present one where the session does not come from a code."""

    present = PasswordField(_l("Present password"), validators=[Optional(), Length(max=4 * LONGEST)])
    password = PasswordField(
        _l("New password"), validators=[InputRequired(_l("Please type a new password.")), Length(max=4 * LONGEST)]
    )

    def __init__(self, own_words: list[str], **more: Any) -> None:
        super().__init__(**more)
        self.own_words = own_words

    def validate_password(self, field: Any) -> None:
        """Refuse, with the reason, what the rules refuse."""
        problem = password_problem(field.data, self.own_words)
        if problem is not None:
            raise ValidationError(PASSWORD_SENTENCES[problem]())


PASSWORD_SENTENCES: dict[PasswordProblem, Callable[[], str]] = {
    PasswordProblem.TOO_SHORT: lambda: _(
        "Please use at least %(shortest)s characters. A sentence that only you would write is easy to keep in mind.",
        shortest=SHORTEST,
    ),
    PasswordProblem.TOO_LONG: lambda: _("Please use at most %(longest)s characters.", longest=LONGEST),
    PasswordProblem.REPEATS: lambda: _("This repeats the same characters. Please use a sentence of your own."),
    PasswordProblem.COMMON: lambda: _(
        "This is made of words that others would try first, like common passwords or the name of your company. "
        "Please add words of your own."
    ),
}
