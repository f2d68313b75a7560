"""The form of a reflection, as a trainee meets it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.act3_practice.conftest import Writer
from tests.act3_practice.turns import AFTER_ONE_MONTH, AFTER_TWO_MONTHS, ANSWERS, ROTATE
from trainer.act3_practice.models import Mode, Reflection, Snooze
from trainer.cohorts.models import Enrollment, FinishedStep
from trainer.permissions import Audience
from trainer.writing.models import Draft

FULL = {
    "m_status-m1": "adapted",
    "m_status-m2": "not_yet",
    "level_now-m1": "4",
    **{name: str(ANSWERS[name]) for name in ("measure_ref", "scene", "why", "rule", "next_when", "next_then")},
    **{name: str(ANSWERS[name]) for name in ("next_date", "prediction", "plan_change", "share")},
}
SHORT = {
    "mode": "express",
    "m_status-m1": "done",
    "m_status-m2": "started",
    "rule": "短い一文でも、書けば次につながるとよさそうだ。",
    "next_when": "朝会で",
    "next_then": "先に聞く",
    "prediction": "話す人が出る",
    "share": "facilitator",
}
REVISION = re.compile(r'name="revision" value="([0-9]+)"')
CHOSEN = re.compile(r'name="share" value="([a-z]+)" checked')
LEFT = re.compile(r"data-left>([^<]+)<")
SHORT_LEFT = "短い答えがあります。書き足すことも、このまま提出することもできます。"
NOTHING_LEFT = "必要なことは、すべて書けました。"
NEAR_DUE = AFTER_ONE_MONTH + timedelta(days=8)


def send(writer: Writer, do: str = "submit", step: str = "reflection1", **answers: str) -> Any:
    """The form as it was just opened, sent by one of its buttons."""
    path = writer.path(f"/{step}")
    revision = REVISION.search(writer.browser.get(path).get_data(as_text=True))
    told = {"revision": revision[1] if revision else "0", **answers}
    return writer.browser.post(path, page=path, do=do, **told)


def left(page: str) -> str:
    """What the page says is left to do."""
    found = LEFT.search(page)
    assert found is not None
    return found[1].strip()


def stored(writer: Writer) -> Reflection:
    with writer.database.session() as db:
        db.info["key_ring"] = writer.key_ring
        reflection = db.scalars(select(Reflection)).one()
        assert reflection.words is not None
        db.expunge(reflection)
        return reflection


def test_the_form_shows_the_plan_and_every_stage(writer: Writer) -> None:
    writer.has_plan()
    page = writer.page()
    for words in (
        "納期会議の進行を持ち回りにする",
        "もし会議が始まったら、進行役の席に座らない",
        "約10分",
        "あと約10分",
    ):
        assert words in page
    for stage in ("experience", "reflection", "conceptualization", "experimentation"):
        assert f'id="{stage}"' in page
    assert "講師と上司" not in page  # nobody is promised that their boss reads


def test_a_whole_reflection_is_submitted(writer: Writer) -> None:
    writer.has_plan()
    answer = send(writer, **FULL)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert answer.location.endswith("/reflections/reflection1/done?new=1")
    reflection = stored(writer)
    assert (reflection.mode, reflection.audience, reflection.measure_id) == (Mode.FULL, Audience.FACILITATOR, "m1")
    with writer.database.reading() as db:
        assert db.scalars(select(FinishedStep)).one().step == "reflection1"
    assert writer.browser.get(writer.path()).location.endswith("/done")


def test_only_me_is_kept_as_only_me(writer: Writer) -> None:
    writer.has_plan()
    assert send(writer, **{**FULL, "share": "private"}).status_code == 303
    assert stored(writer).audience is Audience.ONLY_ME


def test_a_group_is_offered_as_readers_to_who_has_one(writer: Writer) -> None:
    writer.has_plan()
    assert 'value="group"' not in writer.page()
    assert send(writer, **{**FULL, "share": "group"}).status_code == 422
    writer.joins_group()
    assert 'value="group"' in writer.page()
    assert send(writer, **{**FULL, "share": "group"}).status_code == 303
    assert stored(writer).audience is Audience.GROUP


def test_a_draft_for_a_group_that_one_has_left_is_for_the_facilitator(writer: Writer) -> None:
    writer.has_plan()
    writer.joins_group()
    send(writer, do="save", **{**FULL, "share": "group"})
    assert CHOSEN.findall(writer.page()) == ["group"]
    with writer.database.session() as db:
        db.execute(update(Enrollment).values(group_id=None))
        db.commit()
    assert CHOSEN.findall(writer.page()) == ["facilitator"]


def test_what_is_missing_is_said_and_nothing_is_lost(writer: Writer) -> None:
    writer.has_plan()
    answer = send(writer, **{**FULL, "rule": "", "share": "boss"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#rule"' in page
    assert 'href="#share"' in page
    assert FULL["scene"] in page
    assert FULL["scene"] in writer.page()
    assert 'value="submit_as_is"' not in page


def test_short_answers_are_handed_in_as_they_are(writer: Writer) -> None:
    writer.has_plan()
    short = {**FULL, "scene": "短い", "why": "なんとなく"}
    answer = send(writer, **short)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="submit_as_is"' in page
    assert "あと28文字ほど書き足すと、伝わりやすくなります。" in page
    assert send(writer, "submit_as_is", **short).status_code == 303
    assert stored(writer).step == "reflection1"


@pytest.mark.parametrize(
    ("scene", "words"),
    [
        ("あ" * 29, SHORT_LEFT),
        ("\r\n".join("あ" * 15), SHORT_LEFT),  # 29 characters, as they are kept
        ("あ" * 30, NOTHING_LEFT),
    ],
)
def test_not_everything_is_written_while_an_answer_is_short(writer: Writer, scene: str, words: str) -> None:
    writer.has_plan()
    send(writer, "save", **{**FULL, "scene": scene})
    assert left(writer.page()) == words


def test_a_blank_answer_is_missing_and_not_short(writer: Writer) -> None:
    writer.has_plan()
    send(writer, "save", **{**FULL, "scene": ""})
    assert left(writer.page()).startswith("あと約")


def test_the_length_asked_for_stands_where_one_writes(writer: Writer) -> None:
    writer.has_plan()
    send(writer, "save", scene="あ" * 18)
    page = writer.page()
    assert ">18／400文字（30文字くらいから）</p>" in page
    assert 'data-words="%n／400文字（30文字くらいから）"' in page
    assert 'id="scene"' in page
    assert page.count('data-least="') == page.count("文字くらいから）</p>") == 3


def test_the_short_form_comes_three_days_before_the_due_date(writer: Writer) -> None:
    writer.has_plan()
    assert "mode=express" not in writer.page()
    assert "お時間がないときの短縮版です" not in writer.page("/reflection1?mode=express")
    writer.comes_back(NEAR_DUE)
    assert "mode=express" in writer.page()
    assert "お時間がないときの短縮版です" in writer.page("/reflection1?mode=express")
    assert send(writer, **SHORT).status_code == 303
    reflection = stored(writer)
    assert (reflection.mode, reflection.measure_id) == (Mode.EXPRESS, None)


def test_the_short_form_keeps_what_was_written_in_the_whole_one(writer: Writer) -> None:
    writer.has_plan()
    writer.comes_back(NEAR_DUE)
    send(writer, "save", scene="木曜の朝の一場面")
    assert "木曜の朝の一場面" in writer.page("/reflection1?mode=express")
    missing = send(writer, **{**SHORT, "rule": ""})
    assert missing.status_code == 422
    assert missing.get_data(as_text=True).count('class="error"') == 1


def test_not_yet_is_a_status_with_a_question_of_its_own(writer: Writer) -> None:
    writer.has_plan(ROTATE)
    send(writer, "save", **{"m_status-m1": "not_yet"})
    page = writer.page()
    assert "試そうとした場面や、機会を逃した場面を書いてください</span>" in page
    answers = {name: value for name, value in FULL.items() if name not in ("m_status-m2",)}
    assert send(writer, **{**answers, "m_status-m1": "not_yet"}).status_code == 303


def test_without_a_plan_one_is_asked_what_one_is_trying(writer: Writer) -> None:
    page = writer.page()
    assert "職場で、何を分かち合おう・変えようとしていますか" in page
    assert "どの打ち手について書きますか" not in page
    answers = {name: value for name, value in FULL.items() if "-m" not in name and name != "measure_ref"}
    assert send(writer, **answers).status_code == 422
    assert send(writer, **{**answers, "trying": "会議を任せたい", "tried": "started"}).status_code == 303
    assert stored(writer).measure_id is None


def test_the_second_reflection_opens_with_the_first_ones_experiment(writer: Writer) -> None:
    writer.has_plan()
    writer.has_reflected()
    writer.comes_back(AFTER_TWO_MONTHS)
    page = writer.page("/reflection2")
    assert "もし納期会議で発言が止まったら、次に聞きたい人を選んでもらう" in page
    assert "3月17日（水）" in page
    assert "最初は沈黙が続くが、3回目には話す人が出る" in page
    assert "前回決めたことを試しましたか" in page
    assert page.count("発言が止まったときは、答えを言わずに進行役へ返すとよさそうだ。") == 2  # to be revised
    answer = send(writer, step="reflection2", **FULL, tried="done", gap=FULL["why"], rule_fate="hold")
    assert answer.status_code == 303, answer.get_data(as_text=True)


@pytest.mark.parametrize("has_plan", [True, False])
def test_without_the_first_reflection_the_second_opens_from_the_plan_or_from_nothing(
    writer: Writer, has_plan: bool
) -> None:
    if has_plan:
        writer.has_plan()
    writer.comes_back(AFTER_TWO_MONTHS)
    page = writer.page("/reflection2")
    assert ("納期会議の進行を持ち回りにする" in page) is has_plan
    assert "前回決めたことを試しましたか" not in page
    assert "前回のコツは" not in page
    measures = {"m_status-m1": "done", "m_status-m2": "done"} if has_plan else {"trying": "会議を任せたい"}
    answers = {name: FULL[name] for name in ("scene", "rule", "next_when", "next_then", "share")}
    assert send(writer, step="reflection2", **answers, **measures, gap=FULL["why"]).status_code == 303


def test_a_step_that_is_not_open_says_when_it_opens(writer: Writer) -> None:
    assert "4月5日（月）から書けます" in writer.page("/reflection2")
    assert send(writer, step="reflection2", share="facilitator").status_code == 303
    with writer.database.reading() as db:
        assert db.scalars(select(Reflection)).all() == []
        assert db.scalars(select(Draft)).all() == []


def test_a_week_more_is_given_once(writer: Writer) -> None:
    page = writer.page()
    assert "1週間後にする" in page
    path = writer.path("/reflection1/put-off")
    assert writer.browser.post(path, page=writer.path()).status_code == 303
    page = writer.page()
    assert "1週間後にする" not in page
    assert "3月22日（月）" in page
    writer.browser.post(path, page=writer.path())
    with writer.database.reading() as db:
        assert len(db.scalars(select(Snooze)).all()) == 1


def test_two_tabs_lose_nothing(writer: Writer) -> None:
    send(writer, "save", revision="0", scene="一つめの画面")
    assert send(writer, "save", revision="0", scene="二つめの画面").location.endswith("/drafts")
    page = writer.page("/reflection1/drafts")
    assert "一つめの画面" in page
    assert "二つめの画面" in page
    copy = page.rpartition('name="do" value="')[2].partition('"')[0]
    writer.browser.post(writer.path("/reflection1/drafts"), page=writer.path("/reflection1/drafts"), do=copy)
    assert "二つめの画面" in writer.page()
    assert writer.browser.get(writer.path("/reflection1/drafts")).status_code == 302


def test_submitting_over_another_tab_asks_first(writer: Writer) -> None:
    writer.has_plan()
    send(writer, "save", revision="0", scene="一つめの画面")
    assert send(writer, "submit", revision="0", **FULL).location.endswith("/drafts")
    with writer.database.reading() as db:
        assert db.scalars(select(Reflection)).all() == []


def test_the_script_saves_and_hears_how_it_went(writer: Writer) -> None:
    def save(revision: int, **typed: str) -> Any:
        return writer.browser.client.post(
            writer.path("/reflection1/draft"),
            data={"revision": str(revision), **typed},
            headers={"X-CSRFToken": writer.browser.token("/account/"), "Accept": "application/json"},
        )

    first = save(0, scene="書き始め")
    assert (first.status_code, first.get_json()["revision"]) == (200, 1)
    assert save(0, scene="別の端末").status_code == 409
    assert save(1, scene="長" * 200_001).status_code == 413
    writer.has_reflected()
    assert save(1, scene="もう遅い").status_code == 422


def test_what_is_not_a_field_is_not_taken(writer: Writer) -> None:
    writer.has_plan()
    assert send(writer, **FULL, organization_id="99", role="coordinator", mode="express").status_code == 303
    assert stored(writer).mode is Mode.FULL


def test_the_home_and_a_letters_link_lead_to_the_form(writer: Writer) -> None:
    home = writer.browser.get(f"/seats/{writer.seat_uid}?to=reflection1")
    assert home.location.endswith("/reflections/reflection1")
