"""The packs: how they are found, read, checked and compared. A pack is the whole course in one language, as data."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from trainer.programs.content_checks import problems_between_parts
from trainer.programs.content_errors import PackError, Problem, problems_of_shape
from trainer.programs.content_languages import differences
from trainer.programs.content_letters import Letter
from trainer.programs.content_pack import Pack
from trainer.programs.content_yaml import read_yaml

__all__ = ["Letter", "Pack", "PackError", "Problem", "load_pack", "load_program", "read_pack", "shipped_programs"]

PACKS = Path(__file__).parent / "packs"  # a file for each program and language: PROGRAM.LANGUAGE.yaml


def shipped_programs() -> list[str]:
    """The ids of the programs that come with the product."""
    return sorted(_files_by_program(PACKS))


def load_program(program_id: str, packs: Path = PACKS) -> Mapping[str, Pack]:
    """A program in each of its languages (language -> pack), Japanese first if it has one.

    A program that came with this installation is read once, since its files do not change while it runs.
    Raises PackError if there is no such program, if a pack cannot be used, or if the languages do not agree.
    """
    return _shipped(program_id) if packs == PACKS else _load(program_id, packs)


@cache
def _shipped(program_id: str) -> Mapping[str, Pack]:
    return MappingProxyType(_load(program_id, PACKS))


def _load(program_id: str, packs: Path) -> dict[str, Pack]:
    files = _files_by_program(packs).get(program_id)
    if not files:
        raise PackError(program_id, [Problem("the program", "is not among the packs")])
    languages = sorted(files, key=lambda language: (language != "ja", language))
    program = {language: _load_named(files[language], program_id, language) for language in languages}
    first, *others = languages
    for language in others:
        found = differences(program[first], program[language])
        if found:
            raise PackError(f"{files[first].name} and {files[language].name}", found)
    return program


def load_pack(path: Path) -> Pack:
    """The pack in a file. Raises PackError, which lists everything that is wrong with it."""
    return read_pack(read_yaml(path), path.name)


def read_pack(data: Any, source: str) -> Pack:
    """The pack in plain values; `source` names it in errors. Raises PackError, which lists everything wrong."""
    try:
        pack = Pack.model_validate(data)
    except ValidationError as error:
        raise PackError(source, problems_of_shape(error, data)) from error
    problems = list(problems_between_parts(pack))
    if problems:
        raise PackError(source, problems)
    return pack


def _load_named(path: Path, program_id: str, language: str) -> Pack:
    pack = load_pack(path)
    if (pack.program.id, pack.lang) != (program_id, language):
        reason = f"says {pack.program.id} in {pack.lang}, the file's name says {program_id} in {language}"
        raise PackError(path.name, [Problem("program.id, lang", reason)])
    return pack


def _files_by_program(packs: Path) -> dict[str, dict[str, Path]]:
    files: dict[str, dict[str, Path]] = defaultdict(dict)
    for path in packs.glob("*.*.yaml"):
        program_id, language = path.name.removesuffix(".yaml").rsplit(".", 1)
        files[program_id][language] = path
    return dict(files)
