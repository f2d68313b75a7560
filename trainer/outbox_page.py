"""Demo and development only: the letters in the outbox, as their readers would see them."""

import re
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from trainer.headers import letter_page
from trainer.outbox import letters_in, read_letter
from trainer.permissions import needs
from trainer.settings import Settings

bp = Blueprint("outbox", __name__, url_prefix="/dev/outbox")
LETTERS_SHOWN = 200
LINK = re.compile(r"https?://[!-~]+")
TOKYO = ZoneInfo("Asia/Tokyo")
MADE_UP = "the letters of made-up people; registered in the demo and in development alone"


@bp.get("/")
@needs(public=MADE_UP)
def letters() -> ResponseReturnValue:
    """The newest letters first."""
    settings: Settings = current_app.extensions["settings"]
    return render_template("outbox/letters.html", letters=letters_in(settings.outbox_dir, LETTERS_SHOWN), zone=TOKYO)


@bp.get("/<letter_id>")
@needs(public=MADE_UP)
def letter(letter_id: str) -> ResponseReturnValue:
    """One letter: its head, its text, and its HTML in a frame."""
    message = _message(letter_id)
    text = _content(message, "plain")
    return render_template(
        "outbox/letter.html",
        letter_id=letter_id,
        message=message,
        text=text,
        html=_content(message, "html"),
        dated_at=message["Date"].datetime,
        zone=TOKYO,
        links=_own_links(text),
    )


@bp.get("/<letter_id>/html")
@needs(public=MADE_UP)
def letter_html(letter_id: str) -> Response:
    """The HTML of a letter, for the frame."""
    return letter_page(_content(_message(letter_id), "html"))


def _message(letter_id: str) -> EmailMessage:
    settings: Settings = current_app.extensions["settings"]
    message = read_letter(settings.outbox_dir, letter_id)
    if message is None:
        abort(404)
    return message


def _own_links(text: str) -> list[str]:
    """Links to this site, each once: the frame lets nothing be clicked."""
    settings: Settings = current_app.extensions["settings"]
    return list(dict.fromkeys(link for link in LINK.findall(text) if link.startswith(settings.public_url)))


def _content(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if body else ""
