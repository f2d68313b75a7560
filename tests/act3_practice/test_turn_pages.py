"""After a reflection: the receipt, the calendar, and the three months for whoever may read them."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.accounts.browsers import Browser
from tests.act3_practice.conftest import Writer
from tests.act3_practice.turns import AFTER_TWO_MONTHS
from tests.factories import make_seat, make_user
from trainer.accounts.models import Organization
from trainer.accounts.own_rows import own_rows
from trainer.act2_workshop.models import Plan
from trainer.act3_practice.models import Reflection
from trainer.act3_practice.own_rows import reflection_rows
from trainer.cohorts.models import Cohort
from trainer.permissions import Audience, Role
from trainer.writing.models import Reading
from trainer.writing.own_rows import writing_rows

RULE = "発言が止まったときは、答えを言わずに進行役へ返すとよさそうだ。"


def test_the_receipt_shows_the_rule_the_map_and_the_next_experiment(writer: Writer) -> None:
    writer.has_plan()
    writer.has_reflected()
    page = writer.page("/reflection1/done?new=1")
    for words in ("ありがとうございます", RULE, "次に聞きたい人を選んでもらう", "予定表に入れる", "会議を設計し進める"):
        assert words in page
    assert "もう一問いかがですか" in page
    assert "ありがとうございます" not in writer.page("/reflection1/done")


def test_before_a_reflection_its_receipt_leads_to_the_form(writer: Writer) -> None:
    assert writer.browser.get(writer.path("/reflection1/done")).location.endswith("/reflections/reflection1")


def test_the_experiment_is_an_entry_for_the_calendar(writer: Writer) -> None:
    writer.has_reflected()
    answer = writer.browser.get(writer.path("/reflection1/experiment.ics"))
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert "DTSTART;VALUE=DATE:20270317" in answer.get_data(as_text=True)
    again = writer.browser.get(writer.path("/reflection1/experiment.ics"))
    assert again.data == answer.data


@pytest.mark.parametrize("answers", [{"next_date": None}, {"next_when": None}])
def test_without_a_day_there_is_nothing_for_the_calendar(writer: Writer, answers: dict[str, Any]) -> None:
    writer.has_reflected(**answers)
    assert writer.browser.get(writer.path("/reflection1/experiment.ics")).status_code == 404
    assert "予定表に入れる" not in writer.page("/reflection1/done")


def test_the_three_months_stand_on_one_page(writer: Writer) -> None:
    path = f"/seats/{writer.seat_uid}/summary"
    assert "まだ何もありません" in writer.browser.get(path).get_data(as_text=True)
    writer.has_plan()
    writer.has_reflected(plan_change="smaller")
    writer.comes_back(AFTER_TWO_MONTHS)
    writer.has_reflected("reflection2", rule="二つめのコツを、ここに書きます。", level_now={"m1": 5})
    page = writer.browser.get(path).get_data(as_text=True)
    for words in (
        "もし会議が始まったら、進行役の席に座らない",
        "小さくする",
        RULE,
        "二つめのコツを",
        "皆が少しずつ持つ",
    ):
        assert words in page
    assert writer.browser.get(f"/seats/{writer.seat_uid}?to=closing_summary").location.endswith("/summary")


def facilitator(app: Flask, writer: Writer) -> Browser:
    with writer.database.session() as db:
        cohort = db.get_one(Cohort, writer.seat.cohort_id)
        user = make_user(db, db.get_one(Organization, cohort.organization_id), language="ja")
        make_seat(db, cohort, user, role=Role.FACILITATOR)
        db.commit()
    browser = Browser(app)
    browser.enter(user, writer.watch.now())
    return browser


def test_a_facilitator_reads_of_the_three_months_what_they_may_and_is_seen(app: Flask, writer: Writer) -> None:
    writer.has_plan()
    writer.has_reflected()
    writer.comes_back(AFTER_TWO_MONTHS)
    writer.has_reflected("reflection2", rule="これは自分だけのためのコツです。", level_now={"m1": 5})
    with writer.database.session() as db:
        db.execute(update(Reflection).where(Reflection.step == "reflection2").values(audience=Audience.ONLY_ME))
        db.commit()
    page = facilitator(app, writer).get(f"/seats/{writer.seat_uid}/summary").get_data(as_text=True)
    assert RULE in page
    assert "自分だけのためのコツ" not in page
    assert "5 " not in page.partition("会議を設計し進める")[2].partition("</svg>")[0]
    with writer.database.reading() as db:
        assert {reading.text for reading in db.scalars(select(Reading))} == {"plan", "reflection1"}


def test_without_any_text_that_may_be_read_there_is_no_such_page(app: Flask, writer: Writer) -> None:
    writer.has_plan()
    reader = facilitator(app, writer)
    assert reader.get(f"/seats/{writer.seat_uid}/summary").status_code == 200
    with writer.database.session() as db:
        db.execute(update(Plan).values(audience=Audience.ONLY_ME))
        db.commit()
    assert reader.get(f"/seats/{writer.seat_uid}/summary").status_code == 404


def test_ones_own_data_hold_what_was_written(writer: Writer) -> None:
    writer.has_plan()
    writer.has_reflected(plan_change="bigger")
    with writer.database.session() as db:
        db.info["key_ring"] = writer.key_ring
        rows = own_rows(db, writer.user, (reflection_rows, writing_rows))
    assert rows["reflections"][0]["words"]["rule"] == RULE
    assert rows["experiments"][0]["words"]["prediction"].startswith("最初は沈黙")
    assert rows["measure_versions"][0]["change"] == "bigger"
    assert rows["drafts"] == []
