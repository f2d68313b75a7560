"""What WTForms would say of its own is said in our sentences, in every form."""

import re
from pathlib import Path

import pytest
import wtforms
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import DateField, DecimalField, IntegerField, RadioField, SelectMultipleField, StringField, TimeField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from trainer import i18n
from trainer.app import create_app
from trainer.forms import OURS, Form
from trainer.settings import Settings

TRAINER = Path(i18n.__file__).parent
SAID = re.compile(r"""self\.n?gettext\(\s*"([^"]+)\"""")
NOT_USED = {
    "Choices cannot be None.",  # said to programmers
    "Not a valid datetime value.",
    "Not a valid week value.",
    "Not a valid float value.",
}


class EveryKind(Form):
    text = StringField(validators=[InputRequired()])
    word = StringField(validators=[DataRequired()])
    long = StringField(validators=[Length(max=5)])
    one = RadioField(choices=[SelectChoice("a", "A")])
    some = SelectMultipleField(choices=[SelectChoice("a", "A")])
    numbers = SelectMultipleField(choices=[SelectChoice(1, "1")], coerce=int)
    day = DateField()
    hour = TimeField()
    count = IntegerField()
    share = DecimalField()


WRONG = {"long": "123456", "one": "b", "some": "b", "numbers": "x", "day": "soon", "hour": "late", "count": "x"}
SENTENCES = {
    "text": "入力してください。",
    "word": "入力してください。",
    "long": "5文字までにしてください（いま6文字）。",
    "one": "選択肢にないものです。選び直してください。",
    "some": "選択肢にないものです。選び直してください。",
    "numbers": "選択肢にないものです。選び直してください。",
    "day": "日付として読み取れません。2027-02-03 のように書いてください。",
    "hour": "時刻として読み取れません。09:00 のように書いてください。",
    "count": "30 のように数字で書いてください。",
    "share": "30 のように数字で書いてください。",
}


@pytest.fixture
def app(settings: Settings) -> Flask:
    return create_app(settings)


def test_each_mistake_is_told_in_our_words(app: Flask) -> None:
    with app.test_request_context():
        form = EveryKind(MultiDict({**WRONG, "share": "x"}), meta={"csrf": False})
        form.validate()
        assert {name: errors[0] for name, errors in form.errors.items()} == SENTENCES


def test_an_english_page_has_them_in_english(app: Flask) -> None:
    with app.test_request_context(), i18n.speaking("en"):
        form = EveryKind(MultiDict({"long": "123456"}), meta={"csrf": False})
        form.validate()
        assert form.errors["text"] == ["Please fill this in."]
        assert form.errors["long"] == ["Please shorten this to 5 characters (it has 6 now)."]


@pytest.mark.parametrize(
    ("language", "label", "listed"),
    [
        ("ja", "どれにあたりますか。", "どれにあたりますか。入力してください。"),
        ("ja", "試しましたか？", "試しましたか？入力してください。"),
        ("ja", "コツ", "コツ：入力してください。"),
        ("en", "Did you try it?", "Did you try it? Please fill this in."),
        ("en", "Tip", "Tip: Please fill this in."),
    ],
)
def test_a_sentence_in_the_list_of_mistakes_has_no_colon_after_it(
    app: Flask, language: str, label: str, listed: str
) -> None:
    with app.test_request_context(), i18n.speaking(language):
        form = EveryKind(MultiDict({"word": "x"}), meta={"csrf": False})
        form.text.label.text = label
        form.validate()
        page = app.jinja_env.from_string(
            '{% from "components/forms.html" import error_summary %}{{ error_summary(f) }}'
        )
        assert f'<li><a href="#text">{listed}</a></li>' in page.render(f=form)


def test_no_sentence_of_a_field_is_forgotten() -> None:
    fields = Path(wtforms.__file__).parent / "fields"
    said = {words for file in fields.glob("*.py") for words in SAID.findall(file.read_text())}
    assert len(said) > 8
    assert said - NOT_USED <= OURS.keys()


def test_every_form_is_one_of_ours() -> None:
    others = [file for file in TRAINER.rglob("*.py") if "FlaskForm" in file.read_text()]
    assert others == [TRAINER / "forms.py"]
