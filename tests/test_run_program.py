"""./run with the program itself: it answers, it stops when asked, and it says why it cannot start."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of its own that uses this test's environment instead of making one."""
    for name in ("trainer", "scheduler", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    for name in ("run", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copy(ROOT / "requirements.txt", tmp_path / ".venv")
    return tmp_path


def test_a_command_migrates_by_itself_and_answers_on_standard_output_alone(checkout: Path) -> None:
    done = subprocess.run(
        [checkout / "run", "cli", "add-organization", "みなと商事", "--coordinator", "田中 恵 <tanaka@minato.example>"],
        cwd="/",
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1
    assert (checkout / "var" / "minori.db").exists()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_program_answers_and_stops_when_asked(checkout: Path, stop: signal.Signals) -> None:
    port = free_port()
    with running(checkout, port) as program:
        assert health(port, program) == 200
        program.send_signal(stop)
        output, errors = program.communicate(timeout=30)
    assert program.returncode == 0
    assert output == b""
    assert f"http://127.0.0.1:{port}" in errors.decode()


def test_the_program_stops_also_when_the_tests_were_started_in_the_background(checkout: Path) -> None:
    """A shell starts what it puts into the background with SIGINT ignored, and a child inherits that."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        test_the_program_answers_and_stops_when_asked(checkout, signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)


def test_production_without_settings_does_not_start(checkout: Path) -> None:
    done = subprocess.run([checkout / "run", "serve"], env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert {line.split()[0] for line in done.stderr.splitlines()} >= {"SECRET_KEY", "MASTER_KEY", "SMTP_URL"}


def test_a_port_that_is_taken_is_named(checkout: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run([checkout / "run"], env=environment(PORT=str(port)), capture_output=True, text=True)
    assert done.returncode == 1
    assert f"Port {port}" in done.stderr


def environment(**settings: str) -> dict[str, str]:
    """No setting of this machine but the search path."""
    return {"PATH": os.environ["PATH"], **settings}


@contextmanager
def running(checkout: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """The program, stopped by us at the latest: with all its processes, and however these tests were started."""
    program = subprocess.Popen(
        [checkout / "run"],
        cwd="/",
        env=environment(PORT=str(port)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=listen_to_ctrl_c,
    )
    with program:
        try:
            yield program
        finally:
            if program.poll() is None:
                os.killpg(program.pid, signal.SIGKILL)


def listen_to_ctrl_c() -> None:
    """In the child, before it becomes the program: an ignored SIGINT would stay ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def health(port: int, program: "subprocess.Popen[bytes]") -> int:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and program.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                return int(answer.status)
        except URLError:
            time.sleep(0.1)
    return 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
