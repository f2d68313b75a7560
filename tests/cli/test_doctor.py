"""`doctor` says in one line each whether all is well, and what to do where it is not."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.prompts.courses import DECEMBER, make_course
from trainer.cli.__main__ import commands
from trainer.db import Database

NAMES = ["settings", "database", "migrations", "keys", "mail", "letters"]


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "ENVIRONMENT": "test",
        "DATABASE_URL": database_url,
        "KEY_RING": str(tmp_path / "keys.json"),
        "OUTBOX_DIR": str(tmp_path / "outbox"),
        "LANG": "en_US.UTF-8",
    }


def doctor(environment: dict[str, str], *words: str) -> Result:
    return CliRunner().invoke(commands, ["doctor", *words], env=environment)


def test_a_new_installation_is_well(environment: dict[str, str]) -> None:
    result = doctor(environment)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [f"{name}: well" for name in NAMES]
    assert "SMTP_URL is not set" in result.stderr


def test_first_use_sets_up_an_empty_database(environment: dict[str, str], empty_database_url: str) -> None:
    assert doctor({**environment, "DATABASE_URL": empty_database_url}).exit_code == 0


def test_a_mail_server_that_is_away_is_named(environment: dict[str, str]) -> None:
    result = doctor({**environment, "SMTP_URL": "smtp://127.0.0.1:1"})
    assert result.exit_code == 1
    assert "mail: The mail server 127.0.0.1 cannot be used" in result.stdout


def test_late_letters_are_counted(environment: dict[str, str], database: Database, tmp_path: Path) -> None:
    make_course(database, tmp_path, "001", "002", "003")
    runner = CliRunner()
    planned = runner.invoke(commands, ["ledger", "1", "--csv", "--now", DECEMBER.isoformat()], env=environment)
    assert planned.exit_code == 0
    late = DECEMBER + timedelta(days=60)
    result = doctor(environment, "--now", late.isoformat())
    assert result.exit_code == 1
    assert "letters are more than 15 minutes late" in result.stdout


def test_a_turn_done_by_hand_counts_at_its_own_instant(environment: dict[str, str]) -> None:
    noon, an_hour = DECEMBER + timedelta(days=60), timedelta(hours=1)
    assert CliRunner().invoke(commands, ["tick", "--now", noon.isoformat()], env=environment).exit_code == 0
    assert doctor(environment, "--now", noon.isoformat()).exit_code == 0
    later = doctor(environment, "--now", (noon + an_hour).isoformat())
    assert later.exit_code == 1
    assert f"since {noon:%Y-%m-%d}" in later.stdout
    until = ["tick", "--now", noon.isoformat(), "--until", (noon + an_hour).isoformat()]
    assert CliRunner().invoke(commands, until, env=environment).exit_code == 0
    assert doctor(environment, "--now", (noon + an_hour).isoformat()).exit_code == 0
    earlier = doctor(environment, "--now", (noon - an_hour).isoformat())
    assert (earlier.exit_code, "No process has looked after" in earlier.stderr) == (0, True)


def test_a_missing_key_ring_is_named(environment: dict[str, str], database: Database, tmp_path: Path) -> None:
    make_course(database, tmp_path)
    result = doctor(environment)
    assert result.exit_code == 1
    assert any(line.startswith("keys: ") and line != "keys: well" for line in result.stdout.splitlines())
