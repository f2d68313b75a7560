"""One person by hand, added or changed; and what the groups are called."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainer import clock
from trainer.accounts.log import note
from trainer.accounts.models import User
from trainer.audit import Act
from trainer.cohorts.access import open_cohort, open_trainee
from trainer.cohorts.groups import group_named, move_to_group, rename_group
from trainer.cohorts.models import Cohort, Enrollment, Group
from trainer.cohorts.roster import RefusedRow, RosterReading
from trainer.cohorts.roster_import import import_plan
from trainer.cohorts.roster_plan import Plan, plan_enrollment
from trainer.cohorts.roster_row import read_row
from trainer.cohorts.sentences import Refused
from trainer.i18n import gettext as _
from trainer.office.people_forms import GroupForm, PersonForm
from trainer.office.preview_words import Overwritten, overwritten
from trainer.office.queries import groups_with_counts
from trainer.organization_scope import request_session
from trainer.permissions import Can, needs

bp = Blueprint("person", __name__, url_prefix="/cohorts/<uuid:cohort_uid>")
NOT_ACCEPTED = 422


@bp.route("/people/add", methods=["GET", "POST"])
@needs(Can.EDIT_ROSTER)
def add(cohort_uid: UUID) -> ResponseReturnValue:
    cohort, db, now, form = open_cohort(cohort_uid, needs=Can.EDIT_ROSTER), request_session(), clock.now(), PersonForm()
    plan = _accepted(cohort, form, form.cells()) if form.validate_on_submit() else None
    known = overwritten(db, cohort, plan) if plan else []
    if plan is None or [one.words for one in known] != [form.seen.data] * len(known):
        return _page(cohort, form, None, known)
    import_plan(db, cohort, plan, now=now)
    note(db, Act.IMPORT_ROSTER, "cohort", cohort_uid, now=now)
    db.commit()
    flash(_("%(name)s takes part.", name=plan.rows[0].person.name))
    return redirect(url_for("people.page", cohort_uid=cohort_uid), 303)


@bp.route("/people/<uuid:seat_uid>", methods=["GET", "POST"])
@needs(Can.EDIT_ROSTER)
def change(cohort_uid: UUID, seat_uid: UUID) -> ResponseReturnValue:
    cohort, db, now = open_cohort(cohort_uid, needs=Can.EDIT_ROSTER), request_session(), clock.now()
    seat = open_trainee(seat_uid, of=cohort_uid, needs=Can.EDIT_ROSTER)
    user = db.get_one(User, seat.user_id)
    form = PersonForm(data=_present(seat, user))
    if user.employee_number:
        del form.employee_number
    told = form.cells() | ({"employee_number": user.employee_number} if user.employee_number else {})
    plan = _accepted(cohort, form, told) if form.validate_on_submit() else None
    if plan is None:
        return _page(cohort, form, user)
    import_plan(db, cohort, plan, now=now)
    move_to_group(db, cohort, seat, plan.rows[0].person.group)
    if not told["boss_email"]:
        seat.boss_id = None
    note(db, Act.CHANGE_PERSON, "seat", seat_uid, now=now)
    db.commit()
    flash(_("Saved: %(name)s.", name=plan.rows[0].person.name))
    return redirect(url_for("people.page", cohort_uid=cohort_uid), 303)


@bp.route("/groups", methods=["GET", "POST"])
@needs(Can.EDIT_ROSTER)
def groups(cohort_uid: UUID) -> ResponseReturnValue:
    cohort, db, now, form = open_cohort(cohort_uid, needs=Can.EDIT_ROSTER), request_session(), clock.now(), GroupForm()
    if form.validate_on_submit() and _renamed(cohort, form):
        note(db, Act.CHANGE_GROUPS, "cohort", cohort_uid, now=now)
        db.commit()
        flash(_("The group is now called %(name)s.", name=form.name.data))
        return redirect(url_for(".groups", cohort_uid=cohort_uid), 303)
    rows = db.execute(groups_with_counts(cohort)).all()
    status = NOT_ACCEPTED if form.errors else 200
    return render_template("office/groups.html", cohort=cohort, rows=rows, form=form), status


def _accepted(cohort: Cohort, form: PersonForm, cells: dict[str, str]) -> Plan | None:
    """The plan for one person; None, with the reasons on the form, where a roster's row would be refused."""
    read = read_row(1, cells)
    refused = (RefusedRow(1, read.person.employee_number, " ".join(read.reasons)),) if read.reasons else ()
    reading = RosterReading(() if refused else (read.person,), refused, "", ())
    plan = plan_enrollment(request_session(), cohort, reading)
    form.form_errors = [row.reason for row in plan.refused]
    return None if plan.refused else plan


def _page(
    cohort: Cohort, form: PersonForm, user: User | None, known: Sequence[Overwritten] = ()
) -> ResponseReturnValue:
    """The form; `known` is the person whom the company would know otherwise, who is confirmed by sending it again."""
    form.seen.data = known[0].words if known else ""
    names = [name for name, _count in request_session().execute(groups_with_counts(cohort))]
    status = NOT_ACCEPTED if form.errors or known else 200
    page = render_template("office/person.html", cohort=cohort, form=form, user=user, groups=names, known=known)
    return page, status


def _present(seat: Enrollment, user: User) -> dict[str, str | None]:
    """What the form shows of a person who has a seat."""
    db = request_session()
    group = db.get(Group, seat.group_id) if seat.group_id else None
    boss = db.get(User, seat.boss_id) if seat.boss_id else None
    return {
        **{name: getattr(user, name) for name in ("employee_number", "name", "name_reading", "email", "department")},
        "group": group.name if group else "",
        "boss_name": boss.name if boss else "",
        "boss_email": boss.email if boss else "",
    }


def _renamed(cohort: Cohort, form: GroupForm) -> bool:
    db = request_session()
    group = group_named(db, cohort, form.present.data or "")
    try:
        if group is None:
            raise Refused(_("There is no such group any more. Look at the list once more."))
        rename_group(db, cohort, group, form.name.data or "")
    except Refused as refusal:
        form.name.errors = [str(refusal)]
        return False
    return True
