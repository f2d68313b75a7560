"""`doctor`: whether all is well, in one line for each thing that was looked at."""

import sys
from collections.abc import Callable, Iterator

import click
from sqlalchemy import text

from trainer.cli.command import Work, command
from trainer.cli.dispatch import late_letters, tick_problem
from trainer.i18n import gettext as _
from trainer.i18n import ngettext
from trainer.key_ring import KeyRingError
from trainer.mailers import mailers_of
from trainer.migrations import SchemaError, check_schema
from trainer.prompts.workers import last_tick_at
from trainer.smtp import SmtpMailer

Check = Callable[[Work], Iterator[str]]


@command("doctor", migrates=False)
def doctor_command(work: Work) -> None:
    """Look at settings, database, migrations, keys, mail and letters; exit 1 with a sentence for each thing wrong."""
    problems = 0
    for name, check in CHECKS:
        sentences = list(check(work))
        problems += len(sentences)
        for sentence in sentences or [_("well")]:
            click.echo(f"{name}: {sentence}")
        if sentences and name in NOTHING_GOES_WITHOUT:
            break
    if problems:
        sys.exit(1)


def _settings(work: Work) -> Iterator[str]:
    """Settings that cannot be used have stopped the command before."""
    yield from ()


def _database(work: Work) -> Iterator[str]:
    with work.database.reading() as db:
        db.execute(text("SELECT 1"))
    yield from ()


def _migrations(work: Work) -> Iterator[str]:
    try:
        check_schema(work.database)
    except SchemaError as error:
        yield str(error)


def _keys(work: Work) -> Iterator[str]:
    with work.database.reading() as db:
        try:
            work.key_ring(db)
        except KeyRingError as error:
            yield str(error)


def _mail(work: Work) -> Iterator[str]:
    if work.settings.smtp_url is None:
        click.echo(_("mail: SMTP_URL is not set, so letters go to the outbox."), err=True)
        return
    mailer = mailers_of(work.settings)()
    problem = mailer.probe() if isinstance(mailer, SmtpMailer) else None
    if problem:
        yield problem


def _letters(work: Work) -> Iterator[str]:
    with work.database.reading() as db:
        problem, late = tick_problem(db, work.now), late_letters(db, work.now)
        is_first = last_tick_at(db, work.now) is None and not work.settings.is_production
    if problem and is_first:
        click.echo(f"letters: {problem}", err=True)
    elif problem:
        yield problem
    if late:
        yield ngettext(
            "%(num)s letter is more than 15 minutes late. See the ledger of its cohort.",
            "%(num)s letters are more than 15 minutes late. See the ledger of their cohorts.",
            late,
        )


CHECKS: tuple[tuple[str, Check], ...] = (
    ("settings", _settings),
    ("database", _database),
    ("migrations", _migrations),
    ("keys", _keys),
    ("mail", _mail),
    ("letters", _letters),
)
NOTHING_GOES_WITHOUT = ("database", "migrations")
