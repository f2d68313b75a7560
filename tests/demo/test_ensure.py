"""The demo company in a database: everything the file tells has happened there, once and at its time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from tests.demo.companies import company_data, load_demo
from trainer.accounts.keys import key_ring_of
from trainer.accounts.models import Coordinator, Organization, User
from trainer.cohorts.models import (
    Cohort,
    DateOverride,
    Enrollment,
    Extension,
    FacilitatorGroup,
    FinishedStep,
    Group,
    Pause,
    SeatStatus,
)
from trainer.cohorts.queries import schedule_of
from trainer.db import Base, Database
from trainer.demo import ensure_demo
from trainer.demo.content import DEMO_LANGUAGES, DemoLanguage
from trainer.permissions import Role
from trainer.settings import Settings, SettingsError

# now is Wednesday, 2 September 2026
DAYS = {
    "act1_open": [date(2026, 8, 24), date(2026, 8, 6), date(2026, 7, 6)],
    "day1": [date(2026, 9, 14), date(2026, 8, 27), date(2026, 7, 27)],
    "day2": [date(2026, 9, 15), date(2026, 8, 28), date(2026, 7, 28)],
    "reflection1_due": [date(2026, 10, 26), date(2026, 10, 8), date(2026, 9, 4)],
}
STATUSES = [{"active": 14}, {"active": 11, "paused": 1}, {"active": 11, "withdrawn": 1}]
FINISHED = [
    {"act1": 2},
    {"act1": 11, "workshop": 11, "plan": 7},
    {"act1": 12, "workshop": 12, "plan": 12, "reflection1": 7},
]


@pytest.mark.parametrize("language", DEMO_LANGUAGES)
def test_the_company_has_the_people_of_the_file(
    database: Database, settings: Settings, now: datetime, language: DemoLanguage
) -> None:
    data = company_data(language)
    assert load_demo(database, now, settings, language)
    with database.reading() as db:
        organization = db.scalars(select(Organization)).one()
        assert (organization.name, organization.language) == (data["organization"]["name"], language)
        assert counted(db, User) == 1 + 2 + 6 + 38
        assert counted(db, Coordinator) == 1
        for cohort, told in zip(cohorts_of(db), data["cohorts"], strict=True):
            assert (cohort.name, cohort.venue, cohort.language) == (told["name"], told["venue"], language)
            assert trainees_of(db, cohort) == {trainee_told(one, data) for one in told["trainees"]}
            assert facilitators_of(db, cohort) == facilitators_told(told, data)


def test_each_cohort_stands_where_the_file_says(database: Database, settings: Settings, now: datetime) -> None:
    load_demo(database, now, settings)
    with database.reading() as db:
        dates = [schedule_of(db, cohort).dates for cohort in cohorts_of(db)]
        workshops = [{"day1": cohort.day1_on, "day2": cohort.day2_on} for cohort in cohorts_of(db)]
        both = [{**known, **days} for known, days in zip(dates, workshops, strict=True)]
        assert {name: [known[name] for known in both] for name in DAYS} == DAYS
        assert [statuses(db, cohort) for cohort in cohorts_of(db)] == STATUSES
        assert [finished(db, cohort) for cohort in cohorts_of(db)] == FINISHED


def test_exceptions_are_there_with_who_and_why(database: Database, settings: Settings, now: datetime) -> None:
    load_demo(database, now, settings, "en")
    with database.reading() as db:
        office = db.scalars(select(Coordinator)).one().user_id
        given = db.scalars(select(Extension).order_by(Extension.due_on))
        assert [(one.step, one.due_on, one.reason, one.given_by_id) for one in given] == [
            ("reflection1", date(2026, 9, 11), "Helping out with stocktaking", office),
            ("act1", date(2026, 9, 14), "Away on a long business trip", office),
        ]
        assert [one.date_id for one in db.scalars(select(DateOverride))] == ["reflection1_due"]
        assert [pause.paused_at for pause in db.scalars(select(Pause))] == [datetime(2026, 8, 31, 0, 30, tzinfo=UTC)]
        withdrawn_at = select(Enrollment.withdrawn_at).where(Enrollment.status == SeatStatus.WITHDRAWN)
        assert db.scalars(withdrawn_at).all() == [datetime(2026, 8, 24, 1, 0, tzinfo=UTC)]
        joined_at = select(Enrollment.added_at).join(User, User.id == Enrollment.user_id)
        assert db.scalars(joined_at.where(User.employee_number == "004140")).all() == [
            datetime(2026, 9, 1, 1, 5, tzinfo=UTC)
        ]


def test_a_second_load_changes_nothing(database: Database, settings: Settings, now: datetime) -> None:
    load_demo(database, now, settings)
    before = everything(database)
    assert not load_demo(database, now, settings, "en")
    assert everything(database) == before


def test_two_that_begin_at_once_load_one_company(database_url: str, settings: Settings, now: datetime) -> None:
    databases = [Database(database_url) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        loaded = list(pool.map(lambda database: ensure_demo(database, now, settings=settings), databases))
    with databases[0].reading() as db:
        assert (sorted(loaded), counted(db, Organization), counted(db, Cohort)) == ([False, True], 1, 3)
    for database in databases:
        database.dispose()


def test_a_database_with_another_company_is_left_alone(database: Database, settings: Settings, now: datetime) -> None:
    with database.session() as db:
        db.add(Organization(name="みなと商事", created_at=now))
        db.commit()
    assert not load_demo(database, now, settings)
    with database.reading() as db:
        assert counted(db, User) == 0


def test_the_company_has_its_key(database: Database, settings: Settings, now: datetime) -> None:
    load_demo(database, now, settings)
    with database.reading() as db:
        ring = key_ring_of(db, settings.key_ring, settings.master_key)
        assert ring.active_key(db.scalars(select(Organization.uid)).one())


def test_an_unknown_language_is_refused_by_name(
    database: Database, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEMO_LANGUAGE", "fr")
    with pytest.raises(SettingsError, match="DEMO_LANGUAGE must be one of ja, en, not 'fr'"):
        ensure_demo(database, now, settings=settings)


def cohorts_of(db: Session) -> list[Cohort]:
    return list(db.scalars(select(Cohort).order_by(Cohort.id)))


def trainees_of(db: Session, cohort: Cohort) -> set[tuple[object, ...]]:
    boss = aliased(User)
    columns = (User.employee_number, User.name, User.name_reading, User.email, User.department, Group.name, boss.name)
    seats = (
        select(*columns, Enrollment.status)
        .join(Enrollment, Enrollment.user_id == User.id)
        .join(Group, Group.id == Enrollment.group_id)
        .join(boss, boss.id == Enrollment.boss_id)
        .where(Enrollment.cohort_id == cohort.id, Enrollment.role == Role.TRAINEE)
    )
    return {tuple(row) for row in db.execute(seats)}


def trainee_told(one: dict[str, str], data: dict[str, dict[str, list[dict[str, str]]]]) -> tuple[object, ...]:
    bosses = {boss["id"]: boss["name"] for boss in data["people"]["bosses"]}
    told = [one[name] for name in ("number", "name", "reading", "email", "department", "group")]
    return (*told, bosses[one["boss"]], one["status"])


def facilitators_of(db: Session, cohort: Cohort) -> set[tuple[str, str | None]]:
    seats = (
        select(User.name, Group.name)
        .join(Enrollment, Enrollment.user_id == User.id)
        .outerjoin(FacilitatorGroup, FacilitatorGroup.enrollment_id == Enrollment.id)
        .outerjoin(Group, Group.id == FacilitatorGroup.group_id)
        .where(Enrollment.cohort_id == cohort.id, Enrollment.role == Role.FACILITATOR)
    )
    return {(name, group) for name, group in db.execute(seats)}


def facilitators_told(
    told: dict[str, list[dict[str, str]]], data: dict[str, dict[str, list[dict[str, str]]]]
) -> set[tuple[str, str | None]]:
    names = {one["id"]: one["name"] for one in data["people"]["facilitators"]}
    return {(names[seat["person"]], group) for seat in told["facilitators"] for group in seat.get("groups", [None])}


def statuses(db: Session, cohort: Cohort) -> dict[str, int]:
    seats = select(Enrollment.status, func.count()).where(Enrollment.cohort_id == cohort.id)
    rows = db.execute(seats.where(Enrollment.role == Role.TRAINEE).group_by(Enrollment.status))
    return {status.value: count for status, count in rows}


def finished(db: Session, cohort: Cohort) -> dict[str, int]:
    steps = (
        select(FinishedStep.step, func.count())
        .join(Enrollment, Enrollment.id == FinishedStep.enrollment_id)
        .where(Enrollment.cohort_id == cohort.id)
        .group_by(FinishedStep.step)
    )
    return {step: count for step, count in db.execute(steps)}


def counted(db: Session, model: type[Base]) -> int:
    return db.scalar(select(func.count()).select_from(model)) or 0


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with database.reading() as db:
        return {
            table.name: [tuple(row) for row in db.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
        }
