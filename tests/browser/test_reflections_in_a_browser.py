"""Reflections on a phone: whole and short, not yet, without what came before, two tabs, a line that is down."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from tests.accounts.browsers import Browser
from tests.act3_practice.turns import ANSWERS, LISTEN, ROTATE, make_plan, make_reflection
from tests.browser.accessibility import axe, walk_by_keyboard
from tests.browser.conftest import Site
from tests.browser.screens import SCREENS, collect_complaints
from tests.factories import let_write, make_cohort, make_seat, make_user, organization_of
from trainer import clock
from trainer.accounts.models import User
from trainer.act3_practice.models import Mode, Reflection
from trainer.cohorts.models import Enrollment, FinishedStep
from trainer.key_ring import KeyRing
from trainer.writing.models import Draft

pytestmark = pytest.mark.browser
AFTER_ONE_MONTH, NEAR_DUE, AFTER_TWO_MONTHS = 36, 41, 66  # days since the workshop's second day
SAVED = "保存しました"


@dataclass
class Writer:
    """A trainee whose workshop was so long ago that a reflection is open."""

    site: Site
    user: User
    seat: Enrollment

    def path(self, rest: str = "/reflection1") -> str:
        return f"/seats/{self.seat.uid}/reflections{rest}"

    def sign_in(self, context: BrowserContext) -> None:
        browser = Browser(self.site.app)
        browser.enter(self.user, clock.now())
        context.add_cookies([{"name": "s", "value": browser.cookie(), "url": self.site.url}])

    def has(self, *, plan: bool = True, reflection1: bool = False) -> "Writer":
        with self.site.database.session() as db:
            db.info["key_ring"] = self.site.app.extensions["key_ring"]
            seat = db.get_one(Enrollment, self.seat.id)
            if plan:
                make_plan(db, seat, [ROTATE, LISTEN])
            if reflection1:
                make_reflection(db, seat, "reflection1", clock.now() - timedelta(days=20))
            db.commit()
        return self

    def rows(self, kind: Any) -> list[Any]:
        with self.site.database.session() as db:
            db.info["key_ring"] = self.site.app.extensions["key_ring"]
            return list(db.scalars(select(kind).where(kind.enrollment_id == self.seat.id)))


@pytest.fixture
def days_ago(request: pytest.FixtureRequest) -> int:
    return int(getattr(request, "param", AFTER_ONE_MONTH))


@pytest.fixture
def writer(site: Site, days_ago: int) -> Writer:
    now = clock.now()
    ring = KeyRing.open_or_create(site.settings.key_ring, site.settings.master_key)
    with site.database.session() as db:
        day2 = now.date() - timedelta(days=days_ago)
        cohort = make_cohort(db, day1_on=day2 - timedelta(days=1), day2_on=day2, started_at=now - timedelta(days=90))
        user = make_user(db, organization_of(db, cohort), language="ja")
        seat = make_seat(db, cohort, user)
        let_write(db, ring)
        db.commit()
    return Writer(site, user, seat)


@pytest.fixture
def context(chromium: Chromium, site: Site, writer: Writer) -> Iterator[BrowserContext]:
    """A phone on which the trainee is signed in; a line that is down may complain here."""
    context = chromium.new_context(
        base_url=site.url, viewport={"width": 360, "height": 780}, locale="ja", has_touch=True
    )
    writer.sign_in(context)
    yield context
    context.close()


def tap(page: Page, name: str, value: str) -> None:
    page.locator(f"label:has([name='{name}'][value='{value}'])").click()


def write(page: Page, *names: str) -> None:
    for name in names:
        page.locator(f"[name='{name}']").fill(str(ANSWERS.get(name) or ANSWERS["why"]))


def submit(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="提出する", exact=True).click()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= 360"))


def fill_in(page: Page, statuses: dict[str, str]) -> None:
    """The whole first reflection, what is required and nothing else."""
    for measure, status in statuses.items():
        tap(page, f"m_status-{measure}", status)
    if statuses:
        tap(page, "measure_ref", "m1")
    write(page, "scene", "why", "rule", "next_when", "next_then", "prediction")
    page.locator("[name='next_date']").fill((clock.now() + timedelta(days=5)).date().isoformat())
    tap(page, "plan_change", "smaller")


def test_a_whole_reflection_from_the_plan_to_the_receipt(context: BrowserContext, writer: Writer) -> None:
    page = context.new_page()
    page.goto(writer.has().path())
    left = page.locator("[data-left]")
    expect(left).to_have_text("あと約10分")
    fill_in(page, {"m1": "adapted", "m2": "not_yet"})
    expect(left).to_have_text("必要なことは、すべて書けました。")
    expect(page.locator(".grains[data-grain=full]")).to_have_count(4)
    page.locator("[name='scene']").fill("あ" * 29)
    expect(page.locator("[data-count-for=scene]")).to_have_text("29／400文字（30文字くらいから）")
    expect(left).to_have_text("短い答えがあります。書き足すことも、このまま提出することもできます。")
    page.locator("[name='scene']").fill("あ" * 30)
    expect(left).to_have_text("必要なことは、すべて書けました。")
    tap(page, "share", "private")
    expect(page.locator("[data-readers-words]").first).to_have_text("あなた")
    assert fits(page)
    submit(page)
    expect(page.get_by_text("ありがとうございます")).to_be_visible()
    expect(page.get_by_text(str(ANSWERS["rule"]))).to_be_visible()
    entry = page.request.get(str(page.get_by_role("link", name="予定表に入れる").get_attribute("href")))
    assert "BEGIN:VEVENT" in entry.text()
    assert fits(page)
    assert [step.step for step in writer.rows(FinishedStep)] == ["reflection1"]
    assert writer.rows(Draft) == []


@pytest.mark.parametrize("days_ago", [NEAR_DUE], indirect=True)
def test_the_short_form_asks_for_its_own_list_and_the_readers(context: BrowserContext, writer: Writer) -> None:
    page = context.new_page()
    page.goto(writer.has().path())
    page.get_by_role("link", name="時間がないときは、短い形で書く").click()
    tap(page, "m_status-m1", "done")
    tap(page, "m_status-m2", "started")
    write(page, "rule", "next_when", "next_then", "prediction")
    expect(page.locator("[name='scene']")).not_to_be_visible()
    assert fits(page)
    submit(page)
    expect(page.get_by_text("ありがとうございます")).to_be_visible()
    assert [reflection.mode for reflection in writer.rows(Reflection)] == [Mode.EXPRESS]


def test_not_yet_has_its_own_question_at_once(context: BrowserContext, writer: Writer) -> None:
    page = context.new_page()
    page.goto(writer.has().path())
    tap(page, "m_status-m1", "not_yet")
    tap(page, "measure_ref", "m1")
    expect(page.get_by_text("試そうとした場面や、機会を逃した場面を書いてください", exact=True)).to_be_visible()
    fill_in(page, {"m1": "not_yet", "m2": "done"})
    submit(page)
    expect(page.get_by_text("ありがとうございます")).to_be_visible()


def test_without_a_plan_one_says_what_one_is_trying(context: BrowserContext, writer: Writer) -> None:
    page = context.new_page()
    page.goto(writer.path())
    write(page, "trying")
    tap(page, "tried", "not_yet")
    expect(page.get_by_text("試そうとした場面や、機会を逃した場面を書いてください", exact=True)).to_be_visible()
    fill_in(page, {})
    submit(page)
    expect(page.get_by_text("ありがとうございます")).to_be_visible()


@pytest.mark.parametrize("days_ago", [AFTER_TWO_MONTHS], indirect=True)
@pytest.mark.parametrize("reflection1", [True, False])
def test_the_second_month_opens_with_the_experiment_or_with_the_plan(
    context: BrowserContext, writer: Writer, reflection1: bool
) -> None:
    page = context.new_page()
    page.goto(writer.has(reflection1=reflection1).path("/reflection2"))
    decided = page.get_by_role("heading", name="1か月後に、あなたはこう決めました")
    expect(decided).to_have_count(1 if reflection1 else 0)
    expect(page.locator("[name='tried']")).to_have_count(5 if reflection1 else 0)
    for measure in ("m1", "m2"):
        tap(page, f"m_status-{measure}", "done")
    if reflection1:
        tap(page, "tried", "adapted")
        tap(page, "rule_fate", "limit")
    write(page, "scene", "gap", "rule", "next_when", "next_then")
    submit(page)
    expect(page.get_by_text("ありがとうございます")).to_be_visible()
    turns = {turn.step: turn for turn in writer.rows(Reflection)}
    assert (turns["reflection2"].source_experiment_id is not None) is reflection1
    page.goto(f"/seats/{writer.seat.uid}/summary")
    assert fits(page)


@pytest.mark.parametrize("days_ago", [AFTER_TWO_MONTHS], indirect=True)
def test_three_months_are_one_sheet_of_paper_that_says_for_whom(context: BrowserContext, writer: Writer) -> None:
    page = context.new_page()
    page.goto(open_page(writer, "summary"))
    expect(page.locator(".printed")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".printed")).to_contain_text(re.compile("様 用・[0-9]+年[0-9]+月[0-9]+日（.）印刷"))
    assert len(re.findall(rb"/Type /Page(?!s)", page.pdf(prefer_css_page_size=True))) == 1


def test_what_is_missing_is_led_to_and_what_is_short_can_go_as_it_is(context: BrowserContext, writer: Writer) -> None:
    page = context.new_page()
    page.goto(writer.has().path())
    fill_in(page, {"m1": "done", "m2": "done"})
    page.locator("[name='why']").fill("短い")
    page.locator("[name='rule']").fill("")
    submit(page)
    expect(page.locator(".errors a")).to_have_count(2)
    page.locator("[name='rule']").fill("短いコツ")
    submit(page)
    with page.expect_navigation():
        page.get_by_role("button", name="このまま提出する").click()
    assert page.url.endswith("new=1")


def test_a_line_that_is_down_loses_nothing(context: BrowserContext, writer: Writer) -> None:
    page = context.new_page()
    page.goto(writer.has().path())
    page.locator("[name='scene']").fill("朝の会議で")
    expect(page.locator(".dock [data-words]")).to_contain_text(SAVED, timeout=15_000)
    context.set_offline(True)
    page.locator("[name='scene']").fill("朝の会議で、線が切れたあとに書いた場面")
    page.locator("[name='why']").click()
    expect(page.locator(".dock [data-words]")).to_contain_text("オフライン", timeout=15_000)
    context.set_offline(False)
    expect(page.locator(".dock [data-words]")).to_contain_text(SAVED, timeout=30_000)
    page.reload()
    expect(page.locator("[name='scene']")).to_have_value("朝の会議で、線が切れたあとに書いた場面")


def test_two_tabs_are_both_kept_and_one_is_chosen(context: BrowserContext, writer: Writer) -> None:
    writer.has()
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        page.goto(writer.path())
    for page, words in ((first, "一つめの画面の場面"), (second, "二つめの画面の場面")):
        page.locator("[name='scene']").fill(words)
        page.locator("[name='why']").click()
        expect(page.locator(".dock [data-words]")).not_to_have_text("まだ何も書かれていません。", timeout=15_000)
        page.wait_for_timeout(500)
    second.get_by_role("link", name="両方の版を見る").or_(second.locator("[data-when=two-versions] a")).first.click()
    expect(second.get_by_text("一つめの画面の場面")).to_be_visible()
    with second.expect_navigation():
        second.locator("section:has-text('二つめの画面の場面') button").click()
    expect(second.locator("[name='scene']")).to_have_value("二つめの画面の場面")


def test_without_a_script_everything_stands_there_with_its_condition(
    chromium: Chromium, site: Site, writer: Writer
) -> None:
    context = chromium.new_context(base_url=site.url, locale="ja", java_script_enabled=False)
    writer.has().sign_in(context)
    page = context.new_page()
    page.goto(writer.path())
    told = page.locator(".only-if").first
    expect(told).to_contain_text("まだできていない")
    expect(told).to_contain_text("試そうとした場面や、機会を逃した場面を書いてください")
    page.locator("[name='scene']").fill("スクリプトなしで書いた場面")
    with page.expect_navigation():
        page.get_by_role("button", name="保存する").first.click()
    expect(page.locator("[name='scene']")).to_have_value("スクリプトなしで書いた場面")
    context.close()


@pytest.mark.axe
@pytest.mark.parametrize("days_ago", [AFTER_TWO_MONTHS], indirect=True)
@pytest.mark.parametrize("what", ["form", "form after a mistake", "first form", "done", "summary"])
def test_everybody_can_use_the_pages(context: BrowserContext, writer: Writer, what: str) -> None:
    page = context.new_page()
    complaints = collect_complaints(page)
    page.goto(open_page(writer, what))
    if what == "form after a mistake":
        submit(page)
    problems = []
    for screen in SCREENS:
        page.set_viewport_size({"width": screen.width, "height": 780})
        page.emulate_media(color_scheme="dark" if screen.theme == "dark" else "light", reduced_motion="reduce")
        problems += [f"{screen}: {problem}" for problem in axe(page)]
        assert page.evaluate("document.documentElement.scrollWidth") <= screen.width
    problems += walk_by_keyboard(page)
    assert problems == []
    assert complaints == []


def open_page(writer: Writer, what: str) -> str:
    """The address of one of the pages, with something to show on it."""
    writer.has(reflection1=what != "first form")
    return {
        "form": writer.path("/reflection2"),
        "form after a mistake": writer.path("/reflection2"),
        "first form": writer.path("/reflection1"),
        "done": writer.path("/reflection1/done?new=1"),
        "summary": f"/seats/{writer.seat.uid}/summary",
    }[what]
