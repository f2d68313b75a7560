"""./run on machines of all sorts: it prepares itself, speaks clearly, and answers on standard output alone."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ("sh", "basename", "cat", "cmp", "cp", "dirname", "find", "ln", "mkdir", "readlink", "rm", "sleep")
# a Python that only says what it was asked; {old}, {venv} and {pip} are exit codes
PYTHON = """#!/bin/sh
case "$*" in
"-c import sys"*) exit {old} ;;
"-c import ensurepip"*) exit {module} ;;
"-m venv"*) echo "making $3"; mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; exit {venv} ;;
"-m pip"*) echo "installing"; echo "$*" >>"{log}"; exit {pip} ;;
*) echo "answer to $*" ;;
esac
"""


class Machine:
    """A checkout's ./run on a machine that has a few plain tools and perhaps a Python."""

    def __init__(self, directory: Path) -> None:
        self.checkout = directory / "checkout"
        self.tools = directory / "tools"
        self.log = directory / "log"
        self.checkout.mkdir()
        self.tools.mkdir()
        for name in ("run", "requirements.txt", "requirements-test.txt"):
            shutil.copy(ROOT / name, self.checkout)
        for name in TOOLS:
            (self.tools / name).symlink_to(str(shutil.which(name)))

    def has_python(self, name: str = "python3", *, old: int = 0, module: int = 0, venv: int = 0, pip: int = 0) -> None:
        program = self.tools / name
        program.write_text(PYTHON.format(old=old, module=module, venv=venv, pip=pip, log=self.log))
        program.chmod(0o755)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        command = [str(self.checkout / "run"), *arguments]
        return subprocess.Popen(
            command, env={"PATH": str(self.tools)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """The exit code and what came out on standard output and standard error."""
        process = self.start(*arguments)
        output, errors = process.communicate(timeout=60)
        return process.returncode, output, errors

    @property
    def installations(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_the_script_is_plain_sh_and_may_be_started(script: str) -> None:
    subprocess.run(["/bin/sh", "-n", ROOT / script], check=True)
    assert os.access(ROOT / script, os.X_OK)
    assert (ROOT / script).read_text().startswith("#!/bin/sh\n")


def test_without_python_it_says_what_to_install(machine: Machine) -> None:
    code, output, errors = machine.run()
    assert (code, output) == (1, "")
    assert "Python 3.11" in errors
    assert "apt-get install python3" in errors


def test_an_old_python_is_not_enough(machine: Machine) -> None:
    machine.has_python(old=1)
    code, _, errors = machine.run("cli", "doctor")
    assert code == 1
    assert "Python 3.11" in errors


@pytest.mark.parametrize(("module", "venv"), [(1, 0), (0, 1)])
def test_without_the_venv_module_it_names_the_package_and_leaves_nothing_half_made(
    machine: Machine, module: int, venv: int
) -> None:
    machine.has_python(module=module, venv=venv)
    code, output, errors = machine.run("test")
    assert (code, output) == (1, "")
    assert "python3-venv" in errors
    assert not (machine.checkout / ".venv").exists()


def test_the_newest_python_is_taken(machine: Machine) -> None:
    machine.has_python("python3", old=1)
    machine.has_python("python3.14")
    assert machine.run("cli", "doctor")[0] == 0


def test_setting_up_says_nothing_on_standard_output(machine: Machine) -> None:
    machine.has_python()
    code, output, errors = machine.run("cli", "rehearse", "1", "--csv")
    assert (code, output) == (0, "answer to -m trainer.cli rehearse 1 --csv\n")
    assert "installing" in errors


def test_it_installs_pinned_files_once_and_only_what_is_needed(machine: Machine) -> None:
    machine.has_python()
    machine.run("cli", "doctor")
    machine.run("cli", "doctor")
    machine.run("serve")
    [core] = machine.installations
    assert "--require-hashes" in core
    assert core.endswith("/requirements.txt")
    machine.run("test")
    machine.run("cli", "doctor")
    [_, tests] = machine.installations
    assert tests.endswith("/requirements-test.txt")


def test_other_pins_are_installed_at_the_next_call(machine: Machine) -> None:
    machine.has_python()
    machine.run("cli", "doctor")
    with (machine.checkout / "requirements.txt").open("a") as pins:
        pins.write("\n")
    machine.run("cli", "doctor")
    assert len(machine.installations) == 2


def test_an_installation_that_failed_is_tried_again(machine: Machine) -> None:
    machine.has_python(pip=1)
    assert machine.run("cli", "doctor")[0] == 1
    assert machine.run("cli", "doctor")[0] == 1
    assert len(machine.installations) == 2


def test_two_calls_at_once_take_turns(machine: Machine) -> None:
    machine.has_python()
    calls = [machine.start("cli", "doctor") for _ in range(4)]
    answers = [call.communicate(timeout=60)[0] for call in calls]
    assert answers == ["answer to -m trainer.cli doctor\n"] * 4
    assert len(machine.installations) == 1


def test_a_call_that_died_while_setting_up_holds_nobody_up(machine: Machine) -> None:
    machine.has_python()
    (machine.checkout / "var").mkdir()
    gone = subprocess.Popen(["/bin/sh", "-c", "exit 0"])
    gone.wait()
    (machine.checkout / "var" / "set-up.lock").symlink_to(str(gone.pid))
    assert machine.run("cli", "doctor")[0] == 0
    assert not (machine.checkout / "var" / "set-up.lock").is_symlink()


def test_an_unknown_word_is_a_wrong_usage(machine: Machine) -> None:
    code, output, errors = machine.run("fly")
    assert (code, output) == (2, "")
    assert "./run test" in errors


def test_help_needs_no_set_up(machine: Machine) -> None:
    code, output, errors = machine.run("help")
    assert (code, errors) == (0, "")
    assert "./run cli" in output


def test_a_bench_that_does_not_exist_is_a_wrong_usage(machine: Machine) -> None:
    (machine.checkout / "tests" / "bench").mkdir(parents=True)
    (machine.checkout / "tests" / "bench" / "load.py").touch()
    code, output, errors = machine.run("bench", "nothing")
    assert (code, output) == (2, "")
    assert "load" in errors
