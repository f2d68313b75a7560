"""Who is who: rows of a roster and the people a company has already."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, make_organization, make_person, make_user
from trainer.accounts.models import Organization, User
from trainer.cohorts.people import ensure_bosses, match_people, write_people
from trainer.cohorts.roster import Person
from trainer.db import Database


def take(db: Session, organization: Organization, *people: Person) -> list[str]:
    """Match and write the people; the reasons of those refused."""
    matches, refused = match_people(db, organization.id, people, set())
    write_people(db, organization.id, matches, NOW)
    db.expire_all()
    return [row.reason for row in refused]


def people_of(db: Session, organization: Organization) -> list[tuple[str | None, str | None]]:
    users = select(User.employee_number, User.email).where(User.organization_id == organization.id).order_by(User.id)
    return [(number, email) for number, email in db.execute(users)]


def test_a_known_number_is_the_same_person_at_another_address(database: Database) -> None:
    with database.session() as db:
        organization = make_organization(db)
        user = make_user(db, organization, "000012", email="old@minato.example")
        assert take(db, organization, make_person("000012", email="new@minato.example")) == []
        assert user.email == "new@minato.example"
        assert people_of(db, organization) == [("000012", "new@minato.example")]


def test_somebody_without_a_number_is_known_by_the_address(database: Database) -> None:
    with database.session() as db:
        organization = make_organization(db)
        boss = make_user(db, organization, employee_number=None, email="e000012@minato.example", name="Boss")
        assert take(db, organization, make_person("000012", name="Boss", name_reading="ボス")) == []
        assert (boss.employee_number, boss.name_reading) == ("000012", "ボス")
        assert len(people_of(db, organization)) == 1


def test_two_people_may_swap_their_addresses(database: Database) -> None:
    with database.session() as db:
        organization = make_organization(db)
        for number in ("1", "2"):
            make_user(db, organization, number, email=f"{number}@minato.example")
        swapped = make_person("1", email="2@minato.example"), make_person("2", 2, email="1@minato.example")
        assert take(db, organization, *swapped) == []
        assert people_of(db, organization) == [("1", "2@minato.example"), ("2", "1@minato.example")]


def test_a_newcomer_may_take_an_address_that_its_owner_gives_up(database: Database) -> None:
    with database.session() as db:
        organization = make_organization(db)
        make_user(db, organization, "1", email="1@minato.example")
        rows = make_person("1", email="new@minato.example"), make_person("2", 2, email="1@minato.example")
        assert take(db, organization, *rows) == []
        assert people_of(db, organization) == [("1", "new@minato.example"), ("2", "1@minato.example")]


def test_an_address_that_stays_somebody_elses_is_refused(database: Database) -> None:
    with database.session() as db:
        organization = make_organization(db)
        make_user(db, organization, "1", email="1@minato.example")
        reasons = take(db, organization, make_person("2", email="1@minato.example"))
        assert reasons == [
            "The address 1@minato.example belongs to 1. Correct the address, or that person's first.",
        ]
        assert people_of(db, organization) == [("1", "1@minato.example")]


def test_a_refused_row_keeps_its_old_address_taken(database: Database) -> None:
    with database.session() as db:
        organization = make_organization(db)
        for number in ("1", "2", "3"):
            make_user(db, organization, number, email=f"{number}@minato.example")
        # 1 wants the address of 3, who is not in the roster; so 2 cannot have that of 1
        rows = make_person("1", email="3@minato.example"), make_person("2", 2, email="1@minato.example")
        assert len(take(db, organization, *rows)) == 2
        assert people_of(db, organization) == [(number, f"{number}@minato.example") for number in ("1", "2", "3")]


def test_nothing_is_known_of_people_in_another_company(database: Database) -> None:
    with database.session() as db:
        ours, theirs = make_organization(db), make_organization(db)
        make_user(db, theirs, "1", name="Theirs")
        assert take(db, ours, make_person("1", name="Ours")) == []
        names = db.scalars(select(User.name).order_by(User.id)).all()
        assert names == ["Theirs", "Ours"]


def test_an_empty_cell_says_nothing(database: Database) -> None:
    with database.session() as db:
        organization = make_organization(db)
        user = make_user(db, organization, "1", department="営業部", name_reading="サトウ")
        take(db, organization, make_person("1", department="", name_reading=""))
        assert (user.department, user.name_reading) == ("営業部", "サトウ")


def test_bosses_become_people_of_the_company_once(database: Database) -> None:
    with database.session() as db:
        organization = make_organization(db)
        rows = [make_person(number, boss_name="Boss", boss_email="boss@minato.example") for number in ("1", "2")]
        take(db, organization, *rows)
        first = ensure_bosses(db, organization.id, rows, NOW)
        assert ensure_bosses(db, organization.id, rows, NOW) == first
        boss = db.get_one(User, first["boss@minato.example"])
        assert (boss.name, boss.employee_number) == ("Boss", None)


def test_a_boss_without_a_name_is_called_by_the_address(database: Database) -> None:
    with database.session() as db:
        organization = make_organization(db)
        ids = ensure_bosses(db, organization.id, [make_person("1", boss_email="boss@minato.example")], NOW)
        assert db.get_one(User, ids["boss@minato.example"]).name == "boss@minato.example"
