"""Stopping one kind of letter from the link in it: a GET shows a button and changes nothing, a POST does it."""

from uuid import UUID

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from trainer import clock
from trainer.db import Database
from trainer.permissions import needs
from trainer.programs.content import Letter
from trainer.programs.queries import pack_of
from trainer.prompts.actions import opt_out, prompt_of_token
from trainer.prompts.models import Prompt

bp = Blueprint("letters", __name__)


@bp.get("/stop/<uuid:token>")
@needs(public="the secret in the address belongs to one letter; shows nothing but the button")
def ask_to_stop(token: UUID) -> ResponseReturnValue:
    database: Database = current_app.extensions["database"]
    with database.reading() as db:
        _stoppable(db, token)
    return render_template("prompts/stop.html", token=token, is_done=False)


@bp.post("/stop/<uuid:token>")
@needs(public="RFC 8058: mail programs send it without cookies; the secret in the address is the proof")
def stop(token: UUID) -> ResponseReturnValue:
    database: Database = current_app.extensions["database"]
    with database.session() as db:
        opt_out(db, _stoppable(db, token), now=clock.now())
        db.commit()
    return render_template("prompts/stop.html", token=token, is_done=True)


def _stoppable(db: Session, token: UUID) -> Prompt:
    """The letter of this link, if it is of a kind that may be stopped; otherwise nothing is found."""
    prompt = prompt_of_token(db, token)
    if prompt is None or not _letter(db, prompt).opt_out:
        abort(404)
    return prompt


def _letter(db: Session, prompt: Prompt) -> Letter:
    return pack_of(db, prompt.program_version_id, "ja").letter(prompt.letter)
