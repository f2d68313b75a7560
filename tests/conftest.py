"""What every test may ask for: a fresh database of each kind, settings, an instant, the program and a browser."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask

from tests.accounts.browsers import Browser, Watch
from tests.accounts.factories import Postbox
from tests.capabilities import CAPABILITIES, count_what_ran, describe, leave_out_what_cannot_run, required_but_not_run
from tests.databases import TestRun, new_run
from tests.reuse import reuse
from trainer import clock
from trainer.app import create_app
from trainer.db import Database
from trainer.key_ring import KeyRing
from trainer.settings import Settings, read_settings

RUN = pytest.StashKey[TestRun]()

# How long an example takes depends on what else the machine does. The same commit gets the same answer every time;
# `./run test --hypothesis-profile=search` looks for examples that nobody has tried yet.
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis.settings.register_profile("search", deadline=None, max_examples=1_000)
hypothesis.settings.load_profile("steady")


@pytest.fixture
def now() -> datetime:
    """The instant at which tests happen: a Wednesday, 10:00 in Tokyo."""
    return datetime(2026, 9, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A test's own settings: keys made on the spot, every file in the test's directory."""
    return read_settings({"ENVIRONMENT": "test", "SCHEDULER": "off"}, tmp_path)


@pytest.fixture
def key_ring(settings: Settings) -> KeyRing:
    """The ring of the test's settings, without any organization yet: see `tests.factories.let_write`."""
    return KeyRing.open_or_create(settings.key_ring, settings.master_key)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Each test that asks for a database is run once for each kind."""
    return str(request.param)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database, for tests that start programs of their own."""
    yield from _fresh_database(request, database_kind, tmp_path, migrated=True)


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database without any table."""
    yield from _fresh_database(request, database_kind, tmp_path, migrated=False)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated database: the test runs on SQLite and on PostgreSQL."""
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def empty_database(empty_database_url: str) -> Iterator[Database]:
    """A fresh database without any table, of each kind."""
    database = Database(empty_database_url)
    yield database
    database.dispose()


@pytest.fixture
def watch(now: datetime, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """The program's clock: it stands still until the test moves it."""
    watch = Watch(now)
    monkeypatch.setattr(clock, "now", watch.now)
    return watch


@pytest.fixture
def postbox() -> Postbox:
    """What takes the letters of `app`."""
    return Postbox()


@pytest.fixture
def app(settings: Settings, database: Database, postbox: Postbox, watch: Watch) -> Flask:
    """The program on each kind of database, with a clock that can be moved; its letters stay in `postbox`."""
    app = create_app(settings, database)
    app.extensions["mailer"] = postbox
    return app


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser without a window, in which nobody is signed in."""
    return Browser(app)


def pytest_configure(config: pytest.Config) -> None:
    handed = getattr(config, "workerinput", None)  # a worker of xdist shares its controller's run
    config.stash[RUN] = TestRun(Path(handed["run"])) if handed else new_run()
    reuse(config.stash[RUN].compiled_pages)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors: a film that plays, a lease that runs out keep none of them busy."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["run"] = str(node.config.stash[RUN].directory)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[RUN].close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    leave_out_what_cannot_run(config, items)


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or session.config.option.collectonly:
        return
    if session.exitstatus == pytest.ExitCode.OK and required_but_not_run(count_what_ran(_reports(reporter))):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    ran = count_what_ran(_reports(terminalreporter))
    terminalreporter.section("what this run covered")
    for capability in CAPABILITIES:
        terminalreporter.line(describe(capability, ran[capability.marker]))
    for name in required_but_not_run(ran):
        terminalreporter.line(f"REQUIRE names {name}, and no test of it ran: this run has failed", red=True)


def _fresh_database(request: pytest.FixtureRequest, kind: str, tmp_path: Path, *, migrated: bool) -> Iterator[str]:
    run = request.config.stash[RUN]
    if kind == "sqlite":
        yield run.sqlite(tmp_path / "test.db", migrated=migrated)
        return
    with run.postgres(migrated=migrated) as url:
        yield url


def _reports(reporter: pytest.TerminalReporter) -> list[pytest.TestReport]:
    """The reports of the tests that ran: one each, of the body."""
    outcomes = [*reporter.getreports("passed"), *reporter.getreports("failed")]
    return [report for report in outcomes if isinstance(report, pytest.TestReport) and report.when == "call"]
