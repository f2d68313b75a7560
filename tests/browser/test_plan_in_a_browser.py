"""A plan on a phone: the required answers alone, a line that is down, a session that ends, two tabs, a question."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import select

from tests.accounts.browsers import Browser
from tests.browser.accessibility import axe, walk_by_keyboard
from tests.browser.conftest import Site
from tests.browser.screens import SCREENS
from tests.factories import let_write, make_cohort, make_seat, make_user, organization_of
from trainer import clock
from trainer.accounts.models import User
from trainer.act2_workshop.comments import Comment
from trainer.act2_workshop.models import Plan
from trainer.act2_workshop.releasing import release_reviews
from trainer.act2_workshop.reviewing import decide
from trainer.act2_workshop.rules import Deed, PlanState
from trainer.cohorts.models import Enrollment, FinishedStep
from trainer.key_ring import KeyRing
from trainer.permissions import Role

pytestmark = pytest.mark.browser
MOST_TAPS = 30  # taps and keys besides the text
DESIRED, TITLE = "班長四人が順に朝礼を進め、その日の注意を一つずつ言葉にしている。", "朝礼を班長の持ち回りにする"
QUESTION = "本人の希望は、いつ・どのように聞く予定ですか。"


@dataclass
class Desk:
    """A trainee at their plan, and the facilitator who reads it."""

    site: Site
    user: User
    seat: Enrollment
    facilitator: User

    def path(self, rest: str = "/edit") -> str:
        return f"/seats/{self.seat.uid}/plan{rest}"

    def sign_in(self, context: BrowserContext) -> None:
        browser = Browser(self.site.app)
        browser.enter(self.user, clock.now())
        context.add_cookies([{"name": "s", "value": browser.cookie(), "url": self.site.url}])

    def answer(self, deed: Deed, words: str) -> None:
        """The facilitator answers, and their minute passes."""
        with self.site.database.session() as db:
            db.info["key_ring"] = self.site.app.extensions["key_ring"]
            plan = db.scalars(select(Plan)).one()
            decide(
                db, plan, plan.version, deed, [Comment(bank="cm6", text=words)], by=self.facilitator, now=clock.now()
            )
            db.commit()
            assert release_reviews(db, clock.now() + timedelta(minutes=2)) == 1
            db.commit()


@dataclass
class Hand:
    """Taps and types on a phone, and counts what is no text."""

    page: Page
    taps: int = 0

    def tap(self, target: Locator) -> None:
        target.click()
        self.taps += 1

    def write(self, name: str, words: str, keys: int = 0) -> None:
        field = self.page.locator(f"[name='{name}']")
        self.tap(field)
        field.fill(words)
        self.taps += keys

    def choose(self, name: str, place: int) -> None:
        self.tap(self.page.locator(f"label:has([name='{name}'])").nth(place))


@pytest.fixture
def desk(site: Site) -> Desk:
    now = clock.now()
    ring = KeyRing.open_or_create(site.settings.key_ring, site.settings.master_key)
    with site.database.session() as db:
        day2 = now.date() - timedelta(days=1)
        cohort = make_cohort(db, day1_on=day2 - timedelta(days=1), day2_on=day2, started_at=now - timedelta(days=40))
        user, facilitator = (make_user(db, organization_of(db, cohort), language="ja") for _ in range(2))
        seat = make_seat(db, cohort, user)
        make_seat(db, cohort, facilitator, role=Role.FACILITATOR)
        let_write(db, ring)
        db.commit()
    return Desk(site, user, seat, facilitator)


@pytest.fixture
def context(chromium: Chromium, site: Site, desk: Desk) -> Iterator[BrowserContext]:
    """A phone on which the trainee is signed in; a line that is down may complain here."""
    context = chromium.new_context(
        base_url=site.url, viewport={"width": 360, "height": 780}, locale="ja", has_touch=True
    )
    desk.sign_in(context)
    yield context
    context.close()


def fill_in(page: Page) -> Hand:
    """What is required and nothing else."""
    hand = Hand(page)
    hand.write("plan-desired_state", DESIRED)
    hand.choose("m1-scope", 0)
    hand.write("m1-title", TITLE)
    hand.choose("m1-outcome", 1)
    hand.write("m1-target_state", "班長四人が順に進行し、注意を一つずつ話している。")
    hand.write("m1-first_step", "班長に、朝礼で省けることを聞く")
    first_step = clock.now().date() + timedelta(days=5)
    hand.write("m1-first_step_date", first_step.isoformat(), keys=8)
    hand.write("m1-when_cue", "もし朝礼の時間になったら")
    hand.write("m1-then_action", "最初に困りごとを一つ聞く")
    return hand


def submit(hand: Hand) -> None:
    hand.tap(hand.page.locator("button[value=submit]"))
    expect(hand.page).to_have_url(re.compile("/plan/received$"))


def test_the_required_answers_alone_take_few_taps_and_finish_the_step(site: Site, desk: Desk, phone: Page) -> None:
    page = phone
    desk.sign_in(page.context)
    page.goto(desk.path())
    assert page.locator(".stages a").count() == 4
    hand = fill_in(page)
    expect(page.locator(".joined")).to_have_text("もし朝礼の時間になったら、最初に困りごとを一つ聞く")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    submit(hand)
    assert hand.taps <= MOST_TAPS
    with site.database.reading() as db:
        assert [step.step for step in db.scalars(select(FinishedStep))] == ["plan"]


def test_what_is_typed_while_the_line_is_down_is_saved_when_it_is_back(desk: Desk, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(desk.path())
    status = page.locator("form.plan [role=status]")
    page.fill("[name='plan-desired_state']", DESIRED)
    expect(status).to_contain_text("保存しました", timeout=15_000)
    context.set_offline(True)
    page.fill("[name='m1-title']", TITLE)
    expect(status).to_contain_text("オフラインです", timeout=15_000)
    context.set_offline(False)
    expect(status).to_contain_text("保存しました", timeout=30_000)
    page.reload()
    expect(page.locator("[name='m1-title']")).to_have_value(TITLE)


def test_a_session_that_ends_while_somebody_types_loses_nothing(desk: Desk, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(desk.path())
    context.clear_cookies()
    page.fill("[name='m1-title']", TITLE)
    status = page.locator("form.plan [role=status]")
    expect(status).to_contain_text("サインアウトされています", timeout=15_000)
    way = page.get_by_role("link", name="サインインして、続きを書く")
    expect(way).to_be_visible()
    way.click()
    expect(page).to_have_url(re.compile("/sign-in"))
    desk.sign_in(context)
    page.goto(desk.path())
    expect(page.locator("[name='m1-title']")).to_have_value(TITLE)
    expect(status).to_contain_text("保存しました", timeout=15_000)


def test_two_tabs_keep_both_versions_and_the_writer_chooses(desk: Desk, context: BrowserContext) -> None:
    first, second = context.new_page(), context.new_page()
    for tab in (first, second):
        tab.goto(desk.path())
    first.fill("[name='m1-title']", TITLE)
    expect(first.locator("form.plan [role=status]")).to_contain_text("保存しました", timeout=15_000)
    second.fill("[name='m1-title']", "納期会議を持ち回りにする")
    way = second.get_by_role("link", name="二つの版を見比べる")
    expect(way).to_be_visible(timeout=15_000)
    way.click()
    expect(second.locator("main")).to_contain_text("納期会議")
    second.locator("button[name=do]").nth(1).click()
    expect(second.locator("[name='m1-title']")).to_have_value("納期会議を持ち回りにする")
    expect(second.get_by_role("link", name="二つの版を見比べる")).to_be_hidden()


def test_a_question_is_answered_with_a_new_version_and_confirmed(desk: Desk, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(desk.path())
    submit(fill_in(page))
    desk.answer(Deed.RETURN, QUESTION)
    page.goto(desk.path(""))
    expect(page.locator("main")).to_contain_text(QUESTION)
    page.get_by_role("link", name="計画を見直す").click()
    page.fill("[name='m1-first_step']", "班長一人ずつに、希望を五分で聞く")
    submit(Hand(page))
    page.goto(desk.path("/versions/2/changes"))
    expect(page.locator("ins")).to_contain_text("希望")
    desk.answer(Deed.CONFIRM, "最初の一歩が小さく、始めやすそうです。")
    page.goto(desk.path(""))
    expect(page.locator("main")).to_contain_text("講師が確認しました")
    with desk.site.database.reading() as db:
        assert db.scalars(select(Plan)).one().state is PlanState.CONFIRMED


def test_hints_and_minutes_follow_what_is_typed(desk: Desk, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(desk.path())
    page.locator("#m1 details summary").click()
    page.fill("[name='plan-minutes_available']", "30")
    page.fill("[name='m1-minutes_week']", "45")
    expect(page.locator(".time")).to_contain_text("使える時間より15分多く")
    page.fill("[name='m1-minutes_week']", "31")
    expect(page.locator(".time")).to_contain_text("使える時間より1分多く")
    late = clock.now().date() + timedelta(days=60)
    page.fill("[name='m1-first_step_date']", late.isoformat())
    page.locator("[name='m1-title']").focus()
    expect(page.locator("[data-hints='m1-first_step_date'] li")).to_have_count(1, timeout=20_000)


def test_a_plan_is_one_sheet_of_paper(desk: Desk, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(desk.path())
    hand = fill_in(page)
    page.select_option("[name='m1-task_ref']", index=4)
    for name, value in (("level_now", "2"), ("level_target", "4")):
        page.locator(f"[name='m1-{name}'][value='{value}']").check()
    hand.choose("m1-asked_first", 0)
    submit(hand)
    page.goto(desk.path(""))
    page.emulate_media(media="print")
    sheets = re.findall(rb"/Type /Page(?!s)", page.pdf(prefer_css_page_size=True))
    assert len(sheets) == 1


@pytest.mark.axe
def test_everybody_can_use_the_pages_of_a_plan(desk: Desk, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(desk.path())
    hand = fill_in(page)
    page.select_option("[name='m1-task_ref']", index=4)
    for name, value in (("level_now", "2"), ("level_target", "4")):
        page.locator(f"[name='m1-{name}'][value='{value}']").check()
    hand.choose("m1-asked_first", 0)
    assert problems(page) == []
    submit(hand)
    for rest in ("/received", ""):
        page.goto(desk.path(rest))
        assert problems(page) == [], rest
    desk.answer(Deed.RETURN, QUESTION)
    for rest in ("", "/as-it-is"):
        page.goto(desk.path(rest))
        assert problems(page) == [], rest


def problems(page: Page) -> list[str]:
    """What axe-core and the keyboard find on every screen."""
    found: list[str] = []
    for screen in SCREENS:
        page.set_viewport_size({"width": screen.width, "height": 780})
        page.emulate_media(color_scheme="dark" if screen.theme == "dark" else "light", reduced_motion="reduce")
        found += [f"{screen}: {problem}" for problem in axe(page)]
        if page.evaluate("document.documentElement.scrollWidth") > screen.width:
            found.append(f"{screen}: wider than the screen")
        if screen.theme == "light":
            found += [f"{screen}: {problem}" for problem in walk_by_keyboard(page)]
    page.set_viewport_size({"width": 360, "height": 780})
    return found
