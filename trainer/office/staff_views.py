"""Who answers for a cohort, and who belongs to the company's office."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from trainer import clock
from trainer.accounts.log import note
from trainer.accounts.models import Organization, User
from trainer.accounts.office_visitor import office_visitor
from trainer.audit import Act
from trainer.cohorts.access import open_cohort
from trainer.cohorts.models import Cohort, Enrollment
from trainer.cohorts.sentences import Refused
from trainer.cohorts.staff import (
    add_coordinator,
    add_facilitator,
    give_groups,
    remove_coordinator,
    remove_facilitator,
)
from trainer.i18n import gettext as _
from trainer.office.people_forms import GroupsForm, StaffForm
from trainer.office.queries import StaffLine, facilitators_of, groups_with_counts, office_of
from trainer.office.withheld import withheld_words
from trainer.organization_scope import request_session
from trainer.permissions import Can, needs

bp = Blueprint("staff", __name__)
NOT_ACCEPTED = 422


@bp.route("/cohorts/<uuid:cohort_uid>/staff", methods=["GET", "POST"])
@needs(Can.EDIT_ROSTER)
def page(cohort_uid: UUID) -> ResponseReturnValue:
    cohort, db, form = open_cohort(cohort_uid, needs=Can.EDIT_ROSTER), request_session(), StaffForm()
    if form.validate_on_submit():
        try:
            seat = add_facilitator(db, cohort, name=form.name.data, email=form.address, now=clock.now())
            return _saved(cohort, seat)
        except Refused as refusal:
            db.rollback()
            form.email.errors = [str(refusal)]
    names = _group_names(cohort)
    facilitators = facilitators_of(db, cohort)
    lines = [(line, _groups_form(line, names)) for line in facilitators]
    told: dict[str, Any] = {"lines": lines, "groups": names, "withheld": withheld_words(db, cohort, facilitators)}
    status = NOT_ACCEPTED if form.errors else 200
    return render_template("office/staff.html", cohort=cohort, form=form, **told), status


@bp.post("/cohorts/<uuid:cohort_uid>/staff/<uuid:staff_uid>/groups")
@needs(Can.EDIT_ROSTER)
def groups(cohort_uid: UUID, staff_uid: UUID) -> ResponseReturnValue:
    cohort = open_cohort(cohort_uid, needs=Can.EDIT_ROSTER)
    line = _facilitator(cohort, staff_uid)
    form = _groups_form(line, _group_names(cohort))
    if not form.validate():
        abort(400)
    give_groups(request_session(), cohort, line.seat, form.groups.data or ())
    return _saved(cohort, line.seat)


@bp.post("/cohorts/<uuid:cohort_uid>/staff/<uuid:staff_uid>/remove")
@needs(Can.EDIT_ROSTER)
def remove(cohort_uid: UUID, staff_uid: UUID) -> ResponseReturnValue:
    cohort = open_cohort(cohort_uid, needs=Can.EDIT_ROSTER)
    line = _facilitator(cohort, staff_uid)
    remove_facilitator(request_session(), cohort, line.seat, now=clock.now())
    return _saved(cohort, line.seat)


@bp.route("/office/coordinators", methods=["GET", "POST"])
@needs(Can.EDIT_ROSTER)
def coordinators() -> ResponseReturnValue:
    visitor, db, now, form = office_visitor(), request_session(), clock.now(), StaffForm()
    organization = db.get_one(Organization, visitor.organization.id)
    if form.validate_on_submit():
        user = add_coordinator(db, organization, name=form.name.data, email=form.address, now=now)
        note(db, Act.CHANGE_PERMISSION, "user", user.uid, now=now)
        db.commit()
        flash(_("%(name)s belongs to the office now, and signs in with their address.", name=user.name))
        return redirect(url_for(".coordinators"), 303)
    people = office_of(db, organization)
    status = NOT_ACCEPTED if form.errors else 200
    return render_template("office/coordinators.html", people=people, form=form, own_uid=visitor.user.uid), status


@bp.post("/office/coordinators/<uuid:user_uid>/remove")
@needs(Can.EDIT_ROSTER)
def remove_from_office(user_uid: UUID) -> ResponseReturnValue:
    visitor, db, now = office_visitor(), request_session(), clock.now()
    organization = db.get_one(Organization, visitor.organization.id)
    user = next((one for one in office_of(db, organization) if one.uid == user_uid), None)
    if user is None:
        abort(404)
    try:
        heir, cohorts = remove_coordinator(db, organization, user, by=visitor.user, now=now)
        for one in (user, heir) if cohorts else (user,):
            note(db, Act.CHANGE_PERMISSION, "user", one.uid, now=now)
        db.commit()
        flash(_("%(name)s does not belong to the office any more.", name=user.name))
        if cohorts:
            flash(_digest_words(heir, cohorts))
    except Refused as refusal:
        db.rollback()
        flash(str(refusal), "note")
    own = user_uid == visitor.user.uid
    return redirect(url_for("door.seats" if own else ".coordinators"), 303)


def _digest_words(heir: User, cohorts: Sequence[Cohort]) -> str:
    names = _(", ").join(cohort.name for cohort in cohorts)
    return _("The Monday digest now goes to %(name)s, for: %(cohorts)s.", name=heir.name, cohorts=names)


def _saved(cohort: Cohort, seat: Enrollment) -> ResponseReturnValue:
    db = request_session()
    note(db, Act.CHANGE_PERMISSION, "seat", seat.uid, now=clock.now())
    db.commit()
    flash(_("The facilitators are saved."))
    return redirect(url_for(".page", cohort_uid=cohort.uid), 303)


def _facilitator(cohort: Cohort, uid: UUID) -> StaffLine:
    line = next((line for line in facilitators_of(request_session(), cohort) if line.seat.uid == uid), None)
    if line is None:
        abort(404)
    return line


def _group_names(cohort: Cohort) -> list[str]:
    return [name for name, _count in request_session().execute(groups_with_counts(cohort))]


def _groups_form(line: StaffLine, names: list[str]) -> GroupsForm:
    """The groups of one facilitator; the prefix keeps the forms of one page apart."""
    form = GroupsForm(prefix=f"of-{line.seat.uid}-", data={"groups": list(line.groups)})
    form.groups.choices = [SelectChoice(name, name) for name in names]
    return form
