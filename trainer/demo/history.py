"""What has happened in the demo company, lived through in order of time: the deeds, and the letters between them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from trainer.cohorts import actions
from trainer.cohorts.rules import instant_of
from trainer.demo.life import Deed, Life
from trainer.demo.lives import LIVES
from trainer.demo.load import LoadedCohort
from trainer.demo.past_letters import let_letters_go
from trainer.programs.queries import pack_of
from trainer.programs.rules import WeekdaysTrigger, WeeklyTrigger


def replay(db: Session, cohorts: Iterable[LoadedCohort], now: datetime) -> None:
    """Do everything that happened, each at its time, and record the letters of those days as sent.

    Afterwards the letters are planned as of `now`, and none that waits lies in the past. Needs an application context.
    """
    cohorts = list(cohorts)
    deeds = sorted((deed for loaded in cohorts for deed in _deeds(db, loaded)), key=lambda deed: deed.at)
    for hour in _letter_hours(db, cohorts, now):
        while deeds and deeds[0].at <= hour:
            deeds.pop(0).do(db)
        let_letters_go(db, hour)


def _deeds(db: Session, loaded: LoadedCohort) -> Iterator[Deed]:
    started_at = loaded.timeline.started_at
    yield Deed(started_at, lambda db: actions.start(db, loaded.cohort, now=started_at))
    pack = pack_of(db, loaded.cohort.program_version_id, loaded.cohort.language)
    for trainee in loaded.part.trainees:
        life = Life(loaded, trainee, pack)
        for tell in LIVES:
            yield from tell(life)


def _letter_hours(db: Session, cohorts: list[LoadedCohort], now: datetime) -> list[datetime]:
    """Every instant from the first start until `now` at which letters may have gone, `now` last."""
    hours = {now}
    for loaded in cohorts:
        pack = pack_of(db, loaded.cohort.program_version_id, loaded.cohort.language)
        digests = [
            letter.when.at for letter in pack.letters if isinstance(letter.when, WeeklyTrigger | WeekdaysTrigger)
        ]
        moments, day = loaded.timeline.moments, loaded.timeline.started_on
        while day <= now.astimezone(moments.zone).date():
            hours |= {instant_of(day, at, moments.zone) for at in (loaded.cohort.prompt_time, *digests)}
            day = moments.calendar.business_days_from(day, 1)
    return sorted(hour for hour in hours if hour <= now)
