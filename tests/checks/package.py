"""The wheel: it builds, installs in a fresh environment with the pinned core, and starts from another directory."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from tests.checks import CheckFailed

SECONDS_TO_START = 30


def check_package() -> None:
    """Raises CheckFailed, with the words of whatever step went wrong."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", name, ".")
        python = directory / "fresh" / "bin" / "python"
        _run(sys.executable, "-m", "venv", str(directory / "fresh"))
        install = (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        _run(*install, "--require-hashes", "-r", "requirements.txt")
        _run(*install, "--no-deps", *map(str, directory.glob("*.whl")))
        with _started(python, directory) as address:
            for path in ("/healthz", "/", f"/static/{min(Path('trainer/static').glob('*.*')).name}"):
                _get(address + path)


@contextmanager
def _started(python: Path, directory: Path) -> Iterator[str]:
    """The installed program, started in an empty directory; its address."""
    port = _free_port()
    home = directory / "home"
    home.mkdir()
    environment = {"PATH": os.environ["PATH"], "ENVIRONMENT": "demo", "PORT": str(port)}
    with (home / "output").open("w+b") as output:
        program = subprocess.Popen(
            [python, "-m", "trainer.serve"], cwd=home, env=environment, stdout=output, stderr=output
        )
        try:
            _wait_for(port, program)
            yield f"http://127.0.0.1:{port}"
        except CheckFailed as failure:
            output.seek(0)
            raise CheckFailed(f"{failure}\n{output.read().decode(errors='replace')}") from None
        finally:
            program.terminate()
            program.wait(timeout=SECONDS_TO_START)


def _wait_for(port: int, program: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and program.poll() is None:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise CheckFailed("the installed program does not start:")


def _get(address: str) -> None:
    try:
        with urllib.request.urlopen(address, timeout=10):  # noqa: S310 - our own address
            return
    except URLError as error:
        raise CheckFailed(f"{address} of the installed program answers {error}") from None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(*command: str) -> None:
    # without the checkout's own packages: what is tried is the wheel
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise CheckFailed(f"{' '.join(command)}\n{done.stdout}{done.stderr}".strip())
