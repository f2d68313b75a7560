"""Letters as their reader meets them: sent by the real sender into the outbox, and opened there."""

import time
from datetime import datetime
from email.message import EmailMessage

from playwright.sync_api import Page

from scheduler.engine import make_engine
from scheduler.visits import visit
from tests.accounts.browsers import CODE
from tests.browser.conftest import Site
from trainer.outbox import letters_in, read_letter

SECONDS = 10.0


def let_letters_go(site: Site, since: datetime, until: datetime) -> None:
    """Plan and send everything that is due in between, each letter at its time."""
    engine = make_engine(site.settings)
    done = visit(engine, since, until)
    engine.database.dispose()
    assert done.errors == []


def open_letter(page: Page, address: str, subject: str) -> None:
    """In the outbox, open the newest letter to somebody whose subject holds this."""
    page.goto("/dev/outbox/")
    letters = page.get_by_role("row").filter(has_text=address).filter(has_text=subject)
    letters.first.get_by_role("link").click()


def follow_link(page: Page) -> None:
    """Follow the letter's link, as somebody who pressed its button."""
    page.locator("main a[href*='/to/']").click()


def code_for(site: Site, address: str, *, besides: str = "") -> str:
    """The code of the newest letter with one to this address; letters with codes are sent when the answer has gone."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        for letter in letters_in(site.settings.outbox_dir):
            message = read_letter(site.settings.outbox_dir, letter.id)
            found = CODE.search(_text(message)) if message and address in letter.to else None
            if found and found[0] not in besides:
                return found[0]
        time.sleep(0.05)
    raise AssertionError(f"no letter with a code came to {address}")


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    return str(part.get_content()) if part else ""
