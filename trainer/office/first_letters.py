"""What starting a cohort now would send first: how many letters on the next business day, and when the first go."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from trainer.cohorts.rules import ONE_DAY
from trainer.prompts.rehearsal import letters_a_day
from trainer.prompts.timetable import Timetable


@dataclass(frozen=True)
class FirstLetters:
    """Days are the cohort's; counts are of the rehearsal, for the people there are now."""

    today: int  # those whose hour is still to come today
    next_on: date  # the next business day
    next_count: int
    first_on: date | None  # None: no letter is to come
    first_count: int
    are_some_past: bool  # letters whose hour has passed, and which nobody gets any more


def first_letters(db: Session, timetable: Timetable, *, now: datetime) -> FirstLetters:
    """The first letters if the cohort starts at `now`. Raises ImpossibleSchedule."""
    schedule = timetable.schedule
    today = now.astimezone(schedule.zone).date()
    next_on = schedule.calendar.forward(today + ONE_DAY)
    coming, are_some_past = Counter[date](), False
    for (day, _letter), count in letters_a_day(db, timetable).items():
        if timetable.due_at(day) > now:
            coming[day] += count
        else:
            are_some_past = True
    first_on = min(coming, default=None)
    return FirstLetters(
        today=coming[today],
        next_on=next_on,
        next_count=coming[next_on],
        first_on=first_on,
        first_count=coming[first_on] if first_on else 0,
        are_some_past=are_some_past,
    )
