"""Where a letter's link arrives: at exactly its target, for the person it was meant for, and for nobody else."""

from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainer import clock
from trainer.accounts.refusals import Refusal
from trainer.accounts.seat_words import seat_words
from trainer.accounts.sign_out import leave
from trainer.accounts.visitor import Visitor, visitor_signed_in
from trainer.audit import Act
from trainer.permissions import Can, Role, needs

bp = Blueprint("door", __name__)
HOME = "home"
OFFICE_HOME = "overview.cohorts"
SEAT_HOME = "seats.home"  # pages of later floors to which links lead on


@bp.get("/to/<uuid:seat_uid>/<name>")
@needs(Can.USE_ACCOUNT)
def to_seat(seat_uid: UUID, name: str) -> ResponseReturnValue:
    """A seat's page, or the one of its trainee's boss; to anybody else it is not found, with an offer to change."""
    seat = visitor_signed_in().seat(seat_uid)
    if seat is None:
        of_boss: str | None = current_app.extensions.get("boss_page", _nobodys)(seat_uid)
        if of_boss is not None:
            return of_boss
        Refusal(Act.OPEN_OBJECT, "seat", seat_uid).note()
        return render_template("accounts/not_yours.html"), 404
    if SEAT_HOME in current_app.view_functions:
        return redirect(url_for(SEAT_HOME, seat_uid=seat.uid, to=None if name == HOME else name))
    return render_template("accounts/soon.html", seat=seat_words(seat))


@bp.post("/to/<uuid:seat_uid>/<name>")
@needs(Can.USE_ACCOUNT)
def change_person(seat_uid: UUID, name: str) -> ResponseReturnValue:
    """Sign out here and sign in as the person the link was meant for."""
    target = url_for(".to_seat", seat_uid=seat_uid, name=name)
    return leave(url_for("sign_in.address", next=target), now=clock.now())


@bp.get("/seats")
@needs(Can.USE_ACCOUNT)
def seats() -> ResponseReturnValue:
    """The office's overview for who is nothing else, straight on for who has one seat, else the choice of several."""
    visitor = visitor_signed_in()
    own, is_asked_for = visitor.seats, "all" in request.args
    if _is_office_alone(visitor) and not (own and is_asked_for):
        return redirect(url_for(OFFICE_HOME))
    if len(own) == 1 and not is_asked_for:
        return redirect(url_for(".to_seat", seat_uid=own[0].uid, name=HOME))
    return render_template("accounts/seats.html", seats=[(seat.uid, seat_words(seat)) for seat in own])


def _is_office_alone(visitor: Visitor) -> bool:
    """Whether the office's pages are all that this person has to do here."""
    is_nothing_else = all(seat.role is Role.COORDINATOR for seat in visitor.seats)
    return visitor.is_of_office and is_nothing_else and OFFICE_HOME in current_app.view_functions


def _nobodys(_seat_uid: UUID) -> None:
    """Without the pages of a later floor a seat has no boss."""
