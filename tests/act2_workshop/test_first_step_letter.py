"""The letter on the eve of a plan's first step: planned when the day is known, and only as long as it holds."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from tests.act2_workshop.planner import Planner
from trainer.act2_workshop.rules import Deed
from trainer.cohorts import actions
from trainer.cohorts.models import Cohort, Enrollment
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.planning import plan_prompts
from trainer.prompts.rules import Reason

LETTER = "nudge_first_step"


def letter_day(planner: Planner, state: PromptState = PromptState.PLANNED) -> date | None:
    """On which day the letter goes, as the next turn plans it; its row has this state."""
    with planner.db() as db:
        while plan_prompts(db, planner.now()):
            pass
        db.commit()
        rows = db.execute(
            select(Prompt.local_date, Prompt.state).where(
                Prompt.enrollment_id == planner.seat.id, Prompt.letter == LETTER
            )
        ).all()
    assert len(rows) <= 1
    assert all(found is state for _day, found in rows)
    return rows[0][0] if rows else None


@pytest.fixture(autouse=True)
def started(planner: Planner) -> None:
    with planner.db() as db:
        db.get_one(Cohort, planner.cohort.id).is_to_plan = True
        db.commit()


def test_it_goes_one_business_day_before_the_earliest_first_step(planner: Planner) -> None:
    assert letter_day(planner) is None
    planner.submit(("m1-first_step_date", "2027-02-12"))  # the day before it is a holiday
    assert letter_day(planner) == date(2027, 2, 10)


def test_it_follows_the_day_that_the_plan_names_now(planner: Planner) -> None:
    planner.submit(("m1-first_step_date", "2027-02-16"))
    assert letter_day(planner) == date(2027, 2, 15)
    planner.post("/take-back", [])
    assert letter_day(planner) is None
    planner.submit(("m1-first_step_date", "2027-02-18"))
    assert letter_day(planner) == date(2027, 2, 17)


def test_nobody_is_told_of_a_day_that_they_have_just_written_down(planner: Planner) -> None:
    tomorrow = planner.now().date().replace(day=planner.now().day + 1)
    planner.submit(("m1-first_step_date", tomorrow.isoformat()))
    assert letter_day(planner) is None


def test_a_plan_that_stays_as_it_is_keeps_the_letter_unless_its_day_has_come(planner: Planner) -> None:
    planner.submit(("m1-first_step_date", "2027-02-16"))
    planner.answer(Deed.RETURN, "Which part could move forward together?", bank="cm5")
    assert letter_day(planner) == date(2027, 2, 15)
    planner.watch.time = datetime(2027, 2, 14, 23, 30, tzinfo=UTC)  # half an hour before the letter
    planner.browser.enter(planner.user, planner.now())
    assert planner.post("/as-it-is", [("reason", "They asked for it this way.")]).status_code == 303
    assert letter_day(planner) is None


def test_one_that_has_gone_is_not_touched_by_another_day(planner: Planner) -> None:
    planner.submit(("m1-first_step_date", "2027-02-16"))
    assert letter_day(planner) == date(2027, 2, 15)
    with planner.db() as db:
        gone = update(Prompt).where(Prompt.letter == LETTER)
        db.execute(gone.values(state=PromptState.SENT, sent_at=Prompt.due_at, handed_at=Prompt.due_at))
        db.commit()
    planner.post("/take-back", [])
    planner.submit(("m1-first_step_date", "2027-02-18"))
    assert letter_day(planner, PromptState.SENT) == date(2027, 2, 15)


@pytest.mark.parametrize(
    ("act", "reason"), [(actions.pause, Reason.PAUSED), (actions.withdraw, Reason.WITHDRAWN)], ids=["pause", "withdraw"]
)
def test_whoever_takes_no_part_does_not_get_it(planner: Planner, act: Callable[..., bool], reason: Reason) -> None:
    planner.submit(("m1-first_step_date", "2027-02-16"))
    with planner.db() as db:
        act(db, db.get_one(Cohort, planner.cohort.id), db.get_one(Enrollment, planner.seat.id), now=planner.now())
        db.commit()
    assert letter_day(planner, PromptState.SKIPPED) == date(2027, 2, 15)
    with planner.db() as db:
        assert db.scalars(select(Prompt.reason).where(Prompt.letter == LETTER)).all() == [reason]


def test_its_link_leads_to_the_plan(planner: Planner) -> None:
    planner.submit()
    answer = planner.browser.get(f"/to/{planner.seat.uid}/{LETTER}", follow_redirects=True)
    assert answer.request.path == planner.path()
