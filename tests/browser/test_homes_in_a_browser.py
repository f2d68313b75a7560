"""Homes on a phone: a person with several seats changes between them, and everybody chooses their language."""

import pytest
from playwright.sync_api import Page, expect

from tests.accounts.browsers import Browser as Visitor
from tests.browser.conftest import Site
from tests.factories import make_cohort, make_organization, make_seat, make_user
from trainer import clock
from trainer.accounts.models import User
from trainer.permissions import Role

pytestmark = pytest.mark.browser


@pytest.fixture
def person(site: Site) -> User:
    """A trainee of one cohort who is facilitator in another."""
    with site.database.session() as db:
        organization = make_organization(db)
        person = make_user(db, organization, name="三枝 真澄")
        make_seat(db, make_cohort(db, organization, name="春の回"), person)
        make_seat(db, make_cohort(db, organization, name="秋の回"), person, role=Role.FACILITATOR)
        db.commit()
    return person


@pytest.fixture
def home(site: Site, phone: Page, person: User) -> Page:
    """A phone on which this person is signed in, on the first page."""
    browser = Visitor(site.app)
    browser.enter(person, clock.now())
    phone.context.add_cookies([{"name": "s", "value": browser.cookie(), "url": site.url}])
    phone.goto("/")
    return phone


def test_seats_are_chosen_and_changed(home: Page) -> None:
    expect(home.get_by_role("heading", level=1)).to_have_text("立場の一覧")
    home.get_by_role("main").get_by_role("link", name="秋の回").click()
    expect(home.get_by_role("heading", level=1)).to_have_text("担当の研修回")
    home.locator(".switch summary").click()
    home.locator(".switch").get_by_role("link", name="春の回").click()
    expect(home.get_by_role("heading", name="WEB学習（ACT1）").first).to_be_visible()
    expect(home.locator(".switch summary")).to_contain_text("春の回")


def test_seats_are_changed_by_keyboard_alone(home: Page) -> None:
    home.get_by_role("main").get_by_role("link", name="秋の回").press("Enter")
    home.locator(".switch summary").press("Enter")
    home.keyboard.press("Tab")
    expect(home.locator(".switch a").first).to_be_focused()
    home.locator(".switch a").filter(has_text="春の回").press("Enter")
    expect(home.locator(".switch summary")).to_contain_text("春の回")


def test_a_persons_language_holds_on_every_page(home: Page) -> None:
    home.get_by_role("link", name="三枝 真澄").click()
    home.get_by_label("English").check()
    home.get_by_role("button", name="言語を保存する").click()
    expect(home.get_by_role("heading", level=1)).to_have_text("Your account")
    home.goto("/seats?all")
    expect(home.get_by_role("heading", level=1)).to_have_text("Your seats")


def test_who_is_signed_out_chooses_a_language_and_keeps_the_way(phone: Page) -> None:
    phone.goto("/sign-in?next=/account/")
    phone.get_by_role("link", name="English").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(phone.locator("[name=next]").first).to_have_value("/account/")
    phone.goto("/sign-in/password")
    expect(phone.locator("html")).to_have_attribute("lang", "en")


def test_the_journey_is_a_picture_with_its_list(home: Page) -> None:
    home.get_by_role("main").get_by_role("link", name="春の回").click()
    expect(home.get_by_role("img", name="ここまでの道のり")).to_be_visible()
    steps = home.locator(".way").get_by_role("listitem")
    expect(steps).to_have_count(5)
    expect(steps.first).to_contain_text("WEB学習（ACT1）")
