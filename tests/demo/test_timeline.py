"""Whatever the day on which the demo is loaded, its three cohorts stand where the file says."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.programs.packs import shipped
from trainer.demo.content import load_company
from trainer.demo.content_checks import whens_of
from trainer.demo.content_company import CohortPart, Trainee
from trainer.demo.timeline import Timeline, timeline_of

COHORTS = {part.id: part for part in load_company("ja").cohorts}
FOUR_YEARS = st.dates(date(2026, 1, 1), date(2029, 12, 31))


def timeline(name: str, today: date) -> Timeline:
    return timeline_of(COHORTS[name], shipped("ja"), today, ZoneInfo("Asia/Tokyo"))


@pytest.mark.parametrize("name", COHORTS)
@given(today=FOUR_YEARS)
@settings(deadline=None)
@example(today=date(2026, 5, 6))  # the last of five days in a row without a business day
@example(today=date(2028, 2, 29))
@example(today=date(2027, 1, 1))
def test_the_demo_holds_on_any_day(name: str, today: date) -> None:
    part, at = COHORTS[name], timeline(name, today)
    calendar, dates = at.moments.calendar, at.moments.days
    late = [path for path, when in whens_of(part, name) if when.at and at.moments.day(when) >= today]
    assert late == []
    assert calendar.is_business_day(at.day1)
    assert at.day2 == calendar.business_days_from(at.day1, 1)
    assert all(dates[date_id] <= at.moments.day(when) for date_id, when in part.opened_by.items())
    assert {date_id: dates[date_id] for date_id in at.overrides} == at.overrides
    assert at.made_at < at.started_at
    assert at.started_at.date() < min(day for date_id, day in dates.items() if date_id != "today")
    for trainee in part.trainees:
        assert in_order(trainee, at), trainee.id


@given(today=FOUR_YEARS)
@settings(deadline=None)
def test_the_cohorts_are_in_act1_just_after_the_workshop_and_one_month_later(today: date) -> None:
    a, b, c = (timeline(name, today).moments.days for name in "abc")
    assert a["act1_open"] < today < a["day1"]
    assert today - timedelta(days=12) < b["day2"] < today <= b["plan_due"]
    assert c["reflection1_open"] < today < c["reflection1_due"] < c["reflection2_open"]


def in_order(trainee: Trainee, at: Timeline) -> bool:
    """Whether what the file tells in order of time comes in that order, and nothing before its step opened."""
    plan, lessons, moments = trainee.plan, trainee.lessons or {}, at.moments
    history = [moments.instant(event.at) for event in plan.history] if plan else []
    watched = [
        (moments.instant(one.opened_at), moments.instant(one.finished_at or one.opened_at)) for one in lessons.values()
    ]
    return (
        history == sorted(history)
        and all(opened <= finished for opened, finished in watched)
        and all(moments.day(one.opened_at) >= moments.days["act1_open"] for one in lessons.values())
        and all(instant.date() >= at.day1 for instant in history)
    )


def test_every_cohort_of_the_file_is_looked_at() -> None:
    assert [type(part) for part in COHORTS.values()] == [CohortPart] * 3
