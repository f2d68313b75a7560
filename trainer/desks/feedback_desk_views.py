"""The facilitator's desk for reflections: the queue, and one card to read and to answer."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainer import clock
from trainer.accounts.visitor import visitor_signed_in
from trainer.act3_practice.feedback import may_take_back, revision_of
from trainer.act3_practice.feedback_forms import AnswerForm, FeedbackForm
from trainer.act3_practice.feedback_queue import on_its_way, progress_of, waiting_for
from trainer.cohorts.queries import cohort_with_schedule
from trainer.desks.feedback_card import card_of, phrases_for
from trainer.desks.feedback_desk import kept_words, queue_of
from trainer.desks.review_desk import desk_in
from trainer.organization_scope import request_session
from trainer.permissions import Can, needs
from trainer.programs.queries import pack_of_digest

bp = Blueprint("feedback_desk", __name__, url_prefix="/cohorts/<uuid:cohort_uid>/reflections")


@bp.get("")
@needs(Can.GIVE_FEEDBACK)
def queue(cohort_uid: UUID) -> ResponseReturnValue:
    own = desk_in(cohort_uid)
    language, after = visitor_signed_in().language, request.args.get("after", type=UUID)
    desk = queue_of(request_session(), own, language=language, after=after, now=clock.now())
    return render_template("desks/feedback_queue.html", cohort_uid=cohort_uid, desk=desk, undoable=desk.undoable)


@bp.get("/next")
@needs(Can.GIVE_FEEDBACK)
def following(cohort_uid: UUID) -> ResponseReturnValue:
    """Straight to the reflection that waits longest, or to the queue when none does."""
    first = next(iter(waiting_for(request_session(), desk_in(cohort_uid), limit=1)), None)
    if first is None:
        return redirect(url_for(".queue", cohort_uid=cohort_uid))
    return redirect(url_for(".card", cohort_uid=cohort_uid, reflection_uid=first.uid))


@bp.get("/<uuid:reflection_uid>")
@needs(Can.GIVE_FEEDBACK)
def card(cohort_uid: UUID, reflection_uid: UUID) -> ResponseReturnValue:
    db, own, now = request_session(), desk_in(cohort_uid), clock.now()
    visitor = visitor_signed_in()
    cohort, schedule = cohort_with_schedule(db, own.cohort_id)
    pack = pack_of_digest(db, schedule.digest, visitor.language)
    opened = card_of(db, own, reflection_uid, by=visitor.user, pack=pack, now=now)
    progress = progress_of(db, own)
    return render_template(
        "desks/feedback_card.html",
        cohort_uid=cohort_uid,
        cohort=cohort,
        zone=schedule.zone,
        card=opened,
        progress=progress,
        undoable=on_its_way(db, own, now),
        may_take_back=opened.own is not None and may_take_back(opened.own, now),
        form=FeedbackForm(formdata=None, comments=opened.own.words if opened.own else ""),
        answer_form=AnswerForm(formdata=None),
        revision=revision_of(opened.own),
        saved=kept_words(opened.own, schedule.zone),
        has_single_keys=visitor.user.has_single_keys,
        phrases=phrases_for(db, opened, visitor.user, pack),
    )
