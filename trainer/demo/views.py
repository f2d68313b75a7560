"""The demo's own pages: one click signs in as somebody, another moves the clock; a banner says that it is a demo."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from sqlalchemy import update

from trainer import clock
from trainer.accounts.demo_door import demo_sign_in
from trainer.accounts.models import User
from trainer.accounts.session_models import UserSession
from trainer.cohorts.access import seats_of
from trainer.dates import clock_words, day_words
from trainer.db import Database
from trainer.demo.clock import DemoClock
from trainer.demo.doors import Door, demo_doors
from trainer.i18n import get_locale
from trainer.i18n import gettext as _
from trainer.permissions import needs
from trainer.redirects import safe_target
from trainer.settings import Settings

bp = Blueprint("demo", __name__, url_prefix="/demo")
ZONE = ZoneInfo("Asia/Tokyo")
A_DEMO = "made-up people and a clock of its own; registered in the demo alone"


@bp.post("/doors/<uuid:user_uid>")
@needs(public=A_DEMO)
def enter(user_uid: UUID) -> ResponseReturnValue:
    """Sign in as one of the people who are offered, and go to the seat the door leads to."""
    database: Database = current_app.extensions["database"]
    with database.reading() as db:
        door = next((door for door in demo_doors(db) if door.user_uid == user_uid), None)
        if door is None:
            abort(404)
        seats = seats_of(db, db.get_one(User, door.user_id))
    demo_sign_in(door.user_id, now=clock.now())
    seat = next((seat for seat in seats if seat.cohort_id == door.cohort_id and seat.role is door.role), None)
    return redirect(url_for("seats.home", seat_uid=seat.uid) if seat else url_for("door.seats"))


@bp.post("/clock/next-day")
@needs(public=A_DEMO)
def next_day() -> ResponseReturnValue:
    """Let a day pass."""
    _keep_sessions(_clock().next_day(clock.now()))
    return _back(_("A day has passed."))


@bp.post("/clock/next-letter")
@needs(public=A_DEMO)
def next_letter() -> ResponseReturnValue:
    """Let time pass until the next letter is due."""
    database: Database = current_app.extensions["database"]
    with database.reading() as db:
        moved = _clock().to_next_letter(db, clock.now())
    _keep_sessions(moved)
    return _back(
        _("The next letters are on their way to the outbox.") if moved else _("No letter is planned any more.")
    )


def banner() -> dict[str, Any]:
    """What the standing banner shows: the demo's own time, and the buttons that move it."""
    now = clock.now().astimezone(ZONE)
    locale = get_locale()
    language = str(locale.language) if locale else "ja"
    return {"now": f"{day_words(now.date(), language)} {clock_words(now)}", "csrf_token": generate_csrf()}


def doors() -> list[Door]:
    """The people offered on the front page."""
    database: Database = current_app.extensions["database"]
    with database.reading() as db:
        return demo_doors(db)


def _keep_sessions(now: datetime | None) -> None:
    """Nobody is signed out because a day was skipped."""
    database: Database = current_app.extensions["database"]
    if now is not None:
        with database.session() as db:
            db.execute(update(UserSession).values(created_at=now, seen_at=now))
            db.commit()


def _clock() -> DemoClock:
    settings: Settings = current_app.extensions["settings"]
    return DemoClock(settings)


def _back(words: str) -> ResponseReturnValue:
    """To the page that was left, if somebody may land there, or to the outbox, where the letters appear."""
    flash(words)
    back, outbox = request.form.get("back"), url_for("outbox.letters")
    return redirect(outbox if back == outbox else safe_target(back) or url_for("front.front"))
