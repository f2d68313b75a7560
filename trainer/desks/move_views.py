"""Moving the workshop: first what it would do, then one confirmation, and the way back until the next letter."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainer import clock
from trainer.accounts.log import note
from trainer.accounts.visitor import visitor_signed_in
from trainer.audit import Act
from trainer.cohorts.access import open_cohort
from trainer.cohorts.actions import set_schedule
from trainer.cohorts.actions_start import wait_for_others
from trainer.cohorts.changes import change_of, remembered, undo
from trainer.cohorts.models import Cohort
from trainer.cohorts.rules import ImpossibleSchedule
from trainer.cohorts.sentences import workshop_warnings
from trainer.desks.date_words import problem_words
from trainer.desks.forms import MoveForm
from trainer.desks.move import Difference, difference, moved
from trainer.desks.undo_of_dates import is_undoable, undoable_change
from trainer.i18n import gettext as _
from trainer.organization_scope import request_session
from trainer.permissions import Can, needs
from trainer.programs.queries import pack_of_digest
from trainer.prompts.timetable import Timetable, timetable_of

bp = Blueprint("move", __name__, url_prefix="/cohorts/<uuid:cohort_uid>")
NOT_ACCEPTED = 422


@bp.get("/move")
@needs(Can.EDIT_SCHEDULE)
def page(cohort_uid: UUID) -> ResponseReturnValue:
    """The difference for `day1` and `day2`, as soon as both are told; nothing changes by looking."""
    cohort = open_cohort(cohort_uid, needs=Can.EDIT_SCHEDULE)
    is_told = "day1" in request.args
    form = MoveForm(request.args) if is_told else MoveForm(data={"day1": cohort.day1_on, "day2": cohort.day2_on})
    timetable = timetable_of(request_session(), cohort)
    return _page(timetable, form, _difference(timetable, form) if is_told and form.validate() else None)


@bp.post("/move")
@needs(Can.EDIT_SCHEDULE)
def move(cohort_uid: UUID) -> ResponseReturnValue:
    """Do what the difference showed, if it would still be the same."""
    cohort, db, now, form = open_cohort(cohort_uid, needs=Can.EDIT_SCHEDULE), request_session(), clock.now(), MoveForm()
    wait_for_others(db, cohort)
    timetable = timetable_of(db, cohort)
    found = _difference(timetable, form) if form.validate() else None
    if found is None:
        return _page(timetable, form, None)
    days = {"day1": form.day1.data, "day2": form.day2.data}
    if request.form.get("digest", "") != found.digest:
        flash(_("Something has changed since you looked. Look at the difference once more, then confirm."), "note")
        return redirect(url_for(".page", cohort_uid=cohort_uid, **days), 303)
    with remembered(db, cohort, None, kind="move", facet="days", by=visitor_signed_in().user, now=now):
        set_schedule(db, cohort, **days)
    note(db, Act.MOVE_DAYS, "cohort", cohort_uid, now=now)
    db.commit()
    return redirect(url_for("rehearsal.page", cohort_uid=cohort_uid), 303)


@bp.post("/move/<uuid:change_uid>/undo")
@needs(Can.EDIT_SCHEDULE)
def undo_change(cohort_uid: UUID, change_uid: UUID) -> ResponseReturnValue:
    if _undone(open_cohort(cohort_uid, needs=Can.EDIT_SCHEDULE), change_uid):
        request_session().commit()
        flash(_("The change of dates was undone."))
    else:
        request_session().rollback()
        flash(_("This cannot be undone any more: a letter has gone out, or the dates were changed again."), "note")
    return redirect(url_for("rehearsal.page", cohort_uid=cohort_uid), 303)


def _undone(cohort: Cohort, change_uid: UUID) -> bool:
    """Whether the dates are what they were before this change; 404 where there is no such change of dates."""
    db, now = request_session(), clock.now()
    wait_for_others(db, cohort)
    change = change_of(db, cohort, change_uid)
    if change is None or change.enrollment_id is not None:
        abort(404)
    note(db, Act.UNDO_CHANGE, "cohort", cohort.uid, now=now)
    try:
        return is_undoable(db, cohort, change) and undo(db, change, cohort, None, now=now)
    except ImpossibleSchedule:  # what was possible then is not any more: the company has closed since
        return False


def _difference(timetable: Timetable, form: MoveForm) -> Difference | None:
    """What the move would do; None, with the reason at its field, where it cannot be or does nothing."""
    db, schedule = request_session(), timetable.schedule
    pack = pack_of_digest(db, schedule.digest, visitor_signed_in().language)
    if (form.day1.data, form.day2.data) == (schedule.day1, schedule.day2):
        form.day1.errors = [_("These are the days as they are. Choose others.")]
        return None
    try:
        after = moved(timetable, form.day1.data, form.day2.data)
    except ImpossibleSchedule as error:
        form.day2.errors = [problem_words(error, pack)]
        return None
    return difference(db, timetable, after, pack, clock.now())


def _page(timetable: Timetable, form: MoveForm, found: Difference | None) -> ResponseReturnValue:
    cohort, schedule = timetable.cohort, timetable.schedule
    change = undoable_change(request_session(), schedule, cohort)
    today = clock.now().astimezone(schedule.zone).date()
    warnings = workshop_warnings(form.day1.data, form.day2.data, schedule.calendar, today) if found else []
    page = render_template("desks/move.html", cohort=cohort, form=form, found=found, warnings=warnings, change=change)
    return page, NOT_ACCEPTED if form.errors else 200
