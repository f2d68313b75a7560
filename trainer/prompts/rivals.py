"""Which of a seat's letters goes today, where several would: decided on the day on which they really go."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from trainer.programs.content import Letter
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.rules import Gone, Reason, next_in_window, settle
from trainer.prompts.timetable import Timetable, is_follow_up
from trainer.prompts.timetables import Timetables, letter_of

MAY_HAVE_GONE = (PromptState.CLAIMED, PromptState.HANDING, PromptState.SENT, PromptState.IN_DOUBT)
A_DAY = timedelta(days=1)
A_WEEK_AND_A_DAY = timedelta(days=8)  # whatever the zone, all of this ISO week


@dataclass(frozen=True)
class Rival:
    """A follow-up letter that would go now."""

    id: int
    enrollment_id: int
    timetable: Timetable
    letter: Letter


def outdone(db: Session, rivals: Sequence[Rival], now: datetime, timetables: Timetables) -> dict[int, Reason]:
    """Row id -> why it stays behind, for those that do: superseded or over_limit.

    Besides each other they meet what has gone this week and what is planned for later today.
    """
    seats: dict[int, list[Rival]] = defaultdict(list)
    for rival in rivals:
        seats[rival.enrollment_id].append(rival)
    others = _others(db, rivals, now)
    behind: dict[int, Reason] = {}
    for seat, of_seat in seats.items():
        if len(of_seat) > 1 or others[seat]:
            behind |= _settle_seat(of_seat, others[seat], now)
    return behind


def _others(db: Session, rivals: Sequence[Rival], now: datetime) -> dict[int, list[Any]]:
    """Seat -> its other rows that count."""
    found: dict[int, list[Any]] = defaultdict(list)
    if rivals:
        known = {rival.id for rival in rivals}
        recent = or_(Prompt.handed_at.is_(None), Prompt.handed_at > now - A_WEEK_AND_A_DAY)
        columns = (Prompt.id, Prompt.enrollment_id, Prompt.letter, Prompt.state, Prompt.next_at)
        rows = db.execute(
            select(*columns, Prompt.handed_at, Prompt.sent_at).where(
                Prompt.enrollment_id.in_({rival.enrollment_id for rival in rivals}),
                or_(
                    and_(Prompt.state == PromptState.PLANNED, Prompt.next_at < now + A_DAY),
                    and_(Prompt.state.in_(MAY_HAVE_GONE), recent),
                ),
            )
        )
        for row in rows:
            if row.id not in known:
                found[row.enrollment_id].append(row)
    return found


def _settle_seat(rivals: Sequence[Rival], others: Sequence[Any], now: datetime) -> dict[int, Reason]:
    timetable = rivals[0].timetable
    today = _local_day(now, timetable)
    candidates = [timetable.candidate(rival.letter, today) for rival in rivals]
    gone: list[Gone] = []
    for row in others:
        letter = letter_of(timetable, row.letter)
        if letter is None or not is_follow_up(letter):
            continue
        if row.state in MAY_HAVE_GONE:
            gone.append(Gone(_local_day(row.sent_at or row.handed_at or now, timetable), letter.is_reminder))
        elif _goes_on(row, now, timetable) == today:
            candidates.append(timetable.candidate(letter, today))
    behind = settle(candidates, gone)
    return {rival.id: behind[rival.letter.id] for rival in rivals if rival.letter.id in behind}


def _goes_on(row: Any, now: datetime, timetable: Timetable) -> date:
    schedule = timetable.schedule
    return _local_day(next_in_window(max(row.next_at, now), schedule.calendar, schedule.zone), timetable)


def _local_day(at: datetime, timetable: Timetable) -> date:
    return at.astimezone(timetable.schedule.zone).date()
