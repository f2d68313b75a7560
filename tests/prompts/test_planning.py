"""The planner: rows agree with dates, seats, finished steps and events, and a second look changes nothing."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, text, update
from sqlalchemy.orm import Session

from tests.prompts.courses import DECEMBER, cohort_and_seat, make_course, plan
from trainer.accounts.models import User
from trainer.cohorts import actions
from trainer.db import Database
from trainer.prompts.models import Address, OptOut, Prompt, PromptState
from trainer.prompts.planning import plan_prompts
from trainer.prompts.rehearsal import rehearse

DAY = timedelta(days=1)
OPENING = datetime(2027, 1, 13, tzinfo=UTC)  # 09:00 in Tokyo


def rows(db: Session, seat: int | None = None) -> dict[str, tuple[str, str | None]]:
    """Letter -> (state, reason) of a seat's rows, the occasion behind a letter that has one."""
    chosen = select(Prompt).where(Prompt.enrollment_id == seat) if seat else select(Prompt)
    db.expire_all()
    return {
        prompt.letter + (f":{prompt.occasion}" if prompt.occasion else ""): (prompt.state.value, prompt.reason)
        for prompt in db.scalars(chosen)
    }


def mark_sent(db: Session, seat: int, letter: str, at: datetime) -> None:
    """As if the letter had gone out at this instant."""
    gone = update(Prompt).where(Prompt.enrollment_id == seat, Prompt.letter == letter)
    db.execute(gone.values(state=PromptState.SENT, sent_at=at, handed_at=at))


def test_a_fresh_plan_is_the_rehearsal(database: Database, tmp_path: Path) -> None:
    cohort = make_course(database, tmp_path, "001", "002", optional_letters=["boss_brief"])
    with database.session() as db:
        plan(db)
        planned = db.scalars(select(Prompt).where(Prompt.state == PromptState.PLANNED)).all()
        found, _ = cohort_and_seat(db, cohort, "001")
        rehearsed = [(one.due_at[:10], one.letter) for one in rehearse(db, found)]
        assert sorted((str(prompt.local_date), prompt.letter) for prompt in planned) == sorted(rehearsed)


def test_planning_twice_changes_nothing_and_looks_at_nothing(database: Database, tmp_path: Path) -> None:
    make_course(database, tmp_path)
    with database.session() as db:
        assert plan(db) == 1
        before = [(prompt.uid, prompt.updated_at) for prompt in db.scalars(select(Prompt).order_by(Prompt.id))]
        assert plan(db, DECEMBER + DAY) == 0
        actions.mark_cohorts_of(db, 1)
        assert plan(db, DECEMBER + DAY) == 1
        db.expire_all()
        assert [(p.uid, p.updated_at) for p in db.scalars(select(Prompt).order_by(Prompt.id))] == before


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_what_follows_planning_in_a_transaction_is_done_as_the_database_sees_fit(
    database: Database, tmp_path: Path
) -> None:
    make_course(database, tmp_path, "001")
    with database.session() as db:
        before = [db.scalar(text(f"SHOW {name}")) for name in ("enable_nestloop", "jit")]
        plan_prompts(db, DECEMBER)
        assert [db.scalar(text(f"SHOW {name}")) for name in ("enable_nestloop", "jit")] == before


def test_a_cohort_that_has_not_started_has_no_letters(database: Database, tmp_path: Path) -> None:
    make_course(database, tmp_path, starts=False)
    with database.session() as db:
        assert plan(db) == 0
        assert rows(db) == {}


def test_finishing_a_step_skips_that_steps_letters_only(database: Database, tmp_path: Path) -> None:
    cohort = make_course(database, tmp_path)
    with database.session() as db:
        plan(db)
        found, seat = cohort_and_seat(db, cohort, "001")
        before = rows(db, seat.id)
        actions.finish_step(db, found, seat, step="act1", now=DECEMBER)
        plan(db)
        after = rows(db, seat.id)
        changed = {letter for letter in after if after[letter] != before[letter]}
        assert changed == {"act1_open", "act1_due_soon", "act1_past_due"}
        assert {after[letter] for letter in changed} == {("skipped", "finished")}
        assert rows(db, cohort_and_seat(db, cohort, "002")[1].id) == before


def test_a_finished_reflection_makes_the_row_of_its_experiment(database: Database, tmp_path: Path) -> None:
    cohort = make_course(database, tmp_path)
    with database.session() as db:
        plan(db)
        found, seat = cohort_and_seat(db, cohort, "001")
        assert "nudge_experiment" not in rows(db, seat.id)
        actions.finish_step(db, found, seat, step="reflection1", now=DECEMBER)
        plan(db)
        assert rows(db, seat.id)["nudge_experiment"] == ("planned", None)


