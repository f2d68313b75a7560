"""Settings: what is filled in by itself, what is understood, and what stops the start, by name."""

import base64
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.environments import KEY, MASTER_KEY, PRODUCTION
from trainer.local_secrets import read_or_make_secrets
from trainer.settings import Settings, SettingsError, read_settings


def test_outside_production_everything_has_a_default(tmp_path: Path) -> None:
    settings = read_settings({}, tmp_path)
    assert settings.environment == "development"
    assert settings.database_url == f"sqlite:///{tmp_path}/var/minori.db"
    assert settings.key_ring == tmp_path / "var" / "keys.json"
    assert settings.outbox_dir == tmp_path / "var" / "outbox"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.mail_from == "Minori <no-reply@minori.invalid>"
    assert settings.smtp_url is None
    assert settings.scheduler is True
    assert len(settings.master_key) == 32


def test_missing_keys_are_made_once_for_their_owner_alone(tmp_path: Path) -> None:
    first = read_settings({}, tmp_path)
    assert read_settings({}, tmp_path) == first
    assert stat.S_IMODE((tmp_path / "var" / "secrets.env").stat().st_mode) == 0o600
    assert os.listdir(tmp_path / "var") == ["secrets.env"]


def test_other_places_get_other_keys(tmp_path: Path) -> None:
    places = [tmp_path / name for name in ("one", "two")]
    for place in places:
        place.mkdir()
    one, two = (read_settings({}, place) for place in places)
    assert one.secret_key != two.secret_key
    assert one.master_key != two.master_key


def test_processes_that_start_at_once_agree_on_the_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as starters:
        made = list(starters.map(read_or_make_secrets, [tmp_path / "secrets.env"] * 64))
    assert made == made[:1] * 64
    assert os.listdir(tmp_path) == ["secrets.env"]


def test_no_file_is_made_where_both_keys_are_given(tmp_path: Path) -> None:
    settings = read_settings({"SECRET_KEY": "short is allowed here", "MASTER_KEY": MASTER_KEY}, tmp_path)
    assert settings.secret_key == "short is allowed here"
    assert not (tmp_path / "var" / "secrets.env").exists()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=8100\nMAIL_FROM='Course <course@example.jp>'\nSMTP_URL=\n")
    settings = read_settings({"PORT": "8200"}, tmp_path)
    assert (settings.port, settings.mail_from) == (8200, "Course <course@example.jp>")
    assert settings.public_url == "http://127.0.0.1:8200"


@pytest.mark.parametrize(
    ("name", "given", "understood"),
    [
        ("DATABASE_URL", "postgresql://a@b/c", "postgresql+psycopg://a@b/c"),
        ("DATABASE_URL", "postgres://a@b/c", "postgresql+psycopg://a@b/c"),
        ("DATABASE_URL", "postgresql+psycopg://a@b/c", "postgresql+psycopg://a@b/c"),
        ("DATABASE_URL", "sqlite:////srv/minori.db", "sqlite:////srv/minori.db"),
        ("PUBLIC_URL", "https://minori.example.jp/", "https://minori.example.jp"),
        ("MASTER_KEY", MASTER_KEY, bytes(range(32))),
        ("SECRET_KEY_FALLBACKS", f"{KEY}, old ,", (KEY, "old")),
        ("SECRET_KEY_FALLBACKS", " ", ()),
        ("SCHEDULER", "off", False),
        ("SCHEDULER", "on", True),
        ("LEASE_SECONDS", "0.5", 0.5),
        ("RATE_PER_MINUTE", "", None),
        ("RATE_PER_MINUTE", "300", 300.0),
        ("SMTP_URL", "smtps://a:b@mail.example.jp:465", "smtps://a:b@mail.example.jp:465"),
    ],
)
def test_what_is_understood(tmp_path: Path, name: str, given: str, understood: object) -> None:
    assert getattr(read_settings({name: given}, tmp_path), name.lower()) == understood


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENVIRONMENT", "prod"),
        ("PORT", "0"),
        ("PORT", "eighty"),
        ("MASTER_KEY", "not base64!"),
        ("MASTER_KEY", base64.b64encode(b"x" * 31).decode()),
        ("DATABASE_URL", "mysql://a:hidden@b/c"),
        ("PUBLIC_URL", "minori.example.jp"),
        ("PUBLIC_URL", "https://minori.example.jp/course"),
        ("PUBLIC_URL", "ftp://minori.example.jp"),
        ("SMTP_URL", "mail.example.jp"),
        ("MAIL_FROM", "Minori"),
        ("MAIL_FROM", "Minori <a@example.jp>\r\nBcc: b@example.jp"),
        ("SCHEDULER", "perhaps"),
        ("LEASE_SECONDS", "0"),
        ("TICK_SECONDS", "inf"),
        ("WEB_WORKERS", "0"),
    ],
)
def test_what_is_not_understood_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        read_settings({name: value}, tmp_path)
    [problem] = refusal.value.problems
    assert problem.startswith(f"{name} ")
    assert problem.endswith(".")


def test_a_refusal_shows_no_secret(tmp_path: Path) -> None:
    wrong = {"DATABASE_URL": "mysql://a:hidden@b/c", "SMTP_URL": "http://a:hidden@b", "MASTER_KEY": "hidden"}
    with pytest.raises(SettingsError) as refusal:
        read_settings(wrong, tmp_path)
    assert len(refusal.value.problems) == len(wrong)
    assert "hidden" not in str(refusal.value)


def test_settings_do_not_change(settings: Settings) -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # type: ignore[misc] # what this test is about


def test_settings_that_are_printed_show_no_secret(tmp_path: Path) -> None:
    environ = {**PRODUCTION, "DATABASE_URL": "postgresql://a:hidden@b/c", "SMTP_URL": "smtp://a:hidden@b"}
    shown = repr(read_settings(environ, tmp_path))
    assert not [secret for secret in (KEY, MASTER_KEY, "hidden", "x01") if secret in shown]
