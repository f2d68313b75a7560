"""Where a cohort stands among its five steps on a day: pure, on its schedule."""

from dataclasses import dataclass
from datetime import date

from trainer.cohorts.queries import Schedule
from trainer.programs.rules import STEPS

WORKSHOP = "workshop"


@dataclass(frozen=True)
class Period:
    """The days of one step for everybody, both included."""

    step: str
    opens_on: date
    last_on: date


def periods_of(schedule: Schedule) -> list[Period]:
    """The five steps in their order; the workshop ends with its second day."""
    declared = sorted(schedule.pack.schedule.steps, key=lambda entry: STEPS.index(entry.id))
    return [
        Period(
            entry.id,
            schedule.dates[entry.opens],
            schedule.day2 if entry.id == WORKSHOP else schedule.dates[entry.due],
        )
        for entry in declared
    ]


def present_period(periods: list[Period], today: date) -> Period | None:
    """The step that is open and ends first, else the next one to open; None after the last."""
    opened = [period for period in periods if period.opens_on <= today <= period.last_on]
    coming = [period for period in periods if period.opens_on > today]
    return min(opened, key=lambda period: period.last_on, default=next(iter(coming), None))


def counted_period(periods: list[Period], today: date) -> Period | None:
    """The step whose count tells most: an open one, else the last that ended; None before the first.

    The workshop counts when it is over, since nobody can be written down before.
    """
    begun = [
        period for period in periods if period.opens_on <= today and (period.step != WORKSHOP or period.last_on < today)
    ]
    opened = [period for period in begun if period.last_on >= today]
    last = max(begun, key=lambda period: period.last_on, default=None)
    return min(opened, key=lambda period: period.last_on, default=last)
