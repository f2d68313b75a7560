"""A step that its trainee put off for a week: its reminders rest, the last one follows the new due date."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.prompts.courses import cohort_and_seat, make_course, plan
from tests.prompts.due_letters import take
from trainer.act3_practice.actions import put_off
from trainer.act3_practice.queries import period_of, practice_of
from trainer.cohorts.models import Cohort, Enrollment
from trainer.db import Database
from trainer.prompts.models import Prompt

OPENED = datetime(2027, 3, 5, 3, 0, tzinfo=UTC)  # a Friday; reflection1 opened the day before
REMINDER = datetime(2027, 3, 8, tzinfo=UTC)  # 09:00 in Tokyo


def rows(db: Session, seat: Enrollment) -> dict[str, tuple[date, str, str | None]]:
    """Letter of the step -> (day, state, reason)."""
    db.expire_all()
    of_step = select(Prompt).where(Prompt.enrollment_id == seat.id, Prompt.step == "reflection1")
    return {row.letter: (row.local_date, row.state.value, row.reason) for row in db.scalars(of_step)}


def ask_for_a_week(db: Session, cohort: Cohort, seat: Enrollment, now: datetime) -> bool:
    practice = practice_of(db, seat, "ja")
    period = period_of(db, practice, "reflection1", now)
    return put_off(db, practice, "reflection1", period, by_id=seat.user_id, now=now)


def test_reminders_rest_for_a_week_and_the_last_one_follows_the_new_due_date(
    database: Database, tmp_path: Path
) -> None:
    number = make_course(database, tmp_path)
    with database.session() as db:
        cohort, seat = cohort_and_seat(db, number, "001")
        plan(db, OPENED)
        before = rows(db, seat)
        assert before["reflection1_reminder"] == (date(2027, 3, 8), "planned", None)
        assert ask_for_a_week(db, cohort, seat, OPENED)
        plan(db, OPENED)
        after = rows(db, seat)
        assert after["reflection1_reminder"] == (date(2027, 3, 8), "skipped", "paused")
        assert after["reflection1_open"] == before["reflection1_open"]
        last = after["reflection1_last"]
        assert last[0] > before["reflection1_last"][0] + timedelta(days=4)
        assert last[1:] == ("planned", None)
        assert rows(db, cohort_and_seat(db, number, "002")[1]) == before


def test_the_last_letter_goes_although_it_falls_into_the_week(database: Database, tmp_path: Path) -> None:
    number = make_course(database, tmp_path)
    due = datetime(2027, 3, 12, 3, 0, tzinfo=UTC)
    with database.session() as db:
        cohort, seat = cohort_and_seat(db, number, "001")
        plan(db, OPENED)
        assert ask_for_a_week(db, cohort, seat, due)
        plan(db, due)
        day, *state = rows(db, seat)["reflection1_last"]
        assert day < (due + timedelta(days=9)).date()
        assert state == ["planned", None]


def test_a_letter_planned_before_is_stopped_with_the_claim(database: Database, tmp_path: Path) -> None:
    number = make_course(database, tmp_path, "001")
    with database.session() as db:
        cohort, seat = cohort_and_seat(db, number, "001")
        plan(db, OPENED)
        assert ask_for_a_week(db, cohort, seat, OPENED)
        db.commit()  # and nobody has planned anew
    take(database, REMINDER)
    with database.reading() as db:
        assert rows(db, seat)["reflection1_reminder"] == (date(2027, 3, 8), "skipped", "paused")
