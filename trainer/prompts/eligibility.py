"""Whether a letter that is due is still to be sent to its person: the facts, read for many at once, and the rules."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session, aliased

from trainer.accounts.models import User
from trainer.act3_practice.models import Snooze
from trainer.cohorts.models import Enrollment, FinishedStep, SeatStatus
from trainer.programs.content import Letter
from trainer.prompts.models import Address, OptOut, Prompt
from trainer.prompts.queries import has_bounced
from trainer.prompts.rivals import Rival, outdone
from trainer.prompts.rules import Reason, next_in_window
from trainer.prompts.seats import put_off
from trainer.prompts.timetable import Timetable, is_follow_up, rests
from trainer.prompts.timetables import Timetables, letter_of

WHILE_IMPOSSIBLE = timedelta(minutes=10)  # until the letters of a cohort without a timetable are looked at again


@dataclass(frozen=True)
class DueLetter:
    """A row that may go out now; `attempts` counts the try that begins with its claim."""

    id: int
    uid: UUID
    organization_id: int
    letter: str
    attempts: int
    not_after: datetime
    to_boss: bool
    holds: bool  # when it is in doubt a person looks


@dataclass
class Judgement:
    """What is to become of some due rows."""

    letters: list[DueLetter] = field(default_factory=list)
    skipped: dict[Reason, list[int]] = field(default_factory=lambda: defaultdict(list))
    put_off: dict[datetime, list[int]] = field(default_factory=lambda: defaultdict(list))


def judge(db: Session, ids: Sequence[int], now: datetime, timetables: Timetables) -> Judgement:
    """Decide for each of these rows, in a constant number of queries; gives the letters in the order of `ids`."""
    judgement = Judgement()
    rows = {row.id: row for row in db.execute(_facts(ids, now))}
    known = timetables.of(db, {row.cohort_id for row in rows.values()})
    standing: list[tuple[Any, Timetable, Letter | None]] = []
    for row in (rows[prompt_id] for prompt_id in ids):
        timetable = known[row.cohort_id]
        if timetable is None:
            judgement.put_off[now + WHILE_IMPOSSIBLE].append(row.id)
        else:
            _judge_alone(row, timetable, now, judgement, standing)
    _judge_together(db, standing, now, timetables, judgement)
    return judgement


def _judge_alone(
    row: Any,
    timetable: Timetable,
    now: datetime,
    judgement: Judgement,
    standing: list[tuple[Any, Timetable, Letter | None]],
) -> None:
    letter = letter_of(timetable, row.letter)
    opening = next_in_window(now, timetable.schedule.calendar, timetable.schedule.zone)
    reason = _reason(row, is_to_boss(letter))
    if reason is None and letter is not None and _rests(row, letter, now, timetable):
        reason = Reason.PAUSED
    if reason is None and max(now, opening) > row.not_after:
        reason = Reason.TOO_LATE
    if reason is not None:
        judgement.skipped[reason].append(row.id)
    elif opening > now:
        judgement.put_off[opening].append(row.id)
    else:
        standing.append((row, timetable, letter))


def _judge_together(
    db: Session,
    standing: Sequence[tuple[Any, Timetable, Letter | None]],
    now: datetime,
    timetables: Timetables,
    judgement: Judgement,
) -> None:
    """One follow-up letter a seat and day, two reminders a week: on the day on which they would really go."""
    rivals = [
        Rival(row.id, row.enrollment_id, timetable, letter)
        for row, timetable, letter in standing
        if letter is not None and is_follow_up(letter)
    ]
    behind = outdone(db, rivals, now, timetables)
    for row, _, letter in standing:
        if row.id in behind:
            judgement.skipped[behind[row.id]].append(row.id)
        else:
            judgement.letters.append(_due_letter(row, letter))


def is_to_boss(letter: Letter | None) -> bool:
    """Whether the boss of the seat gets the letter, not the seat's own person."""
    return letter is not None and letter.to == "boss"


def _due_letter(row: Any, letter: Letter | None) -> DueLetter:
    return DueLetter(
        id=row.id,
        uid=row.uid,
        organization_id=row.organization_id,
        letter=row.letter,
        attempts=row.attempts + 1,
        not_after=row.not_after,
        to_boss=is_to_boss(letter),
        holds=letter is not None and letter.on_doubt == "hold",
    )


def _reason(row: Any, to_boss: bool) -> Reason | None:
    """Why this letter would not go to this seat, whatever other letters there are and whatever time it is."""
    email, bounced = (row.boss_email, row.boss_bounced) if to_boss else (row.email, row.bounced)
    reasons = (
        (row.status == SeatStatus.WITHDRAWN, Reason.WITHDRAWN),
        (row.status == SeatStatus.PAUSED, Reason.PAUSED),
        (row.finished is not None, Reason.FINISHED),
        (row.opted_out is not None, Reason.OPTED_OUT),
        (not email, Reason.NO_ADDRESS),
        (bounced is not None, Reason.BOUNCED),
    )
    return next((reason for holds, reason in reasons if holds), None)


def _rests(row: Any, letter: Letter, now: datetime, timetable: Timetable) -> bool:
    """Whether the trainee asked to be left alone with the letter's step, after the letter was planned."""
    if row.snoozed_at is None or letter.step is None:
        return False
    return rests(letter, now, put_off(letter.step, row.snoozed_at, row.until_on, timetable.schedule.zone))


def _facts(ids: Sequence[int], now: datetime) -> Select[*tuple[Any, ...]]:
    boss, own_address, boss_address = aliased(User), aliased(Address), aliased(Address)
    return (
        select(
            *(Prompt.id, Prompt.uid, Prompt.organization_id, Prompt.cohort_id, Prompt.enrollment_id),
            *(Prompt.letter, Prompt.attempts, Prompt.not_after, Enrollment.status, User.email),
            boss.email.label("boss_email"),
            own_address.id.label("bounced"),
            boss_address.id.label("boss_bounced"),
            FinishedStep.id.label("finished"),
            OptOut.id.label("opted_out"),
            *(Snooze.snoozed_at, Snooze.until_on),
        )
        .select_from(Prompt)
        .join(Enrollment, Enrollment.id == Prompt.enrollment_id)
        .join(User, User.id == Enrollment.user_id)
        .outerjoin(boss, boss.id == Enrollment.boss_id)
        .outerjoin(own_address, _is_bad_address(own_address, User, now))
        .outerjoin(boss_address, _is_bad_address(boss_address, boss, now))
        .outerjoin(
            FinishedStep, and_(FinishedStep.enrollment_id == Prompt.enrollment_id, FinishedStep.step == Prompt.step)
        )
        .outerjoin(OptOut, and_(OptOut.enrollment_id == Prompt.enrollment_id, OptOut.letter == Prompt.letter))
        .outerjoin(Snooze, and_(Snooze.enrollment_id == Prompt.enrollment_id, Snooze.step == Prompt.step))
        .where(Prompt.id.in_(ids))
    )


def _is_bad_address(address: type[Address], user: type[User], now: datetime) -> ColumnElement[bool]:
    same = and_(address.organization_id == user.organization_id, address.address == user.email)
    return and_(same, has_bounced(address, now))
