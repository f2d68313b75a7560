"""Pictures say what their lists say, and write people's words as text."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask

from trainer.app import create_app
from trainer.settings import Settings

Point = tuple[float, float]
PIECES: list[list[Point]] = [
    [(14, 128), (74, 126), (118, 112), (170, 74)],
    [(170, 74), (206, 46), (244, 18), (288, 24)],
    [(288, 24), (318, 29), (334, 48), (338, 82)],
]
PLACES = [(0, 0.42), (0, 0.97), (1, 0.42), (2, 0.02), (2, 0.82)]  # each step: which piece, how far along it
JOURNEY = '{% from "components/pictures.html" import journey %}{{ journey(steps) }}'
CALENDAR = '{% from "components/pictures.html" import calendar %}{{ calendar(days, "caption") }}'


@pytest.fixture
def app(settings: Settings) -> Flask:
    return create_app(settings)


def _drawn(app: Flask, template: str, **values: object) -> str:
    with app.test_request_context("/"):
        return app.jinja_env.from_string(template).render(values)


def _steps(*kinds: str) -> list[dict[str, str]]:
    return [{"short": str(number), "title": f"step {number}", "kind": kind} for number, kind in enumerate(kinds)]


@pytest.mark.parametrize("here", range(5))
def test_the_golden_line_ends_at_the_present_step(app: Flask, here: int) -> None:
    kinds = ["ripe"] * here + ["now"] + ["ahead"] * (4 - here)
    assert f'class="ln grown" d="{_cut_at(*PLACES[here])}"' in _drawn(app, JOURNEY, steps=_steps(*kinds))


def test_a_step_finished_early_does_not_pull_the_line_past_the_present_one(app: Flask) -> None:
    picture = _drawn(app, JOURNEY, steps=_steps("ripe", "now", "ripe", "ahead", "ahead"))
    assert f'd="{_cut_at(*PLACES[1])}"' in picture


def test_the_line_is_whole_when_all_is_finished_and_absent_before_anything(app: Flask) -> None:
    assert "C318 29 334 48 338 82" in _golden(_drawn(app, JOURNEY, steps=_steps(*["ripe"] * 5)))
    assert _golden(_drawn(app, JOURNEY, steps=_steps(*["ahead"] * 5))) == ""


def test_the_list_has_every_step_with_its_state_in_words(app: Flask) -> None:
    picture = _drawn(app, JOURNEY, steps=_steps("ripe", "ripe", "now", "ahead", "ahead"))
    shown = re.findall(r'<b>(step \d)</b><span class="vh">（(.*?)）', picture)
    states = ["終わりました", "終わりました", "いま、ここです", "これから", "これから"]
    assert shown == [(f"step {number}", state) for number, state in enumerate(states)]
    assert picture.count('aria-current="step"') == 1
    assert "5つのステップのうち2つが終わりました" in picture


def test_words_are_never_markup(app: Flask) -> None:
    steps = [dict(step, title="<b onclick='x'>", short="<i>", note="<u>") for step in _steps("now", *["ahead"] * 4)]
    picture = _drawn(app, JOURNEY, steps=steps)
    assert re.findall(r"<b onclick|<i>|<u>", picture) == []


def test_a_calendar_has_a_row_for_each_week_and_names_each_month_once(app: Flask) -> None:
    days = [{"on": date(2027, 1, 25) + timedelta(days=number)} for number in range(42)]
    rows = re.findall(r'<tr><th scope="row">(.*?)<span class="vh">(.*?)</span>', _drawn(app, CALENDAR, days=days))
    assert [month for month, _ in rows] == ["1月", "2月", "", "", "", "3月"]
    assert rows[1][1] == "2027年2月1日（月）の週"


def test_a_day_with_letters_is_a_link_that_says_how_many(app: Flask) -> None:
    days: list[dict[str, object]] = [{"on": date(2027, 2, 1) + timedelta(days=number)} for number in range(7)]
    days[1] |= {"letters": 120, "url": "#day", "due": "ACT1の期限", "due_mark": "締"}
    drawn = _drawn(app, CALENDAR, days=days)
    assert drawn.count("<a ") == 1
    assert "120通" in drawn
    assert "ACT1の期限" in drawn


def _golden(picture: str) -> str:
    return "".join(re.findall(r'class="ln grown" d="([^"]*)"', picture))


def _cut_at(piece: int, t: float) -> str:
    """The curve from its beginning to the place t of a piece, by de Casteljau's construction."""
    whole = ["C" + " ".join(_number(value) for point in curve[1:] for value in point) for curve in PIECES[:piece]]
    first = [_between(PIECES[piece][index], PIECES[piece][index + 1], t) for index in range(3)]
    second = [_between(first[index], first[index + 1], t) for index in range(2)]
    last = [first[0], second[0], _between(second[0], second[1], t)]
    return "M14 128" + "".join(whole) + "C" + " ".join(_number(value) for point in last for value in point)


def _between(one: Point, other: Point, t: float) -> Point:
    return (one[0] + (other[0] - one[0]) * t, one[1] + (other[1] - one[1]) * t)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
