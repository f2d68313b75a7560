"""A cohort starts: only after somebody has looked at the rehearsal of the dates as they are, and not yet for good."""

import hashlib
import json
from datetime import datetime

from sqlalchemy.orm import Session

from trainer.cohorts.actions import mark_to_plan, start
from trainer.cohorts.models import Cohort
from trainer.cohorts.queries import Schedule, schedule_of
from trainer.cohorts.sentences import Refused
from trainer.i18n import gettext as _

IN_LETTERS = ("name", "program_version_id", "venue", "time_zone", "language", "holidays", "optional_letters")


def note_rehearsal(db: Session, cohort: Cohort, now: datetime) -> bool:
    """Remember that somebody saw the rehearsal as it is now; False if that was known. The caller commits."""
    digest = rehearsal_digest(db, cohort)
    if cohort.rehearsed_digest == digest:
        return False
    cohort.rehearsed_digest, cohort.rehearsed_at = digest, now
    db.flush()
    return True


def is_rehearsed(db: Session, cohort: Cohort) -> bool:
    """Whether somebody saw the rehearsal of the present dates."""
    return cohort.rehearsed_digest == rehearsal_digest(db, cohort)


def rehearsal_digest(db: Session, cohort: Cohort) -> str:
    """The digest of the cohort as it stands now. Raises ImpossibleSchedule."""
    return digest_of(cohort, schedule_of(db, cohort))


def digest_of(cohort: Cohort, schedule: Schedule) -> str:
    """What days, hours and words of the letters depend on, as one value; people make no difference to it."""
    told = {
        "dates": {name: day.isoformat() for name, day in schedule.dates.items()},
        "times": [cohort.start_time.isoformat(), cohort.prompt_time.isoformat()],
        "days": [cohort.day1_on.isoformat(), cohort.day2_on.isoformat()],
        "closures": sorted(day.isoformat() for day in schedule.calendar.closures),
        **{name: getattr(cohort, name) for name in IN_LETTERS},
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def wait_for_others(db: Session, cohort: Cohort) -> None:
    """Let whoever else is changing this cohort finish, then know it as it is: what is checked from here on, holds."""
    mark_to_plan(db, cohort)
    db.refresh(cohort)


def start_rehearsed(db: Session, cohort: Cohort, *, now: datetime) -> bool:
    """From now on the letters go out; False if they do already. Raises Refused without a rehearsal of these dates."""
    wait_for_others(db, cohort)
    if cohort.started_at is None and not is_rehearsed(db, cohort):
        raise Refused(_("Look at the rehearsal of the present dates first. Then this cohort can start."))
    return start(db, cohort, now=now)


def take_start_back(db: Session, cohort: Cohort) -> bool:
    """No letter goes out until the cohort is started again; False if it was not started.

    The caller knows that no letter has gone out yet.
    """
    if cohort.started_at is None:
        return False
    cohort.started_at = None
    mark_to_plan(db, cohort)
    return True
