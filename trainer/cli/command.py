"""What all commands share: the instant at which they are done, their database, and how a refusal is said."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from trainer import clock, i18n
from trainer.accounts.keys import key_ring_of
from trainer.cohorts.rules import ImpossibleSchedule
from trainer.cohorts.sentences import Refused, sentence_of
from trainer.db import Database
from trainer.i18n import gettext as _
from trainer.key_ring import KeyRing, KeyRingError
from trainer.migrations import SchemaError, is_unused, migrate
from trainer.programs.content import PackError
from trainer.settings import Settings, SettingsError, read_settings

LONGEST_REASON = 1000  # characters
REFUSALS = (Refused, SettingsError, SchemaError, KeyRingError, PackError)


@dataclass(frozen=True)
class Work:
    """What a command works with."""

    settings: Settings
    database: Database
    now: datetime

    def key_ring(self, db: Session) -> KeyRing:
        """The keys of this database's organizations. Raises KeyRingError."""
        return key_ring_of(db, self.settings.key_ring, self.settings.master_key)


@click.group()
def commands() -> None:
    """Minori's commands. Standard output is the answer alone; exit 0 done, 1 refused, 2 wrong usage."""


class Instant(click.ParamType[datetime]):
    """An ISO 8601 instant with its zone."""

    name = "ISO8601"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            instant = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is not an instant; an example: 2027-02-03T09:00:00+09:00", param, ctx)
        if instant.tzinfo is None:
            self.fail(f"'{value}' does not say its zone; an example: 2027-02-03T09:00:00+09:00", param, ctx)
        return instant.astimezone(UTC)


class Day(click.ParamType[date]):
    """A calendar day, ISO 8601."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is not a day; an example: 2027-02-03", param, ctx)


class Reason(click.ParamType[str]):
    """Why somebody decides for somebody else: not empty, at most 1,000 characters."""

    name = "TEXT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        reason = str(value).strip()
        if not 0 < len(reason) <= LONGEST_REASON:
            self.fail(f"a reason has 1 to {LONGEST_REASON} characters, not {len(reason)}", param, ctx)
        return reason


def command(name: str, *, migrates: bool = True) -> Callable[[Callable[..., None]], click.Command]:
    """Make a function `f(work, …)` a command that takes `--now` and whose refusals end with a sentence and exit 1."""

    def decorate(function: Callable[..., None]) -> click.Command:
        @wraps(function)
        def run(now: datetime | None, **arguments: Any) -> None:
            with _languages().app_context(), i18n.speaking(language_of_terminal()):
                try:
                    with _work(now, migrates=migrates) as work:
                        function(work, **arguments)
                except ImpossibleSchedule as error:
                    refuse(sentence_of(error))
                except REFUSALS as error:
                    refuse(str(error))
                except OperationalError as error:
                    refuse(_("The database does not answer: %(reason)s", reason=error.orig))

        option = click.option("--now", type=Instant(), help="The instant at which this is done (not in production).")
        return commands.command(name)(option(run))

    return decorate


def refuse(sentence: str) -> None:
    """Say why nothing was done, and end with exit code 1."""
    click.echo(sentence, err=True)
    sys.exit(1)


def language_of_terminal() -> str:
    """Japanese on a Japanese terminal, English elsewhere (POSIX: LC_ALL, LC_MESSAGES, LANG)."""
    told = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "ja" if told.startswith("ja") else "en"


def _languages() -> Flask:
    app = Flask("trainer")
    i18n.init_app(app)
    return app


@contextmanager
def _work(now: datetime | None, *, migrates: bool) -> Iterator[Work]:
    settings = read_settings(os.environ)
    if now is not None and settings.is_production:
        raise Refused(_("--now is refused in production: there the clock is the clock."))
    database = Database(settings.database_url, lock_wait_seconds=settings.lock_wait_seconds)
    try:
        if migrates or is_unused(database):  # first use sets up, whatever the command
            migrate(database)
        yield Work(settings, database, now or clock.now())
    finally:
        database.dispose()
