"""The commands of a cohort: load it, rehearse it, move its dates, and what happens to one person."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from trainer import i18n
from trainer.accounts.keys import give_keys
from trainer.cli.command import Day, Reason, Work, command, refuse
from trainer.cohorts import actions
from trainer.cohorts.cohort_file import language_of_file, read_cohort_file
from trainer.cohorts.load import Loaded, load_cohort
from trainer.cohorts.models import Cohort, Enrollment
from trainer.cohorts.queries import cohorts_named, schedule_of, seat_of
from trainer.cohorts.roster import RefusedRow
from trainer.cohorts.rules import ImpossibleSchedule
from trainer.cohorts.sentences import Refused, sentence_of, workshop_warnings
from trainer.i18n import gettext as _
from trainer.programs.rules import STEPS
from trainer.prompts.rehearsal import as_csv, rehearse

step_argument = click.argument("step", type=click.Choice(STEPS))


@command("load-cohort")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--start", "starts", is_flag=True, help="Start the cohort: from now on its letters go out.")
@click.option("--without-refused", is_flag=True, help="Load the accepted rows although others are refused.")
def load_cohort_command(work: Work, file: Path, starts: bool, without_refused: bool) -> None:
    """Load a cohort from one declarative file; the answer is JSON, also when it is refused."""
    with i18n.speaking(language_of_file(file)):
        try:
            loaded = _load(work, file, starts=starts, without_refused=without_refused)
        except (Refused, ImpossibleSchedule) as error:
            sentence = sentence_of(error) if isinstance(error, ImpossibleSchedule) else str(error)
            loaded = Loaded(refused=[RefusedRow(0, "", sentence)])
        click.echo(json.dumps(loaded.as_answer(), ensure_ascii=False))
        if not loaded.written:
            refuse("\n".join(_refusal_line(row) for row in loaded.refused))


def _load(work: Work, file: Path, *, starts: bool, without_refused: bool) -> Loaded:
    declared = read_cohort_file(file)
    with work.database.session() as db:
        ring = work.key_ring(db)
        loaded = load_cohort(db, declared, file.parent, now=work.now, starts=starts, without_refused=without_refused)
        if loaded.written:
            give_keys(db, ring)
            db.commit()
    return loaded


def _refusal_line(row: RefusedRow) -> str:
    if not row.row:
        return row.reason
    return _("Row %(row)s (%(number)s): %(reason)s", row=row.row, number=row.employee_number or "–", reason=row.reason)


@command("rehearse")
@click.argument("cohort")
@click.option("--csv", "as_table", is_flag=True, required=True, help="Print CSV.")
def rehearse_command(work: Work, cohort: str, as_table: bool) -> None:
    """Print every letter of the three months: when, which, to whom."""
    with work.database.reading() as db:
        click.echo(as_csv(rehearse(db, find_cohort(db, cohort))), nl=False)


@command("set-schedule")
@click.argument("cohort")
@click.argument("day1", type=Day())
@click.argument("day2", type=Day())
def set_schedule_command(work: Work, cohort: str, day1: date, day2: date) -> None:
    """Move the workshop days; everything that is computed from them follows."""
    with work.database.session() as db:
        found = find_cohort(db, cohort)
        changed = actions.set_schedule(db, found, day1=day1, day2=day2)
        schedule, today = schedule_of(db, found), work.now.astimezone(schedule_of(db, found).zone).date()
        _answer(db, found, changed, workshop_warnings(day1, day2, schedule.calendar, today))


@command("override")
@click.argument("cohort")
@click.argument("date_id")
@click.argument("day", metavar="DATE", type=Day())
def override_command(work: Work, cohort: str, date_id: str, day: date) -> None:
    """Set one date of the cohort by hand; it stands as given, and what refers to it follows."""
    with work.database.session() as db:
        found = find_cohort(db, cohort)
        _answer(db, found, actions.override_date(db, found, date_id=date_id, day=day, now=work.now))


@command("extend")
@click.argument("cohort")
@click.argument("employee_number")
@step_argument
@click.argument("due_on", metavar="DATE", type=Day())
@click.option("--reason", type=Reason(), required=True)
def extend_command(work: Work, cohort: str, employee_number: str, step: str, due_on: date, reason: str) -> None:
    """Give one person their own due date for one step."""
    _for_seat(
        work,
        cohort,
        employee_number,
        lambda db, found, seat: actions.extend(db, found, seat, step=step, due_on=due_on, reason=reason, now=work.now),
    )


@command("finish-step")
@click.argument("cohort")
@click.argument("employee_number")
@step_argument
@click.option("--reason", type=Reason(), required=True)
def finish_step_command(work: Work, cohort: str, employee_number: str, step: str, reason: str) -> None:
    """Write down that a person finished a step."""
    _for_seat(
        work,
        cohort,
        employee_number,
        lambda db, found, seat: actions.finish_step(db, found, seat, step=step, reason=reason, now=work.now),
    )


def _status_command(name: str, act: Callable[[Work, Session, Cohort, Enrollment], bool], help_text: str) -> None:
    @click.argument("cohort")
    @click.argument("employee_number")
    def run(work: Work, cohort: str, employee_number: str) -> None:
        _for_seat(work, cohort, employee_number, lambda db, found, seat: act(work, db, found, seat))

    run.__doc__ = help_text
    command(name)(run)


_status_command(
    "withdraw",
    lambda work, db, cohort, seat: actions.withdraw(db, cohort, seat, now=work.now),
    "Somebody leaves the course: no letter any more.",
)
_status_command(
    "pause",
    lambda work, db, cohort, seat: actions.pause(db, cohort, seat, now=work.now),
    "No letters to somebody until they are resumed.",
)
_status_command(
    "resume",
    lambda work, db, cohort, seat: actions.resume(db, cohort, seat, now=work.now),
    "Somebody who was paused takes part again.",
)


def _for_seat(
    work: Work, cohort: str, employee_number: str, act: Callable[[Session, Cohort, Enrollment], bool]
) -> None:
    with work.database.session() as db:
        found = find_cohort(db, cohort)
        seat = seat_of(db, found, employee_number)
        if seat is None:
            raise Refused(
                _("Nobody with the employee number %(number)s is a trainee of this cohort.", number=employee_number)
            )
        _answer(db, found, act(db, found, seat))


def _answer(db: Session, cohort: Cohort, changed: bool, warnings: list[str] | None = None) -> None:
    answer: dict[str, Any] = {"cohort": cohort.id, "changed": changed, "warnings": warnings or []}
    db.commit()
    click.echo(json.dumps(answer, ensure_ascii=False))


def find_cohort(db: Session, told: str) -> Cohort:
    """The cohort with this number, or with exactly this name. Raises Refused."""
    by_number = db.get(Cohort, int(told)) if told.isascii() and told.isdigit() and len(told) < 19 else None
    if by_number is not None:
        return by_number
    named = cohorts_named(db, told)
    if not named:
        raise Refused(_("There is no cohort '%(told)s'. Give its number or its exact name.", told=told))
    if len(named) > 1:
        numbers = ", ".join(str(cohort.id) for cohort in named)
        raise Refused(
            _("Several cohorts are called '%(told)s': %(numbers)s. Give a number.", told=told, numbers=numbers)
        )
    return named[0]
