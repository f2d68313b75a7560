"""The files of the films, for whoever has a seat in a cohort of their program."""

from flask import Blueprint, Response, current_app, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from trainer.accounts.visitor import visitor_signed_in
from trainer.act1_lessons.films import TYPES, Films
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
        response = send_file(path, mimetype=TYPES[path.suffix], conditional=True, etag=name.split(".")[-2])
    response.headers["Cache-Control"] = f"private, max-age={ONE_YEAR}, immutable"
    return response


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
