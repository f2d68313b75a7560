"""Feedback on a phone and at a desk: written with keys, read above one's own text, asked back; readers chosen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.accounts.browsers import Browser
from tests.act3_practice.practice import SCENE, make_feedback, make_plan, make_reflection
from tests.browser.accessibility import axe, walk_by_keyboard
from tests.browser.conftest import Site, end_every_session
from tests.browser.screens import PHONE, SCREENS, Screen, open_page
from tests.factories import let_write, make_cohort, make_organization, make_seat, make_user
from trainer import clock
from trainer.accounts.models import User
from trainer.act3_practice.feedback_rules import ON_ITS_WAY, UNDO_FOR
from trainer.act3_practice.models import Feedback, Reflection
from trainer.cohorts.models import Cohort, Enrollment, Group
from trainer.key_ring import KeyRing
from trainer.permissions import Audience, Role

pytestmark = pytest.mark.browser
DESK = Screen(1280)
WORDS = "黙って待つ、という一手が場を動かしたのですね。"
STARTED = timedelta(days=45)


@dataclass
class Room:
    """A cohort with its facilitator Nao and a group of three, of whom Aya and Ken have reflected."""

    site: Site
    cohort: Cohort
    users: dict[str, User]
    seats: dict[str, Enrollment]
    reflections: dict[str, Reflection]

    @property
    def desk(self) -> str:
        return f"/cohorts/{self.cohort.uid}/reflections"

    def seat(self, name: str, rest: str) -> str:
        return f"/seats/{self.seats[name].uid}/{rest}"

    def enter(self, page: Page, name: str) -> Page:
        browser = Browser(self.site.app)
        browser.enter(self.users[name], clock.now())
        page.context.add_cookies([{"name": "s", "value": browser.cookie(), "url": self.site.url}])
        return page

    def minute_passes(self) -> None:
        """What was sent has arrived."""
        with self.site.database.session() as db:
            for feedback in db.scalars(select(Feedback).where(Feedback.sent_at.is_not(None))):
                assert feedback.sent_at is not None
                feedback.sent_at -= UNDO_FOR + ON_ITS_WAY
            db.commit()


@pytest.fixture
def room(site: Site) -> Room:
    now = clock.now()
    day2 = (now - STARTED).date()
    with site.database.session() as db:
        organization = make_organization(db)
        let_write(db, KeyRing.open_or_create(site.settings.key_ring, site.settings.master_key))
        cohort = make_cohort(
            db,
            organization,
            name="春の回",
            day1_on=day2 - timedelta(days=1),
            day2_on=day2,
            started_at=now - 2 * STARTED,
        )
        group = Group(organization_id=organization.id, cohort_id=cohort.id, name="A")
        db.add(group)
        db.flush()
        names = {"Nao": "西村 直子", "Aya": "岡田 千夏", "Ken": "三浦 慎", "Rie": "穂積 玲子"}
        users = {name: make_user(db, organization, name=shown) for name, shown in names.items()}
        seats = {name: make_seat(db, cohort, users[name], group_id=group.id) for name in ("Aya", "Ken", "Rie")}
        seats["Nao"] = make_seat(db, cohort, users["Nao"], role=Role.FACILITATOR)
        make_plan(
            db, seats["Aya"], {"target_state": "まだ私が進めている"}, {}, submitted_at=now - STARTED, opened_at=now
        )
        reflections = {
            name: make_reflection(db, seats[name], submitted_at=now - timedelta(days=days))
            for name, days in (("Aya", 3), ("Ken", 2))
        }
        db.commit()
    return Room(site, cohort, users, seats, reflections)


@pytest.fixture
def desk(chromium: Chromium, site: Site, room: Room) -> Iterator[Page]:
    """Nao's desk, 1280 pixels wide."""
    with open_page(chromium, site.url, DESK) as page:
        yield room.enter(page, "Nao")


@pytest.fixture
def phone(chromium: Chromium, site: Site, room: Room) -> Iterator[Page]:
    """Aya's phone."""
    with open_page(chromium, site.url, PHONE) as page:
        yield room.enter(page, "Aya")


