"""What moving the workshop would do: dates and letters that shift, letters that have gone, people short of time."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from trainer.desks.date_words import date_lines
from trainer.desks.move_facts import Gone, Person, letters_gone, people_asked
from trainer.programs.content import Letter, Pack
from trainer.programs.rules import STEPS
from trainer.prompts.frames import step_name
from trainer.prompts.letter_names import letter_name
from trainer.prompts.timetable import Timetable

ENOUGH_DAYS = 5
NAMED = 20
NEVER = Gone()


class Fate(StrEnum):
    """What becomes of a letter."""

    STAYS = "stays"
    MOVES = "moves"
    FROZEN = "frozen"  # it was sent, or decided upon, for everybody
    AT_ONCE = "at_once"  # its day is then past, but it is still useful
    NEVER = "never"  # its day is then past


@dataclass(frozen=True)
class DateShift:
    """One date, before and after."""

    words: str
    before: date
    after: date
    is_by_hand: bool


@dataclass(frozen=True)
class LetterShift:
    """One letter, before and after; `sent` of it have gone already and stay as they are."""

    words: str
    before: date
    after: date
    fate: Fate
    sent: int


@dataclass(frozen=True)
class Short:
    """People who would have fewer than five days for a step, and not as many as now."""

    step: str
    days: int
    people: int
    names: tuple[str, ...]  # the first of them


@dataclass(frozen=True)
class Difference:
    """Everything a move would do."""

    dates: tuple[DateShift, ...]
    letters: tuple[LetterShift, ...]
    short: tuple[Short, ...]
    own_dates: tuple[tuple[str, int], ...]  # (step, how many people have a due date of their own, which stays)

    @property
    def digest(self) -> str:
        """The same for the same difference: what somebody confirms is what they saw."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


def moved(timetable: Timetable, day1: date, day2: date) -> Timetable:
    """The timetable with other workshop days, checked. Raises ImpossibleSchedule."""
    schedule = replace(timetable.schedule, day1=day1, day2=day2)
    schedule.check(timetable.cohort)
    return replace(timetable, schedule=schedule)


def difference(db: Session, before: Timetable, after: Timetable, pack: Pack, now: datetime) -> Difference:
    """What lies between two timetables of one cohort at `now`; `pack` is in the reader's language. Two queries."""
    gone, people = letters_gone(db, before.cohort, now), people_asked(db, before.cohort)
    own = Counter(step for person in people for step in person.extensions)
    return Difference(
        dates=tuple(_dates(before, after, pack)),
        letters=tuple(_letters(before, after, pack, gone, now)),
        short=tuple(_short(before, after, pack, gone, people, now)),
        own_dates=tuple((step_name(step, pack), own[step]) for step in STEPS if own[step]),
    )


def _dates(before: Timetable, after: Timetable, pack: Pack) -> Iterator[DateShift]:
    new = {line.id: line.on for line in date_lines(after, pack)}
    for line in date_lines(before, pack):
        yield DateShift(line.words, line.on, new[line.id], line.is_by_hand)


def _letters(
    before: Timetable, after: Timetable, pack: Pack, gone: dict[str, Gone], now: datetime
) -> Iterator[LetterShift]:
    new = {letter.id: day for letter, day in after.days({})}
    words = {letter.id: letter_name(letter, pack) for letter in pack.letters}
    for letter, day in sorted(before.days({}), key=lambda pair: pair[1]):
        to, of_letter = new[letter.id], gone.get(letter.id, NEVER)
        fate = Fate.FROZEN if of_letter.is_for_all else _fate(after, letter, day, to, now)
        yield LetterShift(words.get(letter.id, letter.id), day, to, fate, of_letter.sent)


def _fate(after: Timetable, letter: Letter, day: date, to: date, now: datetime) -> Fate:
    due_at, started_at = after.due_at(to), after.cohort.started_at
    if due_at > now:
        return Fate.MOVES if to != day else Fate.STAYS
    is_before_the_start = started_at is None or started_at > due_at
    return Fate.NEVER if is_before_the_start or after.not_after(letter, to) <= now else Fate.AT_ONCE


def _short(
    before: Timetable, after: Timetable, pack: Pack, gone: dict[str, Gone], people: list[Person], now: datetime
) -> Iterator[Short]:
    for step in (step for step in STEPS if step != "workshop"):
        now_begins, then_begins = (_begins(timetable, step, gone, now) for timetable in (before, after))
        names: dict[int, list[str]] = {}
        for person in (one for one in people if step not in one.finished):
            days = _days_from(then_begins, after, step, person)
            if days < ENOUGH_DAYS and days < _days_from(now_begins, before, step, person):
                names.setdefault(days, []).append(person.name)
        for days, found in sorted(names.items()):
            yield Short(step_name(step, pack), days, len(found), tuple(found[:NAMED]))


def _begins(timetable: Timetable, step: str, gone: dict[str, Gone], now: datetime) -> date:
    """From which day on people can work at a step: its opening, or the first letter that told of it; not before now."""
    schedule = timetable.schedule
    opens = next(schedule.dates[entry.opens] for entry in schedule.pack.schedule.steps if entry.id == step)
    told = (gone.get(letter.id, NEVER).first_on for letter in timetable.letters if letter.step == step)
    return max(min([opens, *(day for day in told if day)]), now.astimezone(schedule.zone).date())


def _days_from(begins: date, timetable: Timetable, step: str, person: Person) -> int:
    schedule = timetable.schedule
    due_on = person.extensions.get(step, schedule.dates[schedule.due_dates[step]])
    return max(0, (due_on - begins).days)
