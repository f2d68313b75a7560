"""The timetables of the cohorts that a turn meets, each read once."""

import logging
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from trainer.cohorts.models import Cohort
from trainer.programs.content import Letter
from trainer.prompts.timetable import Timetable, timetable_of

log = logging.getLogger(__name__)


class Timetables:
    """Kept for one turn only: a cohort that changes is read anew at the next."""

    def __init__(self) -> None:
        self._known: dict[int, Timetable | None] = {}

    def of(self, db: Session, cohorts: Collection[int]) -> dict[int, Timetable | None]:
        """Cohort id -> its timetable; None for a cohort whose timetable cannot be made, which is logged once."""
        missing = set(cohorts) - self._known.keys()
        if missing:
            for cohort in db.scalars(select(Cohort).where(Cohort.id.in_(missing))):
                self._known[cohort.id] = _read(db, cohort)
        return self._known


def letter_of(timetable: Timetable, letter_id: str) -> Letter | None:
    """What the cohort's program says of a letter; None when it does not know it."""
    try:
        return timetable.schedule.pack.letter(letter_id)
    except KeyError:
        return None


def _read(db: Session, cohort: Cohort) -> Timetable | None:
    try:
        timetable = timetable_of(db, cohort)
        timetable.schedule.dates  # noqa: B018 - computed here once, where it may be impossible
    except DBAPIError:
        raise
    except Exception:  # one impossible cohort must not hold up the others
        log.exception("the letters of cohort %s have to wait: its timetable cannot be made", cohort.id)
        return None
    return timetable
