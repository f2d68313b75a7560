"""What stands around every page: the person, their seats, the way out; or, signed out, the other language."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Flask, current_app, request, session, url_for
from flask_wtf.csrf import generate_csrf

from trainer import clock
from trainer.accounts.forms import LANGUAGE_NAMES
from trainer.accounts.seat_words import seat_words
from trainer.accounts.visitor import Seat, Visitor, visitor_here
from trainer.dates import local
from trainer.i18n import LANGUAGES, get_locale
from trainer.redirects import safe_target

ASKED = "lang"


def init_app(app: Flask) -> None:
    """Give `frame` to every template."""
    app.context_processor(lambda: {"frame": frame()})


def frame() -> dict[str, Any]:
    """The parts of base.html's frame for whoever is calling."""
    visitor = visitor_here()
    if visitor is None:
        return {"languages": [_language(language) for language in LANGUAGES]}
    return {
        "home": url_for("door.seats"),
        "menu": current_app.extensions.get("menu", list)(),
        "person": {"name": visitor.user.name, "url": url_for("account.page")},
        "seats": [_seat(seat) for seat in visitor.seats],
        "sign_out": url_for("sign_in.sign_out"),
        "csrf_token": generate_csrf(),
        "foot": visitor.organization.name,
        "today": _today(visitor),
    }


def choose_language() -> str | None:
    """The language of this request: the person's own; signed out, the one just asked for, else the browser's."""
    visitor = visitor_here()
    if visitor is not None:
        return visitor.language
    asked = request.args.get(ASKED)
    if asked in LANGUAGES:
        session[ASKED] = asked
    return session.get(ASKED) or request.accept_languages.best_match(LANGUAGES)


def _today(visitor: Visitor) -> date:
    """The day of this request where the page's cohort is, or the company where it is about none: for print-outs."""
    asked = request.view_args or {}
    here = (seat.time_zone for seat in visitor.seats if _is_of_page(seat, asked))
    return local(clock.now(), ZoneInfo(next(here, visitor.organization.time_zone))).date()


def _is_of_page(seat: Seat, asked: dict[str, Any]) -> bool:
    return seat.uid == asked.get("seat_uid") or seat.cohort_uid == asked.get("cohort_uid")


def _language(language: str) -> dict[str, Any]:
    target = safe_target(request.args.get("next"))
    kept = {"next": target} if target else {}
    present = get_locale()
    return {
        "words": LANGUAGE_NAMES[language],
        "language": language,
        "url": f"{request.path}?{urlencode({**kept, ASKED: language})}",
        "current": present is not None and present.language == language,
    }


def _seat(seat: Seat) -> dict[str, Any]:
    arguments = request.view_args or {}
    return {
        "words": seat_words(seat),
        "url": url_for("door.to_seat", seat_uid=seat.uid, name="home"),
        "current": arguments.get("seat_uid") == seat.uid,
    }
