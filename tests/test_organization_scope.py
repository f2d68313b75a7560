"""The wall between companies: whatever is asked of a session, it answers for one organization."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import delete, exists, func, select, union_all, update
from sqlalchemy.orm import aliased

from tests.accounts.factories import make_cohort, make_organization, make_seat, make_user
from trainer.accounts.models import Organization, User
from trainer.app import create_app
from trainer.audit import Act, AuditEvent, record
from trainer.cohorts.models import Cohort, Enrollment
from trainer.db import Database
from trainer.organization_scope import ForeignRowError, OrganizationSession, request_session
from trainer.settings import Settings

NOW = datetime(2026, 9, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def companies(database: Database) -> tuple[Organization, Organization]:
    with database.session() as db:
        pair = (make_organization(db), make_organization(db))
        for organization in pair:
            cohort = make_cohort(db, organization)
            make_seat(db, cohort, make_user(db, organization))
            record(db, Act.SIGN_IN, now=NOW, organization_id=organization.id)
        record(db, Act.SIGN_IN, now=NOW)
        db.commit()
    return pair


def test_every_kind_of_read_stays_inside(database: Database, companies: tuple[Organization, Organization]) -> None:
    own, foreign = companies
    other = aliased(User)
    cohorts = select(Cohort.id).cte()
    with OrganizationSession(database.reading_engine, own.id) as db:
        assert [user.organization_id for user in db.scalars(select(User))] == [own.id]
        assert db.scalars(select(User.organization_id)).all() == [own.id]
        assert db.scalar(select(func.count()).select_from(Enrollment)) == 1
        assert db.scalars(select(other.organization_id)).all() == [own.id]
        joined = select(User.organization_id).join(Enrollment, Enrollment.user_id == User.id)
        assert db.scalars(joined).all() == [own.id]
        assert db.scalars(select(Cohort.id).where(Cohort.id.in_(select(cohorts.c.id)))).all() != []
        both = union_all(select(User.organization_id), select(Cohort.organization_id)).subquery()
        assert set(db.scalars(select(both.c.organization_id))) == {own.id}
        assert db.scalar(select(exists().where(User.organization_id == foreign.id))) is False
        assert [one.id for one in db.scalars(select(Organization))] == [own.id]
        assert [one.organization_id for one in db.scalars(select(AuditEvent))] == [own.id]


def test_the_foreign_row_is_not_got_by_its_number(
    database: Database, companies: tuple[Organization, Organization]
) -> None:
    own, foreign = companies
    with database.reading() as db:
        stranger = db.scalars(select(User).where(User.organization_id == foreign.id)).one()
    with OrganizationSession(database.reading_engine, own.id) as db:
        assert db.get(User, stranger.id) is None
        assert db.get(Organization, foreign.id) is None


def test_what_changes_many_rows_changes_only_ones_own(
    database: Database, companies: tuple[Organization, Organization]
) -> None:
    own, foreign = companies
    with OrganizationSession(database.engine, own.id) as db:
        db.execute(update(User).values(department="changed"))
        db.execute(delete(Enrollment).where(Enrollment.id > 0))
        db.commit()
    with database.reading() as db:
        changed = select(User.organization_id).where(User.department == "changed")
        assert db.scalars(changed).all() == [own.id]
        assert db.scalars(select(Enrollment.organization_id)).all() == [foreign.id]


def test_a_foreign_row_cannot_be_added_or_moved(
    database: Database, companies: tuple[Organization, Organization]
) -> None:
    own, foreign = companies
    with OrganizationSession(database.engine, own.id) as db:
        db.add(User(organization_id=foreign.id, name="x", created_at=NOW))
        with pytest.raises(ForeignRowError):
            db.flush()
    with OrganizationSession(database.engine, own.id) as db:
        db.scalars(select(User)).one().organization_id = foreign.id
        with pytest.raises(ForeignRowError):
            db.flush()


def test_two_sessions_of_one_process_do_not_mix(
    database: Database, companies: tuple[Organization, Organization]
) -> None:
    statement = select(User.organization_id)
    for _ in range(3):
        for organization in companies:
            with OrganizationSession(database.reading_engine, organization.id) as db:
                assert db.scalars(statement).all() == [organization.id]


def test_without_an_organization_there_is_no_session(settings: Settings) -> None:
    app: Flask = create_app(settings)
    with app.test_request_context("/"), pytest.raises(RuntimeError, match="needs an organization"):
        request_session()
