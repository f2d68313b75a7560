"""The office at its desks, by mouse and on a phone: an extension with its undo, attendance, an address in its list."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.accounts.browsers import Browser, Watch
from tests.browser.accessibility import axe
from tests.browser.conftest import Site
from tests.browser.screens import SCREENS, Screen, open_page
from tests.desks.homes import morning
from tests.desks.office_desk import Desk, make_desk
from trainer import clock
from trainer.accounts.models import User
from trainer.cohorts.models import Extension, FinishedStep

pytestmark = pytest.mark.browser

ON_SCREENS = [screen for screen in SCREENS if screen.theme == "light"]
AFTER_THE_WORKSHOP = date(2027, 2, 5)


@pytest.fixture
def desk(site: Site, monkeypatch: pytest.MonkeyPatch) -> Desk:
    watch = Watch(morning(AFTER_THE_WORKSHOP))
    monkeypatch.setattr(clock, "now", watch.now)
    desk = make_desk(site.database, Browser(site.app), watch)
    desk.at(morning(AFTER_THE_WORKSHOP))
    return desk


def sit_down(page: Page, site: Site, desk: Desk) -> None:
    """The coordinator's own session, in this browser."""
    name = site.app.config["SESSION_COOKIE_NAME"]
    page.context.add_cookies([{"name": name, "value": desk.browser.cookie(), "url": site.url}])


@pytest.mark.parametrize("screen", ON_SCREENS, ids=str)
def test_an_extension_is_given_and_taken_back(chromium: Chromium, site: Site, desk: Desk, screen: Screen) -> None:
    with open_page(chromium, site.url, screen) as page:
        sit_down(page, site, desk)
        page.goto(f"{desk.address}/board")
        page.get_by_role("link", name="Abe").click()
        page.get_by_text("Extend a due date").click()
        page.get_by_label("New due date").fill((AFTER_THE_WORKSHOP + timedelta(days=5)).isoformat())
        page.get_by_label("Reason").first.fill("on leave")
        page.get_by_role("button", name="Extend", exact=True).click()
        expect(page.get_by_text("own date")).to_be_visible()
        with site.database.reading() as db:
            assert len(db.scalars(select(Extension)).all()) == 1
        page.get_by_role("button", name="Undo: Extension").click()
        expect(page.get_by_text("The change was undone.")).to_be_visible()
        expect(page.get_by_text("own date")).to_have_count(0)


def test_everybody_was_there_in_one_click_and_back_in_another(chromium: Chromium, site: Site, desk: Desk) -> None:
    with open_page(chromium, site.url, ON_SCREENS[0]) as page:
        sit_down(page, site, desk)
        page.goto(f"{desk.address}/board")
        page.get_by_role("link", name="Who was at the workshop").first.click()
        page.get_by_role("button", name="Mark as present: Ito").click()
        expect(page.get_by_text("1 person was written down as attending.")).to_be_visible()
        desk.watch.pass_by(minutes=1)
        page.get_by_role("button", name="Mark everybody as present").click()
        expect(page.get_by_text("Everybody is written down")).to_be_visible()
        page.get_by_role("button", name="Undo the last entry").click()
        expect(page.get_by_text("Taken back for 2 people.")).to_be_visible()
        with site.database.reading() as db:
            assert db.scalars(select(FinishedStep.enrollment_id)).all() == [desk.seats["Ito"].id]


@pytest.mark.axe
@pytest.mark.parametrize("screen", ON_SCREENS, ids=str)
def test_an_address_is_corrected_where_it_stands(chromium: Chromium, site: Site, desk: Desk, screen: Screen) -> None:
    desk.bounce("Ueda")
    with open_page(chromium, site.url, screen) as page:
        sit_down(page, site, desk)
        page.goto(f"{desk.address}/board")
        expect(page.get_by_text("Letters do not reach 1 person")).to_be_visible()
        assert axe(page) == []
        page.get_by_role("link", name="Correct the addresses").click()
        assert axe(page) == []
        page.get_by_label("E-mail address of Ueda").fill("ueda.new@minato.example")
        page.get_by_role("button", name="Correct the address of Ueda").click()
        expect(page.get_by_text("Every address takes letters.")).to_be_visible()
        with site.database.reading() as db:
            assert db.get_one(User, desk.seats["Ueda"].user_id).email == "ueda.new@minato.example"
