"""Each page asks the database a few questions, and as many for a cohort of 3,000 as for one of 30."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.accounts.browsers import Browser, Watch
from tests.act3_practice.practice import SUBMITTED, make_plan, make_reflection
from tests.factories import let_write, make_cohort
from tests.large_cohort import BEGAN, BETWEEN_REFLECTIONS, DAYS, LargeCohort, make_large_cohort
from tests.large_desk import LargeDesk, make_large_desk
from tests.measuring_pages import spending
from trainer import clock, organization_scope
from trainer.accounts.models import Organization, User
from trainer.app import create_app
from trainer.cohorts.models import Cohort, Enrollment
from trainer.db import Database
from trainer.key_ring import KeyRing
from trainer.permissions import Audience, Can, Role, needs
from trainer.settings import Settings

REFLECTIONS = ("reflection1", "reflection2")
MOST = 8  # the gate's own three included
RECORD_OF_READING = 3  # whoever reads another person's words is written down: looked for, kept, logged

PAGES = [
    (Role.TRAINEE, "/seats/{seat}"),
    (Role.TRAINEE, "/seats/{seat}?to=reflection2"),
    (Role.FACILITATOR, "/seats/{seat}"),
    (Role.COORDINATOR, "/seats/{seat}"),
    (Role.COORDINATOR, "/cohorts/{cohort}/board"),
    (Role.COORDINATOR, "/cohorts/{cohort}/board?after={trainee}&show=not-done&sort=group"),
    (Role.COORDINATOR, "/cohorts/{cohort}/board?show=unreachable"),
    (Role.COORDINATOR, "/cohorts/{cohort}/trainees/{trainee}"),
    (Role.COORDINATOR, "/cohorts/{cohort}/ledger"),
    (Role.COORDINATOR, "/cohorts/{cohort}/ledger?which=skipped"),
    (Role.COORDINATOR, "/cohorts/{cohort}/ledger/addresses"),
    (Role.COORDINATOR, "/cohorts/{cohort}/attendance"),
    (Role.FACILITATOR, "/cohorts/{cohort}/trainees/{trainee}"),
    (Role.FACILITATOR, "/cohorts/{cohort}/attendance"),
    *((role, path) for role in Role for path in ("/account/", "/seats?all", "/to/{seat}/home")),
    *(
        (Role.COORDINATOR, "/cohorts/{cohort}" + path)
        for path in ("", "/start", "/people", "/people?words=a", "/staff", "/groups")
    ),
    *((Role.COORDINATOR, "/cohorts/{cohort}/rehearsal" + asked) for asked in ("", "?day=2027-03-04", "?person=1")),
    *((Role.COORDINATOR, "/cohorts/{cohort}/move" + asked) for asked in ("", "?day1=2027-02-17&day2=2027-02-18")),
]
A_LETTER = "/cohorts/{cohort}/rehearsal/{trainee}/reflection2_open"
MOST_FOR_A_LETTER = 12  # it is written as it will be sent


@pytest.fixture
def app(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(clock, "now", Watch(BETWEEN_REFLECTIONS).now)
    return create_app(settings, database)


@pytest.mark.timeout(300)  # 3,000 people are seated first
def test_pages_ask_no_more_for_many_seats_than_for_few(app: Flask, database: Database) -> None:
    with database.session() as db:
        small, large = (make_large_cohort(db, seats) for seats in (30, 3_000))
    asked = {page: [queries(app, cohort, *page) for cohort in (small, large)] for page in PAGES}
    assert {page: counts for page, counts in asked.items() if len(set(counts)) > 1} == {}
    assert {page: counts for page, counts in asked.items() if max(counts) > MOST} == {}


def test_a_rehearsed_letter_costs_as_much_for_many_seats_as_for_few(app: Flask, database: Database) -> None:
    with database.session() as db:
        cohorts = [make_large_cohort(db, seats) for seats in (3, 60)]
    few, many = (queries(app, cohort, Role.COORDINATOR, A_LETTER) for cohort in cohorts)
    assert few == many <= MOST_FOR_A_LETTER


@pytest.mark.parametrize(
    ("role", "path", "most"),
    [
        (Role.FACILITATOR, "/cohorts/{cohort}/reflections", 8),
        (Role.FACILITATOR, "/cohorts/{cohort}/reflections/{reflection}", 24),  # three texts, each with its record
        (Role.TRAINEE, "/seats/{seat}/readers/reflection1", 9),
        (Role.TRAINEE, "/seats/{seat}/reflections/reflection1/feedback", 10),
        (Role.TRAINEE, "/seats/{seat}/shared", 6),
    ],
)
def test_pages_of_texts_ask_no_more_for_many_texts_than_for_few(
    app: Flask, database: Database, key_ring: KeyRing, role: Role, path: str, most: int
) -> None:
    asked = []
    for count in (3, 60):
        with database.session() as db:
            cohort = make_large_cohort(db, count)
            reflection = write_texts(db, cohort, key_ring)
        seat = cohort.seats[role]
        asked.append(
            queries(app, cohort, role, path.format(seat=seat, cohort=cohort.cohort_uid, reflection=reflection))
        )
    assert asked[0] == asked[1] <= most


def write_texts(db: Session, cohort: LargeCohort, key_ring: KeyRing) -> UUID:
    """Each trainee has handed in a plan and both reflections, for everybody; gives the first reflection's uid."""
    let_write(db, key_ring)
    seats = select(Enrollment).where(Enrollment.cohort_id == cohort.cohort_id, Enrollment.role == Role.TRAINEE)
    reflections = []
    for seat in db.scalars(seats.order_by(Enrollment.id)).all():
        make_plan(db, seat, {"title": "before"}, {}, audience=Audience.COHORT, opened_at=SUBMITTED)
        reflections += [make_reflection(db, seat, step, audience=Audience.COHORT) for step in REFLECTIONS]
    db.commit()
    return reflections[0].uid


