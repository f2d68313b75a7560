"""The front door: a plain page for people, and a sign of life for machines."""

import time
from datetime import timedelta

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from trainer.accounts.visitor import visitor_here
from trainer.db import Database
from trainer.permissions import needs
from trainer.prompts.workers import is_ticking, present

bp = Blueprint("front", __name__)


@bp.get("/")
@needs(public="says what this is, and where to sign in")
def front() -> ResponseReturnValue:
    if visitor_here() is not None and "doors" not in request.args:
        return redirect(url_for("door.seats"))
    return render_template("front.html")


@bp.get("/healthz")
@needs(public="a sign of life for machines; says nothing else")
def healthz() -> ResponseReturnValue:
    """200 while the program and its database answer and somebody looks after the letters, else 503."""
    database: Database = current_app.extensions["database"]
    try:
        with database.reading() as db:
            db.execute(select(1))
            now = present(db)  # what turns are measured by
            running = timedelta(seconds=time.monotonic() - current_app.extensions["started"])
            ticks = is_ticking(db, now, now - running)
    except SQLAlchemyError:
        return {"status": "the database does not answer"}, 503
    return {"status": "ok"} if ticks else ({"status": "no scheduler has ticked for a minute"}, 503)
