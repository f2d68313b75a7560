"""axe-core, which finds what shuts people out: fetched once by npm at a pinned version, checked, kept in var/."""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VERSION = "4.14.1"
SHA512 = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
PLACE = Path(__file__).resolve().parent.parent / "var" / f"axe-core-{VERSION}.min.js"
MISSING = f"axe-core {VERSION} is not in var/, and npm could not bring it (python -m tests.axe_core says why)"
SECONDS = 60


def find_axe() -> str | None:
    """The path of axe-core's script, or None while nobody has fetched it."""
    return str(PLACE) if PLACE.is_file() else None


def fetch_axe() -> None:
    """Put axe-core into var/ unless it is there. RuntimeError with a sentence when that is impossible."""
    if find_axe():
        return
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError("npm is missing, and axe-core comes by npm (Debian: apt-get install npm)")
    PLACE.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=PLACE.parent) as directory:
        package = _packed(npm, Path(directory))
        _check(package)
        with tarfile.open(package) as archive:
            script = archive.extractfile("package/axe.min.js")
            if script is None:
                raise RuntimeError("the package of axe-core holds no axe.min.js")
            new = Path(directory) / "axe.min.js"
            new.write_bytes(script.read())
        new.replace(PLACE)  # in one step: another process may be doing the same


def _packed(npm: str, directory: Path) -> Path:
    command = [
        npm,
        "pack",
        f"axe-core@{VERSION}",
        "--silent",
        "--fetch-retries=1",
        "--pack-destination",
        str(directory),
    ]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=SECONDS, cwd=directory)
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"npm could not bring axe-core: {error.stderr.strip()}") from error
    except subprocess.TimeoutExpired as error:
        raise RuntimeError(f"npm did not bring axe-core within {SECONDS} seconds") from error
    return next(directory.glob("*.tgz"))


def _check(package: Path) -> None:
    found = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    if found != SHA512:
        raise RuntimeError(f"what npm brought as axe-core {VERSION} is something else: sha512 {found}")


if __name__ == "__main__":
    try:
        fetch_axe()
    except RuntimeError as problem:
        sys.exit(str(problem))
