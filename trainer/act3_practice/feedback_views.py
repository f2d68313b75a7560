"""The trainee's side of feedback: read it above one's own text, say thanks, ask back once."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainer import clock
from trainer.accounts.refusals import refuse_unknown
from trainer.accounts.visitor import visitor_signed_in
from trainer.act2_workshop.queries import plan_of
from trainer.act3_practice.feedback import ask_back, has_arrived, thank
from trainer.act3_practice.feedback_forms import QuestionForm, ThanksForm
from trainer.act3_practice.feedback_queries import Arrived, arrived_feedback, feedback_on, newest_answered_step
from trainer.act3_practice.models import Feedback, Reflection
from trainer.act3_practice.texts import PLAN, measure_titles, reflection_sections, text_of, words_of_plan
from trainer.cohorts.access import open_own_seat
from trainer.cohorts.models import Enrollment
from trainer.cohorts.queries import cohort_with_schedule
from trainer.cohorts.sentences import Refused
from trainer.i18n import gettext as _
from trainer.organization_scope import request_session
from trainer.permissions import Can, needs
from trainer.programs.queries import pack_of_digest

bp = Blueprint("feedback", __name__, url_prefix="/seats/<uuid:seat_uid>")
NOT_ACCEPTED = 422
HOME = "seats.home"  # a page of a later floor


@bp.get("/feedback")
@needs(Can.WORK_ON_STEPS)
def newest(seat_uid: UUID) -> ResponseReturnValue:
    """Where the letter leads: to the feedback that arrived last."""
    seat = open_own_seat(seat_uid, needs=Can.WORK_ON_STEPS)
    step = newest_answered_step(request_session(), seat.id, clock.now())
    return redirect(url_for(".page", seat_uid=seat_uid, step=step) if step else url_for(HOME, seat_uid=seat_uid))


@bp.get("/reflections/<step>/feedback")
@needs(Can.WORK_ON_STEPS)
def page(seat_uid: UUID, step: str) -> ResponseReturnValue:
    seat = open_own_seat(seat_uid, needs=Can.WORK_ON_STEPS)
    reflection = text_of(request_session(), seat, step) if step != PLAN else None
    if not isinstance(reflection, Reflection):
        refuse_unknown("text", seat_uid)
    return _page(seat, reflection)


@bp.post("/feedback/<uuid:feedback_uid>/thanks")
@needs(Can.WORK_ON_STEPS)
def say_thanks(seat_uid: UUID, feedback_uid: UUID) -> ResponseReturnValue:
    seat, reflection, feedback = _opened(seat_uid, feedback_uid)
    form = ThanksForm()
    if not form.validate_on_submit():
        return _page(seat, reflection, thanks=form, about=feedback_uid), NOT_ACCEPTED
    try:
        thank(request_session(), feedback, form.thanks.data or "", now=clock.now())
    except Refused as refusal:
        return _refused(str(refusal), seat_uid, reflection.step)
    request_session().commit()
    flash(_("Your thanks are passed on."))
    return redirect(url_for(".page", seat_uid=seat_uid, step=reflection.step), 303)


@bp.post("/feedback/<uuid:feedback_uid>/question")
@needs(Can.WORK_ON_STEPS)
def ask(seat_uid: UUID, feedback_uid: UUID) -> ResponseReturnValue:
    seat, reflection, feedback = _opened(seat_uid, feedback_uid)
    form = QuestionForm()
    if not form.validate_on_submit():
        return _page(seat, reflection, question=form, about=feedback_uid), NOT_ACCEPTED
    try:
        ask_back(request_session(), feedback, form.question.data, now=clock.now())
    except Refused as refusal:
        return _refused(str(refusal), seat_uid, reflection.step)
    request_session().commit()
    flash(_("Your question is passed on. The answer will appear here."))
    return redirect(url_for(".page", seat_uid=seat_uid, step=reflection.step), 303)


def _opened(seat_uid: UUID, feedback_uid: UUID) -> tuple[Enrollment, Reflection, Feedback]:
    """Feedback on a reflection of this very seat, locked; feedback that has not arrived is not there yet."""
    seat = open_own_seat(seat_uid, needs=Can.WORK_ON_STEPS)
    found = feedback_on(request_session(), seat.id, feedback_uid)
    if found is None or not has_arrived(found[0], clock.now()):
        refuse_unknown("feedback", feedback_uid)
    feedback, reflection = found
    return seat, reflection, feedback


def _page(
    seat: Enrollment,
    reflection: Reflection,
    *,
    thanks: ThanksForm | None = None,
    question: QuestionForm | None = None,
    about: UUID | None = None,
) -> str:
    db = request_session()
    cohort, schedule = cohort_with_schedule(db, seat.cohort_id)
    pack = pack_of_digest(db, schedule.digest, visitor_signed_in().language)
    plan = plan_of(db, seat)
    return render_template(
        "act3_practice/feedback.html",
        seat_uid=seat.uid,
        cohort=cohort,
        zone=schedule.zone,
        step=reflection.step,
        text_title=pack.reflection(reflection.step).title,
        answers=[
            _with_forms(
                one, thanks if one.feedback.uid == about else None, question if one.feedback.uid == about else None
            )
            for one in arrived_feedback(db, reflection, clock.now())
        ],
        sections=reflection_sections(reflection, pack, measure_titles(words_of_plan(db, plan)) if plan else {}),
        audience=reflection.audience,
    )


def _with_forms(
    one: Arrived, thanks: ThanksForm | None, question: QuestionForm | None
) -> tuple[Arrived, ThanksForm, QuestionForm]:
    """Feedback with its two forms, whose fields have names of their own on a page with several."""
    thanks, question = thanks or ThanksForm(formdata=None), question or QuestionForm(formdata=None)
    for field in (thanks.thanks, question.question):
        field.id = f"{field.name}-{one.feedback.uid}"
    return one, thanks, question


def _refused(sentence: str, seat_uid: UUID, step: str) -> ResponseReturnValue:
    request_session().rollback()
    flash(sentence, "note")
    return redirect(url_for(".page", seat_uid=seat_uid, step=step), 303)
