"""What a facilitator does at the review desk: each button has its route, with or without a script."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from trainer import clock
from trainer.accounts.log import note
from trainer.accounts.models import User
from trainer.accounts.visitor import visitor_signed_in
from trainer.act2_workshop.comments import Comment, as_box, comments_of, read_comments
from trainer.act2_workshop.models import Plan, PlanReview
from trainer.act2_workshop.queue_place import around
from trainer.act2_workshop.reviewing import decide, save_comments, star, take_back
from trainer.act2_workshop.rules import Deed
from trainer.audit import Act
from trainer.cohorts.sentences import Refused
from trainer.dates import clock_words, local
from trainer.desks.review_desk import OpenDesk, desk_in, open_desk, plan_to_answer
from trainer.desks.review_views import card_or_queue
from trainer.i18n import gettext as _
from trainer.organization_scope import request_session
from trainer.permissions import Can, Role, needs

bp = Blueprint("answering", __name__, url_prefix="/cohorts/<uuid:cohort_uid>/plans")
LONGEST_ANSWER = 2000  # characters
DEEDS = {"confirm": Deed.CONFIRM, "return": Deed.RETURN}


@bp.post("/<uuid:plan_uid>/draft")
@needs(Can.REVIEW_PLANS)
def draft(cohort_uid: UUID, plan_uid: UUID) -> ResponseReturnValue:
    """Save what is typed; `phrase` is added to it. Answers a script with one sentence, a form with the card."""
    opened, db, now = open_desk(cohort_uid), request_session(), clock.now()
    found = plan_to_answer(opened.desk, plan_uid)
    try:
        save_comments(db, found.plan, _version(), _comments(opened, found.own), by=_by(), now=now)
    except Refused as refusal:
        db.rollback()
        return _told(cohort_uid, plan_uid, str(refusal), status=409)
    db.commit()
    saved = _("Draft saved %(time)s", time=clock_words(local(now, opened.schedule.zone)))
    return _told(cohort_uid, plan_uid, saved, status=200)


@bp.post("/<uuid:plan_uid>/decide")
@needs(Can.REVIEW_PLANS)
def answer(cohort_uid: UUID, plan_uid: UUID) -> ResponseReturnValue:
    """Confirm the plan or return it, then go on to the next one that waits."""
    opened, db, now = open_desk(cohort_uid), request_session(), clock.now()
    plan, by = plan_to_answer(opened.desk, plan_uid).plan, _by()
    deed, comments = DEEDS.get(request.form.get("do", "")), _comments(opened)
    if deed is None:
        return redirect(card_or_queue(cohort_uid, plan_uid), 303)
    try:
        decide(db, plan, _version(), deed, comments, by=by, now=now)
    except Refused as refusal:
        db.rollback()
        _keep(plan, comments, by, now)
        flash(str(refusal), "box" if deed is Deed.RETURN and plan.version == _version() else "note")
        return redirect(card_or_queue(cohort_uid, plan_uid), 303)
    note(db, Act.ANSWER_PLAN, "plan", plan.uid, now=now, role=Role.FACILITATOR)
    db.commit()
    place = around(db, opened.desk, plan, now)
    first = place.following or around(db, opened.desk, None, now).following
    return redirect(card_or_queue(cohort_uid, first), 303)


@bp.post("/<uuid:plan_uid>/undo")
@needs(Can.REVIEW_PLANS)
def undo(cohort_uid: UUID, plan_uid: UUID) -> ResponseReturnValue:
    desk, db, now = desk_in(cohort_uid), request_session(), clock.now()
    plan = plan_to_answer(desk, plan_uid).plan
    try:
        take_back(db, plan, by=_by(), now=now)
    except Refused as refusal:
        db.rollback()
        flash(str(refusal), "note")
        return redirect(card_or_queue(cohort_uid, plan_uid), 303)
    note(db, Act.TAKE_ANSWER_BACK, "plan", plan.uid, now=now, role=Role.FACILITATOR)
    db.commit()
    flash(_("Your answer is a draft again; nobody has seen it."))
    return redirect(card_or_queue(cohort_uid, plan_uid), 303)


@bp.post("/<uuid:plan_uid>/star")
@needs(Can.REVIEW_PLANS)
def mark(cohort_uid: UUID, plan_uid: UUID) -> ResponseReturnValue:
    opened, db, now = open_desk(cohort_uid), request_session(), clock.now()
    plan, by = plan_to_answer(opened.desk, plan_uid).plan, _by()
    if "comments" in request.form:
        _keep(plan, _comments(opened), by, now)
    star(db, plan, _version(), by=by, now=now)
    db.commit()
    return redirect(card_or_queue(cohort_uid, plan_uid), 303)


@bp.post("/<uuid:plan_uid>/keys")
@needs(Can.REVIEW_PLANS)
def keys(cohort_uid: UUID, plan_uid: UUID) -> ResponseReturnValue:
    """Switch the single keys of the desks on or off, for this person everywhere."""
    desk, db = desk_in(cohort_uid), request_session()
    plan_to_answer(desk, plan_uid)
    db.get_one(User, visitor_signed_in().user.id).has_single_keys = request.form.get("keys") == "on"
    db.commit()
    return redirect(card_or_queue(cohort_uid, plan_uid), 303)


def _keep(plan: Plan, comments: list[Comment], by: User, now: datetime) -> None:
    """What was typed stays, whatever became of the deed; a plan that cannot be answered takes no draft."""
    db = request_session()
    try:
        save_comments(db, plan, _version(), comments, by=by, now=now)
    except Refused:
        db.rollback()
    else:
        db.commit()


def _comments(opened: OpenDesk, own: PlanReview | None = None) -> list[Comment]:
    """What the form's box says, or the draft where the form has none, and the phrase that was chosen."""
    box = request.form.get("comments", as_box(comments_of(own)))
    lines = [line for line in (box, request.form.get("phrase", "")) if line]
    return read_comments("\n".join(lines)[:LONGEST_ANSWER], opened.pack.plan.review.comment_bank)


def _version() -> int:
    return request.form.get("version", default=0, type=int)


def _by() -> User:
    return visitor_signed_in().user


def _told(cohort_uid: UUID, plan_uid: UUID, words: str, *, status: int) -> ResponseReturnValue:
    if request.accept_mimetypes.best == "application/json":
        return {"words": words}, status
    flash(words, "" if status == 200 else "note")
    return redirect(url_for("review.card", cohort_uid=cohort_uid, plan_uid=plan_uid), 303)