@pytest.mark.parametrize(
    ("pause_at", "resume_at", "expected"),
    [
        pytest.param(OPENING - 2 * DAY, OPENING - DAY, ("planned", None), id="resumed before it was due"),
        pytest.param(OPENING - 2 * DAY, OPENING, ("skipped", "paused"), id="resumed when it was due"),
    ],
)
def test_a_reason_is_taken_back_only_before_the_letter_was_due(
    database: Database, tmp_path: Path, pause_at: datetime, resume_at: datetime, expected: tuple[str, str | None]
) -> None:
    cohort = make_course(database, tmp_path)
    with database.session() as db:
        plan(db)
        found, seat = cohort_and_seat(db, cohort, "001")
        actions.pause(db, found, seat, now=pause_at)
        plan(db, pause_at)
        assert rows(db, seat.id)["act1_open"] == ("skipped", "paused")
        actions.resume(db, found, seat, now=resume_at)
        plan(db, resume_at)
        assert rows(db, seat.id)["act1_open"] == expected
        assert rows(db, seat.id)["workshop_eve"] == ("planned", None)
        assert sum(letter.startswith("where_we_are") for letter in rows(db, seat.id)) == 1


def test_who_joins_late_gets_one_letter_that_says_where_the_course_is(database: Database, tmp_path: Path) -> None:
    make_course(database, tmp_path, "001")
    late = datetime(2027, 2, 6, 3, 0, tzinfo=UTC)  # a Saturday
    with database.session() as db:
        plan(db)
    cohort = make_course(database, tmp_path, "001", "002", now=late)
    with database.session() as db:
        plan(db, late)
        _, seat = cohort_and_seat(db, cohort, "002")
        found = rows(db, seat.id)
        assert found["act1_open"] == found["workshop_eve"] == ("skipped", "joined_late")
        assert found["plan_due"] == ("planned", None)
        where = db.scalars(select(Prompt).where(Prompt.letter == "where_we_are")).one()
        assert (where.enrollment_id, where.occasion) == (seat.id, "joined")
        assert where.due_at == datetime(2027, 2, 7, 23, 0, tzinfo=UTC)  # Monday 08:00 in Tokyo


def test_a_pause_that_was_over_before_the_start_needs_no_word_about_where_we_are(
    database: Database, tmp_path: Path
) -> None:
    cohort = make_course(database, tmp_path, "001", starts=False)
    with database.session() as db:
        found, seat = cohort_and_seat(db, cohort, "001")
        actions.pause(db, found, seat, now=DECEMBER)
        actions.resume(db, found, seat, now=DECEMBER + DAY)
        db.commit()
    make_course(database, tmp_path, "001", now=DECEMBER + 2 * DAY)
    with database.session() as db:
        plan(db, DECEMBER + 2 * DAY)
        assert db.scalars(select(Prompt.id)).all()
        assert not db.scalars(select(Prompt).where(Prompt.letter == "where_we_are")).all()


def test_a_sent_letter_is_never_touched(database: Database, tmp_path: Path) -> None:
    cohort = make_course(database, tmp_path)
    with database.session() as db:
        plan(db)
        found, seat = cohort_and_seat(db, cohort, "001")
        mark_sent(db, seat.id, "act1_open", OPENING)
        sent = db.scalars(select(Prompt).where(Prompt.state == PromptState.SENT)).one()
        before = (sent.due_at, sent.local_date, sent.updated_at)
        actions.set_schedule(db, found, day1=date(2027, 3, 3), day2=date(2027, 3, 4))
        actions.withdraw(db, found, seat, now=OPENING + DAY)
        plan(db, OPENING + DAY)
        db.expire_all()
        assert (sent.state, sent.due_at, sent.local_date, sent.updated_at) == (PromptState.SENT, *before)
        others = {state for letter, state in rows(db, seat.id).items() if letter != "act1_open"}
        assert others == {("skipped", "withdrawn")}


def test_a_letter_sent_today_takes_the_day(database: Database, tmp_path: Path) -> None:
    cohort = make_course(database, tmp_path)
    with database.session() as db:
        plan(db)
        found, seat = cohort_and_seat(db, cohort, "001")
        mark_sent(db, seat.id, "act1_open", datetime(2027, 2, 9, 0, 0, tzinfo=UTC))  # the day of plan_due
        actions.mark_to_plan(db, found)
        plan(db)
        assert rows(db, seat.id)["plan_due"] == ("skipped", "superseded")


