"""Digests: at their slot, once, on a business day, and only where there is something to say."""

from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.prompts.courses import cohort_and_seat, languages, plan
from tests.prompts.due_letters import planned_course
from trainer.cohorts import actions
from trainer.cohorts.rules import Calendar, public_holidays
from trainer.db import Database
from trainer.programs.rules import WeekdaysTrigger, WeeklyTrigger
from trainer.prompts.digests import make_digests, next_digest_at, slot_day
from trainer.prompts.letters import LetterWriter
from trainer.prompts.models import Prompt

HOUR = timedelta(hours=1)
HOLIDAY = datetime(2027, 1, 10, 23, tzinfo=UTC)  # Monday the 11th, 08:00 in Tokyo
TUESDAY = HOLIDAY + timedelta(days=1)
MONDAY = WeeklyTrigger(0, time(8))
TWO_WEEKS_OFF = Calendar(
    public_holidays("JP"), frozenset(date(2027, 6, 7) + timedelta(days=ahead) for ahead in range(10))
)


@pytest.mark.parametrize(
    ("trigger", "days"),
    [
        (MONDAY, [date(2027, 6, 17), date(2027, 6, 21), date(2027, 6, 28)]),  # two slots fall on the 17th, and one goes
        (WeekdaysTrigger(time(8)), [date(2027, 6, day) for day in (17, 18, 21, 22, 23, 24, 25, 28)]),
    ],
)
def test_a_weekly_slot_moves_on_to_a_business_day_and_a_daily_one_is_left_out(
    trigger: WeeklyTrigger | WeekdaysTrigger, days: list[date]
) -> None:
    june = [date(2027, 6, 7) + timedelta(days=ahead) for ahead in range(22)]
    assert [day for day in june if slot_day(trigger, day, TWO_WEEKS_OFF)] == days


def test_one_goes_to_each_seat_at_its_hour_and_only_once(database: Database, tmp_path: Path) -> None:
    cohort = planned_course(database, tmp_path)
    with languages(), database.session() as db:
        assert next_digest_at(db, HOLIDAY - HOUR) == TUESDAY
        assert make_digests(db, HOLIDAY, worker="a:1") == 0
        assert make_digests(db, TUESDAY - HOUR, worker="a:1") == 0
        assert make_digests(db, TUESDAY, worker="a:1") == 1
        assert make_digests(db, TUESDAY + HOUR, worker="b:2") == 0
        row = digest(db)
        assert (row.letter, row.cohort_id, row.due_at, row.occasion) == (
            "coordinator_digest",
            cohort,
            TUESDAY,
            "2027-01-12",
        )
        assert row.not_after == datetime(2027, 1, 12, 9, tzinfo=UTC), "18:00 of its own day"


def test_only_lines_with_something_to_say_are_in_it(database: Database, tmp_path: Path) -> None:
    cohort = planned_course(database, tmp_path)
    with database.session() as db:
        actions.finish_step(db, *cohort_and_seat(db, cohort, "001"), step="act1", now=HOLIDAY)
        plan(db, HOLIDAY)
    with languages(), database.session() as db:
        make_digests(db, TUESDAY, worker="a:1")
        row = digest(db)
        written = LetterWriter("https://minori.example.jp", "Minori <no-reply@minori.example.jp>")
        letter = written.write(db, [row], now=TUESDAY)[row.id]
    assert isinstance(letter, EmailMessage), letter
    part = letter.get_body(("plain",))
    assert part is not None
    lines = [line for line in part.get_content().splitlines() if line.startswith("・")]
    assert lines == ["・ACT1 修了 1／2名", "・今週自動で送るお知らせ 1件"]
    assert letter["To"].addresses[0].addr_spec == "sano@minato.example"


def test_without_a_line_there_is_no_letter_and_the_slot_stays_empty(database: Database, tmp_path: Path) -> None:
    cohort = planned_course(database, tmp_path)
    december = datetime(2026, 12, 6, 23, tzinfo=UTC)  # nobody has done anything, and no letter goes this week
    with languages(), database.session() as db:
        assert make_digests(db, december, worker="a:1") == 0
        actions.finish_step(db, *cohort_and_seat(db, cohort, "001"), step="act1", now=december)
        assert make_digests(db, december + HOUR, worker="a:1") == 0


def test_after_the_close_nothing_is_left_to_report(database: Database, tmp_path: Path) -> None:
    cohort = planned_course(database, tmp_path)
    late = datetime(2027, 5, 9, 23, tzinfo=UTC)
    with languages(), database.session() as db:
        actions.finish_step(db, *cohort_and_seat(db, cohort, "001"), step="act1", now=late)
        assert make_digests(db, late, worker="a:1") == 0
        assert next_digest_at(db, late) is None


def digest(db: Session) -> Prompt:
    """The only digest there is."""
    return db.scalars(select(Prompt).where(Prompt.letter.like("%digest"))).one()
