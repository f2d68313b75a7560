"""A coordinator's hand at the office's pages: it counts its clicks."""

from playwright.sync_api import Locator, Page

from tests.accounts.browsers import Browser
from tests.browser.conftest import Site
from trainer import clock
from trainer.accounts.models import User


class Hand:
    """A hand at a page that counts its clicks."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0
        self.code = ""  # what it has typed at the door

    def click(self, target: Locator) -> None:
        self.clicks += 1
        target.click()

    def link(self, words: str) -> None:
        self.click(self.page.get_by_role("link", name=words))

    def button(self, words: str) -> None:
        self.click(self.page.get_by_role("button", name=words))


def sign_in(site: Site, page: Page, user: User) -> None:
    """Have the page's browser signed in without passing through the door."""
    browser = Browser(site.app)
    browser.enter(user, clock.now())
    page.context.add_cookies([{"name": "s", "value": browser.cookie(), "url": site.url}])