def test_feedback_is_written_with_keys_and_read_on_a_phone(room: Room, desk: Page, phone: Page) -> None:
    desk.goto(room.desk)
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=2).first).to_contain_text("岡田 千夏")
    expect(desk.locator("mark")).to_have_text("毎週の納期会議をメンバーが順に進めている")
    box = desk.get_by_label("あなたのフィードバック")
    box.fill(WORDS)
    expect(desk.locator("[data-saved]")).to_contain_text("保存しました")
    box.press("Escape")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=2).first).to_contain_text("三浦 慎")  # the next one that waits
    expect(desk.get_by_role("status").first).to_contain_text("岡田 千夏さんに送りました")
    desk.keyboard.press("u")
    expect(desk.get_by_label("あなたのフィードバック")).to_have_value(WORDS)
    desk.get_by_role("button", name="送る").click()
    expect(desk.get_by_role("heading", level=2).first).to_contain_text("三浦 慎")
    room.minute_passes()
    phone.goto(f"/to/{room.seats['Aya'].uid}/feedback_given")
    expect(phone.get_by_role("heading", name="西村 直子さんからのフィードバック")).to_be_visible()
    expect(phone.get_by_text(WORDS)).to_be_visible()
    assert phone.get_by_text(WORDS).bounding_box()["y"] < phone.get_by_text(SCENE).bounding_box()["y"]  # type: ignore[index]


def test_words_outlive_a_session_that_has_ended(chromium: Chromium, site: Site, room: Room) -> None:
    context = chromium.new_context(base_url=site.url, locale="ja")  # its console may complain
    page = room.enter(context.new_page(), "Nao")
    page.goto(f"{room.desk}/{room.reflections['Aya'].uid}")
    end_every_session(site.database)
    box = page.get_by_label("あなたのフィードバック")
    box.fill(WORDS)
    expect(page.locator("[data-saved]")).to_contain_text("サインアウトされています")
    page.get_by_role("button", name="送る").click()
    page.wait_for_timeout(300)
    expect(box).to_have_value(WORDS)
    room.enter(page, "Nao")  # as in another window
    box.press("End")
    page.keyboard.type("。")
    expect(page.locator("[data-saved]")).to_contain_text("保存しました")
    page.get_by_role("button", name="送る").click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("三浦 慎")
    context.close()


def test_single_keys_do_nothing_while_somebody_types(room: Room, desk: Page) -> None:
    desk.goto(f"{room.desk}/{room.reflections['Aya'].uid}")
    box = desk.get_by_label("あなたのフィードバック")
    box.click()
    desk.keyboard.type("jku1")
    expect(box).to_have_value("jku1")
    expect(desk.get_by_role("heading", level=2).first).to_contain_text("岡田 千夏")
    box.press("Escape")
    desk.keyboard.press("c")
    expect(box).to_be_focused()
    expect(box).to_have_value("jku1")
    box.press("Escape")
    desk.keyboard.press("j")
    expect(desk.get_by_role("heading", level=2).first).to_contain_text("三浦 慎")
    desk.keyboard.press("k")
    expect(desk.get_by_label("あなたのフィードバック")).to_have_value("jku1")


def test_thanks_and_a_question_on_a_phone_and_the_answer(room: Room, desk: Page, phone: Page) -> None:
    _feedback_was_given(room)
    phone.goto(room.seat("Aya", "reflections/reflection1/feedback"))
    phone.get_by_label("お礼のひとこと").fill("消そうか迷いました。残してよかったです。")
    phone.get_by_role("button", name="お礼を伝える").click()
    expect(phone.get_by_text("お礼を伝えました。")).to_be_visible()
    phone.get_by_text("一度だけ、尋ねる").click()
    with phone.expect_navigation():
        phone.get_by_role("button", name="尋ねる").click()
    expect(phone.locator(".errors")).to_be_focused()
    phone.get_by_label("尋ねたいこと").fill("待つ間、下を向くのと全員を見るのと、どちらがよいでしょうか。")
    phone.get_by_role("button", name="尋ねる").click()
    expect(phone.get_by_text("質問を届けました。")).to_be_visible()
    expect(phone.get_by_role("button", name="尋ねる")).to_have_count(0)
    desk.goto(room.desk)
    desk.get_by_role("link", name="岡田 千夏").first.click()
    desk.get_by_label("あなたの答え").fill("両方試してみてください。")
    desk.get_by_role("button", name="答える").click()
    expect(desk.get_by_text("答えを、受講者のページの質問の下に載せました。")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("両方試してみてください。")).to_be_visible()


