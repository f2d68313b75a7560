"""What a cohort's letters and days are before anybody does anything: read by the rehearsal and by the planner alike."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy.orm import Session

from trainer.cohorts.models import Cohort
from trainer.cohorts.queries import Schedule, schedule_of
from trainer.cohorts.rules import instant_of
from trainer.programs.content import Letter, Pack
from trainer.programs.rules import FIRST_STEP
from trainer.prompts.rules import FOLLOW_UP, Candidate, PutOff, last_useful_instant, letter_day


@dataclass(frozen=True)
class Timetable:
    """One cohort's letters with everything their days depend on."""

    cohort: Cohort
    schedule: Schedule
    letters: tuple[Letter, ...]  # those the cohort sends, in the pack's order

    def days(self, extensions: dict[str, date], first_step_on: date | None = None) -> Iterator[tuple[Letter, date]]:
        """Each dated letter with its business day; an extension (step -> day) moves the letters of its step only.

        Letters about the first step of a plan have a day where a plan names one.
        """
        known = self.schedule.dates if first_step_on is None else {**self.schedule.dates, FIRST_STEP: first_step_on}
        for letter in self.letters:
            dates = known
            if letter.step in extensions:
                dates = {**dates, self.schedule.due_dates[letter.step]: extensions[letter.step]}
            day = letter_day(letter.when, dates, self.schedule.calendar)
            if day is not None:
                yield letter, day

    def due_at(self, day: date) -> datetime:
        """The UTC instant at which letters of a local day go."""
        return instant_of(day, self.cohort.prompt_time, self.schedule.zone)

    def not_after(self, letter: Letter, day: date) -> datetime:
        """The UTC instant after which a letter of a local day is too late."""
        begins = instant_of(self.schedule.day1, self.cohort.start_time, self.schedule.zone)
        return last_useful_instant(letter.rank, day, begins, self.schedule.calendar, self.schedule.zone)

    def candidate(self, letter: Letter, day: date) -> Candidate:
        """A follow-up letter as the rules of one a day and two reminders a week see it."""
        return Candidate(letter.id, self.places[letter.id], letter.rank, letter.is_reminder, day)

    @cached_property
    def places(self) -> dict[str, int]:
        """Letter id -> its place in the pack's order."""
        return {letter.id: place for place, letter in enumerate(self.schedule.pack.letters)}


def timetable_of(db: Session, cohort: Cohort) -> Timetable:
    """The timetable of a cohort as it stands now."""
    schedule = schedule_of(db, cohort)
    return Timetable(cohort, schedule, tuple(letters_on(schedule.pack, cohort.optional_letters)))


def letters_on(pack: Pack, switched_on: Iterable[str]) -> list[Letter]:
    """The letters a cohort sends: all to its seats, and those to bosses and observers that it switched on."""
    chosen = set(switched_on)
    return [letter for letter in pack.letters if letter.to not in ("boss", "observer") or letter.id in chosen]


def is_follow_up(letter: Letter) -> bool:
    """Whether a letter counts for one a day: those to the trainee, but not event letters."""
    return letter.to == "trainee" and letter.rank in FOLLOW_UP


def rests(letter: Letter, due_at: datetime, put_off: PutOff) -> bool:
    """Whether a letter that is due then falls into the week its trainee asked for.

    Only reminders of that step do. The last one goes by the due date, which has moved with the week.
    """
    is_asked_to_rest = letter.is_reminder and letter.rank != "last" and letter.step == put_off.step
    return is_asked_to_rest and put_off.since <= due_at < put_off.until
