"""The pure parts of a plan: minutes added up, the calendar's entry, the map's rows and its sentence."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from tests.programs.packs import shipped
from trainer.act2_workshop.calendar_entry import first_step_entry
from trainer.act2_workshop.plan_reading import joined
from trainer.act2_workshop.sharing_map import MapRow, map_rows, map_sentence
from trainer.act2_workshop.time_sum import time_sum
from trainer.app import create_app
from trainer.i18n import speaking
from trainer.permissions import Audience
from trainer.settings import Settings
from trainer.writing.audiences import audience_of, word_of

PACK = shipped("en")
DRAWN = '{% from "components/pictures.html" import sharing_map %}{{ sharing_map(rows) }}'


@pytest.fixture
def app(settings: Settings) -> Flask:
    return create_app(settings)


def test_minutes_are_added_up_beside_what_there_is() -> None:
    measures: list[dict[str, Any]] = [{"minutes_week": 30, "stops": "The report"}, {"minutes_week": 25}, {}]
    both = time_sum({"minutes_available": 45}, measures)
    assert (both.needed, both.over, both.stops) == (55, 10, ("The report",))
    assert time_sum({"minutes_available": 60}, measures).over == 0
    assert time_sum({}, measures).over == 0


def test_the_entry_of_a_first_step_is_the_same_one_each_time() -> None:
    told: dict[str, Any] = {
        "on": date(2027, 2, 10),
        "title": "一歩",
        "words": "長い" * 60 + "\n二行目",
        "address": "https://m.example/x",
    }
    now = datetime(2027, 2, 4, 9, 0, tzinfo=UTC)
    first, second = (first_step_entry(UUID(int=1), **told, version=number, now=now) for number in (1, 2))
    assert second == first.replace(b"SEQUENCE:1", b"SEQUENCE:2")
    unfolded = first.decode().replace("\r\n ", "")
    assert "\\n二行目" in unfolded
    assert "DTEND;VALUE=DATE:20270211" in unfolded


def test_cue_and_deed_are_joined_only_when_both_are_there(app: Flask) -> None:
    with app.test_request_context("/"):
        assert joined("もし朝会が始まったら、", "困りごとを聞く") == "もし朝会が始まったら、困りごとを聞く"
        assert joined("もし朝会が始まったら", None) == ""


def rows_of(**levels: tuple[int, int]) -> list[MapRow]:
    marks = {
        task: {"before": {"level": now, "carrier": "self"}, "target": {"level": aim, "carrier": "team"}}
        for task, (now, aim) in levels.items()
    }
    return map_rows(marks, PACK)


def test_the_rows_of_a_map_are_in_the_programs_order_and_know_its_limits() -> None:
    rows = rows_of(t13=(1, 4), t04=(2, 4))
    assert [row.task for row in rows] == ["t04", "t13"]
    assert [row.held_from for row in rows] == [None, 4]
    assert [row.is_above_limit for row in rows] == [False, True]
    assert rows[0].carriers == "Me alone → The whole team, mutually"
    assert rows_of(nothing=(1, 2)) == []


def test_a_row_tells_the_plan_and_who_carried_it_later_where_that_changed(app: Flask) -> None:
    waves = ("before", "reflection1", "reflection2", "target")
    told = {"t04": ("self", "self", "rotation", "team"), "t06": ("self", "self", "self", "one"), "t12": ("self",)}
    marks = {
        task: {wave: {"level": 2, "carrier": one} for wave, one in zip(waves, carriers, strict=False)}
        for task, carriers in told.items()
    }
    first, second, third = map_rows(marks, PACK)
    assert (first.carriers, first.later) == ("Me alone → The whole team, mutually", {"reflection2": "In rotation"})
    assert (second.carriers, second.later) == ("Me alone → One member", {})  # nobody asked, so the last one is kept
    assert (third.carriers, third.later) == ("Me alone", {})
    with app.test_request_context("/"), speaking("en"):
        drawn = app.jinja_env.from_string(DRAWN).render(rows=[first])
    assert "Me alone → The whole team, mutually (After 2 months: In rotation)" in drawn


def test_the_sentence_of_a_map_counts_who_carries_alone(app: Flask) -> None:
    with app.test_request_context("/"), speaking("en"):
        words = map_sentence(rows_of(t04=(2, 4), t06=(1, 3)))
        assert words == "Pieces of work on the map: 2. You carry 2 of them alone now, and 0 in two months."
        assert map_sentence([]) == ""


def test_the_picture_says_what_its_table_says(app: Flask) -> None:
    with app.test_request_context("/"), speaking("en"):
        drawn = app.jinja_env.from_string(DRAWN).render(rows=rows_of(t04=(2, 4), t13=(1, 1)))
    assert '<circle class="pt" cx="80.0" cy="' in drawn  # level 2
    assert 'class="flag" d="M176 ' in drawn  # level 4, nothing beside it
    assert drawn.count('class="flag"') == 2  # in the key and in one row: where the aim is the start, none
    assert 'fill="url(#map-held)"' in drawn
    assert '<title id="map-title">Sharing map</title>' in drawn
    names = {level.level: level.name for level in PACK.framework.delegation_levels}
    assert f"2 {names[2]}" in drawn
    assert f"4 {names[4]}" in drawn
    assert drawn.count('role="rowheader"') == 2


def test_the_packs_words_for_readers_and_our_own_are_told_apart_both_ways() -> None:
    assert audience_of("private") is Audience.ONLY_ME
    assert audience_of("pair") is Audience.PARTNER
    assert audience_of("cohort") is Audience.COHORT
    assert [audience_of(word_of(audience)) for audience in Audience] == list(Audience)
    with pytest.raises(ValueError, match="everybody"):
        audience_of("everybody")
