"""The review desk: one plan after the other, each opened and recorded, answered by forms alone, and only by its own."""

import html
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.accounts.browsers import Browser, Watch
from tests.act2_workshop.reviews import DESIRED, MEASURE, SUBMITTED, ReviewWorld, later, make_review_world, submit_again
from tests.desks.homes import words_of
from tests.factories import make_cohort, make_seat, make_user, organization_of
from trainer.act2_workshop.comments import Comment, as_text
from trainer.act2_workshop.models import Decision, Plan, PlanReview
from trainer.act2_workshop.plan_words import PlanWords
from trainer.act2_workshop.releasing import release_reviews
from trainer.act2_workshop.rules import PlanState
from trainer.audit import AuditEvent
from trainer.db import Database
from trainer.permissions import Audience, Role
from trainer.writing.models import Reading

QUESTION = "2か月後、誰が何をしていたら「近づいた」と言えそうですか。"


@pytest.fixture
def world(app: Flask, database: Database, tmp_path: Path, watch: Watch) -> ReviewWorld:
    watch.time = later(hours=24)
    world = make_review_world(database, tmp_path)
    app.extensions["key_ring"] = world.ring
    return world


@pytest.fixture
def desk(world: ReviewWorld, browser: Browser, watch: Watch) -> Browser:
    browser.enter(world.facilitator, watch.now())
    return browser


def at(world: ReviewWorld, rest: str = "") -> str:
    return f"/cohorts/{world.cohort.uid}/plans{rest}"


