"""What may be done to a cohort and its seats: each act once, safe to repeat, and refused with its sentence."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories import DAY1, DAY2, NOW, make_cohort, make_organization, make_seat, make_user
from trainer.cohorts import actions
from trainer.cohorts.models import Cohort, DateOverride, Enrollment, Extension, FinishedStep, Pause, SeatStatus
from trainer.cohorts.queries import cohort_of, cohorts_named, schedule_of
from trainer.cohorts.rules import ImpossibleSchedule, Problem
from trainer.cohorts.sentences import Refused, sentence_of
from trainer.db import Database

Act = Callable[[Session, Cohort, Enrollment], bool]
ACTS: dict[str, Act] = {
    "start": lambda db, cohort, seat: actions.start(db, cohort, now=NOW),
    "set_schedule": lambda db, cohort, seat: actions.set_schedule(
        db, cohort, day1=DAY1 + timedelta(days=7), day2=DAY2 + timedelta(days=7)
    ),
    "override_date": lambda db, cohort, seat: actions.override_date(
        db, cohort, date_id="plan_due", day=date(2027, 2, 14), now=NOW
    ),
    "extend": lambda db, cohort, seat: actions.extend(
        db, cohort, seat, step="plan", due_on=date(2027, 3, 1), reason="leave", now=NOW
    ),
    "finish_step": lambda db, cohort, seat: actions.finish_step(db, cohort, seat, step="act1", reason="paper", now=NOW),
    "withdraw": lambda db, cohort, seat: actions.withdraw(db, cohort, seat, now=NOW),
    "pause": lambda db, cohort, seat: actions.pause(db, cohort, seat, now=NOW),
}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_changes_once_and_has_the_letters_planned_again(database: Database, name: str) -> None:
    with database.session() as db:
        cohort = make_cohort(db, is_to_plan=False)
        seat = make_seat(db, cohort)
        assert ACTS[name](db, cohort, seat) is True
        db.flush()
        db.refresh(cohort)
        assert cohort.is_to_plan
        cohort.is_to_plan = False
        db.flush()
        assert ACTS[name](db, cohort, seat) is False
        db.refresh(cohort)
        assert not cohort.is_to_plan


def test_what_was_done_is_written_down(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        seat = make_seat(db, cohort)
        for name in ("start", "override_date", "extend", "finish_step", "pause"):
            ACTS[name](db, cohort, seat)
        db.flush()
        assert cohort.started_at == NOW
        assert db.scalars(select(DateOverride.day_on)).one() == date(2027, 2, 14)
        extension = db.scalars(select(Extension)).one()
        assert (extension.step, extension.due_on, extension.reason) == ("plan", date(2027, 3, 1), "leave")
        finished = db.scalars(select(FinishedStep)).one()
        assert (finished.step, finished.finished_at, finished.reason) == ("act1", NOW, "paper")


def test_a_pause_has_a_beginning_and_an_end(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        seat = make_seat(db, cohort)
        assert actions.resume(db, cohort, seat, now=NOW) is False
        seen = []
        later = NOW + timedelta(days=3)
        for act, at in ((actions.pause, NOW), (actions.resume, later)):
            assert act(db, cohort, seat, now=at) is True
            seen.append(seat.status)
        assert seen == [SeatStatus.PAUSED, SeatStatus.ACTIVE]
        db.flush()
        pause = db.scalars(select(Pause)).one()
        assert (pause.paused_at, pause.resumed_at) == (NOW, later)


@pytest.mark.parametrize("act", [actions.pause, actions.resume])
def test_whoever_has_withdrawn_is_neither_paused_nor_resumed(database: Database, act: Callable[..., bool]) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        seat = make_seat(db, cohort)
        actions.withdraw(db, cohort, seat, now=NOW)
        assert seat.withdrawn_at == NOW
        with pytest.raises(Refused, match="withdrawn"):
            act(db, cohort, seat, now=NOW)


def test_an_extension_and_an_override_may_be_changed_again(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        seat = make_seat(db, cohort)
        for month in (3, 4):
            day = date(2027, month, 2)
            assert actions.override_date(db, cohort, date_id="plan_due", day=day, now=NOW)
            assert actions.extend(db, cohort, seat, step="plan", due_on=day, reason="leave", now=NOW)
        db.flush()
        assert db.scalars(select(DateOverride.day_on)).all() == [date(2027, 4, 2)]
        assert db.scalars(select(Extension.due_on)).all() == [date(2027, 4, 2)]


def test_another_reason_for_the_same_extension_is_kept(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort(db)
        seat = make_seat(db, cohort)
        told = [
            actions.extend(db, cohort, seat, step="plan", due_on=date(2027, 3, 2), reason=reason, now=NOW)
            for reason in ("leave", "leave", "a business trip")
        ]
        db.flush()
        assert told == [True, False, True]
        assert db.scalars(select(Extension.reason)).all() == ["a business trip"]


IMPOSSIBLE: list[tuple[str, Act, Problem, str]] = [
    (
        "days reversed",
        lambda db, cohort, seat: actions.set_schedule(db, cohort, day1=DAY2, day2=DAY1),
        Problem.DAYS_REVERSED,
        "The second workshop day (Wed, Feb 3, 2027) is before the first (Thu, Feb 4, 2027).",
    ),
    (
        "days far apart",
        lambda db, cohort, seat: actions.set_schedule(db, cohort, day1=DAY1, day2=DAY1 + timedelta(days=15)),
        Problem.DAYS_FAR_APART,
        "The workshop days (Wed, Feb 3, 2027 and Thu, Feb 18, 2027) are more than 14 days apart.",
    ),
    (
        "an override before the opening",
        lambda db, cohort, seat: actions.override_date(
            db, cohort, date_id="reflection1_due", day=date(2027, 3, 3), now=NOW
        ),
        Problem.DUE_BEFORE_OPENING,
        "The step reflection1 would be due on Wed, Mar 3, 2027, before it opens on Thu, Mar 4, 2027.",
    ),
    (
        "an extension before the opening",
        lambda db, cohort, seat: actions.extend(
            db, cohort, seat, step="plan", due_on=date(2027, 2, 2), reason="x", now=NOW
        ),
        Problem.DUE_BEFORE_OPENING,
        "The step plan would be due on Tue, Feb 2, 2027, before it opens on Wed, Feb 3, 2027. Choose a later date.",
    ),
    (
        "an extension into a standstill",
        lambda db, cohort, seat: actions.extend(
            db, cohort, seat, step="reflection2", due_on=date(2028, 2, 1), reason="x", now=NOW
        ),
        Problem.NO_BUSINESS_DAY,
        "There is no business day within 60 days of Sat, Jan 1, 2028. Shorten the closures.",
    ),
    (
        "an override into a standstill",
        lambda db, cohort, seat: actions.override_date(db, cohort, date_id="close", day=date(2028, 4, 3), now=NOW),
        Problem.NO_BUSINESS_DAY,
        "There is no business day within 60 days of Sat, Jan 1, 2028. Shorten the closures.",
    ),
    (
        "an override in a year nobody keeps",
        lambda db, cohort, seat: actions.override_date(
            db, cohort, date_id="reflection2_open", day=date(9999, 12, 28), now=NOW
        ),
        Problem.YEAR_OUT_OF_RANGE,
        "The year of Tue, Dec 28, 9999 cannot be right. Correct the date.",
    ),
    (
        "an extension to a year nobody keeps",
        lambda db, cohort, seat: actions.extend(db, cohort, seat, step="plan", due_on=date.max, reason="x", now=NOW),
        Problem.YEAR_OUT_OF_RANGE,
        "The year of Fri, Dec 31, 9999 cannot be right. Correct the date.",
    ),
    (
        "an unknown date",
        lambda db, cohort, seat: actions.override_date(db, cohort, date_id="party", day=DAY1, now=NOW),
        Problem.UNKNOWN_DATE,
        "The program has no date party. It has: act1_open,",
    ),
    (
        "a workshop day by hand",
        lambda db, cohort, seat: actions.override_date(db, cohort, date_id="workshop", day=DAY2, now=NOW),
        Problem.WORKSHOP_DAY_BY_HAND,
        "workshop is a workshop day. Change it with set-schedule.",
    ),
]


@pytest.mark.parametrize(
    ("act", "problem", "sentence"), [case[1:] for case in IMPOSSIBLE], ids=[c[0] for c in IMPOSSIBLE]
)
def test_an_impossible_date_is_refused_with_its_sentence(
    database: Database, act: Act, problem: Problem, sentence: str
) -> None:
    with database.session() as db:
        cohort = make_cohort(db, closures=["2028-01-01/2028-03-31"])
        seat = make_seat(db, cohort)
        with pytest.raises(ImpossibleSchedule) as caught:
            act(db, cohort, seat)
    assert caught.value.problem is problem
    assert sentence_of(caught.value).startswith(sentence)


def test_closures_of_the_company_and_of_the_cohort_both_count(database: Database) -> None:
    with database.session() as db:
        organization = make_organization(db, closures=["2027-02-12"])
        cohort = make_cohort(db, organization, closures=["2027-02-15/2027-02-16"])
        assert schedule_of(db, cohort).dates["plan_due"] == date(2027, 2, 17)


def test_a_cohort_is_known_by_its_name_within_its_company(database: Database) -> None:
    with database.session() as db:
        ours, theirs = make_organization(db), make_organization(db)
        first, second = make_cohort(db, ours, name="Same"), make_cohort(db, theirs, name="Same")
        assert cohort_of(db, theirs, "Same") is second
        assert cohorts_named(db, "Same") == [first, second]
        with pytest.raises(IntegrityError):
            make_cohort(db, ours, name="Same")


def test_no_seat_can_be_given_to_somebody_of_another_company(database: Database) -> None:
    with database.session() as db:
        cohort, theirs = make_cohort(db), make_user(db, make_organization(db))
        with pytest.raises(IntegrityError):
            make_seat(db, cohort, theirs)


def test_no_boss_can_be_somebody_of_another_company(database: Database) -> None:
    with database.session() as db:
        cohort, theirs = make_cohort(db), make_user(db, make_organization(db))
        with pytest.raises(IntegrityError):
            make_seat(db, cohort, boss_id=theirs.id)