def test_reminders_already_sent_count_in_their_week(database: Database, tmp_path: Path) -> None:
    cohort = make_course(database, tmp_path)
    with database.session() as db:
        plan(db)
        found, seat = cohort_and_seat(db, cohort, "001")
        mark_sent(db, seat.id, "act1_due_soon", datetime(2027, 2, 8, 0, 0, tzinfo=UTC))
        mark_sent(db, seat.id, "act1_past_due", datetime(2027, 2, 10, 0, 0, tzinfo=UTC))
        actions.mark_to_plan(db, found)
        plan(db)
        assert rows(db, seat.id)["plan_due"] == ("skipped", "over_limit")


def test_an_extension_moves_the_letters_of_its_step(database: Database, tmp_path: Path) -> None:
    cohort = make_course(database, tmp_path)
    with database.session() as db:
        plan(db)
        found, seat = cohort_and_seat(db, cohort, "001")
        actions.extend(db, found, seat, step="plan", due_on=date(2027, 2, 26), reason="出張", now=DECEMBER)
        plan(db)
        days = dict(db.execute(select(Prompt.letter, Prompt.local_date).where(Prompt.enrollment_id == seat.id)).all())
        assert days["plan_due"] == date(2027, 2, 24)
        assert days["plan_past_due"] == date(2027, 3, 2)
        assert days["reflection1_open"] == date(2027, 3, 4)


def test_an_address_that_is_missing_bounced_or_opted_out_says_so(database: Database, tmp_path: Path) -> None:
    cohort = make_course(database, tmp_path, "001", "002", "003", optional_letters=["boss_brief"])
    with database.session() as db:
        found, first = cohort_and_seat(db, cohort, "001")
        db.execute(update(User).where(User.id == first.user_id).values(email=None))
        db.add(Address(organization_id=1, address="p002@minato.example", score=4))
        _, third = cohort_and_seat(db, cohort, "003")
        db.add(OptOut(organization_id=1, enrollment_id=third.id, letter="closing_summary", opted_out_at=DECEMBER))
        actions.mark_to_plan(db, found)
        plan(db)
        second = cohort_and_seat(db, cohort, "002")[1]
        assert rows(db, first.id)["plan_due"] == ("skipped", "no_address")
        assert rows(db, second.id)["plan_due"] == ("skipped", "bounced")
        assert rows(db, second.id)["boss_brief"] == ("planned", None)
        assert rows(db, third.id)["closing_summary"] == ("skipped", "opted_out")
        assert rows(db, third.id)["plan_due"] == ("planned", None)


def test_a_letter_that_was_switched_off_loses_its_row(database: Database, tmp_path: Path) -> None:
    make_course(database, tmp_path, optional_letters=["boss_brief"])
    with database.session() as db:
        plan(db)
        assert "boss_brief" in rows(db)
    make_course(database, tmp_path, optional_letters=[])
    with database.session() as db:
        plan(db)
        assert "boss_brief" not in rows(db)


def test_a_waiting_retry_goes_on_waiting_until_its_date_moves(database: Database, tmp_path: Path) -> None:
    cohort = make_course(database, tmp_path)
    with database.session() as db:
        plan(db)
        found, seat = cohort_and_seat(db, cohort, "001")
        later = OPENING + timedelta(hours=2)
        db.execute(
            update(Prompt).where(Prompt.enrollment_id == seat.id, Prompt.letter == "act1_open").values(next_at=later)
        )
        opening = select(Prompt.next_at).where(Prompt.enrollment_id == seat.id, Prompt.letter == "act1_open")
        actions.mark_to_plan(db, found)
        plan(db)
        assert db.scalar(opening) == later
        actions.set_schedule(db, found, day1=date(2027, 2, 10), day2=date(2027, 2, 12))
        plan(db)
        assert db.scalar(opening) == OPENING + 7 * DAY


def test_planning_takes_the_same_number_of_queries_for_any_number_of_seats(database: Database, tmp_path: Path) -> None:
    counts = []
    for size in (2, 60):
        folder = tmp_path / str(size)
        folder.mkdir()
        make_course(database, folder, *(f"{n:04}" for n in range(size)), name=f"回{size}")
        statements: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any, found: list[str] = statements) -> None:
            found.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        with database.session() as db:
            plan(db)
        event.remove(database.engine, "before_cursor_execute", note)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert counts[1] <= 30
