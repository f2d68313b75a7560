"""The commands of sending: turns of the clock by hand, a letter once more, and whether letters go out."""

import json
import os
from datetime import datetime, timedelta

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler import crash_points
from scheduler.engine import make_engine
from scheduler.locks import AlreadySending
from scheduler.visits import visit
from trainer.cli.cohorts import find_cohort
from trainer.cli.command import Instant, Work, command
from trainer.cohorts.models import Cohort
from trainer.cohorts.queries import seat_of
from trainer.cohorts.sentences import Refused
from trainer.i18n import gettext as _
from trainer.prompts.again import send_again
from trainer.prompts.claim import in_state
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.workers import TICK_IS_LATE, last_tick_at

LETTER_IS_LATE = timedelta(minutes=15)
CRASH_AT = "MINORI_CRASH_AT"


@command("tick")
@click.option("--until", type=Instant(), help="Visit every instant up to this one at which something is due.")
def tick_command(work: Work, until: datetime | None) -> None:
    """Plan and send what is due, once; not in production, where the scheduler does it."""
    if work.settings.is_production:
        raise Refused(_("tick is refused in production: there the scheduler sends the letters."))
    if until is not None and until < work.now:
        raise click.BadParameter(_("--until lies before --now."), param_hint="--until")
    if CRASH_AT in os.environ:
        crash_points.arm(os.environ[CRASH_AT])
    engine = make_engine(work.settings)
    try:
        done = visit(engine, work.now, until)
    except AlreadySending as error:
        raise Refused(_("Another process is sending letters. Stop it first, then try again.")) from error
    finally:
        engine.database.dispose()
    click.echo(json.dumps(done.as_answer()))
    if done.errors:
        raise Refused(
            _("Not everything could be done: %(errors)s. See the log.", errors=", ".join(sorted(set(done.errors))))
        )


@command("send-again")
@click.argument("cohort")
@click.argument("employee_number")
@click.argument("letter")
def send_again_command(work: Work, cohort: str, employee_number: str, letter: str) -> None:
    """Send a letter now that failed, is in doubt or is planned for later; the next turn sends it."""
    with work.database.session() as db:
        found = find_cohort(db, cohort)
        seat = seat_of(db, found, employee_number)
        if seat is None:
            raise Refused(
                _("Nobody with the employee number %(number)s is a trainee of this cohort.", number=employee_number)
            )
        row = send_again(db, found, seat, letter=letter, now=work.now)
        db.commit()
        click.echo(json.dumps({"cohort": found.id, "letter": row.letter, "changed": True}))


def tick_problem(db: Session, now: datetime) -> str | None:
    """For doctor: a sentence when no process has looked after the letters for a minute."""
    last = last_tick_at(db, now)
    if last is None:
        return _("No process has looked after the letters yet. Start ./run scheduler, or the program itself.")
    if now - last > TICK_IS_LATE:
        return _(
            "Nobody has looked after the letters since %(at)s. Start ./run scheduler.",
            at=last.isoformat(" ", "seconds"),
        )
    return None


def late_letters(db: Session, now: datetime) -> int:
    """For doctor: how many letters should have gone out more than 15 minutes ago."""
    late = select(func.count()).select_from(Prompt).join(Cohort, Cohort.id == Prompt.cohort_id)
    late = late.where(in_state(PromptState.PLANNED), Prompt.next_at < now - LETTER_IS_LATE)
    return db.scalar(late.where(Cohort.started_at <= now)) or 0
