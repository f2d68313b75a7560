"""The main pages of a facilitator and of a trainee, as base.html's frame shows them."""

from typing import Any
from uuid import UUID

from flask import current_app, g, request, url_for

from trainer.accounts.visitor import Seat, visitor_here
from trainer.i18n import lazy_gettext as _l
from trainer.permissions import Role

# in the order of the work; those whose slice is not plugged in are left out
PAGES = {"review.queue": _l("Plans"), "feedback_desk.queue": _l("Reflections"), "review.overview": _l("At a glance")}
HOME = "seats.home"
# of a trainee, with the pages that belong to each besides
TRAINEES_PAGES = {
    HOME: (_l("Home"), ()),
    "lessons.overview": (_l("Web lessons"), ("lessons",)),
    "plan.page": (_l("Plan"), ("plan", "plan_form")),
    "turns.summary": (_l("Three months"), ()),
}


def facilitator_menu() -> list[dict[str, Any]]:
    """The pages of the cohort that is being looked at, for its facilitator; nothing for anybody else."""
    seat = _seat_here()
    if seat is None or "is_error" in g:
        return []
    entries = [_entry(HOME, _l("Cohort"), seat_uid=seat.uid)]
    entries += [
        _entry(endpoint, words, cohort_uid=seat.cohort_uid)
        for endpoint, words in PAGES.items()
        if endpoint in current_app.view_functions
    ]
    return entries


def trainee_menu() -> list[dict[str, Any]]:
    """The pages of the seat that is being looked at, for its trainee; on pages of no seat, those of an only seat."""
    visitor, named = visitor_here(), (request.view_args or {}).get("seat_uid")
    seats = visitor.seats if visitor is not None and not visitor.is_of_office else ()
    seat = next((one for one in seats if one.uid == named or (named is None and len(seats) == 1)), None)
    if seat is None or seat.role is not Role.TRAINEE or "is_error" in g:
        return []
    return [
        _entry(endpoint, words, seat_uid=seat.uid) | ({"current": True} if request.blueprint in theirs else {})
        for endpoint, (words, theirs) in TRAINEES_PAGES.items()
        if endpoint in current_app.view_functions
    ]


def _seat_here() -> Seat | None:
    """The visitor's seat as facilitator in the cohort, or of the home, that the address names."""
    visitor, named = visitor_here(), request.view_args or {}
    seats = visitor.seats if visitor is not None else ()
    for seat in seats:
        is_named = seat.cohort_uid == named.get("cohort_uid") or _is_home_of(seat, named.get("seat_uid"))
        if seat.role is Role.FACILITATOR and is_named:
            return seat
    return None


def _is_home_of(seat: Seat, seat_uid: UUID | None) -> bool:
    return request.endpoint == HOME and seat.uid == seat_uid


def _entry(endpoint: str, words: str, **arguments: Any) -> dict[str, Any]:
    return {"words": words, "url": url_for(endpoint, **arguments), "current": request.endpoint == endpoint}
