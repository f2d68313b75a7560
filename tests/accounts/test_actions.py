"""Companies and their people: added once, known by name and address within one company."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.factories import NOW, make_organization, make_user
from trainer.accounts.actions import add_organization, ensure_coordinator, ensure_person
from trainer.accounts.models import Coordinator, User
from trainer.accounts.queries import coordinators_of, organization_named, organizations_counted
from trainer.db import Database


def test_a_company_is_in_japan_unless_it_says_otherwise(database: Database) -> None:
    with database.session() as db:
        company = add_organization(db, "みなと商事", now=NOW)
        assert (company.time_zone, company.language, company.holidays, company.closures) == (
            "Asia/Tokyo",
            "ja",
            "JP",
            [],
        )
        assert organization_named(db, "みなと商事") is company
        assert organization_named(db, "みなと") is None
        assert organizations_counted(db) == 1


def test_two_companies_cannot_have_one_name(database: Database) -> None:
    with database.session() as db:
        add_organization(db, "みなと商事", now=NOW)
        with pytest.raises(IntegrityError):
            add_organization(db, "みなと商事", now=NOW)


def test_a_person_is_known_by_the_address_in_any_case(database: Database) -> None:
    with database.session() as db:
        company = make_organization(db)
        first = ensure_person(db, company, name="Sano", email="Sano@Minato.Example", now=NOW)
        again = ensure_person(db, company, name="Somebody", email="sano@minato.example", now=NOW)
        assert again is first
        assert (first.name, first.email) == ("Sano", "sano@minato.example")


def test_one_address_in_two_companies_is_two_people(database: Database) -> None:
    with database.session() as db:
        people = [
            ensure_person(db, make_organization(db), name="Sano", email="sano@minato.example", now=NOW)
            for _company in range(2)
        ]
        assert people[0].id != people[1].id


@pytest.mark.parametrize("same", [{"number": "1"}, {"email": "one@minato.example"}])
def test_number_and_address_are_unique_within_a_company(database: Database, same: dict[str, str]) -> None:
    with database.session() as db:
        company = make_organization(db)
        make_user(db, company, **same)
        make_user(db, make_organization(db), **same)
        with pytest.raises(IntegrityError):
            make_user(db, company, **same)


def test_somebody_becomes_a_coordinator_once(database: Database) -> None:
    with database.session() as db:
        company = make_organization(db)
        users = [make_user(db, company), make_user(db, company)]
        assert [ensure_coordinator(db, company, user, now=NOW) for user in (*users, users[0])] == [True, True, False]
        assert [row.user_id for row in db.scalars(coordinators_of(company))] == [user.id for user in users]


def test_nobody_coordinates_another_company(database: Database) -> None:
    with database.session() as db:
        theirs = make_user(db, make_organization(db))
        company = make_organization(db)
        with pytest.raises(IntegrityError):
            ensure_coordinator(db, company, theirs, now=NOW)


def test_the_office_goes_with_the_person(database: Database) -> None:
    with database.session() as db:
        company = make_organization(db)
        user = make_user(db, company)
        ensure_coordinator(db, company, user, now=NOW)
        db.delete(user)
        db.flush()
        assert db.scalars(select(Coordinator.id)).all() == []
        assert db.scalars(select(User.id)).all() == []
