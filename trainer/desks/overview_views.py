"""The office's first page: which of the company's cohorts need a hand."""

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from trainer import clock
from trainer.accounts.office_visitor import office_visitor
from trainer.desks.overview import Overview, overview_of
from trainer.desks.overview_words import left_to_do, running_line
from trainer.organization_scope import request_session
from trainer.permissions import Can, needs
from trainer.programs.queries import pack_of_digest

bp = Blueprint("overview", __name__, url_prefix="/cohorts")


@bp.get("")
@needs(Can.SEE_BOARD)
def cohorts() -> ResponseReturnValue:
    visitor, now = office_visitor(), clock.now()
    page, closed = (request.args.get(name, 1, type=int) for name in ("page", "closed"))
    overview = overview_of(request_session(), visitor.organization, page, closed, now)
    return render_template(
        "desks/overview.html",
        organization=visitor.organization,
        left=overview.left,
        closed=overview.closed,
        numbers=overview.numbers,
        waiting=[(found.cohort, left_to_do(found, overview)) for found in overview.waiting],
        **_running(overview, visitor.language, now),
    )


def _running(overview: Overview, language: str, now: datetime) -> dict[str, Any]:
    """The cohorts that run: those that need a hand, a late letter and what needs most first; then the others."""
    lines = [
        running_line(found, overview, pack_of_digest(request_session(), found.schedule.digest, language), now)
        for found in overview.running
    ]
    in_need = [line for line in lines if line.needs]
    in_need.sort(key=lambda line: (line.health.late_since is None, -len(line.needs)))
    return {
        "in_need": in_need,
        "by_themselves": [line for line in lines if not line.needs],
        "silent": next((line for line in lines if not line.health.is_ticking), None),
    }
