"""All cohorts of a company at once: which run, which have not started, which are closed; in four queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from trainer.accounts.models import Organization
from trainer.cohorts.models import Cohort
from trainer.cohorts.numbers import Numbers, numbers_of_many
from trainer.cohorts.queries import Schedule, cohorts_with_role, cohorts_with_schedules
from trainer.desks.board import Glance, glances
from trainer.permissions import Role

LEFT_ON_A_PAGE = 50  # cohorts that have not closed
CLOSED_ON_A_PAGE = 20
Item = TypeVar("Item")


@dataclass(frozen=True)
class Found:
    """A cohort with its schedule, and the day that it is there."""

    cohort: Cohort
    schedule: Schedule
    today: date

    @property
    def is_closed(self) -> bool:
        """Whether its last day has passed, with or without a start."""
        return self.schedule.dates["close"] < self.today

    @property
    def is_running(self) -> bool:
        return self.cohort.started_at is not None and not self.is_closed


@dataclass(frozen=True)
class Part(Generic[Item]):
    """One page of a list."""

    items: Sequence[Item]
    number: int  # of the page, from 1
    first: int  # the place of its first item in the whole list, from 1
    total: int  # of the whole list

    @property
    def last(self) -> int:
        return self.first + len(self.items) - 1

    @property
    def is_last(self) -> bool:
        return self.last == self.total


@dataclass(frozen=True)
class Overview:
    """The cohorts on a page, and what is known of each."""

    left: Part[Found]  # those that run, then those that have not started
    closed: Part[Found]
    numbers: dict[int, Numbers]
    glances: dict[int, Glance]  # of those that run
    with_facilitator: set[int]  # of those that have not started

    @property
    def running(self) -> list[Found]:
        return [found for found in self.left.items if found.is_running]

    @property
    def waiting(self) -> list[Found]:
        """Not started; what comes first is the next workshop."""
        return [found for found in self.left.items if not found.is_running][::-1]


def overview_of(db: Session, organization: Organization, page: int, closed_page: int, now: datetime) -> Overview:
    """The company's cohorts as they stand at `now`, however many there are; pages count from 1."""
    every = [_found(cohort, schedule, now) for cohort, schedule in cohorts_with_schedules(db, organization)]
    left = sorted((found for found in every if not found.is_closed), key=lambda found: not found.is_running)
    shown = part_of(left, page, LEFT_ON_A_PAGE)
    closed = part_of([found for found in every if found.is_closed], closed_page, CLOSED_ON_A_PAGE)
    running = [(found.cohort, found.schedule) for found in shown.items if found.is_running]
    waiting = [found.cohort.id for found in shown.items if not found.is_running]
    return Overview(
        left=shown,
        closed=closed,
        numbers=numbers_of_many(db, {found.cohort.id: found.today for found in (*shown.items, *closed.items)}),
        glances=glances(db, running, now),
        with_facilitator=cohorts_with_role(db, waiting, Role.FACILITATOR),
    )


def part_of(items: Sequence[Item], number: int, size: int) -> Part[Item]:
    """The page of this number; the nearest one where there is none."""
    number = min(max(number, 1), max(-(-len(items) // size), 1))
    first = (number - 1) * size
    return Part(items[first : first + size], number, first + 1, len(items))


def _found(cohort: Cohort, schedule: Schedule, now: datetime) -> Found:
    return Found(cohort, schedule, now.astimezone(schedule.zone).date())
