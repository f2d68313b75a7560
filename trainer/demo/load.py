"""The demo company as it was before anything happened: its people, its cohorts and their seats."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.actions import add_organization, ensure_coordinator
from trainer.accounts.models import Organization, User
from trainer.cohorts.enroll import enroll
from trainer.cohorts.models import Cohort, DateOverride, Enrollment, FacilitatorGroup, Group
from trainer.cohorts.queries import schedule_of
from trainer.cohorts.roster import Person, RosterReading
from trainer.demo.content import Company
from trainer.demo.content_company import CohortPart, Trainee
from trainer.demo.content_parts import Staff
from trainer.demo.timeline import COUNTRY, Timeline, timeline_of
from trainer.permissions import Role
from trainer.programs.actions import freeze_program
from trainer.programs.models import ProgramVersion
from trainer.programs.queries import pack_of


@dataclass(frozen=True)
class LoadedCohort:
    """A cohort of the file and what has become of it: its row, its times, and everybody's user id by file id."""

    company: Company
    part: CohortPart
    cohort: Cohort
    timeline: Timeline
    users: dict[str, int]


def add_company(db: Session, company: Company, now: datetime) -> list[LoadedCohort]:
    """Add the company, its office and its cohorts: nothing has started, and who joined later has no seat yet."""
    zone = ZoneInfo(company.organization.time_zone)
    today = now.astimezone(zone).date()
    versions = {program: freeze_program(db, program) for program in {part.program for part in company.cohorts}}
    timelines = {
        part.id: timeline_of(part, pack_of(db, versions[part.program].id, company.lang), today, zone)
        for part in company.cohorts
    }
    made_at = min(timeline.made_at for timeline in timelines.values())
    organization = _add_organization(db, company, made_at)
    users = _add_staff(db, organization, company, made_at)
    return [
        _add_cohort(db, organization, company, part, versions[part.program], timelines[part.id], users)
        for part in company.cohorts
    ]


def seat_trainees(db: Session, loaded: LoadedCohort, trainees: Iterable[Trainee], at: datetime) -> None:
    """Give these trainees their seats, with group and boss, as a roster would; `at` is when it was read."""
    bosses = {boss.id: boss for boss in loaded.company.people.bosses}
    people = tuple(_as_row(place, one, bosses[one.boss]) for place, one in enumerate(trainees, start=1))
    enroll(db, loaded.cohort, RosterReading(people, (), "utf-8", ()), now=at)
    ids = select(User.email, User.id).where(User.organization_id == loaded.cohort.organization_id)
    by_address = {email: user_id for email, user_id in db.execute(ids)}
    loaded.users.update({one.id: by_address[one.email] for one in loaded.part.trainees if one.email in by_address})


def _add_organization(db: Session, company: Company, at: datetime) -> Organization:
    part = company.organization
    return add_organization(db, part.name, now=at, time_zone=part.time_zone, language=company.lang, holidays=COUNTRY)


def _add_staff(db: Session, organization: Organization, company: Company, at: datetime) -> dict[str, int]:
    """Everybody who is no trainee; the office may plan. Id in the file -> user id."""
    people = company.people
    users = {
        one.id: _user(organization, one, at) for one in (*people.coordinators, *people.facilitators, *people.bosses)
    }
    db.add_all(users.values())
    db.flush()
    for one in people.coordinators:
        ensure_coordinator(db, organization, users[one.id], now=at)
    return {name: user.id for name, user in users.items()}


def _user(organization: Organization, one: Staff, at: datetime) -> User:
    return User(
        organization_id=organization.id,
        employee_number=one.number,
        name=one.name,
        name_reading=one.reading,
        email=one.email,
        department=one.department or "",
        created_at=at,
    )


def _add_cohort(
    db: Session,
    organization: Organization,
    company: Company,
    part: CohortPart,
    version: ProgramVersion,
    timeline: Timeline,
    users: dict[str, int],
) -> LoadedCohort:
    cohort = Cohort(
        organization_id=organization.id,
        name=part.name,
        program_version_id=version.id,
        day1_on=timeline.day1,
        day2_on=timeline.day2,
        start_time=part.start_time,
        prompt_time=part.prompt_time,
        time_zone=organization.time_zone,
        language=organization.language,
        holidays=organization.holidays,
        venue=part.venue,
        created_at=timeline.made_at,
    )
    db.add(cohort)
    db.flush()
    loaded = LoadedCohort(company, part, cohort, timeline, dict(users))
    _set_dates(db, loaded)
    _seat_staff(db, loaded)
    seat_trainees(db, loaded, [one for one in part.trainees if one.joined_at is None], timeline.made_at)
    return loaded


def _set_dates(db: Session, loaded: LoadedCohort) -> None:
    """The dates set by hand, checked together with all others."""
    cohort, timeline = loaded.cohort, loaded.timeline
    db.add_all(
        DateOverride(
            organization_id=cohort.organization_id,
            cohort_id=cohort.id,
            date_id=date_id,
            day_on=day,
            set_at=timeline.made_at,
        )
        for date_id, day in timeline.overrides.items()
    )
    db.flush()
    schedule_of(db, cohort).check(cohort)


def _seat_staff(db: Session, loaded: LoadedCohort) -> None:
    for coordinator in loaded.part.coordinators:
        db.add(_staff_seat(loaded, coordinator, Role.COORDINATOR))
    groups = _add_groups(db, loaded)
    for facilitator in loaded.part.facilitators:
        seat = _staff_seat(loaded, facilitator.person, Role.FACILITATOR)
        db.add(seat)
        db.flush()
        db.add_all(
            FacilitatorGroup(organization_id=seat.organization_id, enrollment_id=seat.id, group_id=groups[name].id)
            for name in facilitator.groups
        )


def _add_groups(db: Session, loaded: LoadedCohort) -> dict[str, Group]:
    cohort = loaded.cohort
    groups = {
        str(name): Group(organization_id=cohort.organization_id, cohort_id=cohort.id, name=name)
        for name in loaded.part.groups
    }
    db.add_all(groups.values())
    db.flush()
    return groups


def _staff_seat(loaded: LoadedCohort, person: str, role: Role) -> Enrollment:
    return Enrollment(
        organization_id=loaded.cohort.organization_id,
        cohort_id=loaded.cohort.id,
        user_id=loaded.users[person],
        role=role,
        added_at=loaded.timeline.made_at,
    )


def _as_row(row: int, trainee: Trainee, boss: Staff) -> Person:
    return Person(
        row=row,
        employee_number=trainee.number,
        name=trainee.name,
        name_reading=trainee.reading,
        email=trainee.email,
        department=trainee.department,
        group=trainee.group,
        boss_name=boss.name,
        boss_email=boss.email,
    )
