"""The reflection being written: the form, what is saved of it, the choice between two versions, its submission."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainer import clock
from trainer.accounts.visitor import visitor_signed_in
from trainer.act3_practice.actions import put_off, submit_reflection
from trainer.act3_practice.draft_page import draft_versions
from trainer.act3_practice.form_page import form_page
from trainer.act3_practice.forms import Asked, reflection_form
from trainer.act3_practice.models import Mode
from trainer.act3_practice.opening import MODE, OpenReflection, as_posted, open_reflection, zone_while_open
from trainer.cohorts.access import open_own_seat
from trainer.i18n import gettext as _
from trainer.organization_scope import request_session
from trainer.permissions import Can, needs
from trainer.programs.content_reflections import AUDIENCE
from trainer.programs.fields import ProgramForm, Saving, plain_values
from trainer.writing.actions import choose_copy, drop_copies
from trainer.writing.audiences import audience_of
from trainer.writing.models import Draft
from trainer.writing.saving import TooMuchTyped, answer_saved, save_posted

bp = Blueprint(
    "reflections", __name__, url_prefix="/seats/<uuid:seat_uid>/reflections/<any(reflection1, reflection2):step>"
)
SAVINGS = {"submit": Saving.SUBMIT, "submit_as_is": Saving.SUBMIT_AS_IS}
DRAFT = "draft"  # what stands for the draft itself in the choice between it and its copies
NOT_ACCEPTED = 422


@bp.get("")
@needs(Can.WORK_ON_STEPS)
def form(seat_uid: UUID, step: str) -> ResponseReturnValue:
    opened = open_reflection(seat_uid, step, clock.now())
    if step in opened.practice.turns:
        return redirect(url_for("turns.done", seat_uid=seat_uid, step=step))
    if not opened.period.is_open:
        return render_template("act3_practice/not_open.html", opened=opened, seat_uid=seat_uid, step=step)
    asked = opened.asked(request.args.get(MODE) or dict(opened.typed or ()).get(MODE))
    return _form(opened, asked, reflection_form(asked, as_posted(opened.typed)))


@bp.post("")
@needs(Can.WORK_ON_STEPS)
def press(seat_uid: UUID, step: str) -> ResponseReturnValue:
    """Whatever button was pressed, what was typed is saved first."""
    now, here = clock.now(), url_for(".form", seat_uid=seat_uid, step=step)
    opened = open_reflection(seat_uid, step, now)
    if step in opened.practice.turns or not opened.period.is_open:
        return redirect(here, 303)
    try:
        saved = save_posted(opened.seat, step, now=now)
    except TooMuchTyped:
        flash(_("This is too long to be saved. Shorten it, then go on."), "late")
        return redirect(here, 303)
    if saved.copy is not None:
        request_session().commit()
        return redirect(url_for(".drafts", seat_uid=seat_uid, step=step), 303)
    saving = SAVINGS.get(request.form.get("do", ""))
    if saving is not None:
        return _submitted(opened, saved.draft, saving)
    request_session().commit()
    return redirect(here, 303)


@bp.post("/draft")
@needs(Can.WORK_ON_STEPS)
def keep(seat_uid: UUID, step: str) -> ResponseReturnValue:
    """What the page's script saves while somebody types."""
    seat = open_own_seat(seat_uid, needs=Can.WORK_ON_STEPS)
    zone = zone_while_open(request_session(), seat, step)
    if zone is None:
        return {"words": _("This reflection has been submitted in the meantime.")}, NOT_ACCEPTED
    return answer_saved(seat, step, ZoneInfo(zone), now=clock.now())


@bp.get("/drafts")
@needs(Can.WORK_ON_STEPS)
def drafts(seat_uid: UUID, step: str) -> ResponseReturnValue:
    """Two tabs have written different things: both, beside each other."""
    opened = open_reflection(seat_uid, step, clock.now())
    if opened.draft is None or not opened.has_copy:
        return redirect(url_for(".form", seat_uid=seat_uid, step=step))
    versions = draft_versions(request_session(), opened, opened.draft)
    return render_template(
        "act3_practice/drafts.html", opened=opened, seat_uid=seat_uid, step=step, versions=versions, draft=DRAFT
    )


@bp.post("/drafts")
@needs(Can.WORK_ON_STEPS)
def choose(seat_uid: UUID, step: str) -> ResponseReturnValue:
    draft = open_reflection(seat_uid, step, clock.now()).draft
    if draft is not None and _is_chosen(draft, request.form.get("do", "")):
        drop_copies(request_session(), draft)
        request_session().commit()
        flash(_("You go on with the version that you chose."))
    return redirect(url_for(".form", seat_uid=seat_uid, step=step), 303)


@bp.post("/put-off")
@needs(Can.WORK_ON_STEPS)
def later(seat_uid: UUID, step: str) -> ResponseReturnValue:
    """A week more, once, and quiet until then."""
    now = clock.now()
    opened = open_reflection(seat_uid, step, now)
    by_id = visitor_signed_in().user.id
    if step not in opened.practice.turns and put_off(
        request_session(), opened.practice, step, opened.period, by_id=by_id, now=now
    ):
        request_session().commit()
        flash(_("You have a week more. Until then no reminder comes."))
    else:
        flash(_("This step can be put off once, until it is due."), "note")
    return redirect(url_for(".form", seat_uid=seat_uid, step=step), 303)


def _form(opened: OpenReflection, asked: Asked, form: ProgramForm, **more: Any) -> str:
    return render_template(
        "act3_practice/form.html",
        opened=opened,
        seat_uid=opened.seat.uid,
        step=opened.step,
        asked=opened.practice.asked(opened.step),
        form=form,
        page=form_page(opened, asked, form),
        can_be_put_off=opened.period.can_be_put_off(opened.practice.asked(opened.step).snooze.max_times),
        **{"is_only_short": False, **more},
    )


def _submitted(opened: OpenReflection, draft: Draft, saving: Saving) -> ResponseReturnValue:
    asked = opened.asked(request.form.get(MODE))
    form = reflection_form(asked, request.form, saving)
    if not form.validate():
        request_session().commit()
        as_it_is = reflection_form(asked, request.form, Saving.SUBMIT_AS_IS).validate()
        opened = OpenReflection(opened.practice, opened.step, opened.period, draft, has_copy=False)
        return _form(opened, asked, form, is_only_short=as_it_is), NOT_ACCEPTED
    answers = plain_values(form)
    submit_reflection(
        request_session(),
        opened.practice,
        opened.step,
        answers,
        mode=Mode.EXPRESS if asked.is_short else Mode.FULL,
        audience=audience_of(answers[AUDIENCE]),
        about=asked.about,
        now=clock.now(),
    )
    request_session().commit()
    return redirect(url_for("turns.done", seat_uid=opened.seat.uid, step=opened.step, new=1), 303)


def _is_chosen(draft: Draft, chosen: str) -> bool:
    if chosen == DRAFT:
        return True
    try:
        return choose_copy(request_session(), draft, UUID(chosen), now=clock.now())
    except ValueError:
        return False  # no version at all
