"""The command line called as a person calls it, with a database and a key ring of the test's own."""

import base64
import json
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from trainer.cli.command import commands

import_module("trainer.cli.__main__")  # every command puts itself into the group
MASTER_KEY = base64.b64encode(b"m" * 32).decode()


@dataclass(frozen=True)
class Told:
    """What a command said and how it ended."""

    code: int
    answer: str
    errors: str

    @property
    def json(self) -> Any:
        """The answer, read."""
        return json.loads(self.answer)


class CommandLine:
    """Runs commands one after the other on one database."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            "ENVIRONMENT": "test",
            "DATABASE_URL": database_url,
            "KEY_RING": str(folder / "keys.json"),
            "MASTER_KEY": MASTER_KEY,
            "SECRET_KEY": "a key of these tests that is long enough",
            "LC_ALL": "C.UTF-8",
        }

    def __call__(self, *arguments: object, **environment: str) -> Told:
        """Run one command; `environment` is added to the test's own."""
        words = [str(argument) for argument in arguments]
        told = CliRunner().invoke(commands, words, env={**self.environment, **environment})
        if told.exception is not None and not isinstance(told.exception, SystemExit):
            raise told.exception
        return Told(told.exit_code, told.stdout, told.stderr)
