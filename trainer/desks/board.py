"""The board: one line for each trainee, found by keyset, and how letters and answers are doing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal, literal_column, select, tuple_, union_all
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment, SeatStatus
from trainer.cohorts.queries import Schedule
from trainer.cohorts.standing_models import Standing
from trainer.cohorts.standing_rules import COMPLETE
from trainer.desks.health import Health, health_columns, read_health
from trainer.desks.unreached import comes_back
from trainer.prompts.long_waits import LongWaits, long_waits_columns, read_long_waits
from trainer.prompts.queries import bounced_seats

ON_A_PAGE = 50


class Show(StrEnum):
    """Whom the board shows."""

    ALL = "all"
    NOT_DONE = "not-done"
    OVERDUE = "overdue"
    PAUSED = "paused"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"


class Sort(StrEnum):
    """By what the board is sorted; the reading, then the seat, decide among equals."""

    NAME = "name"
    DEPARTMENT = "department"
    GROUP = "group"


KEYS: dict[Sort, tuple[Any, ...]] = {
    Sort.NAME: (Standing.reading, Standing.enrollment_id),
    Sort.DEPARTMENT: (Standing.department, Standing.reading, Standing.enrollment_id),
    Sort.GROUP: (Standing.group_name, Standing.reading, Standing.enrollment_id),
}


@dataclass(frozen=True)
class Wish:
    """What somebody wants to see of a board."""

    show: Show = Show.ALL
    sort: Sort = Sort.NAME
    group: str | None = None
    after: UUID | None = None  # the seat after which the page begins


@dataclass(frozen=True)
class Line:
    """One trainee on the board."""

    seat_uid: UUID
    name: str
    department: str
    status: SeatStatus
    finished: int
    due_on: date | None
    step: str | None
    has_address: bool
    comes_back: bool  # letters to the address do


@dataclass(frozen=True)
class Glance:
    """The state of the letters, and the sort keys of the seat after which a page begins."""

    health: Health
    waits: LongWaits
    after: tuple[Any, ...] | None


def glance(db: Session, cohort: Cohort, schedule: Schedule, wish: Wish, now: datetime) -> Glance:
    """Everything but the numbers and the lines, in one query."""
    columns = _seen_columns(db, cohort, schedule, now)
    if wish.after is None:
        return _read_glance(db.execute(select(*columns)).one())
    begins = (
        select(*KEYS[wish.sort], *columns)
        .join(Enrollment, Enrollment.id == Standing.enrollment_id)
        .where(Standing.cohort_id == cohort.id, Enrollment.uid == wish.after)
    )
    row = db.execute(begins).first()
    if row is None:  # the seat is not there any more: begin again
        return glance(db, cohort, schedule, Wish(wish.show, wish.sort, wish.group), now)
    return _read_glance(row, tuple(row[: len(KEYS[wish.sort])]))


def glances(db: Session, cohorts: Iterable[tuple[Cohort, Schedule]], now: datetime) -> dict[int, Glance]:
    """Cohort id -> the state of its letters and answers in figures, in one query; at most some hundred cohorts.

    No facilitator is named: that is half of the work, and the board does it.
    """
    rows = []
    for cohort, schedule in cohorts:
        columns = [column for column in _seen_columns(db, cohort, schedule, now) if column.key != "facilitators"]
        rows.append(select(literal(cohort.id).label("cohort_id"), literal("").label("facilitators"), *columns))
    return {row.cohort_id: _read_glance(row) for row in db.execute(union_all(*rows))} if rows else {}


def _seen_columns(db: Session, cohort: Cohort, schedule: Schedule, now: datetime) -> list[ColumnElement[Any]]:
    return [*health_columns(db, cohort, schedule, now), *long_waits_columns(cohort, schedule, now)]


def _read_glance(row: Any, after: tuple[Any, ...] | None = None) -> Glance:
    return Glance(read_health(row), read_long_waits(row), after)


def lines_of(
    db: Session, cohort: Cohort, wish: Wish, after: tuple[Any, ...] | None, today: date
) -> tuple[list[Line], UUID | None]:
    """A page of the board, and the seat after which the next one begins; `today` is the cohort's local day."""
    keys = KEYS[wish.sort]
    page = (
        select(Standing.enrollment_id)
        .where(Standing.cohort_id == cohort.id, *_shown(cohort, wish, today))
        .order_by(*keys)
        .limit(ON_A_PAGE + 1)
    )
    if after is not None:
        page = page.where(tuple_(*keys) > after)
    rows = [Line(*row) for row in db.execute(_lines(page, keys))]
    shown = rows[:ON_A_PAGE]
    return shown, shown[-1].seat_uid if len(rows) > ON_A_PAGE else None


def _lines(page: Select[int], keys: Sequence[Any]) -> Select[*tuple[Any, ...]]:
    columns = (Standing.status, Standing.finished, Standing.due_on, Standing.step, Standing.has_address, comes_back())
    return (
        select(Enrollment.uid, User.name, User.department, *columns)
        .select_from(Standing)
        .join(Enrollment, Enrollment.id == Standing.enrollment_id)
        .join(User, User.id == Enrollment.user_id)
        .where(Standing.enrollment_id.in_(page))
        .order_by(*keys)
    )


def _shown(cohort: Cohort, wish: Wish, today: date) -> list[ColumnElement[bool]]:
    active, withdrawn = Standing.status == SeatStatus.ACTIVE, Standing.status == SeatStatus.WITHDRAWN
    conditions: dict[Show, list[ColumnElement[bool]]] = {
        Show.ALL: [~withdrawn],
        Show.NOT_DONE: [~withdrawn, Standing.finished != literal_column(str(COMPLETE))],
        Show.OVERDUE: [active, Standing.due_on < today],
        Show.PAUSED: [Standing.status == SeatStatus.PAUSED],
        Show.UNREACHABLE: [~withdrawn, ~Standing.has_address | Standing.enrollment_id.in_(bounced_seats(cohort))],
        Show.WITHDRAWN: [withdrawn],
    }
    chosen = conditions[wish.show]
    return chosen if wish.group is None else [*chosen, Standing.group_name == wish.group]
