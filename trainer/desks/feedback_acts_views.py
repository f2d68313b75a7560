"""What a facilitator does with a reflection: keep a draft, send it, take it back within a minute, answer a question."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from trainer import clock
from trainer.accounts.log import note
from trainer.accounts.models import User
from trainer.accounts.refusals import refuse_unknown
from trainer.accounts.visitor import visitor_signed_in
from trainer.act2_workshop.review_queries import Desk
from trainer.act3_practice.feedback import Kept, answer, keep_words, revision_of, send, take_back
from trainer.act3_practice.feedback_forms import LONGEST_FEEDBACK, AnswerForm, FeedbackForm
from trainer.act3_practice.feedback_queries import own_feedback, reflection_in
from trainer.act3_practice.feedback_queue import waiting_for
from trainer.act3_practice.models import Feedback, Reflection
from trainer.audit import Act
from trainer.cohorts.models import Cohort
from trainer.cohorts.queries import cohort_with_schedule
from trainer.cohorts.sentences import Refused
from trainer.desks.feedback_desk import kept_words
from trainer.desks.review_desk import desk_in
from trainer.i18n import gettext as _
from trainer.organization_scope import request_session
from trainer.permissions import Can, Role, needs
from trainer.writing.access import stand_before

QUEUE, CARD = "feedback_desk.queue", "feedback_desk.card"
bp = Blueprint("feedback_acts", __name__, url_prefix="/cohorts/<uuid:cohort_uid>/reflections/<uuid:reflection_uid>")


@bp.post("/draft")
@needs(Can.GIVE_FEEDBACK)
def draft(cohort_uid: UUID, reflection_uid: UUID) -> ResponseReturnValue:
    """What the page's script saves while somebody types; 409 where another window had saved other words."""
    desk, reflection = _opened(cohort_uid, reflection_uid)
    form = FeedbackForm()
    if not form.validate_on_submit():
        return {"words": _("This is too long to be saved. Shorten it, then go on.")}, 422
    try:
        kept = _keep(reflection, form)
    except Refused as refusal:
        return {"words": str(refusal)}, 409
    request_session().commit()
    if kept.is_joined:
        return {"words": _("Other words were saved meanwhile. Open the page again: both stand below each other.")}, 409
    zone = cohort_with_schedule(request_session(), desk.cohort_id)[1].zone
    return {"revision": revision_of(kept.feedback), "words": kept_words(kept.feedback, zone)}


@bp.post("")
@needs(Can.GIVE_FEEDBACK)
def give(cohort_uid: UUID, reflection_uid: UUID) -> ResponseReturnValue:
    """Keep the words, add a phrase to them, or send them and go on to the next reflection."""
    desk, reflection = _opened(cohort_uid, reflection_uid)
    db, form, here = request_session(), FeedbackForm(), _card(cohort_uid, reflection_uid)
    if not form.validate_on_submit():
        flash(_("This is too long to be saved. Shorten it, then go on."), "note")
        return redirect(here, 303)
    try:
        kept = _keep(reflection, form)
        if request.form.get("do") != "send" or kept.is_joined:
            return _kept(here, is_joined=kept.is_joined)
        send(db, db.get_one(Cohort, desk.cohort_id), reflection, kept.feedback, now=clock.now())
    except Refused as refusal:
        return _refused(refusal, here)
    note(db, Act.GIVE_FEEDBACK, "feedback", kept.feedback.uid, now=clock.now(), role=Role.FACILITATOR)
    db.commit()
    return redirect(_next_place(cohort_uid, desk, reflection), 303)


@bp.post("/keys")
@needs(Can.GIVE_FEEDBACK)
def keys(cohort_uid: UUID, reflection_uid: UUID) -> ResponseReturnValue:
    """Switch the single keys of the desks on or off, for this person everywhere."""
    _opened(cohort_uid, reflection_uid)
    by = request_session().get_one(User, visitor_signed_in().user.id)
    by.has_single_keys = request.form.get("keys") == "on"
    request_session().commit()
    return redirect(_card(cohort_uid, reflection_uid), 303)


