"""The plans of the demo: every state, every version with the words of its time, and the answers to them."""

import json
from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.demo.companies import company_data, load_demo
from trainer.accounts.keys import key_ring_of
from trainer.accounts.models import User
from trainer.act2_workshop.models import MapPoint, Plan, PlanReview, PlanVersion, Wave
from trainer.act2_workshop.plan_words import words_of
from trainer.audit import Act, AuditEvent
from trainer.cohorts.models import Enrollment
from trainer.db import Database
from trainer.demo.content import DEMO_LANGUAGES, DemoLanguage
from trainer.demo.openings import BEFORE_THE_ANSWER
from trainer.settings import Settings
from trainer.writing.models import Draft, Reading


def plans_told(language: DemoLanguage) -> dict[str, dict[str, Any]]:
    """The plans of the file by their writers' numbers."""
    people = [one for cohort in company_data(language)["cohorts"] for one in cohort["trainees"]]
    return {one["number"]: one["plan"] for one in people if "plan" in one}


def opened(db: Session, settings: Settings) -> Session:
    db.info["key_ring"] = key_ring_of(db, settings.key_ring, settings.master_key)
    return db


@pytest.mark.parametrize("language", DEMO_LANGUAGES)
def test_every_plan_is_there_with_its_state_and_its_last_words(
    database: Database, settings: Settings, now: datetime, language: DemoLanguage
) -> None:
    load_demo(database, now, settings, language)
    told = plans_told(language)
    with database.reading() as db:
        rows = opened(db, settings).execute(
            select(User.employee_number, Plan, PlanVersion)
            .join(Enrollment, Enrollment.user_id == User.id)
            .join(Plan, Plan.enrollment_id == Enrollment.id)
            .join(PlanVersion, (PlanVersion.plan_id == Plan.id) & (PlanVersion.version == Plan.version))
        )
        found = {number: (plan.state.value, words_of(version)) for number, plan, version in rows}
        written = db.scalars(select(Draft).where(Draft.form == "plan")).all()
    submitted = {number: plan for number, plan in told.items() if plan["state"] != "draft"}
    assert {number: state for number, (state, _) in found.items()} == {
        number: plan["state"] for number, plan in submitted.items()
    }
    for number, plan in submitted.items():
        words = found[number][1]
        assert words.fields["desired_state"] == plan["fields"]["desired_state"]
        assert [one["title"] for one in words.measures] == [one["title"] for one in plan["measures"]]
        assert {*words.sharing_map} >= {row["task"] for row in plan["map"]}
    assert len(written) == len(told) - len(submitted) > 0


def test_earlier_versions_say_what_they_said_and_answers_are_released(
    database: Database, settings: Settings, now: datetime
) -> None:
    load_demo(database, now, settings, "en")
    with database.reading() as db:
        versions = opened(db, settings).execute(
            select(PlanVersion, User.employee_number)
            .join(Plan, Plan.id == PlanVersion.plan_id)
            .join(Enrollment, Enrollment.id == Plan.enrollment_id)
            .join(User, User.id == Enrollment.user_id)
        )
        first = {number: words_of(one) for one, number in versions if one.version == 1}
        reviews = db.scalars(select(PlanReview)).all()
        comments = [json.loads(one.comments or "[]") for one in reviews]
        kept = [one.keep_as_is for one in db.scalars(select(PlanVersion)) if one.keep_as_is]
        waves = Counter(db.scalars(select(MapPoint.wave)))
    assert first["003890"].measures[0]["asked_first"] == "not_needed"
    assert first["003890"].measures[0]["first_step_date"] == "2026-09-04"  # day2+5bd
    assert all(one.released_at is not None and one.decided_at is not None for one in reviews)
    events = [event for plan in plans_told("en").values() for event in plan["history"] if event["event"] == "reviewed"]
    assert len(reviews) == len(events)
    assert sum(map(len, comments)) == sum(len(event.get("comments", ())) for event in events)
    assert len(kept) == 1
    assert waves[Wave.BEFORE] == waves[Wave.TARGET] > 0


def test_whoever_answered_a_plan_has_opened_it_first(database: Database, settings: Settings, now: datetime) -> None:
    load_demo(database, now, settings)
    with database.reading() as db:
        answers = db.execute(
            select(Plan, PlanReview, Reading)
            .join(PlanReview, PlanReview.plan_id == Plan.id)
            .outerjoin(
                Reading,
                (Reading.enrollment_id == Plan.enrollment_id)
                & (Reading.text == "plan")
                & (Reading.reader_id == PlanReview.facilitator_id),
            )
        ).all()
        logged = set(db.scalars(select(AuditEvent.object_uid).where(AuditEvent.act == Act.READ_WORDS)))
        versions = {(one.plan_id, one.version): one.submitted_at for one in db.scalars(select(PlanVersion))}
    assert len(answers) > 0
    for plan, review, reading in answers:
        assert reading is not None
        assert reading.first_read_at < review.saved_at
        assert reading.first_read_at > versions[plan.id, 1]
        assert plan.uid in logged
        if review.version == plan.version:
            assert plan.opened_at == review.saved_at - BEFORE_THE_ANSWER
            assert plan.opened_at > versions[plan.id, plan.version]


def test_a_plan_that_nobody_answered_was_opened_by_nobody(
    database: Database, settings: Settings, now: datetime
) -> None:
    load_demo(database, now, settings)
    with database.reading() as db:
        unanswered = select(Plan.enrollment_id).where(Plan.id.not_in(select(PlanReview.plan_id)))
        read = select(Reading).where(Reading.text == "plan", Reading.enrollment_id.in_(unanswered))
        assert db.scalars(unanswered).all()
        assert db.scalars(read).all() == []
