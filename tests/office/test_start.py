"""The start: not without a rehearsal of the present dates, with its number of letters, and back until the first."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.browsers import Watch
from tests.factories import NOW, make_seat
from tests.factories import make_cohort as make_cohort_row
from tests.office.conftest import Office
from tests.office.pages import bring_in, make_cohort
from trainer.accounts.models import Organization
from trainer.audit import AuditEvent
from trainer.cohorts.actions import override_date, set_schedule
from trainer.cohorts.actions_start import (
    is_rehearsed,
    note_rehearsal,
    rehearsal_digest,
    start_rehearsed,
    take_start_back,
)
from trainer.cohorts.models import Cohort, Enrollment
from trainer.cohorts.queries import seat_of
from trainer.cohorts.sentences import Refused
from trainer.db import Database
from trainer.office.first_letters import first_letters
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.planning import plan_prompts
from trainer.prompts.timetable import timetable_of

OPENING = datetime(2027, 1, 13, tzinfo=UTC)  # 09:00 in Tokyo: ACT1 opens


def rehearse(office: Office, cohort: Cohort) -> None:
    """Look at the rehearsal, and press the button below it."""
    with office.database.reading() as db:
        digest = rehearsal_digest(db, db.get_one(Cohort, cohort.id))
    assert office.post(f"/cohorts/{cohort.uid}/rehearsed", digest=digest)[0] == 303


def started_at(office: Office, cohort: Cohort) -> datetime | None:
    with office.database.reading() as db:
        return db.get_one(Cohort, cohort.id).started_at


def test_nothing_starts_unrehearsed(office: Office) -> None:
    cohort = make_cohort(office)
    assert "start-now" not in office.read(f"/cohorts/{cohort.uid}/start")
    status, page = office.post(f"/cohorts/{cohort.uid}/start")
    assert status == 422
    assert "Look at the rehearsal of the present dates first." in page
    assert started_at(office, cohort) is None


def test_a_start_without_a_facilitator_is_remarked_and_not_hindered(office: Office) -> None:
    cohort = make_cohort(office)
    rehearse(office, cohort)
    page = office.read(f"/cohorts/{cohort.uid}/start")
    assert "No facilitator yet" in page
    assert f'<a href="/cohorts/{cohort.uid}/staff">Choose the facilitators' in page
    assert "start-now" in page
    office.post(f"/cohorts/{cohort.uid}/staff", name="Fuji", email="fuji@training.example")
    assert "No facilitator yet" not in office.read(f"/cohorts/{cohort.uid}/start")


def test_a_rehearsal_of_other_dates_is_none(office: Office) -> None:
    cohort = make_cohort(office)
    office.post(f"/cohorts/{cohort.uid}/rehearsed", digest="0" * 64)
    assert "start-now" not in office.read(f"/cohorts/{cohort.uid}/start")


def test_a_rehearsed_cohort_starts_and_the_start_is_written_down(office: Office, now: datetime) -> None:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    rehearse(office, cohort)
    assert "start-now" in office.read(f"/cohorts/{cohort.uid}/start")
    assert office.post(f"/cohorts/{cohort.uid}/start") == (303, f"/cohorts/{cohort.uid}")
    assert started_at(office, cohort) == now
    with office.database.reading() as db:
        assert db.scalars(select(AuditEvent.act)).all()[-1] == "start_cohort"
    assert "The cohort is running" in office.read(f"/cohorts/{cohort.uid}")


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (OPENING - timedelta(days=9), "Start; the first 2 letters go on Wed, Jan 13"),
        (OPENING - timedelta(hours=20), "Start and send 2 letters on Wed, Jan 13"),
        (OPENING - timedelta(minutes=1), "Start and send 2 letters today"),
    ],
)
def test_the_button_says_how_many_letters_go_out_and_when(
    app: Flask, office: Office, watch: Watch, at: datetime, words: str
) -> None:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    rehearse(office, cohort)
    watch.time = at
    office.browser.enter(office.user, at)
    assert words in office.read(f"/cohorts/{cohort.uid}/start")


def test_the_next_business_day_leaves_out_weekends_and_holidays(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort_row(db)
        make_seat(db, cohort)
        friday = datetime(2027, 1, 8, 3, tzinfo=UTC)
        letters = first_letters(db, timetable_of(db, cohort), now=friday)
        assert letters.next_on == date(2027, 1, 12)  # Monday 11 January is a public holiday
        assert (letters.next_count, letters.first_on, letters.first_count) == (0, date(2027, 1, 13), 1)
        assert not letters.are_some_past
        assert first_letters(db, timetable_of(db, cohort), now=OPENING + timedelta(hours=1)).are_some_past


def test_the_start_is_taken_back_until_the_first_letter(office: Office) -> None:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    rehearse(office, cohort)
    office.post(f"/cohorts/{cohort.uid}/start")
    assert "Take the start back" in office.read(f"/cohorts/{cohort.uid}/start")
    office.post(f"/cohorts/{cohort.uid}/start/undo")
    assert started_at(office, cohort) is None
    office.post(f"/cohorts/{cohort.uid}/start")
    send_one(office, cohort)
    assert "Take the start back" not in office.read(f"/cohorts/{cohort.uid}/start")
    office.post(f"/cohorts/{cohort.uid}/start/undo")
    assert started_at(office, cohort) is not None


@pytest.mark.parametrize("state", [PromptState.CLAIMED, PromptState.HANDING, PromptState.SENT, PromptState.IN_DOUBT])
def test_an_import_stays_once_a_letter_is_on_its_way(office: Office, state: PromptState) -> None:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    rehearse(office, cohort)
    office.post(f"/cohorts/{cohort.uid}/start")
    assert "Undo this import" in office.read(f"/cohorts/{cohort.uid}/people")
    send_one(office, cohort, state)
    assert "Undo this import" not in office.read(f"/cohorts/{cohort.uid}/people")


def test_planned_letters_go_with_the_people_of_an_undone_import(office: Office, now: datetime) -> None:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    rehearse(office, cohort)
    office.post(f"/cohorts/{cohort.uid}/start")
    with office.database.session() as db:
        plan_prompts(db, now)
        db.commit()
        assert db.scalars(select(Prompt)).first() is not None
    page = office.read(f"/cohorts/{cohort.uid}/people")
    path = page.partition('action="')[2].partition('"')[0]
    assert office.post(path)[0] == 303
    with office.database.reading() as db:
        assert seat_of(db, cohort, "000001") is None


def test_each_change_of_the_dates_asks_for_a_new_rehearsal(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort_row(db)
        for change in CHANGES:
            note_rehearsal(db, cohort, NOW)
            assert is_rehearsed(db, cohort)
            change(db, cohort)
            db.flush()
            assert not is_rehearsed(db, cohort)
            with pytest.raises(Refused, match="rehearsal of the present dates"):
                start_rehearsed(db, cohort, now=NOW)


def test_people_make_no_difference_to_a_rehearsal(database: Database) -> None:
    with database.session() as db:
        cohort = make_cohort_row(db)
        assert note_rehearsal(db, cohort, NOW)
        make_seat(db, cohort)
        assert not note_rehearsal(db, cohort, NOW)
        assert start_rehearsed(db, cohort, now=NOW)
        assert not start_rehearsed(db, cohort, now=NOW)
        assert take_start_back(db, cohort)
        assert not take_start_back(db, cohort)


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_on_postgresql_a_start_sees_what_was_changed_while_it_waited(database: Database) -> None:
    with database.session() as db:
        cohort_id = make_cohort_row(db).id
        note_rehearsal(db, db.get_one(Cohort, cohort_id), NOW)
        db.commit()
    with database.session() as db, database.session() as other:
        cohort = db.get_one(Cohort, cohort_id)
        set_schedule(other, other.get_one(Cohort, cohort_id), day1=date(2027, 2, 9), day2=date(2027, 2, 10))
        other.commit()
        with pytest.raises(Refused, match="rehearsal of the present dates"):
            start_rehearsed(db, cohort, now=NOW)


def close_the_company(db: Session, cohort: Cohort) -> None:
    db.get_one(Organization, cohort.organization_id).closures = ["2027-02-12"]


CHANGES = (
    lambda db, cohort: set_schedule(db, cohort, day1=date(2027, 2, 9), day2=date(2027, 2, 10)),
    lambda db, cohort: override_date(db, cohort, date_id="plan_due", day=date(2027, 2, 26), now=NOW),
    lambda _db, cohort: setattr(cohort, "prompt_time", time(10)),
    lambda _db, cohort: setattr(cohort, "time_zone", "Europe/Berlin"),
    lambda _db, cohort: setattr(cohort, "holidays", "DE"),
    lambda _db, cohort: setattr(cohort, "closures", ["2027-03-01"]),
    lambda _db, cohort: setattr(cohort, "optional_letters", ["boss_brief"]),
    lambda _db, cohort: setattr(cohort, "venue", "Room B"),
    close_the_company,
)


def send_one(office: Office, cohort: Cohort, state: PromptState = PromptState.SENT) -> None:
    """A letter of the cohort is on its way, or has gone."""
    with office.database.session() as db:
        seat = db.scalars(select(Enrollment).where(Enrollment.cohort_id == cohort.id)).first()
        assert seat is not None
        prompt = Prompt(
            organization_id=cohort.organization_id,
            cohort_id=cohort.id,
            enrollment_id=seat.id,
            letter="act1_open",
            idem_key="one",
            local_date=NOW.date(),
            local_time=time(9),
            zone="Asia/Tokyo",
            program_version_id=cohort.program_version_id,
            due_at=NOW,
            next_at=NOW,
            not_after=NOW,
            state=state,
            updated_at=NOW,
        )
        db.add(prompt)
        db.commit()
