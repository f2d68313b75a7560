"""A cohort file into the database: everything it declares, in one transaction, or nothing."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from trainer.accounts.actions import add_organization, ensure_coordinator, ensure_person
from trainer.accounts.models import Organization
from trainer.accounts.queries import organization_named
from trainer.cohorts.actions import start
from trainer.cohorts.cohort_file import CohortFile, OrganizationPart
from trainer.cohorts.enroll import Enrolled, enroll
from trainer.cohorts.models import Cohort
from trainer.cohorts.new_cohort import NewCohort, Settings, make_cohort, switch_letters, warnings_of
from trainer.cohorts.queries import cohort_of
from trainer.cohorts.roster import RefusedRow, RosterError, read_roster
from trainer.cohorts.sentences import Refused
from trainer.cohorts.staff import seat_staff
from trainer.i18n import gettext as _
from trainer.permissions import Role
from trainer.programs.models import ProgramVersion

LARGEST_ROSTER = 5 * 1024 * 1024


@dataclass
class Loaded:
    """What became of a cohort file; `written` is False when a refused row or a refusal held everything back."""

    cohort: int | None = None
    started: bool = False
    written: bool = False
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    missing: list[str] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def as_answer(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return asdict(self)


def load_cohort(
    db: Session,
    declared: CohortFile,
    folder: Path,
    *,
    now: datetime,
    starts: bool = False,
    without_refused: bool = False,
) -> Loaded:
    """Make or refresh what the file declares; the caller commits when `written` is True and rolls back otherwise.

    Raises Refused or ImpossibleSchedule, each with a sentence, when the file as a whole cannot be.
    """
    reading = _read_roster(folder / declared.cohort.roster)
    organization, warnings = _ensure_organization(db, declared.organization, now)
    known = cohort_of(db, organization, declared.cohort.name)
    cohort = known or _new_cohort(db, organization, declared, now)
    warnings += _differences(db, cohort, declared) if known else warnings_of(organization, cohort, now)
    switch_letters(db, cohort, tuple(declared.cohort.optional_letters))
    _seat_staff(db, organization, cohort, declared, now)
    enrolled = enroll(db, cohort, reading, now=now)
    if enrolled.refused and not without_refused:
        return _answer(None if known is None else cohort, enrolled, warnings, written=False)
    if starts:
        start(db, cohort, now=now)
    db.flush()
    return _answer(cohort, enrolled, warnings, written=True)


def _answer(cohort: Cohort | None, enrolled: Enrolled, warnings: list[str], *, written: bool) -> Loaded:
    counts = (enrolled.added, enrolled.changed, enrolled.unchanged) if written else (0, 0, 0)
    return Loaded(
        cohort.id if cohort else None,
        bool(cohort and cohort.started_at),
        written,
        *counts,
        missing=enrolled.missing,
        refused=enrolled.refused,
        warnings=[*warnings, *enrolled.warnings],
    )


def _read_roster(path: Path) -> Any:
    try:
        with path.open("rb") as source:
            content = source.read(LARGEST_ROSTER + 1)
        return read_roster(content, filename=path.name)
    except OSError as error:
        raise Refused(_("The roster %(file)s cannot be read: %(reason)s.", file=path, reason=error.strerror)) from error
    except RosterError as error:
        raise Refused(f"{path.name}: {error}") from error


def _ensure_organization(db: Session, part: OrganizationPart, now: datetime) -> tuple[Organization, list[str]]:
    told = part.model_dump()
    organization = organization_named(db, part.name)
    if organization is None:
        return add_organization(db, told.pop("name"), now=now, **told), []
    return organization, [
        _("organization.%(key)s differs from what is stored (%(stored)s) and stays as it is.", key=key, stored=stored)
        for key, stored in ((key, getattr(organization, key)) for key in told)
        if key in part.model_fields_set and stored != told[key]
    ]


def _new_cohort(db: Session, organization: Organization, declared: CohortFile, now: datetime) -> Cohort:
    part = declared.cohort
    settings = Settings(
        name=part.name,
        time_zone=part.time_zone or organization.time_zone,
        language=part.language or organization.language,
        holidays=part.holidays or organization.holidays,
        start_time=part.start_time,
        prompt_time=part.prompt_time,
        venue=part.venue,
        closures=tuple(part.closures),
        optional_letters=tuple(part.optional_letters),
    )
    day1, day2 = part.workshop_days
    return make_cohort(db, organization, NewCohort(part.program, day1, day2, settings), now=now)


def _plain_columns(declared: CohortFile) -> dict[str, Any]:
    """The columns that a file states as they are stored."""
    part = declared.cohort
    return {
        "name": part.name,
        "day1_on": part.workshop_days[0],
        "day2_on": part.workshop_days[1],
        "start_time": part.start_time,
        "prompt_time": part.prompt_time,
        "venue": part.venue,
        "closures": list(part.closures),
    }


def _differences(db: Session, cohort: Cohort, declared: CohortFile) -> list[str]:
    """What the file says differently of a cohort that exists: it stays as it is, and the coordinator is told."""
    part, told = declared.cohort, _plain_columns(declared)
    told |= {key: getattr(part, key) for key in ("time_zone", "language", "holidays") if getattr(part, key)}
    stored = {key: getattr(cohort, key) for key in told}
    told["program"], stored["program"] = part.program, db.get_one(ProgramVersion, cohort.program_version_id).program
    return [
        _("cohort.%(key)s differs from what is stored (%(stored)s) and stays as it is.", key=key, stored=stored[key])
        for key in told
        if told[key] != stored[key] and (key in part.model_fields_set or key.startswith("day"))
    ]


def _seat_staff(db: Session, organization: Organization, cohort: Cohort, declared: CohortFile, now: datetime) -> None:
    staff = [(Role.COORDINATOR, part) for part in declared.cohort.coordinators]
    staff += [(Role.FACILITATOR, part) for part in declared.cohort.facilitators]
    for role, part in staff:
        user = ensure_person(db, organization, name=part.name, email=part.email, now=now)
        if role is Role.COORDINATOR:
            ensure_coordinator(db, organization, user, now=now)
        seat_staff(db, cohort, user, role, now=now)
