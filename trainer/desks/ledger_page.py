"""The ledger of a cohort, a day at a time: what was expected and what went, and every letter with its reason."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_, union_all
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment
from trainer.cohorts.queries import Schedule
from trainer.desks.health import Health, health_columns, read_health
from trainer.permissions import Role
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.queries import counts_of_day

ON_A_PAGE = 50
Place = tuple[str, PromptState, int]  # where a page ends: letter, state, number
KEYS = (Prompt.letter, Prompt.state, Prompt.id)
UNDER_WAY = (PromptState.PLANNED, PromptState.CLAIMED, PromptState.HANDING)
UNDELIVERED = (PromptState.FAILED, PromptState.IN_DOUBT)


class Which(StrEnum):
    """Which of a day's letters are listed."""

    ALL = "all"
    UNDELIVERED = "undelivered"
    SKIPPED = "skipped"
    WAITING = "waiting"


STATES: dict[Which, tuple[PromptState, ...]] = {
    Which.ALL: tuple(PromptState),
    Which.UNDELIVERED: UNDELIVERED,
    Which.SKIPPED: (PromptState.SKIPPED,),
    Which.WAITING: UNDER_WAY,
}


@dataclass(frozen=True)
class Day:
    """The day that is shown, its neighbours with letters, and how the letters are doing."""

    on: date
    previous: date | None
    next: date | None
    health: Health


@dataclass(frozen=True)
class LetterSum:
    """One letter on one day, in figures; what is skipped was not expected."""

    letter: str
    expected: int
    sent: int
    waiting: int
    undelivered: int
    skipped: int

    def count(self, which: Which) -> int:
        """How many of them are on a list."""
        told = {Which.UNDELIVERED: self.undelivered, Which.SKIPPED: self.skipped, Which.WAITING: self.waiting}
        return told.get(which, self.expected + self.skipped)


@dataclass(frozen=True)
class Entry:
    """One letter to one person."""

    id: int
    letter: str
    state: PromptState
    reason: str | None
    at: datetime
    due_at: datetime
    next_at: datetime
    attempts: int
    seat_uid: UUID
    role: Role  # of the seat it hangs from
    name: str

    @property
    def place(self) -> Place:
        return self.letter, self.state, self.id


def day_of(db: Session, cohort: Cohort, schedule: Schedule, asked: date | None, now: datetime) -> Day:
    """The day asked for, else the last one with letters up to today, else the first to come; in one query."""
    today = now.astimezone(schedule.zone).date()
    on: ColumnElement[Any] = (
        literal(asked)
        if asked
        else func.coalesce(
            _edge(cohort, func.max, Prompt.local_date <= today), _edge(cohort, func.min, Prompt.local_date > today)
        )
    )
    row = db.execute(
        select(
            on.label("day"),
            _edge(cohort, func.max, Prompt.local_date < on).label("previous"),
            _edge(cohort, func.min, Prompt.local_date > on).label("next"),
            *health_columns(db, cohort, schedule, now),
        )
    ).one()
    return Day(row.day or today, row.previous, row.next, read_health(row))


def sums_of(db: Session, cohort: Cohort, day: date) -> list[LetterSum]:
    """The letters of a day in figures, in one query that reads one index and no row."""
    counts: dict[str, Counter[PromptState]] = {}
    for letter, state, count in counts_of_day(db, cohort, day):
        counts.setdefault(letter, Counter())[state] = count
    return [_sum(letter, counts[letter]) for letter in sorted(counts)]


def _sum(letter: str, counts: Counter[PromptState]) -> LetterSum:
    return LetterSum(
        letter=letter,
        expected=counts.total() - counts[PromptState.SKIPPED],
        sent=counts[PromptState.SENT],
        waiting=sum(counts[state] for state in UNDER_WAY),
        undelivered=sum(counts[state] for state in UNDELIVERED),
        skipped=counts[PromptState.SKIPPED],
    )


def entries_of(
    db: Session, cohort: Cohort, day: date, which: Which, sums: Sequence[LetterSum], after: Place | None
) -> tuple[list[Entry], Place | None]:
    """A page of a day's letters by letter and state, and where the next page begins; `sums` are that day's."""
    letters = [one.letter for one in sums if one.count(which)]
    if not letters:  # a few of very many would be looked for in vain, through all of them
        return [], None
    of_day = [Prompt.cohort_id == cohort.id, Prompt.local_date == day]
    if which is not Which.ALL:
        of_day += [Prompt.letter.in_(letters), Prompt.state.in_(STATES[which])]
    page = _page(of_day, after)
    rows = (
        select(*_COLUMNS)
        .select_from(Prompt)
        .join(Enrollment, Enrollment.id == Prompt.enrollment_id)
        .join(User, User.id == Enrollment.user_id)
        .where(Prompt.id.in_(page))
        .order_by(*KEYS)
    )
    entries = [Entry(*row) for row in db.execute(rows)]
    shown = entries[:ON_A_PAGE]
    return shown, shown[-1].place if len(entries) > ON_A_PAGE else None


def _page(of_day: Sequence[ColumnElement[bool]], after: Place | None) -> Select[int]:
    """The numbers of one page, and one more; in two steps into the index, since SQLite compares no three columns."""
    if after is None:
        return select(Prompt.id).where(*of_day).order_by(*KEYS).limit(ON_A_PAGE + 1)
    letter, state, number = after
    kind = tuple_(Prompt.letter, Prompt.state)
    told = tuple_(literal(letter, Prompt.letter.type), literal(state, Prompt.state.type))
    rest = _first(*of_day, Prompt.letter == letter, Prompt.state == state, Prompt.id > number)
    both = union_all(select(rest.subquery()), select(_first(*of_day, kind > told).subquery())).subquery()
    return select(both.c.id).order_by(both.c.letter, both.c.state, both.c.id).limit(ON_A_PAGE + 1)


def _first(*conditions: ColumnElement[bool]) -> Select[str, PromptState, int]:
    return select(*KEYS).where(*conditions).order_by(*KEYS).limit(ON_A_PAGE + 1)


_COLUMNS: Sequence[Any] = (
    Prompt.id,
    Prompt.letter,
    Prompt.state,
    Prompt.reason,
    func.coalesce(Prompt.sent_at, Prompt.due_at),
    Prompt.due_at,
    Prompt.next_at,
    Prompt.attempts,
    Enrollment.uid,
    Enrollment.role,
    User.name,
)


def _edge(cohort: Cohort, function: Any, condition: ColumnElement[bool]) -> ColumnElement[Any]:
    """The first or the last day with letters of which a condition holds: one step into the index."""
    return select(function(Prompt.local_date)).where(Prompt.cohort_id == cohort.id, condition).scalar_subquery()
