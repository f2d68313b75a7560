"""The demo: one click signs in, one click lets a day pass, and the letters of that day lie in the outbox."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from scheduler.engine import make_engine
from scheduler.process import SendingProcess
from tests.browser.conftest import Site
from tests.browser.screens import PHONE, open_page

pytestmark = pytest.mark.browser

BANNER = ".banner"
PATIENCE = 60_000  # milliseconds: several turns of the sender


@pytest.fixture
def visitor(chromium: Browser, demo: Site) -> Iterator[Page]:
    """Somebody who looks at the demo on a phone."""
    with open_page(chromium, demo.url, PHONE) as page:
        page.goto("/")
        yield page


@pytest.fixture
def sending(demo: Site) -> Iterator[None]:
    """Letters go out beside the web threads, as in ./run."""
    process = SendingProcess(make_engine(demo.settings))
    process.start()
    yield
    process.stop()


@pytest.mark.parametrize(
    ("label", "heading"),
    [
        ("事務局として見る", "手が要る研修回は"),
        ("講師として見る", "件が、返事を待っています"),
        ("受講者：WEB学習の途中", "WEB学習（ACT1）"),
        ("受講者：これからふりかえる", "1か月後のふりかえり"),
    ],
)
def test_a_door_leads_to_a_home_at_one_click(visitor: Page, label: str, heading: str) -> None:
    visitor.get_by_role("button", name=label).click()
    expect(visitor).not_to_have_url(re.compile("/$"))
    expect(visitor.get_by_role("heading", name=heading).first).to_be_visible()
    expect(visitor.locator(BANNER)).to_contain_text("架空の会社と人です。")


def test_another_person_is_two_clicks_away(visitor: Page) -> None:
    visitor.get_by_role("button", name="講師として見る").click()
    visitor.locator(BANNER).get_by_role("link", name="人を替える").click()
    visitor.get_by_role("button", name="受講者：WEB学習の途中").click()
    expect(visitor.get_by_role("heading", name="WEB学習（ACT1）").first).to_be_visible()


def test_a_day_passes_and_the_page_stays(visitor: Page) -> None:
    visitor.goto("/dev/outbox/")
    before = visitor.locator(BANNER).inner_text()
    visitor.locator(BANNER).get_by_role("button", name="次の日へ").click()
    expect(visitor.locator(".notice")).to_contain_text("1日進めました。")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("送信箱")
    assert visitor.locator(BANNER).inner_text() != before


@pytest.mark.usefixtures("sending")
def test_the_next_letters_appear_in_the_outbox(visitor: Page) -> None:
    visitor.goto("/dev/outbox/")
    letters = visitor.get_by_role("table").get_by_role("row")
    before = letters.count()
    visitor.locator(BANNER).get_by_role("button", name="次のお知らせの日まで").click()
    expect(visitor.locator(".notice")).to_contain_text("次のお知らせが送信箱に届きます。")
    wait_for_letters(visitor, more_than=before)
    letters.nth(1).get_by_role("link").click()
    frame = visitor.frame_locator(".letter-frame")
    expect(frame.get_by_role("link").first).to_be_visible()


def wait_for_letters(page: Page, *, more_than: int) -> None:
    """Look into the outbox again and again, as somebody would."""
    for _ in range(PATIENCE // 1000):
        if page.get_by_role("table").get_by_role("row").count() > more_than:
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError("no letter has come")
