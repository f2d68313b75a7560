"""What the page of the rehearsal shows: the months, one day, one inbox, one letter; all of it can be asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from trainer.cohorts.actions_start import digest_of
from trainer.cohorts.change_models import ChangeByHand
from trainer.cohorts.models import Cohort
from trainer.desks.date_words import DateGroup, date_groups
from trainer.desks.rehearsal_calendar import Letters, calendar_days, letters_per_day
from trainer.desks.rehearsal_inbox import (
    InboxLine,
    Trainee,
    find_trainees,
    inbox_of,
    letters_on,
    staff_letters,
    trainee_at,
)
from trainer.desks.undo_of_dates import undoable_change
from trainer.programs.content import Pack
from trainer.programs.queries import pack_of_digest
from trainer.prompts.rehearsal import letters_a_day
from trainer.prompts.timetable import Timetable, timetable_of


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see: a day, a person, a letter; or the people whose names hold some words."""

    day: date | None = None
    seat: UUID | None = None
    letter: str = ""
    words: str = ""


@dataclass(frozen=True)
class RehearsalPage:
    """Everything the template needs, worked out as it is asked for."""

    cohort: Cohort
    timetable: Timetable
    pack: Pack  # in the reader's language
    letters: Letters
    asked: Asked
    trainee: Trainee | None
    found: Sequence[Any]
    change: ChangeByHand | None  # that can be undone
    now: datetime

    def address(self, anchor: str, **changed: Any) -> str:
        """This page with something else asked for."""
        asked = replace(self.asked, words="", **changed)
        told: dict[str, Any] = {
            "day": asked.day and asked.day.isoformat(),
            "seat": asked.seat,
            "letter": asked.letter or None,
        }
        return url_for("rehearsal.page", cohort_uid=self.cohort.uid, _anchor=anchor, **told)

    @cached_property
    def days(self) -> list[dict[str, Any]]:
        schedule = self.timetable.schedule
        days = calendar_days(self.cohort, schedule, self.pack, self.letters, self._address_of_day)
        return [{**day, "current": day["on"] == self.asked.day} for day in days]

    @cached_property
    def dates(self) -> list[DateGroup]:
        return date_groups(self.timetable, self.pack)

    @cached_property
    def digest(self) -> str:
        """The dates as they are on this page."""
        return digest_of(self.cohort, self.timetable.schedule)

    @property
    def is_rehearsed(self) -> bool:
        return self.cohort.rehearsed_digest == self.digest

    @property
    def total(self) -> int:
        return self.letters.total()

    @property
    def busiest(self) -> int:
        return max(letters_per_day(self.letters).values(), default=0)

    @cached_property
    def first(self) -> tuple[datetime, int] | None:
        """When the next letters go, in the cohort's zone, and how many."""
        coming = {day: count for day, count in letters_per_day(self.letters).items() if self._at(day) > self.now}
        return (self._at(min(coming)), coming[min(coming)]) if coming else None

    @cached_property
    def of_day(self) -> list[tuple[str, str, int]]:
        """(letter, what it is about, how many) on the day that was asked for."""
        return letters_on(self.asked.day, self.letters, self.timetable, self.pack) if self.asked.day else []

    @cached_property
    def lines(self) -> list[InboxLine]:
        return inbox_of(self.timetable, self.trainee, self.pack) if self.trainee else []

    @property
    def inbox(self) -> list[InboxLine]:
        return [line for line in self.lines if line.at is not None and line.reason is None]

    @property
    def behind(self) -> list[InboxLine]:
        return [line for line in self.lines if line.reason is not None]

    @property
    def besides(self) -> list[InboxLine]:
        return [line for line in self.lines if line.at is None]

    @property
    def for_staff(self) -> list[tuple[str, str]]:
        return staff_letters(self.timetable, self.pack)

    @cached_property
    def shown(self) -> InboxLine | None:
        """The letter in the frame: the one asked for, else the first of the day, else the first of all."""
        wanted = [self.asked.letter, *(letter for letter, _subject, _count in self.of_day)]
        lines = {line.letter: line for line in self.lines}
        known = [lines[letter] for letter in wanted if letter in lines]
        return next(iter([*known, *self.inbox]), None)

    def _address_of_day(self, on: date) -> str:
        return self.address("letters", day=on, letter="")

    def _at(self, day: date) -> datetime:
        return self.timetable.due_at(day).astimezone(self.timetable.schedule.zone)


def rehearsal_page(db: Session, cohort: Cohort, asked: Asked, *, language: str, now: datetime) -> RehearsalPage:
    """The page, in a constant number of queries. Raises ImpossibleSchedule."""
    timetable = timetable_of(db, cohort)
    return RehearsalPage(
        cohort=cohort,
        timetable=timetable,
        pack=pack_of_digest(db, timetable.schedule.digest, language),
        letters=letters_a_day(db, timetable),
        asked=asked,
        trainee=None if asked.words else trainee_at(db, cohort, asked.seat),
        found=find_trainees(db, cohort, asked.words) if asked.words else (),
        change=undoable_change(db, timetable.schedule, cohort),
        now=now,
    )
