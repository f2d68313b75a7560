"""The demo's ledger is believable: what is over has gone, at its time, to the right people, and nothing leaves now."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.demo.companies import load_demo
from trainer.accounts.models import User
from trainer.cohorts.models import Enrollment, FinishedStep, SeatStatus
from trainer.db import Database
from trainer.prompts.digests import make_digests
from trainer.prompts.models import Address, Attempt, Prompt, PromptState
from trainer.prompts.planning import mark_running, plan_prompts
from trainer.settings import Settings

TOKYO = ZoneInfo("Asia/Tokyo")


INSTANTS = [
    datetime(2026, 9, 7, 3, 0, tzinfo=TOKYO),  # a Monday before anybody is up
    datetime(2026, 5, 7, 9, 0, tzinfo=TOKYO),  # after five days off, on the letters' own hour
    datetime(2027, 1, 2, 23, 30, tzinfo=TOKYO),
]


@pytest.fixture
def loaded_at(database: Database, settings: Settings, now: datetime) -> datetime:
    """The demo is loaded at this instant."""
    load_demo(database, now, settings)
    return now


@pytest.fixture(params=INSTANTS, ids=str)
def any_instant(request: pytest.FixtureRequest, database: Database, settings: Settings) -> datetime:
    """The demo is loaded at one of several instants that are hard to be right at."""
    instant: datetime = request.param
    load_demo(database, instant, settings)
    return instant


def test_nothing_waits_in_the_past_and_nothing_has_gone_in_the_future(
    any_instant: datetime, database: Database, settings: Settings
) -> None:
    with database.reading() as db:
        states = set(db.scalars(select(Prompt.state)))
        assert states == {PromptState.PLANNED, PromptState.SENT, PromptState.SKIPPED, PromptState.FAILED}
        planned = select(Prompt.id).where(Prompt.state == PromptState.PLANNED)
        assert db.scalars(planned.where(Prompt.next_at <= any_instant)).all() == []
        sent = select(Prompt.due_at, Prompt.sent_at).where(Prompt.state == PromptState.SENT)
        assert all(due_at == sent_at and due_at <= any_instant for due_at, sent_at in db.execute(sent))
        tries = select(Prompt.attempts, func.count(Attempt.id)).outerjoin(Attempt, Attempt.prompt_id == Prompt.id)
        assert all(told == made for told, made in db.execute(tries.group_by(Prompt.id)))
        assert letters_after_planning_anew(database, any_instant) == letters(db)
    assert not settings.outbox_dir.exists()


def test_letters_went_to_those_who_were_still_to_be_asked(loaded_at: datetime, database: Database) -> None:
    with database.reading() as db:
        sent = select(Prompt.letter, Prompt.due_at, FinishedStep.finished_at).where(Prompt.state == PromptState.SENT)
        ended = (FinishedStep.enrollment_id == Prompt.enrollment_id) & (FinishedStep.step == Prompt.step)
        reminded = db.execute(sent.join(FinishedStep, ended)).all()
        assert {"act1_open", "act1_due_soon", "plan_due", "reflection1_open"} <= {letter for letter, *_ in reminded}
        assert [letter for letter, due_at, finished_at in reminded if finished_at < due_at] == []
        seats = select(Prompt.letter).join(Enrollment, Enrollment.id == Prompt.enrollment_id)
        gone = seats.where(Prompt.state == PromptState.SENT)
        assert db.scalars(gone.where(Enrollment.withdrawn_at < Prompt.due_at)).all() == []
        assert db.scalars(gone.where(Enrollment.added_at > Prompt.due_at)).all() == []
        waiting = seats.where(Prompt.state == PromptState.PLANNED)
        assert db.scalars(waiting.where(Enrollment.status != SeatStatus.ACTIVE)).all() == []


def test_who_joined_late_was_told_where_the_course_is(loaded_at: datetime, database: Database) -> None:
    with database.reading() as db:
        told = select(User.employee_number).join(Enrollment, Enrollment.user_id == User.id)
        told = told.join(Prompt, Prompt.enrollment_id == Enrollment.id).where(Prompt.letter == "where_we_are")
        assert db.scalars(told).all() == ["004140"]


def test_the_letter_that_came_back_failed_and_its_address_gets_no_more(loaded_at: datetime, database: Database) -> None:
    with database.reading() as db:
        failed = db.scalars(select(Prompt).where(Prompt.state == PromptState.FAILED)).one()
        assert (failed.letter, failed.smtp_code, failed.sent_at) == ("reflection1_open", 550, None)
        attempt = db.scalars(select(Attempt).where(Attempt.prompt_id == failed.id)).one()
        told = (attempt.phase, attempt.code, attempt.enhanced, attempt.outcome)
        assert told == ("rcpt", 550, "5.1.1", "address_refused")
        assert failed.due_at < attempt.ended_at == failed.updated_at <= loaded_at - timedelta(days=2)
        assert db.scalars(select(Address.address)).all() == ["wakui.madkoa@minato.example"]
        later = select(Prompt.reason).where(Prompt.enrollment_id == failed.enrollment_id, Prompt.due_at > loaded_at)
        assert set(db.scalars(later)) == {"bounced"}


def letters_after_planning_anew(database: Database, now: datetime) -> list[tuple[object, ...]]:
    """The letters as a scheduler that starts now finds and leaves them; what it did is rolled back."""
    with database.session() as db:
        mark_running(db, now)
        while plan_prompts(db, now):
            pass
        make_digests(db, now, worker="w1")
        return letters(db)


def letters(db: Session) -> list[tuple[object, ...]]:
    columns = (Prompt.idem_key, Prompt.state, Prompt.reason, Prompt.due_at, Prompt.next_at, Prompt.sent_at)
    return [tuple(row) for row in db.execute(select(*columns).order_by(Prompt.idem_key))]
