"""An engine on a fresh database of each kind, and the postbox that its letters go to."""

import pytest

from scheduler.engine import Engine
from tests.scheduler.postbox import Postbox, make_engine
from trainer.db import Database


@pytest.fixture
def postbox() -> Postbox:
    """Takes every letter, unless told otherwise."""
    return Postbox()


@pytest.fixture
def engine(database: Database, postbox: Postbox) -> Engine:
    """A sender of letters that has made itself known."""
    engine = make_engine(database, postbox)
    engine.begin()
    return engine
