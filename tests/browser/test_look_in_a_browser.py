"""Every part of the pages, in a real browser: readable by all, reachable by keyboard, never wider than the screen."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import axe, walk_by_keyboard
from tests.browser.conftest import Site
from tests.browser.screens import PHONE, Screen, collect_complaints, open_page
from trainer.headers import HEADERS

pytestmark = pytest.mark.browser

ERROR_PAGES = [400, 403, 404, 429, 500]


@pytest.fixture
def environment() -> str:
    return "development"  # elsewhere there is no /look


@pytest.mark.axe
def test_axe_finds_nothing(page: Page) -> None:
    page.goto("/look")
    assert axe(page) == []


@pytest.mark.axe
def test_axe_finds_nothing_in_english(phone: Page) -> None:
    phone.goto("/look?language=en")
    assert axe(phone) == []


@pytest.mark.axe
@pytest.mark.parametrize("code", ERROR_PAGES)
def test_axe_finds_nothing_on_error_pages(phone: Page, code: int) -> None:
    response = phone.goto(f"/look/errors/{code}")
    assert response is not None
    assert response.status == code
    assert axe(phone) == []


@pytest.mark.axe
def test_axe_finds_a_planted_fault(phone: Page) -> None:
    phone.goto("/look/errors/404")
    phone.evaluate("document.querySelector('h1').setAttribute('aria-labelledby', 'nowhere')")
    phone.evaluate("document.querySelector('.brand').replaceChildren()")
    assert any(found.startswith("link-name") for found in axe(phone))


def test_the_keyboard_reaches_everything_with_a_ring(page: Page) -> None:
    page.goto("/look")
    assert walk_by_keyboard(page) == []


def test_the_keyboard_walk_notices_a_missing_ring_and_a_missing_stop(phone: Page) -> None:
    phone.goto("/look/errors/404")
    phone.evaluate("document.querySelector('.brand').style.outline = 'none'")
    phone.evaluate("document.querySelector('.btn').tabIndex = -1")
    problems = walk_by_keyboard(phone)
    assert [problem.split(":")[0] for problem in problems] == ["never reached", "no ring"]


@pytest.mark.parametrize("width", [320, 360, 768, 1024, 1280])
def test_nothing_is_wider_than_the_screen(chromium: Browser, site: Site, width: int) -> None:
    with open_page(chromium, site.url, Screen(width)) as page:
        for address in ("/look", "/look?language=en", "/look/errors/404"):
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_the_theme_is_the_devices(page: Page, screen: Screen) -> None:
    page.goto("/look")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(246, 247, 244)", "dark": "rgb(15, 20, 18)"}[screen.theme]


def test_the_summary_of_errors_takes_the_focus_and_leads_to_each_field(phone: Page) -> None:
    phone.goto("/look?refused=yes")
    summary = phone.locator(".errors")
    expect(summary).to_be_focused()
    for field in ("#no-name", "#no-tried-0"):
        summary.locator(f"a[href='{field}']").press("Enter")
        expect(phone.locator(field)).to_be_focused()


def test_a_dialog_is_modal_and_gives_the_focus_back(phone: Page) -> None:
    phone.goto("/look")
    opener = phone.get_by_role("link", name="お知らせを送る")
    opener.click()
    dialog = phone.get_by_role("dialog", name="120名に、いま送りますか")
    expect(dialog).to_be_visible()
    phone.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    dialog.get_by_role("link", name="やめて戻る").click()
    expect(dialog).to_be_hidden()


def test_without_scripts_a_dialog_opens_and_closes_too(chromium: Browser, site: Site) -> None:
    with open_page(chromium, site.url, PHONE._replace(has_scripts=False)) as page:
        page.goto("/look")
        page.get_by_role("link", name="お知らせを送る").click()
        expect(page.get_by_role("button", name="120名に送信する")).to_be_visible()
        page.get_by_role("link", name="やめて戻る").click()
        expect(page.get_by_role("button", name="120名に送信する")).to_be_hidden()


def test_characters_are_counted_while_typing(phone: Page) -> None:
    phone.goto("/look")
    phone.locator("#no-scene").fill("髙﨑🌾")
    expect(phone.locator("[data-count-for=no-scene]")).to_have_text("3／400文字")


def test_a_table_becomes_cards_on_a_phone_and_stays_a_table_for_a_screen_reader(page: Page, screen: Screen) -> None:
    page.goto("/look")
    row = page.get_by_role("table", name="受講者ごとの3つのステップ").get_by_role("row").nth(1)
    expect(row.get_by_role("rowheader")).to_contain_text("浅野 圭")
    display = row.evaluate("row => getComputedStyle(row).display")
    assert display == ("grid" if screen.width == 360 else "table-row")


def test_print_leaves_out_bars_and_buttons_and_needs_no_dark_ink(chromium: Browser, site: Site) -> None:
    with open_page(chromium, site.url, Screen(1280, "dark")) as page:
        page.goto("/look")
        page.emulate_media(media="print")
        for part in (".bar", ".banner", ".dock", ".foot"):
            expect(page.locator(part).first).to_be_hidden()
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def test_what_the_policy_forbids_is_noticed(chromium: Browser, site: Site) -> None:
    context = chromium.new_context(base_url=site.url)
    page = context.new_page()
    complaints = collect_complaints(page)
    page.route("**/planted", lambda route: route.fulfill(headers=HEADERS, content_type="text/html", body=PLANTED))
    page.goto("/planted")
    context.close()
    assert any("style-src" in complaint for complaint in complaints)
    assert any("script-src" in complaint for complaint in complaints)


PLANTED = "<!doctype html><title>x</title><p style='color: red'>x</p><script>document.title = 'y'</script>"
