"""The situations of a few cohorts' seats, read in a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session, aliased

from trainer.accounts.models import User
from trainer.act2_workshop.models import Decision
from trainer.act2_workshop.queries import first_steps
from trainer.act2_workshop.review_queries import released_reviews
from trainer.act3_practice.feedback_queries import sent_feedback
from trainer.act3_practice.models import Snooze
from trainer.cohorts.models import Enrollment, Extension, FinishedStep, Pause
from trainer.cohorts.rules import instant_of
from trainer.permissions import Role
from trainer.programs.rules import Event
from trainer.prompts.models import Address, OptOut, Prompt, PromptState
from trainer.prompts.queries import has_bounced, is_open
from trainer.prompts.rules import FirstStep, Gone, PutOff, Reason
from trainer.prompts.situations import Happening, Reach, Situation
from trainer.prompts.timetable import Timetable, is_follow_up

EVENT_OF: dict[Decision, Event] = {
    Decision.CONFIRM: "plan_confirmed",
    Decision.CONFIRM_WITH_COMMENT: "plan_confirmed",
    Decision.RETURN: "plan_returned",
}
MAY_HAVE_GONE = (PromptState.SENT, PromptState.CLAIMED, PromptState.HANDING, PromptState.IN_DOUBT)


@dataclass(frozen=True)
class Seat:
    """A trainee's seat and its situation."""

    id: int
    cohort_id: int
    situation: Situation


@dataclass
class _History:
    """What became of a seat's letters that planning does not touch any more."""

    closed: set[tuple[str, str]]
    missed: set[str]
    gone: set[Gone]


def seats_of(db: Session, timetables: Collection[Timetable], now: datetime) -> Iterator[Seat]:
    """Every trainee's seat of these cohorts, withdrawn ones too, each with its situation at `now`."""
    cohorts = {timetable.cohort.id: timetable.cohort for timetable in timetables}
    facts = _Facts(db, timetables, now)
    for row in db.execute(_seats(cohorts, now)):
        started_at = cohorts[row.cohort_id].started_at
        history = facts.histories.get(row.id)
        happenings, closed = _still_open(facts.happenings.get(row.id, ()), history.closed if history else ())
        situation = Situation(
            status=row.status,
            joined_at=max(row.added_at, started_at) if started_at else row.added_at,
            trainee=_reach(row.email, row.bounced),
            boss=None if row.boss_id is None else _reach(row.boss_email, row.boss_bounced),
            extensions=tuple(facts.extensions.get(row.id, ())),
            finished=frozenset(facts.finished.get(row.id, ())),
            opted_out=frozenset(facts.opted_out.get(row.id, ())),
            happenings=happenings,
            closed=closed,
            missed=frozenset(history.missed) if history else frozenset(),
            gone=tuple(sorted(history.gone, key=lambda one: (one.day, one.is_reminder))) if history else (),
            put_off=tuple(facts.put_off.get(row.id, ())),
            first_step=facts.first_steps.get(row.id),
        )
        yield Seat(row.id, row.cohort_id, situation)


def _still_open(
    happenings: Collection[Happening], closed: Collection[tuple[str, str]]
) -> tuple[tuple[Happening, ...], frozenset[tuple[str, str]]]:
    """What happened and still asks for its letter: without the rest, which differs at each seat, most are alike."""
    told = {occasion for _letter, occasion in closed} & {happening.occasion for happening in happenings}
    left = tuple(happening for happening in happenings if happening.occasion not in told)
    return left, frozenset((letter, occasion) for letter, occasion in closed if occasion not in told)


class _Facts:
    """What is known of the seats besides their own rows: one query for each kind."""

    def __init__(self, db: Session, timetables: Collection[Timetable], now: datetime) -> None:
        cohorts = [timetable.cohort.id for timetable in timetables]
        self.extensions: dict[int, list[tuple[str, date]]] = defaultdict(list)
        for seat, step, day in db.execute(_of(cohorts, Extension, Extension.step, Extension.due_on)):
            self.extensions[seat].append((step, day))
        self.finished: dict[int, list[str]] = defaultdict(list)
        for seat, step in db.execute(_of(cohorts, FinishedStep, FinishedStep.step)):
            self.finished[seat].append(step)
        self.opted_out: dict[int, list[str]] = defaultdict(list)
        for seat, letter in db.execute(_of(cohorts, OptOut, OptOut.letter)):
            self.opted_out[seat].append(letter)
        self.happenings = _happenings(db, cohorts)
        self.put_off = _put_off(db, timetables)
        self.first_steps = _first_steps(db, timetables)
        self.histories = _histories(db, timetables, now)


