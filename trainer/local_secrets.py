"""The keys of a machine that nobody has given any: made at random once, kept in one file, never in production."""

import base64
import os
import secrets
from pathlib import Path

from dotenv import dotenv_values

NAMES = ("SECRET_KEY", "MASTER_KEY")


def read_or_make_secrets(path: Path) -> dict[str, str]:
    """The keys in `path`; where there is no such file it is made, readable by its owner alone.

    Two processes that start at once agree: the file appears whole or not at all, and the first one wins.
    """
    if not path.exists():
        _make(path)
    return read_environment_file(path)


def read_environment_file(path: Path) -> dict[str, str]:
    """The settings of a file of NAME=value lines; none where there is no file."""
    return {name: value for name, value in dotenv_values(path, interpolate=False).items() if value}


def _make(path: Path) -> None:
    values = {"SECRET_KEY": secrets.token_urlsafe(48), "MASTER_KEY": base64.b64encode(secrets.token_bytes(32)).decode()}
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{name}='{value}'\n" for name, value in values.items())
    try:
        os.link(new, path)  # unlike a rename, this never replaces the file of a faster process
    except FileExistsError:
        return
    finally:
        new.unlink()
