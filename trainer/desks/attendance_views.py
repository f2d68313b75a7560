"""The list of who was at the workshop: one tap each, or all at once; for the office and the facilitators."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from trainer import clock
from trainer.accounts.log import note
from trainer.accounts.visitor import visitor_signed_in
from trainer.audit import Act
from trainer.cohorts.access import open_cohort
from trainer.cohorts.attendance import last_attendance, note_attendance, undo_attendance
from trainer.cohorts.change_models import ChangeByHand
from trainer.cohorts.changes import change_of
from trainer.cohorts.models import Cohort, Enrollment
from trainer.cohorts.queries import schedule_of
from trainer.desks.attendance import ON_A_PAGE, assigned_seat, assigned_seats, people_page
from trainer.i18n import gettext as _
from trainer.i18n import ngettext
from trainer.organization_scope import request_session
from trainer.permissions import Can, Role, needs

bp = Blueprint("attendance", __name__, url_prefix="/cohorts/<uuid:cohort_uid>/attendance")


@bp.get("")
@needs(Can.NOTE_ATTENDANCE)
def page(cohort_uid: UUID) -> ResponseReturnValue:
    cohort, db = open_cohort(cohort_uid, needs=Can.NOTE_ATTENDANCE), request_session()
    schedule = schedule_of(db, cohort)
    people = people_page(db, cohort, visitor_signed_in(), request.args.get("after", type=UUID))
    return render_template(
        "desks/attendance.html",
        cohort=cohort,
        people=people[:ON_A_PAGE],
        more=people[ON_A_PAGE - 1][0].uid if len(people) > ON_A_PAGE else None,
        days=(schedule.day1, schedule.day2),
        has_begun=schedule.day1 <= clock.now().astimezone(schedule.zone).date(),
        last=last_attendance(db, cohort, visitor_signed_in().user),
    )


@bp.post("")
@needs(Can.NOTE_ATTENDANCE)
def attended(cohort_uid: UUID) -> ResponseReturnValue:
    """`seat` names one person, `everybody` means all who are assigned to the visitor."""
    cohort, db, now = open_cohort(cohort_uid, needs=Can.NOTE_ATTENDANCE), request_session(), clock.now()
    schedule, by = schedule_of(db, cohort), visitor_signed_in().user
    if now.astimezone(schedule.zone).date() < schedule.day1:
        flash(_("The workshop has not begun yet. Come back on its first day."), "note")
        return redirect(url_for(".page", cohort_uid=cohort_uid), 303)
    noted = note_attendance(db, cohort, _chosen(cohort), by=by, reason=_("Was at the workshop"), now=now)
    for seat in noted:
        note(db, Act.FINISH_STEP, "seat", seat.uid, now=now, role=_role(cohort))
    db.commit()
    flash(
        ngettext(
            "%(num)s person was written down as attending.",
            "%(num)s people were written down as attending.",
            len(noted),
        )
    )
    return redirect(url_for(".page", cohort_uid=cohort_uid), 303)


@bp.post("/<uuid:change_uid>/undo")
@needs(Can.NOTE_ATTENDANCE)
def undo(cohort_uid: UUID, change_uid: UUID) -> ResponseReturnValue:
    cohort, db, now = open_cohort(cohort_uid, needs=Can.NOTE_ATTENDANCE), request_session(), clock.now()
    change = change_of(db, cohort, change_uid)
    if change is None or not _is_own(change):
        abort(404)
    undone = undo_attendance(db, cohort, change, now=now)
    note(db, Act.UNDO_CHANGE, "cohort", cohort.uid, now=now, role=_role(cohort))
    db.commit()
    flash(ngettext("Taken back for %(num)s person.", "Taken back for %(num)s people.", undone))
    return redirect(url_for(".page", cohort_uid=cohort_uid), 303)


def _is_own(change: ChangeByHand) -> bool:
    return change.kind == "attend" and change.done_by_id == visitor_signed_in().user.id


def _chosen(cohort: Cohort) -> Select[Enrollment]:
    """The seats the form names, of those that are the visitor's to see; 404 for any other."""
    visitor = visitor_signed_in()
    if "everybody" in request.form:
        return assigned_seats(cohort, visitor)
    named = assigned_seat(request_session(), cohort, visitor, request.form.get("seat", type=UUID))
    if named is None:
        abort(404)
    return named


def _role(cohort: Cohort) -> Role:
    roles = visitor_signed_in().roles_in(cohort.id)
    return Role.COORDINATOR if Role.COORDINATOR in roles else Role.FACILITATOR
