"""The floors hold: each contract turns red on a planted import, and no module stands outside the house."""

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}
ROOMS = {"views", "forms", "letters", "actions", "queries", "models", "rules"}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the code in which anything may be planted."""
    for package in ("trainer", "scheduler"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_code_as_it_is_keeps_all_contracts(copy: Path) -> None:
    done = check(copy)
    assert done.returncode == 0, done.stdout
    assert "3 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("contract", "file", "planted"),
    [
        ("floors", "trainer/clock.py", "import trainer.accounts.models"),
        ("floors", "trainer/accounts/actions.py", "import trainer.cohorts.queries"),
        ("floors", "trainer/cohorts/actions.py", "import scheduler"),
        ("floors", "trainer/front.py", "import trainer.gate"),
        ("rooms", "trainer/cohorts/models.py", "import trainer.cohorts.queries"),
        ("rooms", "trainer/accounts/queries.py", "import trainer.accounts.actions"),
        ("rules", "trainer/cohorts/rules.py", "import sqlalchemy"),
        ("rules", "trainer/programs/rules.py", "import trainer.clock"),
        ("rules", "trainer/prompts/rules.py", "import flask"),
    ],
)
def test_a_planted_import_turns_its_contract_red(copy: Path, contract: str, file: str, planted: str) -> None:
    with (copy / file).open("a") as code:
        code.write(f"\n{planted}\n")
    done = check(copy, contract)
    assert done.returncode == 1
    assert "0 kept, 1 broken" in done.stdout


def test_every_module_stands_on_a_floor() -> None:
    floors = {
        name.strip(" ()") for layer in CONTRACTS["floors"]["layers"] for name in layer.replace(":", "|").split("|")
    }
    modules = {f"trainer.{path.stem}" for path in (ROOT / "trainer").iterdir() if is_module(path)}
    assert modules <= floors


def test_every_slice_is_held_to_the_order_of_its_rooms() -> None:
    slices = {f"trainer.{room.parent.name}" for room in (ROOT / "trainer").glob("*/*.py") if room.stem in ROOMS}
    assert slices <= set(CONTRACTS["rooms"]["containers"])


def test_rules_import_nothing_but_the_standard_library_holidays_and_rules() -> None:
    allowed = sys.stdlib_module_names | {"holidays"}
    pure = {"trainer.permissions"}  # roles and audiences, and the tables between them
    foreign = {
        (path.parent.name, name)
        for path in (ROOT / "trainer").glob("*/rules.py")
        for name in imported_names(path)
        if name.split(".")[0] not in allowed
        and name not in pure
        and not (name.startswith("trainer.") and name.endswith(".rules"))
    }
    assert not foreign


def check(directory: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": f"{directory}{os.pathsep}{ROOT}", "PYTHONSAFEPATH": "1"}
    return subprocess.run(
        [sys.executable, "-m", "tests.checks.floors", *contracts],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
    )


def is_module(path: Path) -> bool:
    return path.stem != "__init__" and (path.suffix == ".py" or (path / "__init__.py").is_file())


def imported_names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "a relative import"
