"""The review desk with its script: thirty plans by single keys without a page load, drafts, undo; and without it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from tests.accounts.browsers import Browser
from tests.act2_workshop.reviews import MEASURE, ReviewWorld, later, make_review_world
from tests.browser.accessibility import axe, walk_by_keyboard
from tests.browser.conftest import Site, end_every_session
from tests.browser.screens import SCREENS, Screen, open_page
from trainer import clock
from trainer.act2_workshop.models import Decision, Plan, PlanReview
from trainer.act2_workshop.releasing import release_reviews
from trainer.key_ring import KeyRing
from trainer.writing.models import Reading

pytestmark = pytest.mark.browser

DESK = Screen(1280)
PLANS = 30
MOST_KEYS = 4  # for each plan
WIDTHS = [*SCREENS, Screen(768), Screen(320)]


@pytest.fixture
def world(site: Site, key_ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> ReviewWorld:
    monkeypatch.setattr(clock, "now", lambda: later(hours=48))
    world = make_review_world(site.database, site.settings.key_ring.parent, ring=key_ring)
    site.app.extensions["key_ring"] = key_ring
    return world


def make_plans(world: ReviewWorld, count: int) -> None:
    with world.db() as db:
        for place in range(count):
            checks = [{"check": "k5", "measure": "m1"}, {"check": "k6", "measure": "m1"}] if place % 3 == 0 else []
            world.plan(
                db,
                f"受講者 {place + 1}",
                warnings=len(checks) // 2,
                checks=checks,
                submitted_at=later(place),
                measures=[{**MEASURE, "id": f"m{number}"} for number in range(1, 1 + place % 4 or 2)],
            )
        db.commit()


def at(world: ReviewWorld, rest: str = "") -> str:
    return f"/cohorts/{world.cohort.uid}/plans{rest}"


@pytest.fixture
def desk(chromium: Chromium, site: Site, world: ReviewWorld) -> Iterator[Page]:
    with open_page(chromium, site.url, DESK) as page:
        sit_down(page, site.app, world)
        yield page


def sit_down(page: Page, app: Flask, world: ReviewWorld) -> None:
    """Be the facilitator."""
    browser = Browser(app)
    browser.enter(world.facilitator, clock.now())
    page.context.add_cookies([{"name": "s", "value": browser.cookie(), "url": app.extensions["settings"].public_url}])


class Keyboard:
    """Counts the keys that are pressed, and the pages that are loaded meanwhile."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0
        page.evaluate("window.isTheSamePage = true")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.pressed += 1
            self.page.keyboard.press(key)

    def is_the_same_page(self) -> bool:
        return bool(self.page.evaluate("window.isTheSamePage === true"))


def name_on_the_desk(page: Page) -> str:
    return str(page.locator("#whose").evaluate("heading => heading.firstChild.textContent.trim()"))


def test_thirty_plans_by_keys_alone(world: ReviewWorld, desk: Page) -> None:
    make_plans(world, PLANS)
    desk.goto(at(world, "/next"))
    keyboard, seen = Keyboard(desk), set()
    for place in range(PLANS):
        expect(desk.get_by_text(f"{place}／{PLANS}件に返答済み", exact=True)).to_be_visible()
        name = name_on_the_desk(desk)
        seen.add(name)
        before = keyboard.pressed
        keyboard.press(*ROUNDS[place % len(ROUNDS)])
        assert keyboard.pressed - before <= MOST_KEYS
        if place < PLANS - 1:
            expect(desk.locator("#whose")).not_to_contain_text(f"{name} ")
            expect(desk.locator("#whose")).not_to_have_text(name)
    expect(desk.get_by_text(f"{PLANS}／{PLANS}件に返答済み", exact=True)).to_be_visible()
    assert len(seen) == PLANS
    assert keyboard.is_the_same_page()
    with world.db() as db:
        decisions = dict(db.execute(select(PlanReview.decision, func.count()).group_by(PlanReview.decision)).all())
        assert decisions == {Decision.CONFIRM: 10, Decision.CONFIRM_WITH_COMMENT: 10, Decision.RETURN: 10}
        assert db.scalar(select(func.count()).select_from(Reading)) == PLANS
        assert release_reviews(db, later(hours=49)) == PLANS


