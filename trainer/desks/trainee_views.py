"""One trainee's page: dates, status and letters, and what the office may change, each with the way back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from trainer import clock
from trainer.accounts.log import note
from trainer.accounts.visitor import visitor_signed_in
from trainer.audit import Act
from trainer.cohorts.access import open_trainee
from trainer.cohorts.actions import extend, finish_step, pause, resume, withdraw
from trainer.cohorts.changes import change_of, remembered, undo
from trainer.cohorts.models import Cohort, Enrollment
from trainer.cohorts.rules import ImpossibleSchedule
from trainer.cohorts.sentences import Refused, sentence_of
from trainer.desks.forms import ExtensionForm, FinishForm, ReasonForm
from trainer.desks.off_days import off_day_words
from trainer.desks.trainee_page import TraineePage, trainee_page
from trainer.i18n import gettext as _
from trainer.organization_scope import request_session
from trainer.permissions import Can, is_granted, needs
from trainer.prompts.to_come import has_letters_to_come

bp = Blueprint("trainee", __name__, url_prefix="/cohorts/<uuid:cohort_uid>/trainees/<uuid:seat_uid>")
NOT_ACCEPTED = 422
STATUS_CHANGES: dict[str, tuple[Callable[..., bool], Act]] = {
    "pause": (pause, Act.PAUSE),
    "resume": (resume, Act.RESUME),
    "withdraw": (withdraw, Act.WITHDRAW),
}


@bp.get("")
@needs(Can.SEE_STATUS)
def page(cohort_uid: UUID, seat_uid: UUID) -> ResponseReturnValue:
    seat = open_trainee(seat_uid, of=cohort_uid, needs=Can.SEE_STATUS)
    return _page(seat)


@bp.post("/extend")
@needs(Can.CHANGE_SEATS)
def give_extension(cohort_uid: UUID, seat_uid: UUID) -> ResponseReturnValue:
    cohort, seat = _opened(cohort_uid, seat_uid)
    db, now, by, form = request_session(), clock.now(), visitor_signed_in().user, ExtensionForm()
    trainee = _trainee(seat)
    _offer_extension(form, trainee)
    if not form.validate_on_submit():
        return _page(seat, extension=form)
    step, reason = form.step.data, form.reason.data
    try:
        with remembered(db, cohort, seat, kind="extend", facet=f"extension:{step}", by=by, now=now, reason=reason):
            extend(db, cohort, seat, step=step, due_on=form.due_on.data, reason=reason, now=now, by_id=by.id)
    except ImpossibleSchedule as error:
        db.rollback()
        form.due_on.errors = [sentence_of(error)]
        return _page(open_trainee(seat_uid, of=cohort_uid, needs=Can.CHANGE_SEATS), extension=form)
    off_day = off_day_words(trainee.course.schedule.calendar, form.due_on.data, trainee.course.pack.lang)
    if off_day:  # it stands as it was given
        flash(off_day, "note")
    is_heard = has_letters_to_come(db, cohort, seat, step=step, due_on=form.due_on.data, now=now)
    return _saved(cohort, seat, Act.EXTEND, _extended(is_heard))


@bp.post("/finish")
@needs(Can.CHANGE_SEATS)
def finish(cohort_uid: UUID, seat_uid: UUID) -> ResponseReturnValue:
    cohort, seat = _opened(cohort_uid, seat_uid)
    db, now, by, form = request_session(), clock.now(), visitor_signed_in().user, FinishForm()
    form.finished_step.choices = _choices(_trainee(seat))
    if not form.validate_on_submit():
        return _page(seat, finishing=form)
    step, reason = form.finished_step.data, form.why.data
    with remembered(db, cohort, seat, kind="finish", facet=f"finished:{step}", by=by, now=now, reason=reason):
        finish_step(db, cohort, seat, step=step, now=now, reason=reason, by_id=by.id)
    return _saved(cohort, seat, Act.FINISH_STEP, _("The step is finished. Its letters stop."))


@bp.post("/status/<any(pause, resume, withdraw):change>")
@needs(Can.CHANGE_SEATS)
def change_status(cohort_uid: UUID, seat_uid: UUID, change: str) -> ResponseReturnValue:
    cohort, seat = _opened(cohort_uid, seat_uid)
    db, now, by, form = request_session(), clock.now(), visitor_signed_in().user, ReasonForm(prefix=change)
    if not form.validate_on_submit():
        return _page(seat, **{change: form})
    deed, act = STATUS_CHANGES[change]
    try:
        with remembered(
            db, cohort, seat, kind=change, facet="status", by=by, now=now, reason=form.note.data or ""
        ) as made:
            deed(db, cohort, seat, now=now)
    except Refused as refusal:
        db.rollback()
        flash(str(refusal), "note")
        return _back(cohort_uid, seat_uid)
    if not made:
        return _back(cohort_uid, seat_uid)
    return _saved(cohort, seat, act, _status_words(change))


@bp.post("/changes/<uuid:change_uid>/undo")
@needs(Can.CHANGE_SEATS)
def undo_change(cohort_uid: UUID, seat_uid: UUID, change_uid: UUID) -> ResponseReturnValue:
    cohort, seat = _opened(cohort_uid, seat_uid)
    db, now = request_session(), clock.now()
    change = change_of(db, cohort, change_uid)
    if change is None or change.enrollment_id != seat.id:
        abort(404)
    if undo(db, change, cohort, seat, now=now):
        return _saved(cohort, seat, Act.UNDO_CHANGE, _("The change was undone."))
    db.rollback()
    flash(_("This cannot be undone any more: it was changed again since."), "note")
    return _back(cohort_uid, seat_uid)


def _opened(cohort_uid: UUID, seat_uid: UUID) -> tuple[Cohort, Enrollment]:
    seat = open_trainee(seat_uid, of=cohort_uid, needs=Can.CHANGE_SEATS)
    return request_session().get_one(Cohort, seat.cohort_id), seat


def _saved(cohort: Cohort, seat: Enrollment, act: Act, words: str) -> ResponseReturnValue:
    db = request_session()
    note(db, act, "seat", seat.uid, now=clock.now())
    db.commit()
    flash(words)
    return _back(cohort.uid, seat.uid)


def _back(cohort_uid: UUID, seat_uid: UUID) -> ResponseReturnValue:
    return redirect(url_for(".page", cohort_uid=cohort_uid, seat_uid=seat_uid), 303)


def _extended(is_heard: bool) -> str:
    """Whether the person hears of the new date by letter is said too."""
    if is_heard:
        return _("The due date is extended. Letters of this step follow it.")
    return _(
        "The due date is extended. All letters of this step have gone out already; please tell the person the new date."
    )


def _status_words(change: str) -> str:
    if change == "pause":
        return _("Paused: no letters go out until you resume.")
    return _("The course goes on.") if change == "resume" else _("Withdrawn: no letter goes out any more.")


def _trainee(seat: Enrollment) -> TraineePage:
    visitor = visitor_signed_in()
    is_office = is_granted(Can.CHANGE_SEATS, visitor.roles_in(seat.cohort_id))
    return trainee_page(request_session(), seat, language=visitor.language, now=clock.now(), is_office=is_office)


def _offer_extension(form: ExtensionForm, trainee: TraineePage) -> None:
    """The days of the workshop are everybody's: who was away then is written down as having attended later."""
    form.not_before = trainee.course.today
    form.step.choices = [choice for choice in _choices(trainee) if choice.value != "workshop"]


def _choices(trainee: TraineePage) -> list[SelectChoice]:
    """The steps that are left."""
    return [SelectChoice(step.id, step.title) for step in trainee.steps if step.finished_at is None]


def _page(seat: Enrollment, **refused: Any) -> ResponseReturnValue:
    trainee = _trainee(seat)
    shown: dict[str, Any] = {
        "extension": ExtensionForm(formdata=None),
        "finishing": FinishForm(formdata=None),
        "pause": ReasonForm(formdata=None, prefix="pause"),
        "withdraw": ReasonForm(formdata=None, prefix="withdraw"),
        **refused,
    }
    _offer_extension(shown["extension"], trainee)
    shown["finishing"].finished_step.choices = _choices(trainee)
    body = render_template("desks/trainee.html", cohort=trainee.course.cohort, trainee=trainee, **shown)
    return body, NOT_ACCEPTED if refused else 200