def test_readers_are_narrowed_at_once_and_widened_knowing_for_whom(
    room: Room, desk: Page, phone: Page, chromium: Chromium
) -> None:
    desk.goto(f"{room.desk}/{room.reflections['Aya'].uid}")
    phone.goto(room.seat("Aya", "readers/reflection1"))
    expect(phone.get_by_role("listitem").filter(has_text="西村 直子")).to_be_visible()  # opened by
    _choose(phone, "グループ")
    expect(phone.get_by_text("三浦 慎、穂積 玲子")).to_be_visible()
    phone.get_by_role("button", name="この人たちにも見せる").click()
    with open_page(chromium, room.site.url, PHONE) as ken:
        room.enter(ken, "Ken")
        ken.goto(room.seat("Ken", "shared"))
        ken.get_by_role("link", name="1か月後のふりかえり").click()
        expect(ken.get_by_text(SCENE)).to_be_visible()
        phone.goto(room.seat("Aya", "readers/reflection1"))
        expect(phone.get_by_role("listitem").filter(has_text="三浦 慎")).to_be_visible()
        _choose(phone, "自分だけ")
        ken.reload()
        expect(ken.get_by_text(SCENE)).to_have_count(0)
    answer = desk.reload()
    assert answer is not None
    assert answer.status == 404


def test_the_desk_works_without_a_script(room: Room, chromium: Chromium) -> None:
    with open_page(chromium, room.site.url, Screen(1280, has_scripts=False)) as page:
        room.enter(page, "Nao")
        page.goto(f"{room.desk}/{room.reflections['Aya'].uid}")
        page.get_by_label("あなたのフィードバック").fill(WORDS)
        page.get_by_role("button", name="下書きを保存する").click()
        expect(page.get_by_label("あなたのフィードバック")).to_have_value(WORDS)
        page.get_by_role("button", name="送る").click()
        page.get_by_role("button", name="取り消す").click()
        expect(page.get_by_label("あなたのフィードバック")).to_have_value(WORDS)


@pytest.mark.axe
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Nao", "{desk}"),
        ("Nao", "{desk}/{aya}"),
        ("Nao", "{desk}/{ken}"),
        ("Aya", "{seat}/reflections/reflection1/feedback"),
        ("Aya", "{seat}/readers/reflection1"),
        ("Aya", "{seat}/readers/reflection1?to=group"),
        ("Aya", "{seat}/shared"),
        ("Aya", "{seat}/shared/{ken}"),
    ],
)
def test_everybody_can_use_these_pages_on_every_screen(room: Room, chromium: Chromium, name: str, path: str) -> None:
    _feedback_was_given(room)
    with room.site.database.session() as db:
        db.get_one(Reflection, room.reflections["Ken"].id).audience = Audience.GROUP
        db.commit()
    uids = {who.lower(): reflection.uid for who, reflection in room.reflections.items()}
    with open_page(chromium, room.site.url, PHONE) as page:
        room.enter(page, name).goto(path.format(desk=room.desk, seat=f"/seats/{room.seats['Aya'].uid}", **uids))
        assert [problem for screen in SCREENS for problem in _problems(page, screen)] == []


def _problems(page: Page, screen: Screen) -> list[str]:
    page.set_viewport_size({"width": screen.width, "height": 780})
    page.emulate_media(color_scheme="dark" if screen.theme == "dark" else "light", reduced_motion="reduce")
    is_wide = page.evaluate("document.documentElement.scrollWidth") > screen.width
    keyboard = walk_by_keyboard(page) if screen.theme == "light" else []
    return [
        f"{screen}: {problem}" for problem in [*axe(page), *keyboard, *(["wider than the screen"] if is_wide else [])]
    ]


def _choose(phone: Page, audience: str) -> None:
    phone.get_by_role("radio", name=audience).check()
    phone.get_by_role("button", name="読める人を決める").click()


def _feedback_was_given(room: Room) -> None:
    with room.site.database.session() as db:
        db.info["key_ring"] = room.site.app.extensions["key_ring"]
        reflection = db.get_one(Reflection, room.reflections["Aya"].id)
        make_feedback(db, reflection, room.users["Nao"], WORDS, sent_at=clock.now() - timedelta(days=1))
        db.commit()