PRESS = "told => document.body.dispatchEvent(new KeyboardEvent('keydown', told))"
ROUNDS = [("Enter",), ("1", "Enter"), ("4", "s", "r")]


def test_a_decision_is_undone_by_a_key_and_the_words_are_still_there(world: ReviewWorld, desk: Page) -> None:
    make_plans(world, 3)
    desk.goto(at(world, "/next"))
    keyboard, first = Keyboard(desk), name_on_the_desk(desk)
    keyboard.press("4", "r")
    expect(desk.get_by_text("問いを添えて戻しました。1分以内は取り消せます。")).to_be_visible()
    keyboard.press("u")
    expect(desk.locator("#whose")).to_contain_text(first)
    expect(desk.get_by_label("受講者へのひとこと")).to_have_value(
        "2か月後、誰が何をしていたら「近づいた」と言えそうですか。"
    )
    assert keyboard.is_the_same_page()
    with world.db() as db:
        assert db.scalars(select(PlanReview.decided_at)).all() == [None]


def test_keys_move_to_and_fro_and_never_act_while_somebody_types(world: ReviewWorld, desk: Page) -> None:
    make_plans(world, 3)
    desk.goto(at(world, "/next"))
    keyboard, first = Keyboard(desk), name_on_the_desk(desk)
    keyboard.press("j")
    expect(desk.locator("#whose")).not_to_contain_text(first)
    keyboard.press("k")
    expect(desk.locator("#whose")).to_contain_text(first)
    desk.go_back()
    expect(desk.locator("#whose")).not_to_contain_text(first)
    desk.go_forward()
    expect(desk.locator("#whose")).to_contain_text(first)
    box = desk.get_by_label("受講者へのひとこと")
    box.click()
    desk.keyboard.type("jkrsu 1")
    desk.keyboard.press("Enter")
    expect(box).to_have_value("jkrsu 1\n")
    expect(desk.locator("#whose")).to_contain_text(first)
    keyboard.press("Escape", "1")
    expect(box).to_have_value("jkrsu 1\n場面が目に浮かぶ、とてもよい書き方です。")
    with world.db() as db:
        assert db.scalar(select(func.count()).where(PlanReview.decided_at.is_not(None))) == 0


def test_a_key_leads_to_the_box_and_two_lead_out_of_it(world: ReviewWorld, desk: Page) -> None:
    make_plans(world, 3)
    desk.goto(at(world, "/next"))
    box, first = desk.get_by_label("受講者へのひとこと"), name_on_the_desk(desk)
    desk.keyboard.press("c")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    desk.keyboard.type("cc")
    desk.keyboard.press("Escape")
    expect(box).not_to_be_focused()
    desk.keyboard.press("c")
    desk.keyboard.type("!")
    expect(box).to_have_value("cc!")
    desk.evaluate(
        "() => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', "
        "{key: 'Enter', ctrlKey: true, isComposing: true, bubbles: true}))"
    )
    desk.wait_for_timeout(200)
    assert name_on_the_desk(desk) == first
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text("1／3件に返答済み", exact=True)).to_be_visible()
    desk.get_by_role("button", name="一文字のキーを切る").click()
    expect(desk.get_by_role("button", name="一文字のキーを使う")).to_be_visible()
    desk.keyboard.press("c")
    expect(box).not_to_be_focused()
    box.click()
    desk.keyboard.press("Control+Enter")  # no single key
    expect(desk.get_by_text("2／3件に返答済み", exact=True)).to_be_visible()


