"""The demo company for tests: as plain values to be spoilt, and loaded into a database."""

from copy import deepcopy
from datetime import datetime
from functools import cache
from typing import Any

import pytest

from trainer.db import Database
from trainer.demo import ensure_demo
from trainer.demo.content import DATA, DemoLanguage
from trainer.programs.content_yaml import read_yaml
from trainer.settings import Settings


def company_data(language: DemoLanguage = "en") -> dict[str, Any]:
    """The shipped file as plain values of its own."""
    return deepcopy(_data(language))


def load_demo(database: Database, now: datetime, settings: Settings, language: DemoLanguage = "ja") -> bool:
    """Load the demo in a language, as the program does at its start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEMO_LANGUAGE", language)
        return ensure_demo(database, now, settings=settings)


@cache
def _data(language: DemoLanguage) -> dict[str, Any]:
    data: dict[str, Any] = read_yaml(DATA / f"demo.{language}.yaml")
    return data
