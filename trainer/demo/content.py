"""The demo's file, read and checked like a pack: everything it refers to exists, in both languages alike."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from trainer.demo.content_answers import choices_of
from trainer.demo.content_checks import problems_between_parts
from trainer.demo.content_company import Company
from trainer.programs.content import Pack, PackError, Problem, load_program, shipped_programs
from trainer.programs.content_errors import problems_of_shape
from trainer.programs.content_languages import differences
from trainer.programs.content_yaml import read_yaml

__all__ = ["DEMO_LANGUAGES", "Company", "DemoLanguage", "check_company", "load_company"]

DATA = Path(__file__).parent / "data"
DemoLanguage = Literal["ja", "en"]
DEMO_LANGUAGES: tuple[DemoLanguage, ...] = ("ja", "en")


@lru_cache
def load_company(language: DemoLanguage, data: Path = DATA) -> Company:
    """The company in a language. Raises PackError, which names file, place and reason of everything that is wrong."""
    files = {one: data / f"demo.{one}.yaml" for one in DEMO_LANGUAGES}
    companies = {one: check_company(read_yaml(file), file.name, one) for one, file in files.items()}
    found = _differences(*companies.values())
    if found:
        raise PackError(" and ".join(file.name for file in files.values()), found)
    return companies[language]


def check_company(data: Any, source: str, language: DemoLanguage) -> Company:
    """The company in plain values; `source` names it in errors. Raises PackError with everything that is wrong."""
    try:
        company = Company.model_validate(data)
    except ValidationError as error:
        raise PackError(source, problems_of_shape(error, data)) from error
    problems = _problems_of_programs(company) or list(problems_between_parts(company, _packs(company)))
    if company.lang != language:
        problems.append(Problem("lang", f"is {company.lang!r}, the file's name says {language!r}"))
    if problems:
        raise PackError(source, problems)
    return company


def _problems_of_programs(company: Company) -> list[Problem]:
    shipped = shipped_programs()
    return [
        Problem(f"cohorts[{cohort.id}].program", f"{cohort.program!r} is not among the packs")
        for cohort in company.cohorts
        if cohort.program not in shipped
    ]


def _packs(company: Company) -> Mapping[str, Pack]:
    """Cohort id -> its program's pack, in the company's language."""
    return {cohort.id: _program(cohort.program)[company.lang] for cohort in company.cohorts}


@lru_cache
def _program(program: str) -> Mapping[str, Pack]:
    return load_program(program)


def _differences(one: Company, other: Company) -> list[Problem]:
    """Where the languages differ in more than words: in structure, in what was chosen, or in who sits where."""
    found = differences(one, other)
    if found:
        return found
    mine, others = _choices(one), _choices(other)
    return [
        Problem(path, f"is {mine.get(path)!r} in one language and {others.get(path)!r} in the other")
        for path in {**mine, **others}
        if mine.get(path) != others.get(path)
    ]


def _choices(company: Company) -> dict[str, Any]:
    """Path -> everything that is chosen rather than written: answers that are ids, numbers or days, and groups."""
    packs = _packs(company)
    chosen: dict[str, Any] = dict(choices_of(company, packs))
    for cohort in company.cohorts:
        seats = [(f"trainees[{one.id}].group", [one.group]) for one in cohort.trainees]
        seats += [(f"facilitators[{one.person}].groups", list(one.groups)) for one in cohort.facilitators]
        for path, groups in seats:
            chosen[f"cohorts[{cohort.id}].{path}"] = [cohort.groups.index(group) for group in groups]
    return chosen
