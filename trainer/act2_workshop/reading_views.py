"""The plan as it was submitted: its receipt, its versions and what changed, and the trainee's answer to a question."""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from trainer import clock
from trainer.act2_workshop.actions import keep_as_is, take_back
from trainer.act2_workshop.calendar_entry import first_step_entry
from trainer.act2_workshop.forms import KeepForm
from trainer.act2_workshop.models import Plan, PlanVersion
from trainer.act2_workshop.opening import OpenPlan, open_own_plan
from trainer.act2_workshop.own_plan import reviews_of
from trainer.act2_workshop.plan_reading import changes_between
from trainer.act2_workshop.plan_words import first_step_in, words_of
from trainer.act2_workshop.queries import version_of
from trainer.act2_workshop.reading_page import peer_names, reading_page
from trainer.act2_workshop.rules import Deed, ImpossibleMove, PlanState
from trainer.i18n import gettext as _
from trainer.organization_scope import request_session
from trainer.permissions import Can, needs

bp = Blueprint("plan", __name__, url_prefix="/seats/<uuid:seat_uid>/plan")


@bp.get("")
@needs(Can.WORK_ON_STEPS)
def page(seat_uid: UUID) -> ResponseReturnValue:
    opened = open_own_plan(seat_uid)
    if opened.work.state is PlanState.DRAFT:
        return redirect(url_for("plan_form.edit", seat_uid=seat_uid))
    return _reading(opened, None)


@bp.get("/versions/<int:number>")
@needs(Can.WORK_ON_STEPS)
def version(seat_uid: UUID, number: int) -> ResponseReturnValue:
    return _reading(open_own_plan(seat_uid), number)


@bp.get("/versions/<int:number>/changes")
@needs(Can.WORK_ON_STEPS)
def changes(seat_uid: UUID, number: int) -> ResponseReturnValue:
    opened = open_own_plan(seat_uid)
    _plan, after = _submitted(opened, number)
    _plan, before = _submitted(opened, number - 1)
    old, new = words_of(before), words_of(after)
    peers = peer_names(opened, old, new).peers
    return render_template(
        "act2_workshop/changes.html",
        seat_uid=seat_uid,
        cohort=opened.cohort,
        number=number,
        changes=changes_between(old, new, opened.pack, peers),
    )


@bp.get("/received")
@needs(Can.WORK_ON_STEPS)
def received(seat_uid: UUID) -> ResponseReturnValue:
    opened = open_own_plan(seat_uid)
    if opened.work.state is PlanState.DRAFT:
        return redirect(url_for("plan_form.edit", seat_uid=seat_uid))
    plan, latest = _submitted(opened)
    return render_template(
        "act2_workshop/received.html",
        seat_uid=seat_uid,
        cohort=opened.cohort,
        page=reading_page(opened, plan, latest, ()),
        first_step=first_step_in(words_of(latest)),
    )


@bp.post("/take-back")
@needs(Can.WORK_ON_STEPS)
def withdraw(seat_uid: UUID) -> ResponseReturnValue:
    opened, db = open_own_plan(seat_uid), request_session()
    try:
        plan = take_back(db, opened.cohort, opened.seat, pack=opened.pack, now=clock.now())
    except ImpossibleMove:
        flash(
            _("A facilitator has opened your plan by now, so it stays submitted. You can talk about it in the answer.")
        )
        return redirect(url_for(".page", seat_uid=seat_uid), 303)
    db.commit()
    if plan.state is PlanState.RETURNED:
        flash(_("What you submitted again is a draft, and nobody but you can read it. The question waits for you."))
    else:
        flash(_("Your plan is a draft again. Nobody but you can read it."))
    return redirect(url_for("plan_form.edit", seat_uid=seat_uid), 303)


@bp.get("/as-it-is")
@needs(Can.WORK_ON_STEPS)
def as_it_is(seat_uid: UUID) -> ResponseReturnValue:
    opened = open_own_plan(seat_uid)
    if not opened.work.may(Deed.KEEP_AS_IS):
        return redirect(url_for(".page", seat_uid=seat_uid))
    return _keep_page(opened, KeepForm(formdata=None))


@bp.post("/as-it-is")
@needs(Can.WORK_ON_STEPS)
def go_on_as_it_is(seat_uid: UUID) -> ResponseReturnValue:
    opened, form = open_own_plan(seat_uid), KeepForm()
    if not opened.work.may(Deed.KEEP_AS_IS):
        return redirect(url_for(".page", seat_uid=seat_uid), 303)
    if not form.validate():
        return _keep_page(opened, form), 422
    keep_as_is(request_session(), opened.cohort, opened.seat, reason=str(form.reason.data), now=clock.now())
    request_session().commit()
    flash(_("Your plan stands as it is. Thank you for saying why."))
    return redirect(url_for(".page", seat_uid=seat_uid), 303)


@bp.get("/first-step.ics")
@needs(Can.WORK_ON_STEPS)
def first_step(seat_uid: UUID) -> ResponseReturnValue:
    opened = open_own_plan(seat_uid)
    plan, latest = _submitted(opened)
    step = first_step_in(words_of(latest))
    if step is None or opened.work.state is PlanState.DRAFT:
        raise NotFound
    entry = first_step_entry(
        plan.uid,
        on=date.fromisoformat(step["first_step_date"]),
        title=_("First step of my action plan"),
        words=step["first_step"],
        address=url_for(".page", seat_uid=seat_uid, _external=True),
        version=plan.version,
        now=clock.now(),
    )
    name = {"Content-Disposition": 'attachment; filename="first-step.ics"'}
    return Response(entry, content_type="text/calendar; charset=utf-8", headers=name)


def _reading(opened: OpenPlan, number: int | None) -> str:
    plan, version = _submitted(opened, number)
    return render_template(
        "act2_workshop/plan.html",
        seat_uid=opened.seat.uid,
        cohort=opened.cohort,
        pack=opened.pack,
        page=reading_page(opened, plan, version, reviews_of(request_session(), plan)),
        first_step=first_step_in(words_of(version)),
    )


def _keep_page(opened: OpenPlan, form: KeepForm) -> str:
    plan, latest = _submitted(opened)
    return render_template(
        "act2_workshop/as_it_is.html",
        seat_uid=opened.seat.uid,
        cohort=opened.cohort,
        page=reading_page(opened, plan, latest, reviews_of(request_session(), plan)),
        form=form,
    )


def _submitted(opened: OpenPlan, number: int | None = None) -> tuple[Plan, PlanVersion]:
    """The plan and one of its versions, the latest unless told; NotFound where there is none."""
    plan, latest = opened.work.plan, opened.work.version
    if plan is None or latest is None:
        raise NotFound
    wanted = latest.version if number is None else number
    if not 0 < wanted <= latest.version:  # an address may name a number that no database takes
        raise NotFound
    found = latest if wanted == latest.version else version_of(request_session(), plan, wanted)
    if found is None:
        raise NotFound
    return plan, found
