"""A command line with a fresh database, and one with a cohort in it."""

from pathlib import Path

import pytest

from tests.cli.commands import CommandLine
from tests.factories import roster_line, write_cohort_file, write_roster


@pytest.fixture
def cli(database_url: str, tmp_path: Path) -> CommandLine:
    """Commands on a fresh database of each kind."""
    return CommandLine(database_url, tmp_path)


@pytest.fixture
def course(cli: CommandLine) -> CommandLine:
    """Commands on a database that holds cohort 1, called First, with the trainees 1 and 2."""
    write_roster(cli.folder, roster_line("1"), roster_line("2"))
    told = cli("load-cohort", write_cohort_file(cli.folder))
    assert (told.code, told.json["cohort"]) == (0, 1), told
    return cli
