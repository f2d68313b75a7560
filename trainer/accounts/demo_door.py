"""The demo's one-click entries: nowhere else does anything sign in without a proof."""

from datetime import datetime

from flask import current_app
from werkzeug.exceptions import NotFound

from trainer.accounts.models import User
from trainer.accounts.sign_in import enter
from trainer.db import Database
from trainer.settings import Settings


def demo_sign_in(user_id: int, *, now: datetime) -> None:
    """Sign this browser in as a person of the demo, and commit; outside the demo there is no such door: NotFound."""
    settings: Settings = current_app.extensions["settings"]
    if settings.environment != "demo":
        raise NotFound
    database: Database = current_app.extensions["database"]
    with database.session() as db:
        user = db.get(User, user_id)
        if user is None:
            raise NotFound
        enter(db, user, opened_by="demo", now=now)
