"""The main pages of a coordinator, as base.html's frame shows them."""

from typing import Any

from flask import current_app, g, request, url_for

from trainer.accounts.visitor import visitor_here
from trainer.i18n import lazy_gettext as _l

# a cohort's pages in the order of the work; those whose slice is not plugged in are left out
PAGES = {
    "office.cohort": _l("Cohort"),
    "people.page": _l("People"),
    "rehearsal.page": _l("Rehearsal"),
    "board.page": _l("Board"),
    "ledger.page": _l("Ledger"),
}


def menu() -> list[dict[str, Any]]:
    """For the office: all cohorts, and inside one its pages; nothing for anybody else."""
    visitor = visitor_here()
    if visitor is None or not visitor.is_of_office:
        return []
    entries = [_entry("overview.cohorts", _l("Cohorts"), {})]
    cohort_uid = None if "is_error" in g else (request.view_args or {}).get("cohort_uid")
    if cohort_uid is not None:
        inside = {"cohort_uid": cohort_uid}
        entries += [_entry(name, words, inside) for name, words in PAGES.items() if name in current_app.view_functions]
    return entries


def _entry(endpoint: str, words: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"words": words, "url": url_for(endpoint, **arguments), "current": request.endpoint == endpoint}
