"""The letter on the eve of a plan's first step: planned when the day is known, and only as long as it holds."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.act2_workshop.planner import Planner
from trainer.cohorts.models import Cohort
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.planning import plan_prompts

LETTER = "nudge_first_step"


def letter_day(planner: Planner) -> date | None:
    """On which day the letter goes, as the next turn plans it."""
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
    assert all(state is PromptState.PLANNED for _day, state in rows)
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


def test_its_link_leads_to_the_plan(planner: Planner) -> None:
    planner.submit()
    answer = planner.browser.get(f"/to/{planner.seat.uid}/{LETTER}", follow_redirects=True)
    assert answer.request.path == planner.path()
