"""What the environment says, read once and frozen; whatever is wrong stops the start, by name."""

import base64
import binascii
import os
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from trainer.local_secrets import read_environment_file, read_or_make_secrets
from trainer.production import unfit_for_production

PACKAGE = Path(__file__).resolve().parent
MASTER_KEY_BYTES = 32


class SettingsError(Exception):
    """The environment cannot be used; `problems` has one sentence for each setting that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _key(value: object) -> object:
    """A MASTER_KEY as its bytes, from base64."""
    if not isinstance(value, str):
        return value
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        raise ValueError("must be 32 random bytes in base64") from None


def _switch(value: object) -> object:
    return {"on": True, "off": False}.get(value, value) if isinstance(value, str) else value


def _keys(value: object) -> object:
    """SECRET_KEY_FALLBACKS: older keys, separated by commas."""
    return tuple(key.strip() for key in value.split(",") if key.strip()) if isinstance(value, str) else value


def _numbers(value: object) -> object:
    """BACK_OFF_SECONDS: the waits before each next try, separated by commas."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Settings(BaseModel):
    """Everything that differs between two installations; the names are the environment's, in small letters."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=str.upper, populate_by_name=True, hide_input_in_errors=True
    )

    environment: Literal["development", "demo", "test", "production"] = "development"
    secret_key: str = Field(repr=False)
    secret_key_fallbacks: Annotated[tuple[str, ...], BeforeValidator(_keys)] = Field(default=(), repr=False)
    master_key: Annotated[bytes, BeforeValidator(_key)] = Field(repr=False)
    database_url: str = Field(repr=False)
    key_ring: Path
    outbox_dir: Path
    media_dir: Path | None = None  # the films of the lessons; None: those that come with the program
    x_accel_redirect: str | None = None  # nginx serves them, under this internal address
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: str
    smtp_url: str | None = Field(default=None, repr=False)
    mail_from: str = "Minori <no-reply@minori.invalid>"
    scheduler: Annotated[bool, BeforeValidator(_switch)] = True

    bind: str = "127.0.0.1"
    web_workers: int = Field(default=2, ge=1)
    web_threads: int = Field(default=8, ge=1)
    forwarded_allow_ips: str = "127.0.0.1"
    trusted_proxies: int = Field(default=0, ge=0)  # how many of our own stand before the program

    lease_seconds: Seconds = 120
    heartbeat_seconds: Seconds = 20
    reaper_seconds: Seconds = 15
    tick_seconds: Seconds = 5
    lock_wait_seconds: Seconds = 30
    smtp_connect_timeout_seconds: Seconds = 300
    smtp_data_timeout_seconds: Seconds = 120
    smtp_dot_timeout_seconds: Seconds = 600
    breaker_seconds: Seconds = 15
    rate_per_minute: Seconds | None = None
    smtp_connections: int = Field(default=1, ge=1, le=8)
    back_off_seconds: Annotated[tuple[Seconds, ...], BeforeValidator(_numbers), Field(min_length=1)] = (
        300,
        900,
        1800,
        3600,
        7200,
        14400,
        28800,
    )

    @property
    def is_production(self) -> bool:
        """Whether real people use this installation."""
        return self.environment == "production"

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach this installation by https."""
        return self.public_url.startswith("https://")

    @field_validator("master_key")
    @classmethod
    def _has_32_bytes(cls, key: bytes) -> bytes:
        if len(key) != MASTER_KEY_BYTES:
            raise ValueError("must be 32 random bytes in base64")
        return key

    @field_validator("database_url")
    @classmethod
    def _names_a_known_database(cls, url: str) -> str:
        scheme, _, rest = url.partition("://")
        if scheme in ("postgres", "postgresql", "postgresql+psycopg"):
            return f"postgresql+psycopg://{rest}"
        if scheme != "sqlite":
            raise ValueError("must begin with postgresql:// or sqlite:///")
        return url

    @field_validator("public_url")
    @classmethod
    def _is_the_root_of_a_site(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
            raise ValueError("must be the site's address without a path, like https://minori.example.jp")
        return url.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _names_a_mail_server(cls, url: str | None) -> str | None:
        if url and (urlsplit(url).scheme not in ("smtp", "smtps") or not urlsplit(url).hostname):
            raise ValueError("must look like smtp://name:password@host:587 or smtps://host:465")
        return url

    @field_validator("mail_from")
    @classmethod
    def _is_one_address(cls, sender: str) -> str:
        if "@" not in parseaddr(sender)[1] or any(ord(letter) < ord(" ") for letter in sender):
            raise ValueError("must be one sender, like 'Minori <no-reply@minori.example.jp>'")
        return sender


def read_settings(environ: Mapping[str, str] | None = None, directory: Path | None = None) -> Settings:
    """The settings of `environ` (the process's own unless given), of `directory`/.env and of the defaults.

    Raises SettingsError with every problem at once. Outside production, missing keys are made once and kept
    in `directory`/var/secrets.env; `directory` is the checkout, or where an installed program is started.
    """
    home = directory or _home()
    given = {**read_environment_file(home / ".env"), **_filled(os.environ if environ is None else environ)}
    if given.get("ENVIRONMENT") == "production":
        problems = unfit_for_production(given)
    else:
        problems = []
        given = {**_defaults(home, given), **given}
    settings, more_problems = _validated(given)
    if settings is None or problems:
        raise SettingsError([*problems, *more_problems])
    return settings


def _home() -> Path:
    checkout = PACKAGE.parent
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


def _filled(environ: Mapping[str, str]) -> dict[str, str]:
    """An empty setting is a missing one."""
    return {name: value for name, value in environ.items() if value.strip()}


def _defaults(home: Path, given: Mapping[str, str]) -> dict[str, str]:
    variable = home / "var"
    variable.mkdir(exist_ok=True)
    keys = {} if {"SECRET_KEY", "MASTER_KEY"} <= given.keys() else read_or_make_secrets(variable / "secrets.env")
    return {
        **keys,
        "DATABASE_URL": f"sqlite:///{variable / 'minori.db'}",
        "KEY_RING": str(variable / "keys.json"),
        "OUTBOX_DIR": str(variable / "outbox"),
        "PUBLIC_URL": f"http://127.0.0.1:{given.get('PORT', '8000')}",
    }


def _validated(given: Mapping[str, Any]) -> tuple[Settings | None, list[str]]:
    try:
        return Settings.model_validate(given), []
    except ValidationError as error:
        wrong = [(str(detail["loc"][0]), detail) for detail in error.errors(include_input=False)]
    # what is missing has its own sentence already
    return None, [f"{name} {_sentence(detail)}" for name, detail in wrong if detail["type"] != "missing"]


def _sentence(detail: Any) -> str:
    """Our own validators say it themselves; pydantic's words are put into a sentence."""
    message = str(detail["msg"]).removeprefix("Value error, ")
    return f"{message}." if message.startswith("must") else f"is not understood: {message.lower()}."