@bp.post("/take-back")
@needs(Can.GIVE_FEEDBACK)
def undo(cohort_uid: UUID, reflection_uid: UUID) -> ResponseReturnValue:
    desk, reflection = _opened(cohort_uid, reflection_uid)
    db, own, here = request_session(), _own(reflection), _card(cohort_uid, reflection_uid)
    try:
        take_back(db, db.get_one(Cohort, desk.cohort_id), reflection, own, now=clock.now())
    except Refused as refusal:
        return _refused(refusal, here)
    note(db, Act.TAKE_FEEDBACK_BACK, "feedback", own.uid, now=clock.now(), role=Role.FACILITATOR)
    db.commit()
    flash(_("Taken back. It is a draft again; nobody has seen it."))
    return redirect(here, 303)


@bp.post("/answer")
@needs(Can.GIVE_FEEDBACK)
def answer_question(cohort_uid: UUID, reflection_uid: UUID) -> ResponseReturnValue:
    reflection = _opened(cohort_uid, reflection_uid)[1]
    own, form, here = _own(reflection), AnswerForm(), _card(cohort_uid, reflection_uid)
    if not form.validate_on_submit():
        flash(" ".join(str(error) for error in form.reply.errors) or _("Write your answer first."), "note")
        return redirect(here, 303)
    try:
        answer(request_session(), own, form.reply.data, now=clock.now())
    except Refused as refusal:
        return _refused(refusal, here)
    request_session().commit()
    flash(_("Your answer stands below the question on the trainee's page."))
    return redirect(url_for(QUEUE, cohort_uid=cohort_uid), 303)


def _opened(cohort_uid: UUID, reflection_uid: UUID) -> tuple[Desk, Reflection]:
    """The facilitator's own desk, and a reflection that lies on its desk; nothing of it is shown."""
    desk = desk_in(cohort_uid)
    found = reflection_in(request_session(), desk.cohort_id, reflection_uid)
    if found is None:
        refuse_unknown("text", reflection_uid)
    reflection, writer, _name = found
    stand_before(writer, reflection.step, reflection.audience, reflection.uid, now=clock.now())
    return desk, reflection


def _own(reflection: Reflection) -> Feedback:
    own = own_feedback(request_session(), reflection, visitor_signed_in().user)
    if own is None:
        refuse_unknown("feedback", reflection.uid)
    return own


def _keep(reflection: Reflection, form: FeedbackForm) -> Kept:
    """What was typed, with the phrase whose button was pressed, if it was one."""
    pieces = [form.comments.data or "", request.form.get("phrase", "")]
    words = "\n".join(piece for piece in pieces if piece)[:LONGEST_FEEDBACK]
    based_on = request.form.get("revision", default=0, type=int)
    by = visitor_signed_in().user
    return keep_words(request_session(), reflection, by, words, based_on=based_on, now=clock.now())


def _kept(here: str, *, is_joined: bool) -> ResponseReturnValue:
    request_session().commit()
    if is_joined:
        flash(_("Other words were saved meanwhile. Both stand below each other: look at them, then send."), "note")
    return redirect(here, 303)


def _next_place(cohort_uid: UUID, desk: Desk, reflection: Reflection) -> str:
    """The reflection that waits behind this one, else the one that waits longest, else the queue, which is empty."""
    db, place = request_session(), (reflection.submitted_at, reflection.id)
    for after in (place, None):
        for waiting in waiting_for(db, desk, after=after, limit=1):
            return _card(cohort_uid, waiting.uid)
    return url_for(QUEUE, cohort_uid=cohort_uid)


def _card(cohort_uid: UUID, reflection_uid: UUID) -> str:
    return url_for(CARD, cohort_uid=cohort_uid, reflection_uid=reflection_uid)


def _refused(refusal: Refused, here: str) -> ResponseReturnValue:
    request_session().rollback()
    flash(str(refusal), "note")
    return redirect(here, 303)
