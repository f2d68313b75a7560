"""The cast on a stage: an application with two companies in its database."""

import time

import pytest
from flask import Flask

from tests.permissions.cast import Cast, make_cast
from trainer.db import Database
from trainer.key_ring import KeyRing


@pytest.fixture
def app(app: Flask) -> Flask:
    """However long a crawl takes, the program has only just started."""
    app.extensions["started"] = time.monotonic() + 3600
    return app


@pytest.fixture
def cast(database: Database, key_ring: KeyRing) -> Cast:
    return make_cast(database, key_ring)
