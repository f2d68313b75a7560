"""A desk for tests: somebody of the office, or a facilitator, at work."""

import pytest

from tests.accounts.browsers import Browser, Watch
from tests.desks.office_desk import Desk, make_desk
from tests.desks.offices import Office, open_office
from tests.desks.overviews import make_overview
from trainer.db import Database


@pytest.fixture
def desk(database: Database, browser: Browser, watch: Watch) -> Desk:
    return make_desk(database, browser, watch)


@pytest.fixture
def office(database: Database, browser: Browser, watch: Watch) -> Office:
    """A cohort that has not started, with three trainees."""
    return open_office(database, browser, watch)


@pytest.fixture
def company(database: Database, browser: Browser, watch: Watch) -> Desk:
    """A running cohort called First, as the overview has it."""
    return make_overview(database, browser, watch)
