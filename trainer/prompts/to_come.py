"""Whether letters about a step are still to come for one seat."""

from datetime import date, datetime

from sqlalchemy import not_, select
from sqlalchemy.orm import Session

from trainer.cohorts.models import Cohort, Enrollment
from trainer.prompts.models import Prompt
from trainer.prompts.queries import is_open
from trainer.prompts.timetable import timetable_of


def has_letters_to_come(
    db: Session, cohort: Cohort, seat: Enrollment, *, step: str, due_on: date, now: datetime
) -> bool:
    """Whether, with the step due on that day, a dated letter about it is still to go to the seat's own person.

    A letter that has gone, failed or was left out on its day does not go a second time, whatever the new day.
    """
    timetable = timetable_of(db, cohort)
    over = select(Prompt.letter).where(Prompt.enrollment_id == seat.id, Prompt.step == step, not_(is_open(now)))
    done = set(db.scalars(over))
    return any(
        letter.step == step and letter.to == "trainee" and letter.id not in done and timetable.due_at(day) > now
        for letter, day in timetable.days({step: due_on})
    )
