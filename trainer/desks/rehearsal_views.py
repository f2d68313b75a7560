"""The rehearsal: everything that will happen in the three months, before anything does."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainer import clock
from trainer.accounts.log import note
from trainer.accounts.visitor import visitor_signed_in
from trainer.audit import Act
from trainer.cohorts.access import open_cohort, open_trainee
from trainer.cohorts.actions import compute_again, override_date
from trainer.cohorts.actions_start import wait_for_others
from trainer.cohorts.changes import remembered
from trainer.cohorts.models import Cohort
from trainer.cohorts.queries import schedule_of
from trainer.cohorts.rules import ImpossibleSchedule
from trainer.desks.date_words import problem_words
from trainer.desks.forms import DayForm
from trainer.desks.off_days import off_day_words
from trainer.desks.rehearsal_page import Asked, rehearsal_page
from trainer.desks.rehearsed_letter import RehearsedLetter, rehearsed_letter
from trainer.headers import letter_page
from trainer.i18n import gettext as _
from trainer.organization_scope import request_session
from trainer.permissions import Can, needs
from trainer.programs.queries import pack_of

bp = Blueprint("rehearsal", __name__, url_prefix="/cohorts/<uuid:cohort_uid>/rehearsal")
NOT_ACCEPTED = 422


@bp.get("")
@needs(Can.EDIT_SCHEDULE)
def page(cohort_uid: UUID) -> ResponseReturnValue:
    return _page(open_cohort(cohort_uid, needs=Can.EDIT_SCHEDULE))


@bp.get("/<uuid:seat_uid>/<letter>")
@needs(Can.EDIT_SCHEDULE)
def letter(cohort_uid: UUID, seat_uid: UUID, letter: str) -> ResponseReturnValue:
    cohort, found = _letter(cohort_uid, seat_uid, letter)
    return render_template("desks/rehearsed_letter.html", cohort=cohort, letter=found, seat_uid=seat_uid)


@bp.get("/<uuid:seat_uid>/<letter>/html")
@needs(Can.EDIT_SCHEDULE)
def letter_html(cohort_uid: UUID, seat_uid: UUID, letter: str) -> Response:
    return letter_page(_letter(cohort_uid, seat_uid, letter)[1].html or abort(404))


@bp.post("/dates/<date_id>")
@needs(Can.EDIT_SCHEDULE)
def set_date(cohort_uid: UUID, date_id: str) -> ResponseReturnValue:
    cohort, db, now, form = open_cohort(cohort_uid, needs=Can.EDIT_SCHEDULE), request_session(), clock.now(), DayForm()
    if not form.validate_on_submit():
        return _page(cohort, refusal=_("Please choose a day."))
    wait_for_others(db, cohort)
    try:
        with remembered(db, cohort, None, **_change(date_id), now=now):
            override_date(db, cohort, date_id=date_id, day=form.day.data, now=now)
    except ImpossibleSchedule as error:
        return _refused(cohort_uid, error)
    off_day = off_day_words(schedule_of(db, cohort).calendar, form.day.data, visitor_signed_in().language)
    if off_day:  # it stands as it was given
        flash(off_day, "note")
    return _saved(cohort_uid)


@bp.post("/dates/<date_id>/computed")
@needs(Can.EDIT_SCHEDULE)
def compute_date(cohort_uid: UUID, date_id: str) -> ResponseReturnValue:
    cohort, db, now = open_cohort(cohort_uid, needs=Can.EDIT_SCHEDULE), request_session(), clock.now()
    wait_for_others(db, cohort)
    try:
        with remembered(db, cohort, None, **_change(date_id), now=now):
            compute_again(db, cohort, date_id=date_id)
    except ImpossibleSchedule as error:
        return _refused(cohort_uid, error)
    return _saved(cohort_uid)


def _change(date_id: str) -> dict[str, Any]:
    return {"kind": "date", "facet": f"date:{date_id}", "by": visitor_signed_in().user}


def _saved(cohort_uid: UUID) -> ResponseReturnValue:
    """Back to the page, which says what was changed and offers the way back."""
    db = request_session()
    note(db, Act.SET_DATE, "cohort", cohort_uid, now=clock.now())
    db.commit()
    return redirect(url_for(".page", cohort_uid=cohort_uid), 303)


def _refused(cohort_uid: UUID, error: ImpossibleSchedule) -> ResponseReturnValue:
    """The page with the dates as they were, and why they stay so."""
    db = request_session()
    db.rollback()
    cohort = open_cohort(cohort_uid, needs=Can.EDIT_SCHEDULE)
    return _page(cohort, problem_words(error, pack_of(db, cohort.program_version_id, visitor_signed_in().language)))


def _page(cohort: Cohort, refusal: str = "") -> ResponseReturnValue:
    db, language, now = request_session(), visitor_signed_in().language, clock.now()
    shown = rehearsal_page(db, cohort, _asked(), language=language, now=now)
    page = render_template("desks/rehearsal.html", cohort=cohort, page=shown, refusal=refusal)
    return page, NOT_ACCEPTED if refusal else 200


def _asked() -> Asked:
    """What the address asks for; what cannot be read is not asked for."""
    return Asked(
        day=request.args.get("day", type=date.fromisoformat),
        seat=request.args.get("seat", type=UUID),
        letter=request.args.get("letter", ""),
        words=request.args.get("person", "").strip(),
    )


def _letter(cohort_uid: UUID, seat_uid: UUID, letter: str) -> tuple[Cohort, RehearsedLetter]:
    cohort, db = open_cohort(cohort_uid, needs=Can.EDIT_SCHEDULE), request_session()
    seat = open_trainee(seat_uid, of=cohort_uid, needs=Can.EDIT_SCHEDULE)
    found = rehearsed_letter(db, cohort, seat, letter, now=clock.now())
    if found is None:
        abort(404)
    return cohort, found
