"""`render-lessons`: what it refuses, and with which words."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from trainer.cli.command import commands
from trainer.cli.lessons import render_lessons_command


def render(directory: Path, *arguments: str) -> Result:
    environment = {
        "LANG": "en",
        "LC_ALL": "en",
        "ENVIRONMENT": "test",
        "DATABASE_URL": f"sqlite:///{directory}/none.db",
    }
    return CliRunner().invoke(commands, ["render-lessons", "--folder", str(directory), *arguments], env=environment)


def test_the_command_is_one_of_ours() -> None:
    assert commands.commands["render-lessons"] is render_lessons_command


def test_without_its_packages_it_says_how_to_get_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)  # as if it were not installed, wherever this runs
    done = render(tmp_path)
    assert done.exit_code == 1
    assert done.stderr == "Films need more packages. Install them with: pip install -r requirements-render.txt\n"
    assert list(tmp_path.glob("*.webm")) == []


def test_an_unknown_program_is_refused(tmp_path: Path) -> None:
    assert render(tmp_path, "--program", "none").exit_code == 1
