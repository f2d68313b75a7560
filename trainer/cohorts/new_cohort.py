"""A cohort comes into being: the one way in which a file and the form make it."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from trainer.accounts.models import Organization
from trainer.cohorts.actions import dates_have_changed, mark_to_plan
from trainer.cohorts.models import Cohort
from trainer.cohorts.queries import calendar_of, calendar_with, schedule_of
from trainer.cohorts.sentences import Refused, workshop_warnings
from trainer.i18n import gettext as _
from trainer.programs.actions import freeze_program
from trainer.programs.content import shipped_programs


@dataclass(frozen=True)
class Settings:
    """What is said of a cohort besides its program and its days; closures are those besides the company's own."""

    name: str
    time_zone: str
    language: str
    holidays: str
    start_time: time
    prompt_time: time
    venue: str = ""
    closures: tuple[str, ...] = ()
    optional_letters: tuple[str, ...] = ()

    def columns(self) -> dict[str, Any]:
        """The settings as they are stored, but for the letters, which are checked first."""
        told = {**vars(self), "closures": list(self.closures)}
        del told["optional_letters"]
        return told


@dataclass(frozen=True)
class NewCohort:
    """Everything that is said of a cohort when it is made."""

    program: str
    day1: date
    day2: date
    settings: Settings


def make_cohort(db: Session, organization: Organization, told: NewCohort, *, now: datetime) -> Cohort:
    """A cohort that has not started; its name must be free in the company. Raises Refused or ImpossibleSchedule."""
    if told.program not in shipped_programs():
        raise Refused(
            _(
                "There is no program '%(name)s'. Known: %(known)s.",
                name=told.program,
                known=", ".join(shipped_programs()),
            )
        )
    cohort = Cohort(
        organization_id=organization.id,
        program_version_id=freeze_program(db, told.program).id,
        day1_on=told.day1,
        day2_on=told.day2,
        created_at=now,
        **told.settings.columns(),
    )
    db.add(cohort)
    db.flush()
    schedule_of(db, cohort).check(cohort)
    switch_letters(db, cohort, told.settings.optional_letters)
    return cohort


def change_settings(db: Session, cohort: Cohort, settings: Settings) -> None:
    """Let a cohort have other settings; its letters follow. Raises Refused or ImpossibleSchedule."""
    for name, value in settings.columns().items():
        setattr(cohort, name, value)
    db.flush()
    dates_have_changed(db, cohort)
    switch_letters(db, cohort, settings.optional_letters)


def switch_letters(db: Session, cohort: Cohort, letters: tuple[str, ...]) -> None:
    """Choose which of the program's letters to bosses and observers go out. Raises Refused for one it has not."""
    pack = schedule_of(db, cohort).pack
    unknown = [letter for letter in letters if letter not in {one.id for one in pack.letters}]
    if unknown:
        raise Refused(
            _("cohort.optional_letters names letters the program does not have: %(ids)s.", ids=", ".join(unknown))
        )
    if list(cohort.optional_letters or []) != list(letters):
        cohort.optional_letters = list(letters)
        mark_to_plan(db, cohort)


def warnings_of(organization: Organization, cohort: Cohort, now: datetime) -> list[str]:
    """What is unusual about a cohort's workshop days, though they are accepted."""
    today = now.astimezone(ZoneInfo(cohort.time_zone)).date()
    return workshop_warnings(cohort.day1_on, cohort.day2_on, calendar_of(organization, cohort), today)


def warnings_of_day(organization: Organization, told: NewCohort, day: date, now: datetime) -> list[str]:
    """The same for one day of a cohort that is only being made."""
    settings = told.settings
    today = now.astimezone(ZoneInfo(settings.time_zone)).date()
    return workshop_warnings(day, day, calendar_with(organization, settings.holidays, settings.closures), today)
