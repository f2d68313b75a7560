"""Databases for tests: one server and one migrated template for the whole run, a fresh copy for each test."""

import fcntl
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

from tests.postgres_server import PostgresSource, find_postgres, start_server, stop_server
from trainer.db import Database
from trainer.migrations import migrate


class TestRun:
    """One run's databases, shared by all its processes through one directory."""

    __test__ = False  # not a test, whatever its name says

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._numbers = itertools.count(1)

    def sqlite(self, path: Path, *, migrated: bool = True) -> str:
        """The address of a fresh SQLite database at `path`."""
        if migrated:
            shutil.copyfile(self._sqlite_template(), path)
        return f"sqlite:///{path}"

    @contextmanager
    def postgres(self, *, migrated: bool = True) -> Iterator[str]:
        """The address of a fresh PostgreSQL database, dropped afterwards."""
        template = self._postgres_template() if migrated else "template0"
        name = f"{self._name}_{os.getpid()}_{next(self._numbers)}"
        self._create(name, template)
        try:
            yield _address(self._server().set(database=name))
        finally:
            self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    @property
    def compiled_pages(self) -> Path:
        """Where the run's processes keep the code of page templates."""
        folder = self.directory / "pages"
        folder.mkdir(exist_ok=True)
        return folder

    def close(self) -> None:
        """Leave nothing behind: no server, no database, no file."""
        source = find_postgres()
        if source and source.url and (self.directory / "template").exists():
            self._execute(f'DROP DATABASE IF EXISTS "{self._template_name}"')
        if source and source.programs and (self.directory / "address").exists():
            stop_server(source.programs, self.directory / "server")
        shutil.rmtree(self.directory)

    @property
    def _name(self) -> str:
        return self.directory.name.replace("-", "_").lower()

    @property
    def _template_name(self) -> str:
        return f"{self._name}_template"

    def _sqlite_template(self) -> Path:
        path = self.directory / "template.sqlite"
        with self._once(path) as is_missing:
            if is_missing:
                new = path.with_suffix(".new")
                _migrate(f"sqlite:///{new}")
                new.rename(path)
        return path

    def _postgres_template(self) -> str:
        done = self.directory / "template"
        with self._once(done) as is_missing:
            if is_missing:
                self._create(self._template_name, "template0")
                _migrate(_address(self._server().set(database=self._template_name)))
                done.touch()
        return self._template_name

    def _server(self) -> URL:
        """The server's address; the first who asks starts it."""
        address = self.directory / "address"
        with self._once(address) as is_missing:
            if is_missing:
                address.write_text(self._start())
        return make_url(address.read_text())

    def _start(self) -> str:
        source = found_postgres()
        if source.programs is None:
            return str(source.url)
        directory = self.directory / "server"
        directory.mkdir()
        return start_server(source.programs, directory)

    def _create(self, name: str, template: str) -> None:
        # copying files takes a quarter of the time of writing pages to the log; older servers do only that
        with self._connection() as connection:
            strategy = "STRATEGY file_copy" if connection.info.server_version >= 150000 else ""
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {strategy}'.encode())

    def _execute(self, statement: str) -> None:
        with self._connection() as connection:
            connection.execute(statement.encode())

    def _connection(self) -> psycopg.Connection:
        url = self._server().set(drivername="postgresql")
        return psycopg.connect(_address(url), autocommit=True)

    @contextmanager
    def _once(self, path: Path) -> Iterator[bool]:
        """Inside, no other process of this run makes `path`; gives whether it is still missing."""
        with path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield not path.exists()


def new_run() -> TestRun:
    """A run of its own; whoever opens it closes it."""
    # not in the system's choice of place: a socket's path must be short
    directory = Path(tempfile.mkdtemp(prefix="minori-", dir="/tmp"))
    directory.chmod(0o755)  # the server's account passes through
    return TestRun(directory)


@contextmanager
def throwaway_postgres(*, migrated: bool = True) -> Iterator[str]:
    """The address of a PostgreSQL database outside the tests, as checks and benches need it."""
    run = new_run()
    try:
        with run.postgres(migrated=migrated) as url:
            yield url
    finally:
        run.close()


def found_postgres() -> PostgresSource:
    """Where PostgreSQL is; RuntimeError where there is none (the tests ask before they need it)."""
    source = find_postgres()
    if source is None:
        raise RuntimeError("no PostgreSQL found")
    return source


def _migrate(url: str) -> None:
    database = Database(url)
    migrate(database)
    database.dispose()


def _address(url: URL) -> str:
    return url.render_as_string(hide_password=False)
