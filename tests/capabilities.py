"""What a run can try, what it tried, and what it did not and why: the last words of `./run test`."""

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest
from playwright._impl._driver import compute_driver_executable

from tests.axe_core import MISSING as NO_AXE
from tests.axe_core import find_axe
from tests.postgres_server import MISSING as NO_POSTGRES
from tests.postgres_server import find_postgres

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_BROWSER = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
NO_BROWSER = "no Chromium or Chrome that Playwright can drive (Debian: apt-get install chromium libatomic1)"
PROPERTY = "capability"  # travels with a test's report, also between processes


@dataclass(frozen=True)
class Capability:
    """Something a machine may lack; tests that need it carry its `marker`."""

    marker: str
    title: str
    find: Callable[[], str | None]
    missing: str


@cache
def find_browser() -> str | None:
    """The path of a Chromium or Chrome, or None, also where Playwright's own driver lacks a library to start with."""
    browser = next(filter(None, map(shutil.which, (*BROWSERS, MAC_BROWSER))), None)
    return browser if browser and _driver_starts() else None


def _driver_starts() -> bool:
    command = [compute_driver_executable()[0], "--version"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def find_postgres_place() -> str | None:
    """Where PostgreSQL comes from, or None."""
    source = find_postgres()
    return source.description if source else None


CAPABILITIES = (
    Capability("postgres", "PostgreSQL", find_postgres_place, NO_POSTGRES),
    Capability("browser", "browser", find_browser, NO_BROWSER),
    Capability("axe", "axe-core", find_axe, NO_AXE),
)


def leave_out_what_cannot_run(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests whose capability is missing, and note the capability on all the others."""
    missing = {capability.marker for capability in CAPABILITIES if not capability.find()}
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        needs = [capability.marker for capability in CAPABILITIES if item.get_closest_marker(capability.marker)]
        item.user_properties.extend((PROPERTY, marker) for marker in needs)
        (left_out if missing.intersection(needs) else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def count_what_ran(reports: list[pytest.TestReport]) -> Counter[str]:
    """How many tests of each capability really ran, that is passed or failed; each test counts once."""
    return Counter(str(marker) for report in reports for name, marker in report.user_properties if name == PROPERTY)


def describe(capability: Capability, ran: int) -> str:
    """One line of the summary."""
    place = capability.find()
    if ran:
        return f"  {capability.title:<11} ran ({ran}) - {place}"
    return f"  {capability.title:<11} NOT RUN - {'no test of it was chosen' if place else capability.missing}"


def required_but_not_run(ran: Counter[str]) -> list[str]:
    """The capabilities that REQUIRE names (`postgres,browser`) and of which no test ran; unknown names too."""
    required = [name.strip() for name in os.environ.get("REQUIRE", "").split(",")]
    return [name for name in required if name and not ran[name]]
