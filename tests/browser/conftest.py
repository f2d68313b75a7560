"""A browser, the program behind a real port, and pages at 360 and 1280 pixels, light and dark."""

import contextlib
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import update

from tests.accounts.factories import make_office
from tests.axe_core import fetch_axe
from tests.browser.screens import FLAGS, PHONE, SCREENS, Screen, open_page
from tests.capabilities import find_browser
from tests.factories import make_organization, make_user
from tests.serving import serving
from trainer import clock
from trainer.accounts.models import User
from trainer.accounts.session_models import UserSession
from trainer.app import create_app
from trainer.db import Database
from trainer.demo import DemoClock, ensure_demo
from trainer.migrations import migrate
from trainer.settings import Settings, read_settings

DEMO_BEGINS = datetime(2026, 9, 2, 1, 0, tzinfo=UTC)


class Site(NamedTuple):
    """The running program."""

    url: str
    app: Flask
    database: Database
    settings: Settings


def end_every_session(database: Database) -> None:
    """Everybody is signed out, as when their sessions are ended elsewhere."""
    with database.session() as db:
        db.execute(update(UserSession).values(ended_at=clock.now()))
        db.commit()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring axe-core before it is decided which tests cannot run."""
    if any(item.get_closest_marker("axe") for item in items):
        with contextlib.suppress(RuntimeError):  # then they are NOT RUN, and the summary says how to find out why
            fetch_axe()


@pytest.fixture
def database_kind() -> str:
    """One kind is enough here: a browser sees no difference."""
    return "sqlite"


@pytest.fixture
def environment() -> str:
    """What kind of installation `site` is; a module that needs another says so by a fixture of its own."""
    return "test"


@pytest.fixture
def site(environment: str, database_url: str, tmp_path: Path) -> Iterator[Site]:
    """The program on a free port of this machine, with a fresh, migrated database."""
    with running_site(environment, database_url, tmp_path) as site:
        yield site


@contextlib.contextmanager
def running_site(environment: str, database_url: str, folder: Path, **more: str) -> Iterator[Site]:
    """The same with further settings, such as `SMTP_URL`."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    given = {"ENVIRONMENT": environment, "SCHEDULER": "off", "PORT": str(port), "DATABASE_URL": database_url, **more}
    settings = read_settings(given, folder)
    database = Database(database_url)
    app = create_app(settings, database)
    with serving(app, listener):
        yield Site(settings.public_url, app, database, settings)
    database.dispose()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo on its port, loaded on a Wednesday morning on which its clock stands still until somebody moves it."""
    folder = tmp_path_factory.mktemp("demo")
    listener = socket.create_server(("127.0.0.1", 0))
    given = {"ENVIRONMENT": "demo", "SCHEDULER": "off", "PORT": str(listener.getsockname()[1])}
    settings = read_settings({**given, "DATABASE_URL": f"sqlite:///{folder / 'demo.db'}"}, folder)
    database, demo_clock = Database(settings.database_url), DemoClock(settings)
    migrate(database)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: DEMO_BEGINS + demo_clock.ahead())
        ensure_demo(database, clock.now(), settings=settings)
        app = create_app(settings, database)
        with serving(app, listener):
            yield Site(settings.public_url, app, database, settings)
    database.dispose()


@pytest.fixture
def coordinator(site: Site) -> User:
    """The first person of a company in which there is nothing yet."""
    with site.database.session() as db:
        organization = make_organization(db, "みなと工業")
        user = make_user(db, organization, name="井上 恵")
        make_office(db, organization, user)
        db.commit()
    return user


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run; each page has a context of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=SCREENS, ids=str)
def screen(request: pytest.FixtureRequest) -> Screen:
    """Every combination of width and theme."""
    screen: Screen = request.param
    return screen


@pytest.fixture
def page(chromium: Browser, site: Site, screen: Screen) -> Iterator[Page]:
    """A page on each screen; relative addresses lead to the site. Complaints of the page fail the test."""
    with open_page(chromium, site.url, screen) as page:
        yield page


@pytest.fixture
def phone(chromium: Browser, site: Site) -> Iterator[Page]:
    """A page on a phone, 360 pixels wide, light."""
    with open_page(chromium, site.url, PHONE) as page:
        yield page
