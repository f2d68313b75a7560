"""The plan being written: the form, what is saved of it, the choice between two versions, and its submission."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainer import clock
from trainer.act2_workshop.actions import STEP, submit
from trainer.act2_workshop.draft_page import draft_versions
from trainer.act2_workshop.form_buttons import pressed
from trainer.act2_workshop.form_page import FormPage, form_page
from trainer.act2_workshop.forms import PlanForm
from trainer.act2_workshop.opening import OpenForm, OpenPlan, open_form, open_own_plan
from trainer.act2_workshop.own_plan import zone_and_state
from trainer.act2_workshop.plan_words import words_of
from trainer.act2_workshop.rules import Deed, may
from trainer.act2_workshop.typed_plan import say_the_same
from trainer.cohorts.access import open_own_seat
from trainer.i18n import gettext as _
from trainer.organization_scope import request_session
from trainer.permissions import Can, Role, needs
from trainer.programs.fields import Saving
from trainer.writing.actions import choose_copy, drop_copies, save_draft, typed_in
from trainer.writing.models import Draft
from trainer.writing.saving import TooMuchTyped, answer_saved, save_posted

bp = Blueprint("plan_form", __name__, url_prefix="/seats/<uuid:seat_uid>/plan")
DRAFT = "draft"  # what stands for the draft itself in the choice between it and its copies


@bp.get("/edit")
@needs(Can.WORK_ON_STEPS)
def edit(seat_uid: UUID) -> ResponseReturnValue:
    plan = open_own_plan(seat_uid)
    if not plan.work.may(Deed.SUBMIT):
        return redirect(url_for("plan.page", seat_uid=seat_uid))
    opened = open_form(plan)
    return _form(opened, PlanForm(opened.asked, opened.typed))


@bp.post("/edit")
@needs(Can.WORK_ON_STEPS)
def press(seat_uid: UUID) -> ResponseReturnValue:
    """Whatever button was pressed, what was typed is saved first."""
    plan, now = open_own_plan(seat_uid), clock.now()
    if not plan.work.may(Deed.SUBMIT):
        flash(_("This plan has been submitted in the meantime."), "note")
        return redirect(url_for("plan.page", seat_uid=seat_uid), 303)
    try:
        saved = save_posted(plan.seat, STEP, now=now)
    except TooMuchTyped:
        flash(_("This is too long to be saved. Shorten it, then go on."), "late")
        return redirect(url_for(".edit", seat_uid=seat_uid), 303)
    if saved.copy is not None:
        request_session().commit()
        return redirect(url_for(".drafts", seat_uid=seat_uid), 303)
    opened = open_form(plan, typed_in(saved.draft))
    button = request.form.get("do", "")
    return _submitted(opened) if button == "submit" else _changed(opened, saved.draft, button)


@bp.post("/draft")
@needs(Can.WORK_ON_STEPS)
def keep(seat_uid: UUID) -> ResponseReturnValue:
    """What the page's script saves while somebody types."""
    seat = open_own_seat(seat_uid, needs=Can.WORK_ON_STEPS)
    zone, state = zone_and_state(request_session(), seat)
    if not may(state, Deed.SUBMIT, Role.TRAINEE):
        return {"words": _("This plan has been submitted in the meantime.")}, 422
    return answer_saved(seat, STEP, ZoneInfo(zone), now=clock.now())


@bp.get("/hints")
@needs(Can.WORK_ON_STEPS)
def hints(seat_uid: UUID) -> ResponseReturnValue:
    """The hints on what is saved, for the page's script: {id of a field: [sentence]}."""
    opened = open_form(open_own_plan(seat_uid))
    page = _page(opened, PlanForm(opened.asked, opened.typed))
    return {"hints": page.hints, "left": page.left}


@bp.get("/drafts")
@needs(Can.WORK_ON_STEPS)
def drafts(seat_uid: UUID) -> ResponseReturnValue:
    """Two tabs have written different things: both, beside each other."""
    plan = open_own_plan(seat_uid)
    if plan.work.draft is None or not plan.work.has_copy:
        return redirect(url_for(".edit", seat_uid=seat_uid))
    versions = draft_versions(request_session(), open_form(plan), plan.work.draft)
    return render_template("act2_workshop/drafts.html", seat_uid=seat_uid, cohort=plan.cohort, versions=versions)


@bp.post("/drafts")
@needs(Can.WORK_ON_STEPS)
def choose(seat_uid: UUID) -> ResponseReturnValue:
    work, chosen = open_own_plan(seat_uid).work, request.form.get("do", "")
    if work.draft is not None and _is_chosen(work.draft, chosen):
        drop_copies(request_session(), work.draft)
        request_session().commit()
        flash(_("You go on with the version that you chose."))
    return redirect(url_for(".edit", seat_uid=seat_uid), 303)


def _is_chosen(draft: Draft, chosen: str) -> bool:
    if chosen == DRAFT:
        return True
    try:
        return choose_copy(request_session(), draft, UUID(chosen), now=clock.now())
    except ValueError:
        return False


def _changed(opened: OpenForm, draft: Draft, button: str) -> ResponseReturnValue:
    typed, place = pressed(opened.typed, button, opened.asked)
    save_draft(request_session(), opened.plan.seat, STEP, typed, based_on=draft.revision, now=clock.now())
    request_session().commit()
    return redirect(url_for(".edit", seat_uid=opened.plan.seat.uid, _anchor=place or None), 303)


def _submitted(opened: OpenForm) -> ResponseReturnValue:
    form, plan = PlanForm(opened.asked, opened.typed, Saving.SUBMIT), opened.plan
    if not (form.validate() and _is_new(plan, form)):
        request_session().commit()  # what was typed stays saved
        return _form(opened, form), 422
    submit(request_session(), plan.cohort, plan.seat, form.words(), pack=plan.pack, now=clock.now())
    request_session().commit()
    return redirect(url_for("plan.received", seat_uid=plan.seat.uid), 303)


def _is_new(plan: OpenPlan, form: PlanForm) -> bool:
    """Whether a plan that came back with a question answers it by a change; if not, the form says what else to do."""
    asked = plan.work.version
    if asked is None or not plan.work.may(Deed.KEEP_AS_IS) or not say_the_same(words_of(asked), form.words()):
        return True
    form.form_errors.append(_("Nothing has changed. To keep the plan as it is, choose 'Go on as it is'."))
    return False


def _form(opened: OpenForm, form: PlanForm) -> str:
    plan = opened.plan
    return render_template(
        "act2_workshop/form.html",
        seat_uid=plan.seat.uid,
        cohort=plan.cohort,
        pack=plan.pack,
        due_on=plan.schedule.dates[plan.schedule.due_dates[STEP]],
        is_returned=plan.work.may(Deed.KEEP_AS_IS),
        form=form,
        page=_page(opened, form),
    )


def _page(opened: OpenForm, form: PlanForm) -> FormPage:
    plan: OpenPlan = opened.plan
    return form_page(plan.work, form, opened.typed, ends_on=plan.schedule.day2, zone=plan.schedule.zone)
