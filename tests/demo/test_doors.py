"""The demo's doors lead to the people the file names, in the company's own language."""

from datetime import datetime

import pytest
from sqlalchemy import select

from tests.demo.companies import company_data, load_demo
from trainer.accounts.models import Organization, User
from trainer.cohorts.models import Cohort, Enrollment
from trainer.db import Database
from trainer.demo import demo_doors
from trainer.demo.content import DEMO_LANGUAGES, DemoLanguage
from trainer.permissions import Role
from trainer.settings import Settings


@pytest.mark.parametrize("language", DEMO_LANGUAGES)
def test_every_door_of_the_file_is_offered(
    database: Database, settings: Settings, now: datetime, language: DemoLanguage
) -> None:
    load_demo(database, now, settings, language)
    told = company_data(language)["doors"]
    with database.reading() as db:
        doors = demo_doors(db)
        assert [(door.role.value, door.label) for door in doors] == [(one["role"], one["label"]) for one in told]
        for door in doors:
            seats = select(Enrollment.cohort_id).where(Enrollment.user_id == door.user_id, Enrollment.role == door.role)
            assert door.user_uid == db.get_one(User, door.user_id).uid
            assert door.cohort_id is None or door.cohort_id in db.scalars(seats).all()
        assert [door.role for door in doors if door.cohort_id is None] == [Role.COORDINATOR]


def test_the_facilitators_door_leads_to_the_cohort_the_file_names(
    database: Database, settings: Settings, now: datetime
) -> None:
    load_demo(database, now, settings, "en")
    with database.reading() as db:
        door = next(door for door in demo_doors(db) if door.role is Role.FACILITATOR)
        assert db.get_one(Cohort, door.cohort_id).name == "New Managers, Cohort 5"


def test_somebody_whose_address_was_changed_has_no_door(database: Database, settings: Settings, now: datetime) -> None:
    load_demo(database, now, settings, "en")
    with database.session() as db:
        moved = db.scalars(select(User).where(User.email == "ishiguro.shuhei@minato.example")).one()
        moved.email = "new@minato.example"
        db.commit()
        assert moved.id not in {door.user_id for door in demo_doors(db)}
        assert len(demo_doors(db)) == 6


def test_another_company_has_no_doors(database: Database, now: datetime) -> None:
    with database.session() as db:
        db.add(Organization(name="みなと商事", created_at=now))
        db.commit()
        assert demo_doors(db) == []
