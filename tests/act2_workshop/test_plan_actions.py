"""The trainee's deeds with their plan, on both databases: two at once, and what the database sees of the words."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product
from threading import Barrier

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.act2_workshop.planner import REQUIRED, WORDS, Planner
from trainer.act2_workshop.actions import keep_as_is, submit, take_back
from trainer.act2_workshop.models import Plan, PlanVersion
from trainer.act2_workshop.reviewing import note_opening
from trainer.act2_workshop.rules import Deed, ImpossibleMove, PlanState, may
from trainer.cohorts.models import Cohort, Enrollment, FinishedStep
from trainer.permissions import Role
from trainer.programs.queries import pack_of


def hand_in(planner: Planner, db: Session) -> Plan:
    cohort, seat = db.get_one(Cohort, planner.cohort.id), db.get_one(Enrollment, planner.seat.id)
    pack = pack_of(db, cohort.program_version_id, "en")
    return submit(db, cohort, seat, WORDS, pack=pack, now=planner.now())


def withdraw(planner: Planner, db: Session) -> Plan:
    cohort, seat = db.get_one(Cohort, planner.cohort.id), db.get_one(Enrollment, planner.seat.id)
    pack = pack_of(db, cohort.program_version_id, "en")
    return take_back(db, cohort, seat, pack=pack, now=planner.now())


def keep(planner: Planner, db: Session) -> Plan:
    cohort, seat = db.get_one(Cohort, planner.cohort.id), db.get_one(Enrollment, planner.seat.id)
    return keep_as_is(db, cohort, seat, reason="They asked for it.", now=planner.now())


DEEDS = {Deed.SUBMIT: hand_in, Deed.WITHDRAW: withdraw, Deed.KEEP_AS_IS: keep}


@pytest.mark.parametrize(("state", "deed"), [*product(PlanState, DEEDS)])
def test_each_deed_is_possible_in_the_states_of_the_table_and_in_no_other(
    planner: Planner, state: PlanState, deed: Deed
) -> None:
    with planner.db() as db:
        hand_in(planner, db).state = state
        db.commit()
    with planner.db() as db:
        if not may(state, deed, Role.TRAINEE):
            with pytest.raises(ImpossibleMove):
                DEEDS[deed](planner, db)
            return
        DEEDS[deed](planner, db)
        db.commit()
    plan, version = planner.plan()
    assert plan is not None
    assert version is not None
    assert (plan.version, version.version) == ((1, 1) if deed is Deed.WITHDRAW else (2, 2))


@pytest.mark.parametrize("deed", [Deed.WITHDRAW, Deed.KEEP_AS_IS])
def test_without_a_plan_there_is_nothing_to_answer_for(planner: Planner, deed: Deed) -> None:
    with planner.db() as db, pytest.raises(ImpossibleMove):
        DEEDS[deed](planner, db)


def test_two_submissions_at_once_make_one_plan_with_one_version(planner: Planner) -> None:
    both_ready = Barrier(2)

    def send() -> bool:
        with planner.db() as db:
            both_ready.wait()
            try:
                hand_in(planner, db)
            except ImpossibleMove:
                return False
            db.commit()
            return True

    with ThreadPoolExecutor(2) as pool:
        done = [future.result() for future in [pool.submit(send) for _ in range(2)]]
    assert sorted(done) == [False, True]
    with planner.db() as db:
        assert [one.version for one in db.scalars(select(PlanVersion))] == [1]
        assert len(db.scalars(select(FinishedStep)).all()) == 1


def test_of_taking_back_and_opening_at_once_one_succeeds(planner: Planner) -> None:
    with planner.db() as db:
        hand_in(planner, db)
        db.commit()
    both_ready = Barrier(2)

    def take() -> bool:
        with planner.db() as db:
            both_ready.wait()
            try:
                withdraw(planner, db)
            except ImpossibleMove:
                return False
            db.commit()
            return True

    def open_it() -> bool:
        with planner.db() as db:
            plan = db.scalars(select(Plan)).one()
            both_ready.wait()
            is_opened = note_opening(db, plan, now=planner.now())
            db.commit()
            return is_opened

    with ThreadPoolExecutor(2) as pool:
        taken, opened = (future.result() for future in [pool.submit(take), pool.submit(open_it)])
    assert taken is not opened


def test_the_database_sees_no_word_of_a_plan(planner: Planner) -> None:
    planner.submit()
    planner.answer(Deed.RETURN, "Which part could move forward together?", bank="cm5")
    with planner.db() as db:
        keep(planner, db)
        db.commit()
        for table, column in (
            ("plan_versions", "words_sealed"),
            ("plan_versions", "keep_as_is_sealed"),
            ("plan_reviews", "comments_sealed"),
        ):
            stored = db.execute(text(f"SELECT {column} FROM {table}")).scalars()  # noqa: S608 - our own names
            for value in (bytes(one) for one in stored if one is not None):
                assert not [words for _, words in REQUIRED if len(words) > 12 and words.encode() in value]
                assert b"asked for it" not in value
                assert b"move forward" not in value


def test_a_step_that_somebody_else_finished_stays_finished(planner: Planner) -> None:
    with planner.db() as db:
        hand_in(planner, db)
        db.scalars(select(FinishedStep)).one().finished_by_id = planner.facilitator.id
        db.commit()
    with planner.db() as db:
        withdraw(planner, db)
        db.commit()
        assert len(db.scalars(select(FinishedStep)).all()) == 1
