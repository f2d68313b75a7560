"""Production: it starts with everything given, and refuses by name what is missing, weak or unsafe."""

import base64
import os
from pathlib import Path

import pytest

from tests.environments import KEY, PRODUCTION
from trainer.settings import SettingsError, read_settings


def test_production_starts_with_everything_given(tmp_path: Path) -> None:
    settings = read_settings(PRODUCTION, tmp_path)
    assert settings.is_production
    assert settings.is_secure
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "ENVIRONMENT"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_production_refuses_the_lack_of_each(tmp_path: Path, name: str, value: str | None) -> None:
    environ = {key: given for key, given in {**PRODUCTION, name: value}.items() if given is not None}
    assert problems_of(environ, tmp_path) == [f"{name} is missing; production needs it."]


@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRET_KEY_FALLBACKS"])
@pytest.mark.parametrize("weak", ["dev", "changeme", KEY[:31], "a" * 64, "changeme" * 8, "0123456" * 9])
def test_production_refuses_a_weak_key(tmp_path: Path, name: str, weak: str) -> None:
    [problem] = problems_of({**PRODUCTION, name: weak}, tmp_path)
    assert problem.startswith(f"{name} is weak")


def test_production_refuses_a_weak_key_among_earlier_ones(tmp_path: Path) -> None:
    [problem] = problems_of({**PRODUCTION, "SECRET_KEY_FALLBACKS": f"{KEY}, dev"}, tmp_path)
    assert problem.startswith("SECRET_KEY_FALLBACKS is weak")


def test_production_refuses_a_master_key_of_one_byte_repeated(tmp_path: Path) -> None:
    [problem] = problems_of({**PRODUCTION, "MASTER_KEY": base64.b64encode(bytes(32)).decode()}, tmp_path)
    assert problem.startswith("MASTER_KEY is weak")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"PUBLIC_URL": "http://minori.example.jp"}, "PUBLIC_URL"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"FLASK_DEBUG": "true"}, "FLASK_DEBUG"),
    ],
)
def test_production_refuses_what_is_unsafe(tmp_path: Path, change: dict[str, str], named: str) -> None:
    [problem] = problems_of({**PRODUCTION, **change}, tmp_path)
    assert problem.startswith(f"{named} ")


@pytest.mark.parametrize("off", ["", "0", "false", "off"])
def test_debugging_that_is_off_is_no_problem(tmp_path: Path, off: str) -> None:
    assert read_settings({**PRODUCTION, "DEBUG": off}, tmp_path).is_production


def test_everything_that_is_wrong_is_listed_at_once(tmp_path: Path) -> None:
    environ = {**PRODUCTION, "SECRET_KEY": "dev", "PUBLIC_URL": "http://x.example", "PORT": "x", "SMTP_URL": ""}
    named = {problem.split()[0] for problem in problems_of(environ, tmp_path)}
    assert named == {"SECRET_KEY", "PUBLIC_URL", "PORT", "SMTP_URL"}


def problems_of(environ: dict[str, str], directory: Path) -> list[str]:
    with pytest.raises(SettingsError) as refusal:
        read_settings(environ, directory)
    return refusal.value.problems
