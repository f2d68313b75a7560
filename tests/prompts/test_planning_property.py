"""Whatever happens in whatever order, the open rows are those of a fresh plan for the last state."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tests.prompts.courses import make_course, plan
from trainer.act2_workshop.models import Plan, PlanVersion
from trainer.act2_workshop.rules import PlanState
from trainer.act3_practice.actions import put_off
from trainer.act3_practice.queries import period_of, practice_of
from trainer.cohorts import actions
from trainer.cohorts.models import Cohort, Enrollment
from trainer.cohorts.queries import trainee_seats
from trainer.cohorts.rules import ImpossibleSchedule
from trainer.cohorts.sentences import Refused
from trainer.db import Database
from trainer.permissions import Audience
from trainer.programs.rules import STEPS
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.queries import is_open

BEGIN = datetime(2026, 12, 20, tzinfo=UTC)
seats = st.integers(0, 2)
steps = st.sampled_from(STEPS)
happenings = st.one_of(
    st.tuples(st.just("move"), st.integers(-40, 40), st.integers(0, 14)),
    st.tuples(st.just("extend"), seats, steps, st.integers(0, 40)),
    st.tuples(st.just("put off"), seats, st.sampled_from(STEPS[3:])),
    st.tuples(st.just("finish"), seats, steps),
    st.tuples(st.just("first step"), seats, st.integers(-3, 40)),
    st.tuples(st.just("pause"), seats),
    st.tuples(st.just("resume"), seats),
    st.tuples(st.just("withdraw"), seats),
    st.tuples(st.just("tick"), st.integers(1, 21), st.booleans()),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(happenings, min_size=1, max_size=14))
def test_the_open_rows_are_those_of_a_fresh_plan(
    database: Database, tmp_path: Path, story: list[tuple[object, ...]]
) -> None:
    number = make_course(database, tmp_path, "001", "002", "003", now=BEGIN, name=str(uuid4()))
    now = BEGIN
    with database.session() as db:
        cohort = db.get_one(Cohort, number)
        for what, *how in story:
            if what == "tick":
                now += timedelta(days=int(str(how[0])))
                tick(db, now, sends=bool(how[1]))
            else:
                happen(db, cohort, str(what), how, now)
        plan(db, now)
        kept = open_rows(db, number, now)
        db.execute(delete(Prompt).where(Prompt.cohort_id == number, is_open(now)))
        actions.mark_to_plan(db, cohort)
        plan(db, now)
        assert kept == open_rows(db, number, now)
        assert not doubled(db, number)


def happen(db: Session, cohort: Cohort, what: str, how: list[object], now: datetime) -> None:
    """Something a coordinator or a trainee does; what the product refuses changes nothing."""
    found: list[Enrollment] = list(db.scalars(trainee_seats(cohort)))
    try:
        if what == "move":
            day1 = date(2027, 2, 3) + timedelta(days=int(str(how[0])))
            actions.set_schedule(db, cohort, day1=day1, day2=day1 + timedelta(days=int(str(how[1]))))
        elif found:
            happen_to(db, cohort, found[int(str(how[0])) % len(found)], what, how[1:], now)
        db.commit()
    except (ImpossibleSchedule, Refused):
        db.rollback()


def happen_to(db: Session, cohort: Cohort, seat: Enrollment, what: str, how: list[object], now: datetime) -> None:
    """The same, to one seat."""
    if what == "extend":
        due_on = now.date() + timedelta(days=int(str(how[1])))
        actions.extend(db, cohort, seat, step=str(how[0]), due_on=due_on, reason="出張", now=now)
    elif what == "put off":
        practice, step = practice_of(db, seat, "ja"), str(how[0])
        put_off(db, practice, step, period_of(db, practice, step, now), by_id=seat.user_id, now=now)
    elif what == "first step":
        name_first_step(db, seat, now + timedelta(days=int(str(how[0]))), now)
        actions.mark_to_plan(db, cohort)
    elif what == "finish":
        actions.finish_step(db, cohort, seat, step=str(how[0]), now=now)
    else:
        {"pause": actions.pause, "resume": actions.resume, "withdraw": actions.withdraw}[what](
            db, cohort, seat, now=now
        )


def name_first_step(db: Session, seat: Enrollment, on: datetime, now: datetime) -> None:
    """A plan is submitted, or submitted again, that begins on a day; its words are nobody's matter here."""
    owner = {"organization_id": seat.organization_id}
    plan = db.scalar(select(Plan).where(Plan.enrollment_id == seat.id))
    if plan is None:
        of_seat = {"cohort_id": seat.cohort_id, "enrollment_id": seat.id, "audience": Audience.ONLY_ME, "version": 0}
        plan = Plan(**owner, **of_seat)
        db.add(plan)
        db.flush()
    plan.state, plan.version, plan.submitted_at = PlanState.SUBMITTED, plan.version + 1, now
    version = {"plan_id": plan.id, "version": plan.version, "first_step_on": on.date(), "submitted_at": now}
    db.add(PlanVersion(**owner, **version, words_sealed=b""))


def tick(db: Session, now: datetime, *, sends: bool) -> None:
    """Plan, and perhaps send what is due."""
    plan(db, now)
    if sends:
        due = update(Prompt).where(Prompt.state == PromptState.PLANNED, Prompt.due_at <= now)
        db.execute(due.values(state=PromptState.SENT, sent_at=now, handed_at=now))
        db.commit()


def open_rows(db: Session, cohort: int, now: datetime) -> set[tuple[object, ...]]:
    """What is planned or may still be planned, without what only tells one row from another."""
    columns = (
        Prompt.enrollment_id,
        Prompt.letter,
        Prompt.occasion,
        Prompt.local_date,
        Prompt.due_at,
        Prompt.not_after,
        Prompt.state,
        Prompt.reason,
    )
    return {tuple(row) for row in db.execute(select(*columns).where(Prompt.cohort_id == cohort, is_open(now)))}


def doubled(db: Session, cohort: int) -> list[object]:
    """Letters of one kind that a seat has twice for one occasion."""
    key = (Prompt.enrollment_id, Prompt.letter, Prompt.occasion)
    return list(db.execute(select(*key).where(Prompt.cohort_id == cohort).group_by(*key).having(func.count() > 1)))
