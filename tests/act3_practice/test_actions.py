"""What follows from a reflection: its words, the experiment, the map, the measure, the step; and a week off."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.act3_practice.turns import AFTER_ONE_MONTH, AFTER_TWO_MONTHS, ROTATE, make_plan, make_reflection
from tests.factories import let_write, make_cohort, make_seat
from trainer.act2_workshop.models import MapPoint
from trainer.act3_practice.actions import put_off
from trainer.act3_practice.models import Experiment, MeasureVersion, Reflection, Snooze
from trainer.act3_practice.queries import period_of, practice_of, turns_of
from trainer.cohorts.models import Cohort, Enrollment, Extension, FinishedStep
from trainer.db import Database
from trainer.key_ring import KeyRing
from trainer.writing.actions import save_draft
from trainer.writing.models import Draft

DAY = timedelta(days=1)


@pytest.fixture
def seat(database: Database, key_ring: KeyRing) -> Any:
    with database.session() as db:
        seat = make_seat(db, make_cohort(db))
        let_write(db, key_ring)
        yield db, seat


def one(db: Session, model: Any) -> Any:
    return db.scalars(select(model)).one()


def test_a_turn_is_kept_with_its_experiment_and_the_step_is_finished(seat: Any) -> None:
    db, seat = seat
    make_plan(db, seat)
    save_draft(db, seat, "reflection1", [("scene", "水曜")], based_on=0, now=AFTER_ONE_MONTH)
    reflection = make_reflection(db, seat)
    turn = turns_of(db, seat.id)["reflection1"]
    assert turn.reflection is reflection
    assert turn.answers["rule"].startswith("発言が止まったときは")
    assert "share" not in turn.answers  # who may read it is a column, and there is one truth
    assert turn.decided is not None
    assert turn.decided.prediction.startswith("最初は沈黙")
    assert (turn.decided.measure_id, turn.decided.planned_on) == ("m1", date(2027, 3, 17))
    assert (reflection.measure_id, reflection.source_experiment_id) == ("m1", None)
    assert one(db, FinishedStep).step == "reflection1"
    assert db.scalars(select(Draft)).all() == []


def test_submitting_twice_keeps_the_first(seat: Any) -> None:
    db, seat = seat
    first = make_reflection(db, seat)
    assert make_reflection(db, seat, rule="another") is first
    assert len(db.scalars(select(Experiment)).all()) == 1


def test_the_second_turn_names_the_experiment_it_comes_from(seat: Any) -> None:
    db, seat = seat
    make_plan(db, seat)
    make_reflection(db, seat)
    experiment = one(db, Experiment)
    second = make_reflection(db, seat, "reflection2", AFTER_TWO_MONTHS)
    assert second.source_experiment_id == experiment.id


def test_without_a_first_turn_or_a_plan_the_second_stands_alone(seat: Any) -> None:
    db, seat = seat
    second = make_reflection(db, seat, "reflection2", AFTER_TWO_MONTHS)
    assert (second.source_experiment_id, second.measure_id) == (None, None)
    assert db.scalars(select(MapPoint)).all() == []
    assert db.scalars(select(MeasureVersion)).all() == []


def test_without_both_parts_of_an_if_then_there_is_no_experiment(seat: Any) -> None:
    db, seat = seat
    make_reflection(db, seat, next_when=None, next_then=None)
    assert db.scalars(select(Experiment)).all() == []


def test_the_map_is_marked_at_the_level_of_the_day_with_its_last_carrier(seat: Any) -> None:
    db, seat = seat
    make_plan(db, seat)
    make_reflection(db, seat)
    point = one(db, MapPoint)
    assert (point.task_id, point.wave, point.level, point.carrier) == ("t04", "reflection1", 4, "self")
    point.carrier = "rotation"
    db.flush()
    make_reflection(db, seat, "reflection2", AFTER_TWO_MONTHS, level_now={"m1": 5})
    points = db.scalars(select(MapPoint).order_by(MapPoint.id)).all()
    assert [(each.wave, each.level, each.carrier) for each in points] == [
        ("reflection1", 4, "rotation"),
        ("reflection2", 5, "rotation"),
    ]


def test_two_measures_with_the_same_work_mark_it_once(seat: Any) -> None:
    db, seat = seat
    make_plan(db, seat, [ROTATE, {**ROTATE, "id": "m2"}])
    make_reflection(db, seat, level_now={"m1": 4, "m2": 6})
    assert one(db, MapPoint).level == 4


def test_keeping_a_measure_makes_no_version_and_changing_it_does(seat: Any) -> None:
    db, seat = seat
    make_plan(db, seat)
    make_reflection(db, seat)
    assert db.scalars(select(MeasureVersion)).all() == []
    make_reflection(db, seat, "reflection2", AFTER_TWO_MONTHS, plan_change="smaller")
    version = one(db, MeasureVersion)
    assert (version.measure_id, version.step, version.change) == ("m1", "reflection2", "smaller")
    measure = practice_of(db, seat, "ja").measure("m1")
    assert measure is not None
    assert measure.words["when_cue"] == "納期会議で発言が止まったら"
    assert measure.first["when_cue"] == "会議が始まったら"


def test_a_step_is_put_off_by_a_week_once(seat: Any) -> None:
    db, seat = seat
    practice = practice_of(db, seat, "ja")
    before = period_of(db, practice, "reflection1", AFTER_ONE_MONTH)
    assert put_off(db, practice, "reflection1", before, by_id=seat.user_id, now=AFTER_ONE_MONTH)
    after = period_of(db, practice, "reflection1", AFTER_ONE_MONTH)
    assert (after.due_on - before.due_on, after.was_put_off) == (7 * DAY, True)
    snooze, extension = one(db, Snooze), one(db, Extension)
    assert snooze.until_on == before.today + 7 * DAY
    assert (extension.reason, extension.given_by_id) == ("1週間後にする", seat.user_id)
    assert not put_off(db, practice, "reflection1", before, by_id=seat.user_id, now=AFTER_ONE_MONTH)
    assert period_of(db, practice, "reflection2", AFTER_ONE_MONTH).was_put_off is False


def test_a_seat_knows_nothing_of_another_ones_turns(seat: Any) -> None:
    db, seat = seat
    other = make_seat(db, db.get_one(Cohort, seat.cohort_id))
    make_plan(db, other)
    make_reflection(db, other)
    practice = practice_of(db, seat, "ja")
    assert (practice.plan, practice.measures, practice.turns) == (None, (), {})
    assert {row.enrollment_id for row in db.scalars(select(Reflection))} == {other.id}
    assert db.get_one(Enrollment, seat.id).id != other.id
