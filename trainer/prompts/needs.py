"""What in a cohort needs the coordinator's hand: counted once, for the board and for the weekly digest alike."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.cohorts.models import Cohort
from trainer.cohorts.numbers import Numbers, numbers_of
from trainer.cohorts.queries import Schedule
from trainer.prompts.long_waits import long_waits_columns, read_long_waits
from trainer.prompts.queries import bounced_column


class Need(StrEnum):
    """A kind of thing that needs a hand, the most urgent first."""

    UNREACHED = "unreached"  # people whose letters come back, or who have no address
    LONG_WAITS = "long_waits"  # texts that wait too long for an answer
    ABSENT = "absent"  # people whose attendance is missing after the workshop
    WITHOUT_GROUP = "without_group"  # people in no group where there are groups
    OVERDUE = "overdue"  # people past a due date


def needs_in(
    schedule: Schedule, numbers: Numbers, *, bounced: int, waiting_texts: int, now: datetime
) -> dict[Need, int]:
    """The kinds of needs that there are at `now`, each with how many people or texts it is about, in their order."""
    is_after_workshop = now.astimezone(schedule.zone).date() > schedule.day2
    counts = {
        Need.UNREACHED: numbers.no_address + bounced,
        Need.LONG_WAITS: waiting_texts,
        Need.ABSENT: numbers.total - numbers.finished.get("workshop", 0) if is_after_workshop else 0,
        Need.WITHOUT_GROUP: numbers.groups.get("", 0) if len(numbers.groups) > 1 else 0,
        Need.OVERDUE: numbers.overdue,
    }
    return {need: count for need, count in counts.items() if count}


def attention_count(db: Session, cohort: Cohort, schedule: Schedule, now: datetime) -> int:
    """How many kinds of needs the board of this minute tells of, in two queries.

    Whether letters go out is not among them: whoever reads of it in a letter knows.
    """
    columns = [bounced_column(cohort).label("bounced"), *long_waits_columns(cohort, schedule, now)]
    seen = db.execute(select(*columns)).one()
    numbers = numbers_of(db, cohort, now.astimezone(schedule.zone).date())
    waits = read_long_waits(seen)
    return len(needs_in(schedule, numbers, bounced=seen.bounced, waiting_texts=waits.texts, now=now))
