"""Development only: `/look` shows every part of the pages in every state, with made-up words."""

from datetime import UTC, date, datetime, timedelta

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from trainer.i18n import LANGUAGES, speaking
from trainer.permissions import needs
from trainer.programs.content import load_program
from trainer.programs.fields import FieldContext, ProgramForm, form_class
from trainer.writing.queries import Reader

bp = Blueprint("look", __name__, url_prefix="/look")

MEMBERS = ["岡田 千夏（営業支援課）", "髙﨑 徹（生産管理課）"]
REQUIRED = "入力してください。"
SHOWN_PROGRAM = "management_basics_default"
TRIED = ["計画どおり試した", "形を変えて試した", "始めたところ", "まだできていない", "考えたうえで、やめた"]
LEVELS = [
    "自分が決めて伝える",
    "決めて理由を話す",
    "意見を聞いて自分が決める",
    "一緒に決める",
    "助言して任せる",
    "決めたことを聞く",
    "すべて任せる",
]
FIRST_MONDAY = date(2027, 2, 1)
LETTERS = {2: 120, 9: 120, 16: 8}
EVENTS = {
    1: {"kind": "in", "due_mark": "学締", "due": "ACT1の期限"},
    3: {"kind": "on", "event": "研修"},
    4: {"kind": "on", "event": "研修"},
    11: {"kind": "off", "holiday": "（建国記念の日）"},
    12: {"kind": "in", "due_mark": "計締", "due": "アクションプランの期限"},
    23: {"kind": "off", "holiday": "（天皇誕生日）"},
}


@bp.get("")
@needs(public="made-up words only, and no page at all outside development")
def look() -> ResponseReturnValue:
    """Every part; `?language=en` shows it in English, `?refused=yes` as after a form that was not accepted."""
    language = request.args.get("language", "")
    with speaking(language if language in LANGUAGES else LANGUAGES[0]):
        return render_template(
            "look/look.html",
            filled=_form(_answers()),
            refused=_refused_form(),
            is_refused="refused" in request.args,
            code=_code_form(),
            asked=_program_form(),
            days=_days(),
            readers=_readers(),
            zone=UTC,
        )


@bp.get("/errors/<int:code>")
@needs(public="the words of an error page")
def error(code: int) -> ResponseReturnValue:
    """The page of one error."""
    abort(code)


def _readers() -> list[Reader]:
    first, last = datetime(2027, 3, 11, 9, tzinfo=UTC), datetime(2027, 3, 15, 9, tzinfo=UTC)
    return [Reader("西村 直子", first, first), Reader("中西 恵", first, last)]


def _form(answers: MultiDict[str, str] | None = None, prefix: str = "") -> BaseForm:
    form = BaseForm(_fields(), prefix=prefix)
    form.process(answers)
    return form


def _program_form() -> ProgramForm:
    """Questions of the shipped program, of every look: taps, a level, words in two wordings, some on a condition."""
    pack = load_program(SHOWN_PROGRAM)["ja"]
    names = ("scope", "title", "task_ref", "level_now", "target_state", "first_step_date", "minutes_week")
    fields = [field for field in pack.plan.measure_fields if field.id in names]
    return form_class(fields, pack=pack, context=FieldContext(prefix="asked-"))()


def _refused_form() -> BaseForm:
    form = _form(MultiDict({"no-scene": "", "no-member": MEMBERS[0]}), prefix="no-")
    form.validate()
    return form


def _code_form() -> BaseForm:
    form = BaseForm(
        {"code": StringField("確認コード", [Length(min=6, message="あと1桁足りません。6桁で入力してください。")])}
    )
    form.process(MultiDict({"code": "20481"}))
    form.validate()
    return form


def _fields() -> dict[str, object]:
    required = InputRequired(REQUIRED)
    return {
        "name": StringField("氏名", [required, Length(max=60)], description="名簿のとおりに。"),
        "scene": TextAreaField(
            "心に残った一場面を、見たこと・聞いたことで書いてください",
            [required, Length(max=400)],
            description="予想と同じだったこと、違ったことを一つずつ。個人名は書かず、呼び名で。",
        ),
        "day": DateField("試す日", [Optional()]),
        "member": SelectField("受講者", choices=MEMBERS),
        "tried": RadioField("前回決めたことを試しましたか", [InputRequired("一つ選んでください。")], choices=TRIED),
        "carriers": SelectMultipleField(
            "一緒に担う人",
            choices=["自分", "メンバー数人", "チーム全員"],
            option_widget=CheckboxInput(),
            widget=ListWidget(prefix_label=False),
        ),
        "entrust": RadioField(
            "「会議を設計し進める」の今の任せ方",
            [InputRequired("一つ選んでください。")],
            choices=[SelectChoice(str(number), f"{number}：{words}") for number, words in enumerate(LEVELS, 1)],
        ),
        "agree": BooleanField("前日にもお知らせを受け取る"),
        "roster": FileField("名簿", [required], description="Excel（.xlsx）かCSV。5 MBまで。"),
    }


def _answers() -> MultiDict[str, str]:
    return MultiDict(
        [
            ("name", "岡田 千夏"),
            ("scene", "水曜の納期会議。発言が止まったので、私は黙って進行役を見ました。"),
            ("day", "2027-03-17"),
            ("tried", TRIED[0]),
            ("carriers", "自分"),
            ("carriers", "メンバー数人"),
            ("entrust", "5"),
            ("agree", "y"),
        ]
    )


def _days() -> list[dict[str, object]]:
    return [_day(FIRST_MONDAY + timedelta(days=number)) for number in range(35)]


def _day(on: date) -> dict[str, object]:
    day: dict[str, object] = {"on": on, "kind": "off" if on.weekday() > 4 else ""}
    if on.month == FIRST_MONDAY.month:
        letters = LETTERS.get(on.day, 0)
        day |= EVENTS.get(on.day, {}) | {"letters": letters, "url": "#pictures", "current": on.day == 9}
    return day