def test_a_question_that_is_missing_is_asked_for_beside_the_box(world: ReviewWorld, desk: Page) -> None:
    make_plans(world, 2)
    desk.goto(at(world, "/next"))
    keyboard, box = Keyboard(desk), desk.get_by_label("受講者へのひとこと")
    keyboard.press("r")
    words = desk.get_by_text("先に問いを一つ書いてください")
    expect(box).to_be_focused()
    expect(box).to_be_in_viewport()
    expect(words).to_be_in_viewport()
    assert axe(desk) == []
    desk.keyboard.type("どうなれば近づいたと言えますか。")
    keyboard.press("Escape", "r")
    expect(desk.get_by_text("1／2件に返答済み", exact=True)).to_be_visible()
    expect(words).to_have_count(0)
    assert keyboard.is_the_same_page()


def test_an_input_method_that_composes_presses_no_key(world: ReviewWorld, desk: Page) -> None:
    make_plans(world, 2)
    desk.goto(at(world, "/next"))
    first = name_on_the_desk(desk)
    for event in (
        {"key": "Enter", "isComposing": True},
        {"key": "Enter", "keyCode": 229},
        {"key": "j", "keyCode": 229},
    ):
        desk.evaluate(
            "told => document.body.dispatchEvent(new KeyboardEvent('keydown', {...told, bubbles: true}))", event
        )
    desk.wait_for_timeout(300)
    assert name_on_the_desk(desk) == first
    with world.db() as db:
        assert db.scalar(select(func.count()).where(PlanReview.decided_at.is_not(None))) == 0


def test_a_draft_is_saved_while_typing_and_said_to_be(world: ReviewWorld, desk: Page) -> None:
    make_plans(world, 1)
    desk.goto(at(world, "/next"))
    desk.get_by_label("受講者へのひとこと").fill("朝の場面が見えます。")
    expect(desk.get_by_role("status").filter(has_text="下書きを保存しました")).to_be_visible()
    expect(desk.get_by_role("button", name="コメントを添えて確認する")).to_be_visible()
    desk.reload()
    expect(desk.get_by_label("受講者へのひとこと")).to_have_value("朝の場面が見えます。")


