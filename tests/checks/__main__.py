"""`./run check`: every check, one line each; all of them run, and one that fails is enough to fail."""

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

from tests.checks import CheckFailed
from tests.checks.package import check_package
from tests.checks.schema import check_schema_on_postgres, check_schema_on_sqlite
from tests.checks.translations import check_translations

PYTHON = ("trainer", "scheduler", "tests", "wsgi.py")


def main() -> int:
    """0 when all is well, 1 when anything is wrong."""
    checks: list[tuple[str, Callable[[], str | None]]] = [
        ("format", partial(_run, "ruff", "format", "--check", *PYTHON)),
        ("lint", partial(_run, "ruff", "check", *PYTHON)),
        ("types", partial(_run, "mypy", *PYTHON)),
        ("floors", partial(_run, "tests.checks.floors")),
        ("templates", partial(_run, "djlint", "--lint", "--quiet", "templates")),
        ("migrations on SQLite", check_schema_on_sqlite),
        ("migrations on PostgreSQL", check_schema_on_postgres),
        ("translations", check_translations),
        ("package", check_package),
    ]
    failed = [name for name, check in checks if not _passes(name, check)]
    print(f"{len(checks) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def _passes(name: str, check: Callable[[], str | None]) -> bool:
    started = time.monotonic()
    try:
        remark = check()
    except CheckFailed as failure:
        print(f"FAILED  {name}\n{failure}", flush=True)
        return False
    print(f"ok      {name:<26}{remark or f'{time.monotonic() - started:.1f} s'}", flush=True)
    return True


def _run(module: str, *arguments: str) -> None:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise CheckFailed((done.stdout + done.stderr).strip())


if __name__ == "__main__":
    sys.exit(main())
