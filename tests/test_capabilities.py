"""The closing summary is honest: what did not run is said, and fails where REQUIRE names it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CONFTEST = """
from dataclasses import replace
from tests import capabilities
capabilities.CAPABILITIES = tuple(
    replace(capability, find=lambda: {place!r}, missing="nothing found") for capability in capabilities.CAPABILITIES
)
from tests.conftest import *
"""
TESTS = """
import pytest

def test_plain():
    assert True

@pytest.mark.postgres
def test_that_needs_postgres():
    assert True

@pytest.mark.postgres
@pytest.mark.parametrize("number", [1, 2])
def test_that_needs_it_too(number):
    assert True
"""
IN_ONE_OR_IN_SEVERAL = pytest.mark.parametrize("processes", ["0", "2"])


@IN_ONE_OR_IN_SEVERAL
def test_what_ran_is_counted(tmp_path: Path, processes: str) -> None:
    code, words = run(tmp_path, processes, place="here", require="postgres")
    assert code == 0
    assert "PostgreSQL  ran (3) - here" in words
    assert "4 passed" in words


@IN_ONE_OR_IN_SEVERAL
def test_what_could_not_run_is_said_and_not_called_skipped(tmp_path: Path, processes: str) -> None:
    code, words = run(tmp_path, processes, place=None)
    assert code == 0
    assert "PostgreSQL  NOT RUN - nothing found" in words
    assert "1 passed" in words
    assert "skipped" not in words


@IN_ONE_OR_IN_SEVERAL
def test_what_is_required_and_could_not_run_is_a_failure(tmp_path: Path, processes: str) -> None:
    code, words = run(tmp_path, processes, place=None, require="postgres")
    assert code == 1
    assert "REQUIRE names postgres" in words


@pytest.mark.parametrize("require", ["browser", "postgres,browser", "postgres, browsers"])
def test_a_required_capability_without_any_test_is_a_failure(tmp_path: Path, require: str) -> None:
    code, words = run(tmp_path, "0", place="here", require=require)
    assert code == 1
    assert "REQUIRE names browser" in words


def test_a_test_that_failed_counts_as_one_that_ran(tmp_path: Path) -> None:
    failing = TESTS.replace("assert True", "assert False")
    code, words = run(tmp_path, "0", place="here", tests=failing)
    assert code == 1
    assert "PostgreSQL  ran (3) - here" in words


def run(
    directory: Path, processes: str, *, place: str | None, require: str = "", tests: str = TESTS
) -> tuple[int, str]:
    """The exit code and the words of a run of `tests` on a machine where every capability is at `place`."""
    (directory / "conftest.py").write_text(CONFTEST.format(place=place))
    (directory / "test_something.py").write_text(tests)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", processes, "-c", ROOT / "pyproject.toml", "--rootdir", directory, "."],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": str(ROOT), "REQUIRE": require},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr
