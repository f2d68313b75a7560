"""Where the files are that belong to the program and are not code."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def asset_dir(name: str) -> Path:
    """The folder `name`: in the package once installed, at the top level of a checkout. RuntimeError without it."""
    for directory in (PACKAGE / name, PACKAGE.parent / name):
        if directory.is_dir():
            return directory
    raise RuntimeError(f"{name}/ is neither in the package nor beside it")
