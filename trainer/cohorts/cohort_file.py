"""One cohort declared in one file: its schema, and every mistake in it named with its place."""

import re
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from yaml import YAMLError

from trainer.cohorts.cohort_file_mistakes import sentence_of_mistake
from trainer.cohorts.roster_row import as_address
from trainer.cohorts.rules import parse_closure, public_holidays
from trainer.cohorts.sentences import Refused
from trainer.i18n import LANGUAGES
from trainer.i18n import gettext as _
from trainer.programs.content_yaml import plain_values
from trainer.programs.rules import parse_time

LARGEST_FILE = 1_000_000  # bytes
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(_("'%(name)s' is not a time zone. An example: Asia/Tokyo.", name=name)) from error
    return name


def _country(code: str) -> str:
    try:
        public_holidays(code)
    except ValueError as error:
        raise ValueError(_("No holidays are known for '%(code)s'. An example: JP.", code=code)) from error
    return code


def _closure(value: object) -> str:
    text = value.isoformat() if isinstance(value, date) else value if isinstance(value, str) else type(value).__name__
    try:
        parse_closure(text)
    except ValueError as error:
        raise ValueError(
            _("'%(text)s' is not a closure. Write 2027-04-30, or 2027-08-12/2027-08-16 for several days.", text=text)
        ) from error
    return text


def _address(text: str) -> str:
    address = as_address(text)
    if address is None:
        raise ValueError(_("'%(text)s' is not an e-mail address.", text=text))
    return address


def _time(value: object) -> time:
    if isinstance(value, time):
        return value
    if not isinstance(value, str | int):
        raise ValueError(_('Write a time of day like "09:00".'))
    try:
        return parse_time(value)
    except ValueError as error:
        raise ValueError(_("'%(value)s' is not a time of day. Write \"09:00\".", value=value)) from error


def _on_one_line(text: str) -> str:
    if _CONTROL.search(text):  # it would end a head line of a letter and begin another
        raise ValueError(_("It holds a line break or another control character. Write it on one line."))
    return text


Zone = Annotated[str, AfterValidator(_zone)]
Country = Annotated[str, AfterValidator(_country)]
Closure = Annotated[str, BeforeValidator(_closure)]
Address = Annotated[str, AfterValidator(_address)]
TimeOfDay = Annotated[time, BeforeValidator(_time)]
Language = Literal["ja", "en"]
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_on_one_line)]
PersonName = Annotated[
    str,
    Field(min_length=1, max_length=120),
    AfterValidator(_on_one_line),
    AfterValidator(lambda text: " ".join(text.split())),
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class OrganizationPart(_Part):
    """The company; what it does not say is usual in Japan."""

    name: Line
    time_zone: Zone = "Asia/Tokyo"
    language: Language = "ja"
    closures: list[Closure] = []
    holidays: Country = "JP"


class StaffPart(_Part):
    """A coordinator or a facilitator."""

    name: PersonName
    email: Address


class CohortPart(_Part):
    """The cohort; what it says of zone, language and holidays wins over the company, its closures add."""

    name: Line
    workshop_days: Annotated[list[date], Field(min_length=2, max_length=2)]
    roster: str
    program: str = "management_basics_default"
    start_time: TimeOfDay = time(9, 0)
    prompt_time: TimeOfDay = time(9, 0)
    venue: Annotated[str, Field(max_length=1000)] = ""
    coordinators: list[StaffPart] = []
    facilitators: list[StaffPart] = []
    optional_letters: list[str] = []
    time_zone: Zone | None = None
    language: Language | None = None
    holidays: Country | None = None
    closures: list[Closure] = []


class CohortFile(_Part):
    """A whole file."""

    organization: OrganizationPart
    cohort: CohortPart

    @property
    def language(self) -> str:
        """The language in which the file's people are answered."""
        return self.cohort.language or self.organization.language


def read_cohort_file(path: Path) -> CohortFile:
    """The file, checked. Raises Refused, naming the file, every place in it and what is wrong there."""
    declared = _read_yaml(path)
    try:
        return CohortFile.model_validate(declared)
    except ValidationError as error:
        mistakes = [sentence_of_mistake(entry) for entry in error.errors()]
        raise Refused("\n".join(f"{path.name}: {mistake}" for mistake in mistakes)) from error


def language_of_file(path: Path) -> str:
    """The language a file asks for, as far as it can be read; Japanese otherwise."""
    try:
        declared = _read_yaml(path)
    except Refused:
        return "ja"
    for part in ("cohort", "organization"):
        section = declared.get(part) if isinstance(declared, dict) else None
        if isinstance(section, dict) and section.get("language") in LANGUAGES:
            return str(section["language"])
    return "ja"


def _read_yaml(path: Path) -> Any:
    try:
        with path.open("rb") as source:
            content = source.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise Refused(_("%(file)s is larger than a cohort file can be (1 MB).", file=path.name))
        return plain_values(content)
    except OSError as error:
        raise Refused(_("The file %(file)s cannot be read: %(reason)s.", file=path, reason=error.strerror)) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise Refused(_("%(file)s is not valid YAML: %(reason)s", file=path.name, reason=error)) from error