def _happenings(db: Session, cohorts: Sequence[int]) -> dict[int, list[Happening]]:
    """Seat -> what happened that a letter follows: a pause ended, a plan was answered, feedback was given."""
    found: dict[int, list[Happening]] = defaultdict(list)
    pauses = _of(cohorts, Pause, Pause.id, Pause.resumed_at).where(Pause.resumed_at.is_not(None))
    for seat, pause, resumed_at in db.execute(pauses):
        found[seat].append(Happening("where_we_are", f"pause{pause}", resumed_at))
    for seat, answer, decision, released_at in db.execute(released_reviews(cohorts)):
        found[seat].append(Happening(EVENT_OF[decision], str(answer), released_at))
    for seat, feedback, sent_at in db.execute(sent_feedback(cohorts)):
        found[seat].append(Happening("feedback_given", str(feedback), sent_at))
    return found


def _put_off(db: Session, timetables: Collection[Timetable]) -> dict[int, list[PutOff]]:
    found: dict[int, list[PutOff]] = defaultdict(list)
    zones = {timetable.cohort.id: timetable.schedule.zone for timetable in timetables}
    asked = _of([*zones], Snooze, Snooze.step, Snooze.snoozed_at, Snooze.until_on)
    for seat, step, since, until_on, cohort in db.execute(asked.add_columns(Enrollment.cohort_id)):
        found[seat].append(put_off(step, since, until_on, zones[cohort]))
    return found


def _first_steps(db: Session, timetables: Collection[Timetable]) -> dict[int, FirstStep]:
    zones = {timetable.cohort.id: timetable.schedule.zone for timetable in timetables}
    rows = db.execute(first_steps([*zones]))
    known = {seat: (on, at.astimezone(zones[cohort]).date()) for seat, cohort, on, at in rows}
    return {seat: FirstStep(on, known_on) for seat, (on, known_on) in known.items() if on}


def put_off(step: str, since: datetime, until_on: date, zone: ZoneInfo) -> PutOff:
    """The time in which the reminders of a step rest: until the local day begins on which they may come again."""
    return PutOff(step, since, instant_of(until_on, time.min, zone))


def _histories(db: Session, timetables: Collection[Timetable], now: datetime) -> dict[int, _History]:
    zones = {timetable.cohort.id: timetable.schedule.zone for timetable in timetables}
    followed = {letter.id: letter for timetable in timetables for letter in timetable.letters if is_follow_up(letter)}
    columns = (Prompt.enrollment_id, Prompt.cohort_id, Prompt.letter, Prompt.occasion, Prompt.state, Prompt.reason)
    rows = db.execute(
        select(*columns, Prompt.handed_at, Prompt.sent_at, Prompt.local_date)
        .where(Prompt.cohort_id.in_(zones), ~is_open(now))
        .order_by(Prompt.enrollment_id)
    )
    histories: dict[int, _History] = {}
    for row in rows:
        history = histories.setdefault(row.enrollment_id, _History(set(), set(), set()))
        history.closed.add((row.letter, row.occasion))
        if row.reason == Reason.JOINED_LATE:
            history.missed.add(row.letter)
        if row.state in MAY_HAVE_GONE and row.letter in followed:
            day = _local_day(row.sent_at or row.handed_at, zones[row.cohort_id]) or row.local_date
            history.gone.add(Gone(day, followed[row.letter].is_reminder))
    return histories


def _local_day(at: datetime | None, zone: ZoneInfo) -> date | None:
    return at.astimezone(zone).date() if at else None


def _seats(cohorts: Collection[int], now: datetime) -> Select[*tuple[Any, ...]]:
    boss, own_address, boss_address = aliased(User), aliased(Address), aliased(Address)
    return (
        select(
            Enrollment.id,
            Enrollment.cohort_id,
            Enrollment.status,
            Enrollment.added_at,
            Enrollment.boss_id,
            User.email,
            own_address.id.label("bounced"),
            boss.email.label("boss_email"),
            boss_address.id.label("boss_bounced"),
        )
        .join(User, User.id == Enrollment.user_id)
        .outerjoin(boss, boss.id == Enrollment.boss_id)
        .outerjoin(own_address, _bounced_address(own_address, User, now))
        .outerjoin(boss_address, _bounced_address(boss_address, boss, now))
        .where(Enrollment.cohort_id.in_(cohorts), Enrollment.role == Role.TRAINEE)
        .order_by(Enrollment.id)
    )


def _bounced_address(address: type[Address], user: type[User], now: datetime) -> ColumnElement[bool]:
    same = and_(address.organization_id == user.organization_id, address.address == user.email)
    return and_(same, has_bounced(address, now))


def _of(cohorts: Sequence[int], model: Any, *columns: Any) -> Select[Any]:
    """Columns of a table that hangs from seats, for the seats of some cohorts, in a fixed order."""
    return (
        select(model.enrollment_id, *columns)
        .join(Enrollment, Enrollment.id == model.enrollment_id)
        .where(Enrollment.cohort_id.in_(cohorts))
        .order_by(model.enrollment_id, *columns)
    )


def _reach(email: str | None, bounced: int | None) -> Reach:
    if not email:
        return Reach.NO_ADDRESS
    return Reach.REACHED if bounced is None else Reach.BOUNCED
