"""The review desk: the queue of plans, one plan after the other, and the cohort as a whole."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainer import clock
from trainer.accounts.visitor import visitor_signed_in
from trainer.act2_workshop.queue_place import around
from trainer.desks.review_desk import desk_in, open_desk, open_plan, plan_to_answer
from trainer.desks.review_pages import ON_A_PAGE, counts_of, plan_page, progress_of, queue_lines
from trainer.desks.review_phrases import own_phrases
from trainer.i18n import gettext as _
from trainer.organization_scope import request_session
from trainer.permissions import Can, needs

bp = Blueprint("review", __name__, url_prefix="/cohorts/<uuid:cohort_uid>/plans")


@bp.get("")
@needs(Can.REVIEW_PLANS)
def queue(cohort_uid: UUID) -> ResponseReturnValue:
    opened, db, now = open_desk(cohort_uid), request_session(), clock.now()
    shows_answered = request.args.get("show") == "answered"
    after = request.args.get("after", type=UUID)
    lines = queue_lines(db, opened, after=after, answered=shows_answered, now=now)
    return render_template(
        "desks/review_queue.html",
        cohort=opened.cohort,
        lines=lines[:ON_A_PAGE],
        more=lines[ON_A_PAGE - 1].uid if len(lines) > ON_A_PAGE else None,
        progress=progress_of(around(db, opened.desk, None, now)),
        shows_answered=shows_answered,
    )


@bp.get("/next")
@needs(Can.REVIEW_PLANS)
def following(cohort_uid: UUID) -> ResponseReturnValue:
    """Straight to the plan that comes first, or to the queue when none waits."""
    first = around(request_session(), desk_in(cohort_uid), None, clock.now()).following
    return redirect(card_or_queue(cohort_uid, first))


@bp.get("/overview")
@needs(Can.REVIEW_PLANS)
def overview(cohort_uid: UUID) -> ResponseReturnValue:
    opened = open_desk(cohort_uid)
    counts = counts_of(request_session(), opened)
    return render_template("desks/review_overview.html", cohort=opened.cohort, counts=counts)


@bp.get("/<uuid:plan_uid>")
@needs(Can.REVIEW_PLANS)
def card(cohort_uid: UUID, plan_uid: UUID) -> ResponseReturnValue:
    opened, db, now = open_desk(cohort_uid), request_session(), clock.now()
    found = open_plan(opened.desk, plan_uid, now=now)
    if found is None:
        flash(_("The plan was taken back by the person who wrote it."), "note")
        return redirect(url_for(".queue", cohort_uid=cohort_uid))
    return render_template(
        "desks/review_card.html",
        cohort=opened.cohort,
        page=plan_page(opened, found, now),
        review=opened.pack.plan.review,
        decisions={one.id: one.label for one in opened.pack.plan.review.decisions},
        progress=progress_of(around(db, opened.desk, found.plan, now)),
        has_single_keys=visitor_signed_in().user.has_single_keys,
    )


@bp.get("/<uuid:plan_uid>/phrases")
@needs(Can.REVIEW_PLANS)
def phrases(cohort_uid: UUID, plan_uid: UUID) -> ResponseReturnValue:
    """What the visitor has written to others, to be put into the answer to this plan."""
    opened = open_desk(cohort_uid)
    found = plan_to_answer(opened.desk, plan_uid)
    own = own_phrases(request_session(), opened)
    return render_template("desks/review_phrases.html", cohort=opened.cohort, plan=found.plan, phrases=own)


def card_or_queue(cohort_uid: UUID, plan_uid: UUID | None) -> str:
    """The address of a plan, or of the queue when there is none."""
    if plan_uid is None:
        return url_for("review.queue", cohort_uid=cohort_uid)
    return url_for("review.card", cohort_uid=cohort_uid, plan_uid=plan_uid)
