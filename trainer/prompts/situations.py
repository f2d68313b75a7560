"""What one seat is to get, decided from its situation: pure, so that equal situations are decided once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from trainer.cohorts.models import SeatStatus
from trainer.programs.content import Letter
from trainer.programs.rules import Event, EventTrigger, FirstStepTrigger
from trainer.prompts.models import PromptState
from trainer.prompts.rules import FirstStep, Gone, PutOff, Reason, next_in_window, settle
from trainer.prompts.timetable import Timetable, is_follow_up, rests


class Reach(StrEnum):
    """Whether letters can reach somebody."""

    REACHED = "reached"
    NO_ADDRESS = "no_address"
    BOUNCED = "bounced"


@dataclass(frozen=True)
class Happening:
    """An event that a letter follows; `occasion` tells it from every other of its kind for the seat."""

    name: Event
    occasion: str
    at: datetime


@dataclass(frozen=True)
class Situation:
    """All that a seat's letters depend on, besides its cohort's timetable."""

    status: SeatStatus
    joined_at: datetime  # the later of "seat added" and "cohort started"
    trainee: Reach
    boss: Reach | None  # None: there is no boss
    extensions: tuple[tuple[str, date], ...]  # step -> its own due date
    finished: frozenset[str]  # steps
    opted_out: frozenset[str]  # letters
    happenings: tuple[Happening, ...]
    closed: frozenset[tuple[str, str]]  # (letter, occasion) of the rows that planning does not touch any more
    missed: frozenset[str]  # letters of those that were skipped as joined_late
    gone: tuple[Gone, ...]  # follow-up letters that were sent, or may have been
    put_off: tuple[PutOff, ...] = ()  # steps whose reminders rest for a while
    first_step: FirstStep | None = None  # of the plan as it is submitted now


@dataclass(frozen=True)
class Wanted:
    """A row as it should be; what is missing is the same for the whole cohort."""

    letter: str
    step: str | None
    occasion: str
    day: date
    due_at: datetime
    not_after: datetime
    reason: Reason | None

    @property
    def state(self) -> PromptState:
        return PromptState.PLANNED if self.reason is None else PromptState.SKIPPED


def wanted_rows(timetable: Timetable, situation: Situation) -> list[Wanted]:
    """Every row the seat should have, less those that are closed."""
    dated = list(_dated_rows(timetable, situation))
    rows = _settled(timetable, situation, [row for row in dated if (row.letter, row.occasion) not in situation.closed])
    happenings = [*situation.happenings, *_late_start(timetable, situation, dated)]
    rows.extend(_event_rows(timetable, situation, happenings))
    return rows


def _dated_rows(timetable: Timetable, situation: Situation) -> Iterator[Wanted]:
    first_step = situation.first_step
    for letter, day in timetable.days(dict(situation.extensions), first_step.on if first_step else None):
        if first_step and isinstance(letter.when, FirstStepTrigger) and day <= first_step.known_on:
            continue  # whoever has just written the day down needs no letter about it
        if letter.send_if == "reflection1_submitted" and "reflection1" not in situation.finished:
            continue  # its row is made when the condition becomes true
        if letter.to == "boss" and situation.boss is None:
            continue
        due_at = timetable.due_at(day)
        reason = _own_reason(letter, due_at, situation)
        yield Wanted(letter.id, letter.step, "", day, due_at, timetable.not_after(letter, day), reason)


def _own_reason(letter: Letter, due_at: datetime, situation: Situation) -> Reason | None:
    """Why this letter would not go to this seat, whatever the other letters are."""
    if situation.status is not SeatStatus.ACTIVE:
        return Reason.WITHDRAWN if situation.status is SeatStatus.WITHDRAWN else Reason.PAUSED
    if letter.step in situation.finished:
        return Reason.FINISHED
    if any(rests(letter, due_at, one) for one in situation.put_off):
        return Reason.PAUSED
    if situation.joined_at > due_at:
        return Reason.JOINED_LATE
    return _reach_reason(letter, situation)


def _reach_reason(letter: Letter, situation: Situation) -> Reason | None:
    reach = situation.boss if letter.to == "boss" else situation.trainee
    if letter.id in situation.opted_out:
        return Reason.OPTED_OUT
    if reach is Reach.NO_ADDRESS:
        return Reason.NO_ADDRESS
    return Reason.BOUNCED if reach is Reach.BOUNCED else None


def _settled(timetable: Timetable, situation: Situation, rows: list[Wanted]) -> list[Wanted]:
    """The same rows, after one letter a day and two reminders a week."""
    letters = {letter.id: letter for letter in timetable.letters}
    standing = [row for row in rows if row.reason is None and is_follow_up(letters[row.letter])]
    candidates = (timetable.candidate(letters[row.letter], row.day) for row in standing)
    behind = settle(candidates, situation.gone)
    return [_with_reason(row, behind.get(row.letter)) if row.reason is None else row for row in rows]


def _with_reason(row: Wanted, reason: Reason | None) -> Wanted:
    return Wanted(row.letter, row.step, row.occasion, row.day, row.due_at, row.not_after, reason)


def _late_start(timetable: Timetable, situation: Situation, dated: Iterable[Wanted]) -> Iterator[Happening]:
    """Who joined after an opening gets one letter that says where the course is, unless it is over."""
    openings = {letter.id for letter in timetable.letters if letter.rank == "opening" and letter.to == "trainee"}
    closed = {letter for letter, occasion in situation.closed if not occasion}
    late = {row.letter for row in dated if row.reason is Reason.JOINED_LATE} - closed
    is_over = situation.joined_at.astimezone(timetable.schedule.zone).date() > timetable.schedule.dates["close"]
    if openings & (late | situation.missed) and not is_over:
        yield Happening("where_we_are", "joined", situation.joined_at)


def _event_rows(timetable: Timetable, situation: Situation, happenings: Iterable[Happening]) -> Iterator[Wanted]:
    schedule = timetable.schedule
    letters = {letter.when.name: letter for letter in timetable.letters if isinstance(letter.when, EventTrigger)}
    for happening in happenings:
        letter = letters.get(happening.name)
        if letter is None or (letter.id, happening.occasion) in situation.closed:
            continue
        due_at = next_in_window(happening.at, schedule.calendar, schedule.zone)
        day = due_at.astimezone(schedule.zone).date()
        reason = _own_reason(letter, max(due_at, situation.joined_at), situation)
        not_after = timetable.not_after(letter, day)
        yield Wanted(letter.id, letter.step, happening.occasion, day, due_at, not_after, reason)
