"""What the parts of the demo's file say of each other: every person, group, step, lesson and date exists."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel

from trainer.cohorts.models import SeatStatus
from trainer.demo.content_checks_work import problems_of_work, strangers
from trainer.demo.content_company import CohortPart, Company, DoorPart, Trainee
from trainer.demo.content_parts import Staff
from trainer.demo.rules import TODAY, When
from trainer.permissions import Role
from trainer.programs.content_errors import Problem
from trainer.programs.content_pack import Pack
from trainer.programs.rules import ANCHORS


def problems_between_parts(company: Company, packs: Mapping[str, Pack]) -> Iterator[Problem]:
    """Everything that is wrong with a company whose shape is right; `packs`: cohort id -> its program's pack."""
    yield from _problems_of_organization(company)
    yield from _doubled(company)
    for place, door in enumerate(company.doors):
        yield from _problems_of_door(f"doors[{place}]", door, company)
    for cohort in company.cohorts:
        yield from _problems_of_cohort(company, cohort, packs[cohort.id])


def whens_of(part: Any, path: str) -> Iterator[tuple[str, When]]:
    """Every day and instant in a part of the file, each with its path, which begins with the part's own."""
    if isinstance(part, When):
        yield path, part
    for step, value in _inside(part):
        yield from whens_of(value, path + step)


def _inside(part: Any) -> list[tuple[str, Any]]:
    if isinstance(part, BaseModel):
        return [(f".{name}", getattr(part, name)) for name in type(part).model_fields]
    if isinstance(part, dict):
        return [(f".{name}", value) for name, value in part.items()]
    if isinstance(part, tuple):
        return [(f"[{getattr(value, 'id', place)}]", value) for place, value in enumerate(part)]
    return []


def _problems_of_organization(company: Company) -> Iterator[Problem]:
    if company.organization.language != company.lang:
        yield Problem("organization.language", f"is not the file's own, {company.lang!r}")
    try:
        ZoneInfo(company.organization.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield Problem("organization.time_zone", f"{company.organization.time_zone!r} is not a time zone")


def _doubled(company: Company) -> Iterator[Problem]:
    staff = [*company.people.coordinators, *company.people.facilitators, *company.people.bosses]
    everybody: list[Staff | Trainee] = [*staff]
    for cohort in company.cohorts:
        everybody += cohort.trainees
    lists = {
        "cohorts, id": [cohort.id for cohort in company.cohorts],
        "people, id": [person.id for person in everybody],
        "people, email": [person.email for person in everybody],
        "people, number": [person.number for person in everybody if person.number],
    }
    for path, values in lists.items():
        yield from (Problem(path, f"{value!r} is there twice") for value, times in Counter(values).items() if times > 1)


def _problems_of_door(path: str, door: DoorPart, company: Company) -> Iterator[Problem]:
    cohorts = {cohort.id: cohort for cohort in company.cohorts}
    if door.cohort is None and door.role is not Role.COORDINATOR:
        yield Problem(f"{path}.cohort", "is missing")
    elif door.cohort is not None and door.cohort not in cohorts:
        yield Problem(f"{path}.cohort", f"{door.cohort!r} is not known")
    else:
        looked_in = [cohorts[door.cohort]] if door.cohort else company.cohorts
        if not any(door.person in _people_in_role(cohort, door.role) for cohort in looked_in):
            yield Problem(f"{path}.person", f"{door.person!r} has no seat as {door.role.value} there")


def _people_in_role(cohort: CohortPart, role: Role) -> set[str]:
    if role is Role.TRAINEE:
        return {trainee.id for trainee in cohort.trainees}
    return set(cohort.coordinators if role is Role.COORDINATOR else [seat.person for seat in cohort.facilitators])


def _problems_of_cohort(company: Company, cohort: CohortPart, pack: Pack) -> Iterator[Problem]:
    path = f"cohorts[{cohort.id}]"
    facilitators = [seat.person for seat in cohort.facilitators]
    yield from strangers(f"{path}.coordinators", cohort.coordinators, _ids(company.people.coordinators))
    yield from strangers(f"{path}.facilitators", facilitators, _ids(company.people.facilitators))
    for seat in cohort.facilitators:
        yield from strangers(f"{path}.facilitators[{seat.person}].groups", seat.groups, cohort.groups)
    yield from _problems_of_dates(path, cohort, pack)
    for trainee in cohort.trainees:
        place = f"{path}.trainees[{trainee.id}]"
        yield from _problems_of_seat(place, company, cohort, trainee)
        yield from problems_of_work(place, cohort, trainee, pack)


def _problems_of_dates(path: str, cohort: CohortPart, pack: Pack) -> Iterator[Problem]:
    """Every time begins at something known; what places the workshop, at today."""
    dates = {date.id for date in pack.schedule.dates}
    first = {TODAY, *ANCHORS}
    for place, when in whens_of(cohort, path):
        is_first = place.removeprefix(f"{path}.").split(".")[0] in ("workshop", "opened_by", "overrides")
        yield from strangers(place, [when.offset.base], {TODAY} if is_first else first | dates)
    yield from strangers(f"{path}.opened_by", cohort.opened_by, dates)
    yield from strangers(f"{path}.overrides", cohort.overrides, dates)


def _problems_of_seat(path: str, company: Company, cohort: CohortPart, trainee: Trainee) -> Iterator[Problem]:
    yield from strangers(f"{path}.boss", [trainee.boss], _ids(company.people.bosses))
    yield from strangers(f"{path}.group", [trainee.group], cohort.groups)
    givers = [extension.by for extension in trainee.extensions]
    yield from strangers(f"{path}.extensions.by", givers, cohort.coordinators)
    if (trainee.status is SeatStatus.ACTIVE) == (trainee.status_since is not None):
        yield Problem(f"{path}.status_since", "must be there exactly when the status is not active")


def _ids(people: Iterable[Any]) -> set[str]:
    return {person.id for person in people}
