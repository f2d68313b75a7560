"""Screens of two widths in two themes, and what a page complains about while it is shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from playwright.sync_api import Browser, ConsoleMessage, Page, WebError

FLAGS = [
    "--no-sandbox",  # tests also run as root, in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Screen(NamedTuple):
    """How wide a screen is, in CSS pixels, and what its device prefers."""

    width: int = 360
    theme: str = "light"
    language: str = "ja"
    has_scripts: bool = True

    def __str__(self) -> str:
        return f"{self.width}-{self.theme}"


PHONE = Screen()
SCREENS = [Screen(width, theme) for width in (360, 1280) for theme in ("light", "dark")]


@contextmanager
def open_page(browser: Browser, url: str, screen: Screen) -> Iterator[Page]:
    """A page of a browser that knows nobody; afterwards it must not have complained about anything."""
    context = browser.new_context(
        base_url=url,
        viewport={"width": screen.width, "height": 780},
        color_scheme="dark" if screen.theme == "dark" else "light",
        locale=screen.language,
        java_script_enabled=screen.has_scripts,
    )
    page = context.new_page()
    complaints = collect_complaints(page)
    yield page
    context.close()
    assert complaints == [], complaints


def collect_complaints(page: Page) -> list[str]:
    """A list that fills with each violation of the content security policy, error on the console and failed script."""
    complaints: list[str] = []

    def note_error(message: ConsoleMessage) -> None:
        if message.type == "error" and not is_the_page_itself(message):
            complaints.append(f"{message.location.get('url')}: {message.text}")

    def is_the_page_itself(message: ConsoleMessage) -> bool:
        """A page that answers 404 says so on the console: that is its status and not a fault."""
        return message.text.startswith("Failed to load resource") and message.location.get("url") == page.url

    def note_failure(error: WebError) -> None:
        complaints.append(str(error.error))

    page.context.on("console", note_error)
    page.context.on("weberror", note_failure)
    return complaints
