"""The office: a new cohort, and each cohort's own page."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainer import clock
from trainer.accounts.log import note
from trainer.accounts.models import Organization
from trainer.accounts.office_visitor import office_visitor
from trainer.audit import Act
from trainer.cohorts.access import open_cohort
from trainer.cohorts.actions_start import digest_of
from trainer.cohorts.models import Cohort
from trainer.cohorts.new_cohort import change_settings, make_cohort, warnings_of, warnings_of_day
from trainer.cohorts.queries import cohort_of, schedule_of
from trainer.cohorts.rules import ImpossibleSchedule, Problem
from trainer.cohorts.sentences import sentence_of
from trainer.cohorts.staff import seat_staff
from trainer.i18n import gettext as _
from trainer.office.forms import CohortForm, SettingsForm, cohort_form, settings_form
from trainer.office.queries import count_trainees, facilitators_of, groups_with_counts
from trainer.organization_scope import request_session
from trainer.permissions import Can, Role, needs
from trainer.programs.queries import pack_of, pack_of_digest
from trainer.prompts.letter_names import letter_name

bp = Blueprint("office", __name__, url_prefix="/cohorts")
NOT_ACCEPTED = 422
ZONES = (
    "Asia/Tokyo",
    "Asia/Seoul",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Bangkok",
    "Asia/Kolkata",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
)
FIELDS = {Problem.PROMPT_TIME_OUTSIDE_WINDOW: "prompt_time", Problem.NO_BUSINESS_DAY: "closures"}


@bp.route("/new", methods=["GET", "POST"])
@needs(Can.EDIT_SCHEDULE)
def new_cohort() -> ResponseReturnValue:
    visitor = office_visitor()
    form = cohort_form(visitor.organization, visitor.language)
    warnings: dict[str, list[str]] = {}
    if form.validate_on_submit():
        warnings = _warnings(form, visitor.organization)
        uid = _made(form, is_sure=not any(warnings.values()) or form.warned.data == _days(form))
        if uid is not None:
            return redirect(url_for(".cohort", cohort_uid=uid), 303)
        form.warned.data = _days(form)
    status = NOT_ACCEPTED if form.errors else 200
    return render_template("office/new_cohort.html", form=form, warnings=warnings, zones=ZONES), status


@bp.get("/<uuid:cohort_uid>")
@needs(Can.EDIT_SCHEDULE)
def cohort(cohort_uid: UUID) -> ResponseReturnValue:
    found, db = open_cohort(cohort_uid, needs=Can.EDIT_SCHEDULE), request_session()
    visitor, schedule = office_visitor(), schedule_of(db, found)
    pack = pack_of_digest(db, schedule.digest, visitor.language)
    return render_template(
        "office/cohort.html",
        cohort=found,
        pack=pack,
        warnings=warnings_of(visitor.organization, found, clock.now()),
        people=count_trainees(db, found),
        groups=db.execute(groups_with_counts(found)).all(),
        facilitators=facilitators_of(db, found),
        is_rehearsed=found.rehearsed_digest == digest_of(found, schedule),
        letters=[letter_name(letter, pack) for letter in pack.letters if letter.id in found.optional_letters],
    )


@bp.route("/<uuid:cohort_uid>/settings", methods=["GET", "POST"])
@needs(Can.EDIT_SCHEDULE)
def settings(cohort_uid: UUID) -> ResponseReturnValue:
    found, db = open_cohort(cohort_uid, needs=Can.EDIT_SCHEDULE), request_session()
    form = settings_form(found, pack_of(db, found.program_version_id, office_visitor().language))
    if form.validate_on_submit() and _changed(found, form):
        note(db, Act.CHANGE_COHORT, "cohort", cohort_uid, now=clock.now())
        db.commit()
        flash(_("The settings are saved."))
        return redirect(url_for(".cohort", cohort_uid=cohort_uid), 303)
    status = NOT_ACCEPTED if form.errors else 200
    return render_template("office/settings.html", cohort=found, form=form, zones=ZONES), status


def _warnings(form: CohortForm, organization: Organization) -> dict[str, list[str]]:
    """What stands beside each day: accepted, but perhaps not meant."""
    told, now = form.cohort(), clock.now()
    return {
        "day1": warnings_of_day(organization, told, told.day1, now),
        "day2": warnings_of_day(organization, told, told.day2, now) if told.day2 != told.day1 else [],
    }


def _days(form: CohortForm) -> str:
    """The days as the page remembers them: whoever sends the same ones again has seen the warnings."""
    return f"{form.day1.data}/{form.day2.data}"


def _made(form: CohortForm, *, is_sure: bool) -> UUID | None:
    """The new cohort, committed; None where it cannot be, with the reason at its field, or is not to be yet."""
    db, visitor, now = request_session(), office_visitor(), clock.now()
    organization, told = db.get_one(Organization, visitor.organization.id), form.cohort()
    if cohort_of(db, organization, told.settings.name) is not None:
        form.name.errors = [_("A cohort of this name exists already. Choose another name.")]
        return None
    try:
        made = make_cohort(db, organization, told, now=now)
    except ImpossibleSchedule as error:
        form[FIELDS.get(error.problem, "day2")].errors = [sentence_of(error)]
        is_sure = False
    if not is_sure:
        db.rollback()
        return None
    seat_staff(db, made, visitor.user, Role.COORDINATOR, now=now)
    note(db, Act.CREATE_COHORT, "cohort", made.uid, now=now)
    db.commit()
    flash(_("The cohort %(name)s is made. Nothing is sent until you start it.", name=made.name))
    return made.uid


def _changed(cohort: Cohort, form: SettingsForm) -> bool:
    """Whether the cohort has its new settings; if it cannot, the reason stands at its field."""
    db, told = request_session(), form.settings()
    offered = [choice.value for choice in form.optional_letters.choices]
    unseen = [letter for letter in cohort.optional_letters if letter not in offered]
    told = replace(told, optional_letters=(*told.optional_letters, *unseen))
    organization = db.get_one(Organization, cohort.organization_id)
    other = cohort_of(db, organization, told.name)
    if other is not None and other.id != cohort.id:
        form.name.errors = [_("A cohort of this name exists already. Choose another name.")]
        return False
    try:
        change_settings(db, cohort, told)
    except ImpossibleSchedule as error:
        db.rollback()
        form[FIELDS.get(error.problem, "closures")].errors = [sentence_of(error)]
        return False
    return True
