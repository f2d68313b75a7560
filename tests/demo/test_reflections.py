"""The demo's reflections as its people find them: whole, short, half written, answered."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from trainer.act2_workshop.models import MapPoint, Wave
from trainer.act3_practice.models import Experiment, Feedback, MeasureVersion, Mode, Reflection
from trainer.cohorts.models import FinishedStep
from trainer.db import Database
from trainer.demo import ensure_demo
from trainer.permissions import Audience
from trainer.settings import read_settings
from trainer.writing.models import Draft, Reading

WEDNESDAY = datetime(2026, 9, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(params=["ja", "en"])
def demo(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database
) -> Database:
    """The demo company in each language, on a Wednesday morning."""
    monkeypatch.setenv("DEMO_LANGUAGE", request.param)
    settings = read_settings({"ENVIRONMENT": "demo", "SCHEDULER": "off"}, tmp_path)
    assert ensure_demo(database, WEDNESDAY, settings=settings)
    return database


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_third_cohort_has_reflected_in_every_way(demo: Database) -> None:
    with demo.reading() as db:
        reflections = db.scalars(select(Reflection)).all()
        assert Counter(one.mode for one in reflections) == {Mode.FULL: 6, Mode.EXPRESS: 1}
        assert Counter(one.audience for one in reflections) == {Audience.FACILITATOR: 6, Audience.GROUP: 1}
        assert {one.step for one in reflections} == {"reflection1"}
        assert len(db.scalars(select(Experiment)).all()) == 7
        assert {one.change for one in db.scalars(select(MeasureVersion))} <= {"smaller", "bigger", "replace", "stop"}
        assert len(db.scalars(select(Draft).where(Draft.form == "reflection1")).all()) == 2
        finished = db.scalars(select(FinishedStep.enrollment_id).where(FinishedStep.step == "reflection1")).all()
        assert set(finished) == {one.enrollment_id for one in reflections}
        assert db.scalars(select(MapPoint).where(MapPoint.wave == Wave.REFLECTION1)).first() is not None
        feedback = db.scalars(select(Feedback)).all()
        of_reflection1 = select(Reading).where(Reading.text == "reflection1")
        assert sum(one.sent_at is not None for one in feedback) == 5
        assert sum(one.sent_at is None for one in feedback) == 1
        assert any(one.thanked_at for one in feedback)
        assert any(one.asked_at for one in feedback)
        opened = {(one.enrollment_id, one.reader_id): one for one in db.scalars(of_reflection1)}
        writers = {one.id: one for one in reflections}
        for one in feedback:  # whoever has begun an answer has opened the text, after it was handed in
            reading = opened.pop((writers[one.reflection_id].enrollment_id, one.facilitator_id))
            assert writers[one.reflection_id].submitted_at < reading.first_read_at < one.saved_at
        assert opened == {}
        answered = {one.id for one in reflections if one.answered_at}
        assert answered == {one.reflection_id for one in feedback if one.sent_at}
