"""The demo company in a database that holds no company yet, at once or not at all."""

import os
from datetime import datetime

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trainer import i18n
from trainer.accounts.keys import give_keys, key_ring_of
from trainer.accounts.queries import organizations_counted
from trainer.db import Database
from trainer.demo.content import DEMO_LANGUAGES, Company, DemoLanguage, load_company
from trainer.demo.history import replay
from trainer.demo.load import add_company
from trainer.key_ring import KeyRing
from trainer.settings import Settings, SettingsError, read_settings

LOAD_LOCK = 4209003  # one number for all processes: two that begin at once load one company


def ensure_demo(database: Database, now: datetime, *, settings: Settings | None = None) -> bool:
    """Load the demo company, in the language DEMO_LANGUAGE names, unless the database holds a company; True if so.

    Everything that lies before `now` has happened then, letters included, and nothing of it is sent.
    Raises SettingsError, KeyRingError, or PackError when the demo's own files are broken.
    """
    with database.reading() as db:
        if organizations_counted(db):
            return False
    company = load_company(_language())
    settings = settings or read_settings()
    with database.session() as db:
        _take_turn(db)
        if organizations_counted(db):
            return False
        ring = key_ring_of(db, settings.key_ring, settings.master_key)
        _load(db, company, ring, now)
        db.commit()
    return True


def _load(db: Session, company: Company, ring: KeyRing, now: datetime) -> None:
    words = Flask("trainer")  # digests are looked at in the company's language, which needs an application
    i18n.init_app(words)
    with words.app_context(), i18n.speaking(company.lang):
        cohorts = add_company(db, company, now)
        give_keys(db, ring)
        db.info["key_ring"] = ring  # the demo's people write, too
        replay(db, cohorts, now)


def _take_turn(db: Session) -> None:
    """SQLite lets one writer in at a time by itself."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(LOAD_LOCK)))


def _language() -> DemoLanguage:
    told = os.environ.get("DEMO_LANGUAGE") or "ja"
    if told not in DEMO_LANGUAGES:
        raise SettingsError([f"DEMO_LANGUAGE must be one of {', '.join(DEMO_LANGUAGES)}, not {told!r}."])
    return told
