"""What holds for every rehearsal, whatever the anchors, the closures, the zone and the extensions."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from tests.factories import DAY1, DAY2, make_cohort, make_seat
from trainer.cohorts.actions import override_date, set_schedule
from trainer.cohorts.models import Cohort
from trainer.cohorts.queries import Schedule
from trainer.cohorts.rules import Calendar, ImpossibleSchedule, public_holidays
from trainer.db import Database
from trainer.programs.content import load_program
from trainer.programs.rules import STEPS
from trainer.prompts.rehearsal import due_letters, rehearse
from trainer.prompts.rules import week_of
from trainer.prompts.timetable import Timetable, is_follow_up, letters_on

PACK = load_program("management_basics_default")["ja"]
LETTERS = tuple(letters_on(PACK, ["boss_brief"]))
ZONES = sorted(available_timezones())

first_days = st.dates(date(2015, 1, 1), date(2090, 12, 31))
spans = st.integers(0, 14)
hours = st.integers(8 * 60, 18 * 60 - 1).map(lambda minutes: time(*divmod(minutes, 60)))
closures = st.lists(st.tuples(st.integers(-60, 150), st.integers(1, 40)), max_size=4)  # first day after day 1, length
extensions = st.dictionaries(st.sampled_from(STEPS), st.integers(0, 60), max_size=2)  # days after the due date


@dataclass(frozen=True)
class Course:
    """What a cohort's timetable depends on; closures as first day after day 1 and length."""

    day1: date
    span: int
    prompt_time: time
    closed: list[tuple[int, int]]
    country: str
    zone: str


courses = st.builds(
    Course, first_days, spans, hours, closures, st.sampled_from(["JP", "DE", "US", "FR"]), st.sampled_from(ZONES)
)


def timetable_of(course: Course) -> Timetable:
    """The timetable of a possible course; one that is refused is drawn again."""
    closed = {course.day1 + timedelta(days=start + n) for start, length in course.closed for n in range(length)}
    schedule = Schedule(
        pack=PACK,
        digest="",
        day1=course.day1,
        day2=course.day1 + timedelta(days=course.span),
        overrides={},
        calendar=Calendar(public_holidays(course.country), frozenset(closed)),
        zone=ZoneInfo(course.zone),
    )
    cohort = Cohort(prompt_time=course.prompt_time)
    try:
        schedule.check(cohort)
    except ImpossibleSchedule:
        reject()
    return Timetable(cohort, schedule, LETTERS)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(courses, extensions)
def test_every_letter_is_where_it_may_be(course: Course, delays: dict[str, int]) -> None:
    timetable = timetable_of(course)
    schedule = timetable.schedule
    extended = {
        step: schedule.dates[schedule.due_dates[step]] + timedelta(days=delay) for step, delay in delays.items()
    }
    followed: list[date] = []
    reminded: Counter[tuple[int, int]] = Counter()
    for due_at, letter in due_letters(timetable, extended):
        local = datetime.fromisoformat(due_at)
        assert schedule.calendar.is_business_day(local.date())
        assert time(8) <= local.time() < time(18)
        assert local.utcoffset() == local.replace(tzinfo=schedule.zone).utcoffset()
        if is_follow_up(letter):
            followed.append(local.date())
            reminded[week_of(local.date())] += letter.is_reminder
        if letter.rank == "opening" and letter.step:
            assert local.date() <= schedule.dates[schedule.due_dates[letter.step]]
    assert len(followed) == len(set(followed))
    assert max(reminded.values()) <= 2


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(courses)
def test_every_step_opens_before_it_is_due(course: Course) -> None:
    dates = timetable_of(course).schedule.dates
    for step in PACK.schedule.steps:
        assert dates[step.opens] <= dates[step.due]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day1=first_days, span=spans, closed=closures, by_hand=st.none() | st.integers(0, 20))
def test_moving_the_days_away_and_back_gives_the_same_rehearsal(
    database: Database, day1: date, span: int, closed: list[tuple[int, int]], by_hand: int | None
) -> None:
    with database.session() as db:
        cohort = make_cohort(db, closures=[_closure(day1, start, length) for start, length in closed])
        make_seat(db, cohort)
        if by_hand is not None:
            day = date(2027, 2, 12) + timedelta(days=by_hand)
            override_date(db, cohort, date_id="plan_due", day=day, now=cohort.created_at)
        before = rehearse(db, cohort)
        with suppress(ImpossibleSchedule), db.begin_nested():
            set_schedule(db, cohort, day1=day1, day2=day1 + timedelta(days=span))
            rehearse(db, cohort)
        set_schedule(db, cohort, day1=DAY1, day2=DAY2)
        assert rehearse(db, cohort) == before


def _closure(day1: date, start: int, length: int) -> str:
    first = day1 + timedelta(days=start)
    return f"{first}/{first + timedelta(days=length - 1)}"