@pytest.mark.parametrize("role", Role)
def test_another_language_than_the_cohorts_costs_nothing(app: Flask, database: Database, role: Role) -> None:
    with database.session() as db:
        cohort = make_large_cohort(db, 3)
    in_the_cohorts = queries(app, cohort, role, "/seats/{seat}")
    with database.session() as db:
        db.get_one(User, cohort.users[role].id).language = "en"
        db.commit()
    assert queries(app, cohort, role, "/seats/{seat}") == in_the_cohorts <= MOST


def test_a_query_too_many_is_noticed(app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.session() as db:
        cohort = make_large_cohort(db, 3)
    before = queries(app, cohort, Role.TRAINEE, "/seats?all")
    monkeypatch.setitem(app.view_functions, "door.seats", planted)
    assert queries(app, cohort, Role.TRAINEE, "/seats?all") == before + 3


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_on_sqlite_a_trainees_home_reads_its_own_rows_and_not_the_companys(app: Flask, database: Database) -> None:
    with database.session() as db:
        cohort = make_large_cohort(db, 3)
    asked: list[tuple[str, object]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: object, *_more: Any) -> None:
        asked.append((statement, parameters))

    with noted(database, note):
        queries(app, cohort, Role.TRAINEE, "/seats/{seat}")
    plans = [plan for one in asked for plan in plan_of(database, *one)]
    assert [plan for plan in plans if "prompts" in plan] == 2 * [
        "SEARCH prompts USING INDEX ix_prompts_seat (enrollment_id=?)"
    ]
    assert [plan for plan in plans if plan.startswith("SCAN")] == []


def test_the_overview_asks_no_more_for_many_cohorts_than_for_few(app: Flask, database: Database) -> None:
    asked = []
    for more in (1, 11):
        with database.session() as db:
            company = make_large_cohort(db, 30)
            add_cohorts(db, company, more)
        asked.append(queries(app, company, Role.COORDINATOR, "/cohorts"))
    assert asked[0] == asked[1] <= MOST


def add_cohorts(db: Session, company: LargeCohort, count: int) -> None:
    """So many that run, that have not started and that are closed."""
    organization = db.get_one(Cohort, company.cohort_id).organization_id
    for day in (DAYS["day1_on"], date(2026, 6, 3)):
        for started_at in (BEGAN, None):
            for _number in range(count):
                told = {"started_at": started_at, "day1_on": day, "day2_on": day}
                make_cohort(db, db.get_one(Organization, organization), **told)
    db.commit()


@contextmanager
def noted(database: Database, note: Callable[..., None]) -> Iterator[None]:
    """Inside, every statement that reads is noted."""
    event.listen(database.reading_engine, "before_cursor_execute", note)
    yield
    event.remove(database.reading_engine, "before_cursor_execute", note)


def plan_of(database: Database, statement: str, parameters: Any) -> list[str]:
    """How SQLite goes about a statement."""
    if not statement.startswith("SELECT"):
        return []
    with database.reading_engine.connect() as connection:
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]


@needs(Can.USE_ACCOUNT)
def planted() -> str:
    """A page that asks once for each of three seats."""
    for number in range(3):
        organization_scope.request_session().get(Enrollment, number)
    return ""


def queries(app: Flask, cohort: LargeCohort, role: Role, path: str, now: datetime = BETWEEN_REFLECTIONS) -> int:
    """How many statements a page sends to the database, the second time it is asked for."""
    browser = Browser(app)
    browser.enter(cohort.users[role], now)
    address = path.format(seat=cohort.seats[role], trainee=cohort.seats[Role.TRAINEE], cohort=cohort.cohort_uid)
    assert browser.get(address).status_code in (200, 302)
    with spending(app) as spent:
        browser.get(address)
    return len(spent.statements)


def test_the_desk_of_plans_asks_no_more_for_many_plans_than_for_few(
    app: Flask, database: Database, key_ring: KeyRing
) -> None:
    with database.session() as db:
        desks = [make_large_desk(db, plans, key_ring) for plans in (30, 600)]
    asked = {page: [desk_queries(app, desk, getattr(desk, page)) for desk in desks] for page in ("queue", "card")}
    assert {page: counts for page, counts in asked.items() if len(set(counts)) > 1} == {}
    assert max(asked["queue"]) <= MOST
    assert max(asked["card"]) - RECORD_OF_READING <= MOST


def desk_queries(app: Flask, desk: LargeDesk, path: str) -> int:
    """How many statements a page of the desk sends, the second time it is asked for."""
    browser = Browser(app)
    browser.enter(desk.facilitator, BETWEEN_REFLECTIONS)
    assert browser.get(path).status_code == 200
    with spending(app) as spent:
        browser.get(path)
    return len(spent.statements)
