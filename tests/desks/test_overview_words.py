"""Where a cohort stands, as the overview says it: the step, the workshop, how many have finished, the next letters."""

import re
from datetime import date

import pytest

from tests.desks.office_desk import Desk
from tests.desks.overviews import part, seen
from trainer.cohorts import actions
from trainer.cohorts.models import Cohort, Enrollment


def test_where_nothing_is_asked_one_calm_sentence_says_so(company: Desk) -> None:
    words = seen(company)
    assert "Nothing needs you now" in words
    assert "need a hand" not in words
    line = part(words, "Running")
    assert "First Web lessons (ACT1): until Mon, Feb 1 Workshop: Wed, Feb 3 – Thu, Feb 4" in line
    assert "Web lessons (ACT1): 0 of 3 finished" in line


@pytest.mark.parametrize(
    ("on", "stage"),
    [
        (date(2027, 1, 12), "Web lessons (ACT1): from Wed, Jan 13"),
        (date(2027, 2, 2), "Workshop: Wed, Feb 3 – Thu, Feb 4"),
        (date(2027, 2, 4), "Workshop: Wed, Feb 3 – Thu, Feb 4"),
        (date(2027, 2, 5), "Action plan: until Fri, Feb 12"),
        (date(2027, 3, 1), "One-month reflection: from Thu, Mar 4"),
        (date(2027, 3, 4), "One-month reflection: until Mon, Mar 15"),
        (date(2027, 4, 19), "Summary of the three months: Tue, Apr 20"),
    ],
)
def test_it_says_where_a_cohort_stands(company: Desk, on: date, stage: str) -> None:
    assert stage in seen(company, on)


@pytest.mark.parametrize(
    ("on", "counted"),
    [
        (date(2027, 1, 12), ""),
        (date(2027, 2, 2), "Web lessons (ACT1): 0 of 3"),
        (date(2027, 2, 3), "Action plan: 0 of 3"),  # it opens on that day
        (date(2027, 3, 1), "Action plan: 0 of 3"),
        (date(2027, 4, 5), "Two-month reflection: 0 of 3"),
    ],
)
def test_the_step_that_counts_is_the_open_one_or_the_last(company: Desk, on: date, counted: str) -> None:
    words = seen(company, on)
    assert counted in words
    assert bool(counted) == (" finished" in words)


def test_what_is_finished_is_counted_and_the_next_letters_are_told(company: Desk) -> None:
    with company.database.session() as db:
        seat = db.get_one(Enrollment, company.seats["Abe"].id)
        actions.finish_step(db, db.get_one(Cohort, seat.cohort_id), seat, now=company.watch.now(), step="act1")
        db.commit()
    words = seen(company)
    assert "Web lessons (ACT1): 1 of 3 finished" in words
    assert re.search(r"Next letters .*Jan \d+ at 09:00", words)
