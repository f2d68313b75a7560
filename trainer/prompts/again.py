"""Letters once more, because a person wants it: their time is moved to now, and the usual path sends them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.cohorts.models import Cohort, Enrollment
from trainer.cohorts.sentences import Refused
from trainer.i18n import gettext as _
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.planning import plan_prompts
from trainer.prompts.rules import next_in_window
from trainer.prompts.timetable import Timetable, timetable_of

OPEN = (PromptState.FAILED, PromptState.IN_DOUBT, PromptState.PLANNED)  # in the order in which they are looked for


def send_again(db: Session, cohort: Cohort, seat: Enrollment, *, letter: str, now: datetime) -> Prompt:
    """Make a letter that failed, is in doubt or is still planned due at `now`; the caller commits.

    Its `next_at` is the instant at which it goes: now, or when letters are sent next. Whether the person is still to
    be asked is decided then, as always. Raises Refused for any other letter.
    """
    _plan_all(db, now)
    rows = db.scalars(
        select(Prompt).where(Prompt.enrollment_id == seat.id, Prompt.letter == letter).order_by(Prompt.due_at.desc())
    ).all()
    row = next((row for state in OPEN for row in rows if row.state is state), None)
    if row is None:
        raise Refused(_why_not(rows[0] if rows else None, letter))
    _move(row, timetable_of(db, cohort), now)
    db.flush()
    return row


def send_again_what_failed(db: Session, cohort: Cohort, seat: Enrollment, *, now: datetime) -> Sequence[Prompt]:
    """Make all letters of a seat that failed and are still of use due at `now`; the caller commits.

    As `send_again` does with one. Gives those letters.
    """
    _plan_all(db, now)
    timetable = timetable_of(db, cohort)
    of_use = Prompt.not_after >= next_in_window(now, timetable.schedule.calendar, timetable.schedule.zone)
    failed = select(Prompt).where(Prompt.enrollment_id == seat.id, Prompt.state == PromptState.FAILED, of_use)
    rows = db.scalars(failed.order_by(Prompt.due_at)).all()
    for row in rows:
        _move(row, timetable, now)
    db.flush()
    return rows


def _plan_all(db: Session, now: datetime) -> None:
    """Else a later plan would put a letter back to its own day."""
    while plan_prompts(db, now):
        pass


def _move(row: Prompt, timetable: Timetable, now: datetime) -> None:
    schedule = timetable.schedule
    goes_at = max(now, next_in_window(now, schedule.calendar, schedule.zone))
    useful_until = timetable.not_after(schedule.pack.letter(row.letter), goes_at.astimezone(schedule.zone).date())
    row.state, row.reason, row.next_at, row.updated_at = PromptState.PLANNED, None, goes_at, now
    row.not_after = max(row.not_after, useful_until)


def _why_not(row: Prompt | None, letter: str) -> str:
    if row is None:
        return _("This person has no letter '%(letter)s'. See the ledger for those they have.", letter=letter)
    if row.state is PromptState.SENT:
        return _("The letter '%(letter)s' was sent already, and a sent letter is not sent twice.", letter=letter)
    if row.state is PromptState.SKIPPED:
        return _(
            "The letter '%(letter)s' was skipped (%(reason)s). Remove the reason, and it is planned again by itself.",
            letter=letter,
            reason=row.reason,
        )
    return _("The letter '%(letter)s' is on its way just now. Look again in a few minutes.", letter=letter)
