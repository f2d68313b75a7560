"""What production refuses, each by name: a missing setting, a weak key, a site without https, debugging."""

from collections.abc import Mapping

REQUIRED = (
    "SECRET_KEY",
    "MASTER_KEY",
    "DATABASE_URL",
    "KEY_RING",
    "OUTBOX_DIR",
    "PUBLIC_URL",
    "MAIL_FROM",
    "SMTP_URL",
)
KEYS = ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "MASTER_KEY")
SHORTEST_KEY = 32
FEWEST_DIFFERENT_CHARACTERS = 8
OFF = ("", "0", "false", "off", "no")


def unfit_for_production(environ: Mapping[str, str]) -> list[str]:
    """A sentence for each thing in these settings with which production must not start; empty when all is well."""
    return [
        *(f"{name} is missing; production needs it." for name in REQUIRED if name not in environ),
        *(
            f"{name} is weak: use at least {SHORTEST_KEY} random characters."
            for name in KEYS
            if any(is_weak(key.strip()) for key in environ.get(name, "").split(",") if key)
        ),
        *(
            ["PUBLIC_URL must begin with https:// in production."]
            if not environ.get("PUBLIC_URL", "https://").startswith("https://")
            else []
        ),
        *(
            f"{name} is on; production refuses it."
            for name in ("DEBUG", "FLASK_DEBUG")
            if environ.get(name, "").lower() not in OFF
        ),
    ]


def is_weak(key: str) -> bool:
    """Whether a key is short, or long only by repetition, like `dev` and `changeme` often are."""
    return len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_DIFFERENT_CHARACTERS