def test_what_is_typed_without_a_connection_is_saved_when_it_is_back(
    chromium: Chromium, site: Site, world: ReviewWorld
) -> None:
    make_plans(world, 1)
    context = chromium.new_context(base_url=site.url, locale="ja")  # its console may complain
    page = context.new_page()
    sit_down(page, site.app, world)
    page.goto(at(world, "/next"))
    box = page.get_by_label("受講者へのひとこと")
    context.set_offline(True)
    box.fill("朝の場面が見えます")
    expect(page.get_by_role("status").filter(has_text="接続が切れています")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    expect(box).to_have_value("朝の場面が見えます")
    context.set_offline(False)
    box.press("End")
    page.keyboard.type("。")
    expect(page.get_by_role("status").filter(has_text="下書きを保存しました")).to_be_visible()
    context.close()


def test_words_outlive_a_session_that_has_ended(chromium: Chromium, site: Site, world: ReviewWorld) -> None:
    make_plans(world, 2)
    context = chromium.new_context(base_url=site.url, locale="ja")  # its console may complain
    page = context.new_page()
    sit_down(page, site.app, world)
    page.goto(at(world, "/next"))
    name = name_on_the_desk(page)
    end_every_session(site.database)
    box = page.get_by_label("受講者へのひとこと")
    box.fill("朝の場面が見えます。")
    signed_out = page.get_by_role("status").filter(has_text="サインアウトされています")
    expect(signed_out).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")  # to the next one: not while there are words that nobody has
    page.get_by_role("button", name="コメントを添えて確認する").click()
    page.wait_for_timeout(300)
    expect(signed_out).to_be_visible()
    expect(box).to_have_value("朝の場面が見えます。")
    sit_down(page, site.app, world)  # as in another window
    page.get_by_role("button", name="コメントを添えて確認する").click()
    expect(page.locator("#whose")).not_to_contain_text(f"{name} ")
    with world.db() as db:
        review = db.scalars(select(PlanReview).where(PlanReview.decided_at.is_not(None))).one()
        assert "朝の場面が見えます。" in (review.comments or "")
    context.close()


def test_single_keys_are_switched_off_and_stay_off(world: ReviewWorld, desk: Page) -> None:
    make_plans(world, 2)
    desk.goto(at(world, "/next"))
    first = name_on_the_desk(desk)
    desk.get_by_role("button", name="一文字のキーを切る").click()
    expect(desk.get_by_role("button", name="一文字のキーを使う")).to_be_visible()
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    desk.wait_for_timeout(300)
    assert name_on_the_desk(desk) == first
    desk.reload()
    expect(desk.locator("kbd")).to_have_count(0)


def test_own_words_come_into_the_box_without_leaving_the_plan(world: ReviewWorld, desk: Page) -> None:
    make_plans(world, 3)
    desk.goto(at(world, "/next"))
    keyboard = Keyboard(desk)
    for place in range(2):
        desk.get_by_label("受講者へのひとこと").fill("朝の場面が見えます。")
        keyboard.press("Escape", "Enter")
        expect(desk.get_by_text(f"{place + 1}／3件に返答済み", exact=True)).to_be_visible()
    with world.db() as db:
        release_reviews(db, clock.now() + timedelta(seconds=60))
        db.commit()
    desk.get_by_role("link", name="これまでの自分の言葉").click()
    desk.get_by_role("button", name="朝の場面が見えます。").click()
    expect(desk.get_by_label("受講者へのひとこと")).to_have_value("朝の場面が見えます。")
    assert keyboard.is_the_same_page()


def test_it_works_without_a_script(chromium: Chromium, site: Site, world: ReviewWorld) -> None:
    make_plans(world, 2)
    with open_page(chromium, site.url, Screen(360, has_scripts=False)) as page:
        sit_down(page, site.app, world)
        page.goto(f"/seats/{world.seat.uid}")
        page.get_by_role("link", name="最初の計画から始める").click()
        page.get_by_role("button", name="2か月後、誰が何をしていたら").click()
        expect(page.get_by_label("受講者へのひとこと")).to_have_value(
            "2か月後、誰が何をしていたら「近づいた」と言えそうですか。"
        )
        page.get_by_role("button", name="問いを添えて戻す").click()
        page.get_by_role("button", name="取り消す").click()
        expect(page.get_by_text("言葉は下書きに戻り")).to_be_visible()
        page.get_by_role("button", name="問いを添えて戻す").click()
        page.get_by_role("button", name="確認する Enter", exact=True).click()
        expect(page.get_by_text("確認待ちの計画はありません。")).to_be_visible()


@pytest.mark.axe
@pytest.mark.parametrize("screen", WIDTHS, ids=str)
def test_every_page_of_the_desk_fits_and_has_no_fault(
    chromium: Chromium, site: Site, world: ReviewWorld, screen: Screen
) -> None:
    make_plans(world, 8)
    with open_page(chromium, site.url, screen) as page:
        sit_down(page, site.app, world)
        for path in (f"/seats/{world.seat.uid}", at(world), at(world, "/next"), at(world, "/overview")):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            assert axe(page) == [], path
        page.goto(at(world, "/next"))
        assert walk_by_keyboard(page) == []


def test_the_visible_part_of_every_card_is_read_in_a_minute_and_a_half(world: ReviewWorld, desk: Page) -> None:
    long = {
        **MEASURE,
        "title": "打" * 40,
        "target_state": "状" * 120,
        "when_cue": "時" * 60,
        "then_action": "動" * 80,
        "first_step": "歩" * 80,
    }
    with world.db() as db:
        measures = [{**long, "id": f"m{number}"} for number in range(1, 7)]
        world.plan(db, "長い計画", measures=measures, fields={"theme": "題" * 40, "desired_state": "姿" * 250})
        db.commit()
    desk.goto(at(world, "/next"))
    words = desk.evaluate(
        """() => [...document.querySelectorAll("article > section, article > details > summary")]
            .map(part => part.checkVisibility() ? part.innerText.replace(/\\s/g, "") : "").join("")"""
    )
    assert 400 < len(words) <= 700
    assert desk.get_by_text("ほかの打ち手（5つ）").is_visible()
    with world.db() as db:
        assert db.scalar(select(Plan.opened_at)) == later(hours=48)