def read(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return words_of(answer.get_data(as_text=True))


def send(browser: Browser, world: ReviewWorld, plan: Plan, deed: str, **form: str) -> str:
    """Press a button; gives the page it leads to."""
    answer = browser.post(at(world, f"/{plan.uid}/{deed}"), page="/account/", version=str(plan.version), **form)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


@pytest.fixture
def plans(world: ReviewWorld) -> list[Plan]:
    with world.db() as db:
        made = [
            world.plan(
                db, "岡田 千夏", warnings=1, checks=[{"check": "k5", "measure": "m1"}, {"check": "k6", "measure": "m1"}]
            ),
            world.plan(db, "三浦 慎", submitted_at=later(60)),
        ]
        db.commit()
    return made


def test_the_queue_shows_who_waits_and_what_the_checks_found_and_opens_nothing(
    world: ReviewWorld, desk: Browser, plans: list[Plan], database: Database
) -> None:
    words = read(desk, at(world))

    assert words.index("岡田 千夏") < words.index("三浦 慎")
    assert "この仕事の上限を超える段階 減らす仕事が空欄" in words
    assert "0／2件に返答済み ・あと約4分" in words
    assert "2月10日（水） 三浦" in words  # the 11th is a public holiday: nobody has waited a business day
    assert DESIRED not in words
    with database.session() as db:
        assert db.scalar(select(Reading)) is None
        assert db.scalars(select(Plan.opened_at)).all() == [None, None]


def test_a_plan_is_read_as_one_card_and_its_opening_is_recorded(
    world: ReviewWorld, desk: Browser, plans: list[Plan], database: Database, watch: Watch
) -> None:
    assert desk.get(at(world, "/next")).headers["Location"].endswith(at(world, f"/{plans[0].uid}"))
    words = read(desk, at(world, f"/{plans[0].uid}"))

    for shown in (
        DESIRED,
        MEASURE["title"],
        MEASURE["target_state"],
        "もし月曜の朝会が始まったら",
    ):
        assert shown in words
    assert "3 意見を聞いて自分が決める → 5 助言して任せる" in words
    assert "2月15日（月） 中堅メンバーへ、進行をやってみたいか聞く" in words
    assert "場面が目に浮かぶか" in words
    with database.session() as db:
        reading = db.scalars(select(Reading)).one()
        assert (reading.text, reading.reader_id) == ("plan", world.facilitator.id)
        assert db.get_one(Plan, plans[0].id).opened_at == watch.now()
        assert db.get_one(Plan, plans[1].id).opened_at is None
        event = db.scalars(select(AuditEvent).where(AuditEvent.act == "read_words")).one()
        assert (event.object_kind, event.object_uid, event.acting_role) == ("plan", plans[0].uid, "facilitator")


def test_confirming_leads_to_the_next_plan_and_can_be_undone_there(
    world: ReviewWorld, desk: Browser, plans: list[Plan], database: Database, watch: Watch
) -> None:
    first, second = plans
    assert send(desk, world, first, "decide", do="confirm", comments="") == at(world, f"/{second.uid}")
    words = read(desk, at(world, f"/{second.uid}"))
    assert "岡田 千夏さんの計画を確認しました。1分以内は取り消せます。" in words
    assert "1／2件に返答済み ・あと約2分" in words
    assert send(desk, world, first, "undo") == at(world, f"/{first.uid}")
    assert "言葉は下書きに戻り、誰にも届いていません。" in read(desk, at(world, f"/{first.uid}"))
    with database.session() as db:
        assert db.get_one(Plan, first.id).decided_at is None
        assert {"answer_plan", "take_answer_back"} <= set(db.scalars(select(AuditEvent.act)))


def test_a_question_is_asked_for_before_a_plan_goes_back_and_what_was_typed_stays(
    world: ReviewWorld, desk: Browser, plans: list[Plan], database: Database
) -> None:
    plan = plans[0]
    assert send(desk, world, plan, "decide", do="return", comments="よい計画です。") == at(world, f"/{plan.uid}")
    words = read(desk, at(world, f"/{plan.uid}"))
    assert "よい計画です。 エラー： 先に問いを一つ書いてください。" in words  # beside the box
    assert words.count("先に問いを一つ書いてください。") == 1
    send(desk, world, plan, "decide", do="return", comments=QUESTION)
    with world.db() as db:
        review = db.scalars(select(PlanReview).where(PlanReview.plan_id == plan.id)).one()
        assert review.decision is Decision.RETURN
        assert QUESTION in (review.comments or "")
        assert QUESTION.encode() not in (review.comments_sealed or b"")


def test_after_the_last_plan_the_desk_is_empty_and_says_when_it_fills(
    world: ReviewWorld, desk: Browser, plans: list[Plan]
) -> None:
    for plan in plans:
        way_on = send(desk, world, plan, "decide", do="confirm", comments="ひとこと")
    assert way_on == at(world)
    words = read(desk, way_on)
    assert "2／2件に返答済み" in words
    assert "確認を待つ計画" in words
    answered = read(desk, at(world, "?show=answered"))
    assert "岡田 千夏" in answered
    assert "三浦 慎" in answered


def test_a_ready_made_word_is_added_to_the_draft_without_a_script(
    world: ReviewWorld, desk: Browser, plans: list[Plan]
) -> None:
    plan = plans[0]
    send(desk, world, plan, "draft", comments="よい書き出しです。", phrase=QUESTION)
    page = desk.get(at(world, f"/{plan.uid}")).get_data(as_text=True)
    box = html.unescape(page.split("<textarea", 1)[1].split(">", 1)[1].split("</textarea>", 1)[0])
    assert box == f"よい書き出しです。\n{QUESTION}"
    send(
        desk, world, plan, "draft", phrase="場面が目に浮かびます。"
    )  # from the page of one's own words, which has no box
    page = desk.get(at(world, f"/{plan.uid}")).get_data(as_text=True)
    assert f"{QUESTION}\n場面が目に浮かびます。" in html.unescape(page)


def test_a_draft_is_saved_for_the_script_and_says_when(world: ReviewWorld, desk: Browser, plans: list[Plan]) -> None:
    path = at(world, f"/{plans[0].uid}/draft")
    form = {"csrf_token": desk.token("/account/"), "version": "1", "comments": "書きかけ"}
    answer = desk.client.post(path, data=form, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()) == (200, {"words": "下書きを保存しました 10:00"})
    assert "下書き" in read(desk, at(world))
    answer = desk.client.post(path, data={**form, "version": "0"}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()) == (
        409,
        {"words": "この計画は、再提出されています。先に新しい版をお読みください。"},
    )


def test_a_resubmission_shows_the_question_and_marks_what_is_new(
    world: ReviewWorld, desk: Browser, watch: Watch
) -> None:
    with world.db() as db:
        plan = world.plan(db, "中西 あゆみ", measures=[{**MEASURE, "target_state": "確認がうまく回っている。"}])
        review = PlanReview(
            organization_id=plan.organization_id,
            plan_id=plan.id,
            version=1,
            facilitator_id=world.facilitator.id,
            decision=Decision.RETURN,
            saved_at=SUBMITTED,
            decided_at=SUBMITTED,
            released_at=SUBMITTED,
        )
        review.comments = as_text([Comment(QUESTION, "cm4")])
        db.add(review)
        new = {**MEASURE, "target_state": "確認が毎朝うまく回っている。"}
        submit_again(db, plan, PlanWords({"desired_state": DESIRED}, (new,)), now=later(hours=20))
        db.commit()
    assert "再提出" in read(desk, at(world))
    page = desk.get(at(world, f"/{plan.uid}")).get_data(as_text=True)
    assert f"前回の問い {QUESTION}" in words_of(page)
    assert page.count("<mark>") == 1
    assert "毎朝</mark>" in page


def test_own_words_are_offered_again_and_nobody_elses(
    world: ReviewWorld, desk: Browser, plans: list[Plan], database: Database, app: Flask, watch: Watch
) -> None:
    with world.db() as db:
        third = world.plan(db, "中西 あゆみ")
        db.commit()
    said = f"朝の場面が見えました。\n{QUESTION}\n「いつも」が耳に残りました。"
    send(desk, world, plans[0], "decide", do="confirm", comments=f"{said}\n班長さんの一言ですね。")
    send(desk, world, plans[1], "decide", do="confirm", comments=said)
    assert "まだありません" in read(desk, at(world, f"/{third.uid}/phrases"))
    with database.session() as db:
        release_reviews(db, later(hours=25))
        db.commit()
    own = read(desk, at(world, f"/{third.uid}/phrases"))
    assert "朝の場面が見えました。" in own
    assert QUESTION not in own
    assert "いつも" not in own
    assert "班長さん" not in own  # one person alone has read it
    with world.db() as db:
        colleague, _seat = world.colleague(db)
        db.commit()
    other = Browser(app)
    other.enter(colleague, watch.now())
    assert "朝の場面が見えました。" not in read(other, at(world, f"/{plans[1].uid}/phrases"))


def test_a_desk_without_plans_has_no_figures(world: ReviewWorld, desk: Browser) -> None:
    assert "返答済み" not in read(desk, at(world))


@pytest.mark.parametrize(
    ("days_ago", "words"),
    [
        pytest.param(3, "2月18日（木）・1営業日前", id="Thursday"),
        pytest.param(2, "2月19日（金）", id="Friday"),
        pytest.param(1, "2月20日（土）", id="Saturday"),
        pytest.param(0, "2月21日（日）・今日", id="today"),
    ],
)
def test_no_business_day_is_counted_on_a_sunday_that_has_not_been_one(
    world: ReviewWorld, browser: Browser, watch: Watch, days_ago: int, words: str
) -> None:
    watch.time = datetime(2027, 2, 21, 3, tzinfo=UTC)
    with world.db() as db:
        plan = world.plan(db, "岡田 千夏", submitted_at=watch.time - timedelta(days=days_ago))
        db.commit()
    browser.enter(world.facilitator, watch.now())
    day, _, ago = words.partition("・")
    assert read(browser, at(world)).split("岡田 千夏", 1)[1].split("2月", 1)[1].startswith(words[2:])
    assert ("営業日前" in read(browser, at(world))) is ("営業日前" in words)
    assert (f"{day}提出・{ago}" if ago else f"{day}提出 ") in read(browser, at(world, f"/{plan.uid}"))


def test_a_mark_stays_until_it_is_taken_away(world: ReviewWorld, desk: Browser, plans: list[Plan]) -> None:
    send(desk, world, plans[0], "star")
    assert "自分の印" in read(desk, at(world))
    send(desk, world, plans[0], "star")
    assert "自分の印" not in read(desk, at(world))


def test_single_keys_are_on_until_they_are_switched_off(world: ReviewWorld, desk: Browser, plans: list[Plan]) -> None:
    path = at(world, f"/{plans[0].uid}")
    assert " data-keys>" in desk.get(path).get_data(as_text=True)
    send(desk, world, plans[0], "keys", keys="off")
    page = desk.get(path).get_data(as_text=True)
    assert " data-keys>" not in page
    assert "<kbd>" not in page
    send(desk, world, plans[0], "keys", keys="on")
    assert " data-keys>" in desk.get(path).get_data(as_text=True)


def test_a_plan_that_is_taken_back_meanwhile_is_said_to_be(
    world: ReviewWorld, desk: Browser, plans: list[Plan], database: Database
) -> None:
    read(desk, at(world))
    with database.session() as db:
        db.get_one(Plan, plans[0].id).state = PlanState.DRAFT
        db.commit()
    assert desk.get(at(world, f"/{plans[0].uid}")).status_code == 404
    answer = desk.post(at(world, f"/{plans[0].uid}/decide"), page="/account/", version="1", do="confirm", comments="")
    assert answer.status_code == 404


def test_two_facilitators_on_one_plan_the_second_is_told_who_answered(
    world: ReviewWorld, desk: Browser, plans: list[Plan], app: Flask, watch: Watch
) -> None:
    with world.db() as db:
        colleague, _seat = world.colleague(db)
        db.commit()
    other = Browser(app)
    other.enter(colleague, watch.now())
    read(other, at(world, f"/{plans[0].uid}"))
    send(desk, world, plans[0], "decide", do="confirm", comments="")
    assert send(other, world, plans[0], "decide", do="return", comments=QUESTION) == at(world, f"/{plans[0].uid}")
    words = read(other, at(world, f"/{plans[0].uid}"))
    assert "西村 直子さんが、先ほどこの計画を確認しました。" in words
    assert "西村 直子さんが確認しました" in words


@pytest.mark.parametrize("rest", ["", "/next", "/overview", "/{plan}", "/{plan}/phrases"])
def test_a_coordinator_a_trainee_and_a_stranger_find_nothing(
    world: ReviewWorld, browser: Browser, plans: list[Plan], watch: Watch, rest: str
) -> None:
    with world.db() as db:
        stranger = make_user(db, organization_of(db, world.cohort))
        office = make_user(db, organization_of(db, world.cohort))
        make_seat(db, world.cohort, office, role=Role.COORDINATOR)
        db.commit()
    for user in (world.people["三浦 慎"], office, stranger):
        browser.enter(user, watch.now())
        answer = browser.get(at(world, rest.format(plan=plans[0].uid)))
        assert answer.status_code == 404
        assert "岡田" not in answer.get_data(as_text=True)


def test_who_is_of_the_office_here_and_a_facilitator_elsewhere_finds_nothing_here(
    world: ReviewWorld, browser: Browser, plans: list[Plan], watch: Watch, database: Database
) -> None:
    with world.db() as db:
        elsewhere = make_cohort(db, organization_of(db, world.cohort))
        office = make_user(db, organization_of(db, world.cohort))
        make_seat(db, world.cohort, office, role=Role.COORDINATOR)
        make_seat(db, elsewhere, office, role=Role.FACILITATOR)
        db.commit()
    browser.enter(office, watch.now())
    for rest in ("", "/next", "/overview", f"/{plans[0].uid}", f"/{plans[0].uid}/phrases"):
        assert browser.get(at(world, rest)).status_code == 404


def test_a_plan_whose_writer_keeps_it_to_themselves_is_not_found(world: ReviewWorld, desk: Browser) -> None:
    with world.db() as db:
        plan = world.plan(db, "自分だけ", audience=Audience.ONLY_ME)
        db.commit()
    assert "自分だけ" not in read(desk, at(world))
    assert desk.get(at(world, f"/{plan.uid}")).status_code == 404


def test_the_home_of_a_facilitator_leads_to_the_desk(world: ReviewWorld, desk: Browser, plans: list[Plan]) -> None:
    home = f"/seats/{world.seat.uid}"
    page = desk.get(home).get_data(as_text=True)
    assert "2件の計画がお待ちしています" in words_of(page)
    assert "約4分" in words_of(page)
    assert at(world, "/next") in page
    for plan in plans:
        send(desk, world, plan, "decide", do="confirm", comments="")
    assert "計画はありません" in read(desk, home) or "待っている計画" in read(desk, home)


def test_a_page_of_a_full_plan_is_light(world: ReviewWorld, desk: Browser) -> None:
    long = {
        **MEASURE,
        "title": "打" * 40,
        "target_state": "状" * 120,
        "answer": "答" * 150,
        "current_state": "今" * 120,
    }
    with world.db() as db:
        plan = world.plan(
            db, "全部", measures=[{**long, "id": f"m{n}"} for n in range(1, 7)], fields={"desired_state": "姿。" * 125}
        )
        for place in range(40):
            world.plan(db, f"受講者 {place}", checks=[{"check": f"k{n}"} for n in range(2, 11)])
        db.commit()
    assert len(desk.get(at(world, f"/{plan.uid}")).data) < 60_000
    assert len(desk.get(at(world)).data) < 60_000
    assert "after=" in desk.get(at(world)).get_data(as_text=True)
