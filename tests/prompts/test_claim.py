"""Claiming: who is still to be asked, when, in which order, and never twice."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from tests.prompts.courses import cohort_and_seat
from tests.prompts.due_letters import (
    DAY,
    HOUR,
    LONG_LEASE,
    OPENING,
    change,
    change_seat,
    letter_of,
    new_lease,
    planned_course,
    take,
)
from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment, FinishedStep, SeatStatus
from trainer.db import Database
from trainer.prompts.models import Address, OptOut, Prompt, PromptState
from trainer.prompts.rules import Reason


def withdraw(db: Session, seat: Enrollment) -> None:
    db.execute(update(Enrollment).where(Enrollment.id == seat.id).values(status=SeatStatus.WITHDRAWN))


def pause(db: Session, seat: Enrollment) -> None:
    db.execute(update(Enrollment).where(Enrollment.id == seat.id).values(status=SeatStatus.PAUSED))


def finish(db: Session, seat: Enrollment) -> None:
    row = {"organization_id": seat.organization_id, "enrollment_id": seat.id, "step": "act1", "finished_at": OPENING}
    db.execute(insert(FinishedStep).values(**row, reason=""))


def opt_out(db: Session, seat: Enrollment) -> None:
    row = {"organization_id": seat.organization_id, "enrollment_id": seat.id, "letter": "act1_open"}
    db.execute(insert(OptOut).values(**row, opted_out_at=OPENING))


def lose_address(db: Session, seat: Enrollment) -> None:
    db.execute(update(User).where(User.id == seat.user_id).values(email=None))


def bounce(db: Session, seat: Enrollment) -> None:
    row = {"organization_id": seat.organization_id, "address": "p001@minato.example", "score": 4, "reason": ""}
    db.execute(insert(Address).values(**row))


def suppress(db: Session, seat: Enrollment) -> None:
    row = {"organization_id": seat.organization_id, "address": "p001@minato.example", "score": 0, "reason": ""}
    db.execute(insert(Address).values(**row, suppressed_until=OPENING + HOUR))


REASONS = [
    (withdraw, Reason.WITHDRAWN),
    (pause, Reason.PAUSED),
    (finish, Reason.FINISHED),
    (opt_out, Reason.OPTED_OUT),
    (lose_address, Reason.NO_ADDRESS),
    (bounce, Reason.BOUNCED),
    (suppress, Reason.BOUNCED),
]


@pytest.mark.parametrize(("happens", "reason"), REASONS)
def test_who_is_not_to_be_asked_any_more_is_skipped_with_the_reason(
    database: Database, tmp_path: Path, happens: object, reason: Reason
) -> None:
    cohort = planned_course(database, tmp_path)
    with database.session() as db:
        happens(db, cohort_and_seat(db, cohort, "001")[1])  # type: ignore[operator]
        db.commit()
    claimed = take(database)
    assert (letter_of(database).state, letter_of(database).reason) == (PromptState.SKIPPED, reason)
    assert [letter.id for letter in claimed.letters] == [letter_of(database, "002").id]


def test_a_claim_leases_what_is_due_and_counts_a_try(database: Database, tmp_path: Path) -> None:
    planned_course(database, tmp_path)
    assert take(database, OPENING - timedelta(seconds=1)).picked == 0
    assert len(take(database).letters) == 2
    row = letter_of(database)
    assert (row.state, row.attempts, row.lease_token) == (PromptState.CLAIMED, 1, LONG_LEASE.token)
    assert row.worker_id == "test:1"
    assert row.lease_until is not None
    assert take(database, lease=new_lease()).picked == 0


def test_nothing_goes_out_for_a_cohort_that_has_not_started(database: Database, tmp_path: Path) -> None:
    cohort = planned_course(database, tmp_path)
    for started_at in (None, OPENING + DAY):
        with database.session() as db:
            db.execute(update(Cohort).where(Cohort.id == cohort).values(started_at=started_at))
            db.commit()
        assert take(database).picked == 0
    assert letter_of(database).state is PromptState.PLANNED


def test_a_letter_that_is_worse_than_none_is_too_late(database: Database, tmp_path: Path) -> None:
    planned_course(database, tmp_path)
    change(database, not_after=OPENING + HOUR)
    claimed = take(database, OPENING + HOUR + timedelta(seconds=1))
    assert (letter_of(database).state, letter_of(database).reason) == (PromptState.SKIPPED, Reason.TOO_LATE)
    assert claimed.skipped == 1
    assert letter_of(database, "002").state is PromptState.CLAIMED


def test_at_its_very_last_instant_a_letter_still_goes(database: Database, tmp_path: Path) -> None:
    planned_course(database, tmp_path)
    change(database, not_after=OPENING)
    assert len(take(database, OPENING).letters) == 2


OUTSIDE = [
    ("an evening", datetime(2027, 1, 14, 9, 0, tzinfo=UTC), datetime(2027, 1, 14, 23, 0, tzinfo=UTC)),
    ("a Saturday", datetime(2027, 1, 16, 3, 0, tzinfo=UTC), datetime(2027, 1, 17, 23, 0, tzinfo=UTC)),
    ("an early morning", datetime(2027, 1, 18, 22, 59, tzinfo=UTC), datetime(2027, 1, 18, 23, 0, tzinfo=UTC)),
]


@pytest.mark.parametrize(("when", "opening"), [case[1:] for case in OUTSIDE], ids=[case[0] for case in OUTSIDE])
def test_outside_the_send_window_a_letter_waits_for_its_opening(
    database: Database, tmp_path: Path, when: datetime, opening: datetime
) -> None:
    planned_course(database, tmp_path)
    assert take(database, when).letters == ()
    row = letter_of(database)
    assert (row.state, row.next_at, row.attempts) == (PromptState.PLANNED, opening, 0)
    assert len(take(database, opening).letters) == 2


def test_a_letter_that_would_be_too_late_when_the_window_opens_is_skipped_at_once(
    database: Database, tmp_path: Path
) -> None:
    planned_course(database, tmp_path)
    change(database, not_after=datetime(2027, 1, 16, 0, 0, tzinfo=UTC))
    take(database, datetime(2027, 1, 15, 10, 0, tzinfo=UTC))  # Friday, 19:00 in Tokyo
    assert letter_of(database).reason == Reason.TOO_LATE
    assert letter_of(database, "002").state is PromptState.PLANNED


def test_letters_in_time_go_before_late_ones_and_of_those_the_newest_first(database: Database, tmp_path: Path) -> None:
    numbers = [f"{number:03}" for number in range(1, 7)]
    planned_course(database, tmp_path, *numbers)
    waited = {"001": 0, "002": 5, "003": 60, "004": 300, "005": 20, "006": 2}
    for number, minutes in waited.items():
        at = OPENING + HOUR * 6 - timedelta(minutes=minutes)
        change(database, number, due_at=at, next_at=at)
    order = [letter.id for letter in take(database, OPENING + HOUR * 6).letters]
    assert order == [letter_of(database, number).id for number in ("002", "006", "001", "005", "003", "004")]


def test_a_claim_takes_no_more_than_its_limit(database: Database, tmp_path: Path) -> None:
    planned_course(database, tmp_path, "001", "002", "003")
    assert len(take(database, limit=2).letters) == 2
    assert len(take(database, limit=2, lease=new_lease()).letters) == 1


def test_a_letter_to_the_boss_asks_after_the_bosss_address(database: Database, tmp_path: Path) -> None:
    cohort = planned_course(database, tmp_path, optional_letters=["boss_brief"])
    with database.session() as db:
        _, seat = cohort_and_seat(db, cohort, "001")
        db.execute(update(User).where(User.id == seat.user_id).values(email=None))
        db.commit()
    claimed = {letter.letter: letter for letter in take(database).letters if letter.id != letter_of(database, "002").id}
    assert claimed["boss_brief"].to_boss
    assert letter_of(database).reason == Reason.NO_ADDRESS
    with database.session() as db:
        row = {"organization_id": seat.organization_id, "address": "boss@minato.example", "score": 4, "reason": ""}
        db.execute(insert(Address).values(**row))
        db.execute(update(Prompt).where(Prompt.letter == "boss_brief").values(state=PromptState.PLANNED))
        db.commit()
    take(database)
    assert letter_of(database, letter="boss_brief").reason == Reason.BOUNCED


def test_a_cohort_without_a_timetable_holds_up_nobody_else(database: Database, tmp_path: Path) -> None:
    impossible = planned_course(database, tmp_path, "001")
    planned_course(database, tmp_path, "002", name="第2回")
    with database.session() as db:
        db.execute(update(Cohort).where(Cohort.id == impossible).values(closures=["2026-12-01/2027-12-31"]))
        db.commit()
    claimed = take(database)
    assert [letter.id for letter in claimed.letters] == [letter_of(database, "002").id]
    assert (letter_of(database).state, letter_of(database).next_at > OPENING) == (PromptState.PLANNED, True)


def test_several_claimers_never_get_one_row_twice(database: Database, tmp_path: Path) -> None:
    numbers = [f"{number:03}" for number in range(60)]
    planned_course(database, tmp_path, *numbers)
    got: list[int] = []
    start = threading.Barrier(4)

    def work(worker: int) -> None:
        start.wait()
        while (claimed := take(database, lease=new_lease(worker=f"test:{worker}"), limit=7)).picked:
            got.extend(letter.id for letter in claimed.letters)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == len(set(got)) == 60


def test_a_seat_that_changes_hands_meets_its_own_rows_only(database: Database, tmp_path: Path) -> None:
    """Two people with letters of the same kind on the same day do not outdo each other."""
    cohort = planned_course(database, tmp_path)
    assert change_seat(database, cohort, "001") != change_seat(database, cohort, "002")
    assert len(take(database).letters) == 2
