"""The files of the films, for whoever has a seat in a cohort of their program."""

from pathlib import Path

from flask import Blueprint, Response, current_app, request, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from trainer.accounts.visitor import visitor_signed_in
from trainer.act1_lessons.films import TYPES, Films
from trainer.act1_lessons.ranges import one_range
from trainer.cohorts.models import Cohort
from trainer.organization_scope import request_session
from trainer.permissions import Can, needs
from trainer.programs.models import ProgramVersion

bp = Blueprint("films", __name__)
ONE_YEAR = 365 * 24 * 60 * 60


@bp.get("/films/<name>")
@needs(Can.OPEN_HOME)
def file(name: str) -> ResponseReturnValue:
    """A file by its name, which says what is in it and so never changes; parts of it by Range (RFC 9110)."""
    films: Films = current_app.extensions["films"]
    path = films.path(name)
    if path is None or films.program_of(name) not in _own_programs():
        raise NotFound
    prefix = current_app.extensions["settings"].x_accel_redirect
    if prefix is not None:
        response = Response(mimetype=TYPES[path.suffix])
        response.headers["X-Accel-Redirect"] = f"{prefix.rstrip('/')}/{name}"
    else:
        _ask_for_one_range(path)
        response = send_file(path, mimetype=TYPES[path.suffix], conditional=True, etag=name.split(".")[-2])
    response.headers["Cache-Control"] = f"private, max-age={ONE_YEAR}, immutable"
    return response


def _ask_for_one_range(path: Path) -> None:
    """Leave in the request the one range that RFC 9110, section 14 sees in it; only GET has parts (14.2).

    What answers behind it refuses with 416 also what is to be ignored, and a suffix longer than the file.
    """
    asked = request.environ.pop("HTTP_RANGE", None)
    part = one_range(asked, path.stat().st_size) if asked is not None and request.method == "GET" else None
    if part is not None:
        request.environ["HTTP_RANGE"] = part


def _own_programs() -> set[str]:
    """The programs of the cohorts in which the visitor has a seat."""
    cohorts = [seat.cohort_id for seat in visitor_signed_in().seats]
    return set(
        request_session().scalars(
            select(ProgramVersion.program)
            .join(Cohort, Cohort.program_version_id == ProgramVersion.id)
            .where(Cohort.id.in_(cohorts))
        )
    )
