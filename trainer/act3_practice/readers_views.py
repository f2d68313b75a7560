"""Who reads a text: its writer sees who may and who did, narrows it at once, and widens it knowing for whom."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainer import clock
from trainer.accounts.audience_words import AUDIENCE_WORDS, READER_WORDS
from trainer.accounts.refusals import refuse_unknown
from trainer.accounts.visitor import visitor_signed_in
from trainer.act2_workshop.models import Plan
from trainer.act3_practice.feedback_forms import ReadersForm
from trainer.act3_practice.models import Reflection
from trainer.act3_practice.texts import TEXTS, text_of, title_of
from trainer.audit import Act, record
from trainer.cohorts.access import open_own_seat
from trainer.cohorts.assignments import people_around
from trainer.cohorts.models import Enrollment
from trainer.cohorts.queries import cohort_with_schedule
from trainer.i18n import gettext as _
from trainer.organization_scope import request_session
from trainer.permissions import Audience, Can, Reader, needs
from trainer.programs.queries import pack_of_digest
from trainer.writing.queries import readers_of
from trainer.writing.widening import new_readers

bp = Blueprint("readers", __name__, url_prefix="/seats/<uuid:seat_uid>/readers")
NOT_ACCEPTED = 422


@bp.get("/<step>")
@needs(Can.WORK_ON_STEPS)
def page(seat_uid: UUID, step: str) -> ResponseReturnValue:
    seat, text = _opened(seat_uid, step)
    form = ReadersForm(formdata=None).offer(has_group=seat.group_id is not None, present=text.audience)
    asked = request.args.get("to")
    offered = {choice.value for choice in form.audience.choices}
    return _page(seat, step, text, form, wider=Audience(asked) if asked and asked in offered else None)


@bp.post("/<step>")
@needs(Can.WORK_ON_STEPS)
def change(seat_uid: UUID, step: str) -> ResponseReturnValue:
    seat, text = _opened(seat_uid, step, is_locked=True)
    form = ReadersForm().offer(has_group=seat.group_id is not None, present=text.audience)
    if not form.validate_on_submit() or "audience" not in request.form:
        return _page(seat, step, text, form, wider=None), NOT_ACCEPTED
    chosen = Audience(form.audience.data)
    if new_readers(text.audience, chosen) and not form.is_sure.data:
        return redirect(url_for(".page", seat_uid=seat_uid, step=step, to=chosen.value), 303)
    _choose(seat, step, text, chosen)
    request_session().commit()
    flash(_("Saved. From now on this text is read by: %(readers)s", readers=AUDIENCE_WORDS[chosen]))
    return redirect(url_for(".page", seat_uid=seat_uid, step=step), 303)


def _choose(seat: Enrollment, step: str, text: Plan | Reflection, chosen: Audience) -> None:
    text.audience = chosen
    record(
        request_session(),
        Act.CHANGE_READERS,
        now=clock.now(),
        organization_id=seat.organization_id,
        actor_uid=visitor_signed_in().user.uid,
        acting_role=Reader.WRITER,
        object_kind=step,
        object_uid=text.uid,
        purpose=chosen.value,
    )


def _opened(seat_uid: UUID, step: str, *, is_locked: bool = False) -> tuple[Enrollment, Plan | Reflection]:
    seat = open_own_seat(seat_uid, needs=Can.WORK_ON_STEPS)
    text = text_of(request_session(), seat, step, is_locked=is_locked) if step in TEXTS else None
    if text is None:
        refuse_unknown("text", seat_uid)
    return seat, text


def _page(seat: Enrollment, step: str, text: Plan | Reflection, form: ReadersForm, *, wider: Audience | None) -> str:
    db = request_session()
    cohort, schedule = cohort_with_schedule(db, seat.cohort_id)
    added = new_readers(text.audience, wider) if wider else []
    shown: dict[str, Any] = {
        "text_title": title_of(step, pack_of_digest(db, schedule.digest, visitor_signed_in().language)),
        "present": AUDIENCE_WORDS[text.audience],
        "added": [READER_WORDS[reader] for reader in added],
        "wider": wider if added else None,
    }
    return render_template(
        "act3_practice/readers.html",
        seat_uid=seat.uid,
        cohort=cohort,
        zone=schedule.zone,
        step=step,
        form=form,
        around=people_around(db, seat),
        audience=text.audience,
        readers=readers_of(db, seat, step),
        **shown,
    )
