"""The start: what goes out first, one confirmation, and the way back until the first letter."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainer import clock
from trainer.accounts.log import note
from trainer.audit import Act
from trainer.cohorts.access import open_cohort
from trainer.cohorts.actions_start import (
    digest_of,
    note_rehearsal,
    rehearsal_digest,
    start_rehearsed,
    take_start_back,
)
from trainer.cohorts.sentences import Refused
from trainer.i18n import gettext as _
from trainer.office.first_letters import first_letters
from trainer.office.queries import count_trainees, facilitators_of, has_sent
from trainer.organization_scope import request_session
from trainer.permissions import Can, needs
from trainer.prompts.timetable import timetable_of

bp = Blueprint("start", __name__, url_prefix="/cohorts/<uuid:cohort_uid>")
NOT_ACCEPTED = 422


@bp.get("/start")
@needs(Can.EDIT_SCHEDULE)
def page(cohort_uid: UUID) -> ResponseReturnValue:
    return _page(cohort_uid)


@bp.post("/start")
@needs(Can.EDIT_SCHEDULE)
def start(cohort_uid: UUID) -> ResponseReturnValue:
    cohort, db, now = open_cohort(cohort_uid, needs=Can.EDIT_SCHEDULE), request_session(), clock.now()
    try:
        started = start_rehearsed(db, cohort, now=now)
    except Refused as refusal:
        db.rollback()
        return _page(cohort_uid, str(refusal))
    if started:
        note(db, Act.START_COHORT, "cohort", cohort_uid, now=now)
        db.commit()
        flash(_("The cohort has started. From here on the letters go out by themselves."))
    return redirect(url_for("office.cohort", cohort_uid=cohort_uid), 303)


@bp.post("/start/undo")
@needs(Can.EDIT_SCHEDULE)
def undo(cohort_uid: UUID) -> ResponseReturnValue:
    cohort, db, now = open_cohort(cohort_uid, needs=Can.EDIT_SCHEDULE), request_session(), clock.now()
    if has_sent(db, cohort):
        flash(_("A letter has gone out already, so the start stays."), "note")
    elif take_start_back(db, cohort):
        note(db, Act.TAKE_START_BACK, "cohort", cohort_uid, now=now)
        db.commit()
        flash(_("The start was taken back. Nothing is sent until you start again."))
    return redirect(url_for(".page", cohort_uid=cohort_uid), 303)


@bp.post("/rehearsed")
@needs(Can.EDIT_SCHEDULE)
def rehearsed(cohort_uid: UUID) -> ResponseReturnValue:
    """The button below a rehearsal: somebody has seen it, if the dates are still those of `digest`."""
    cohort, db = open_cohort(cohort_uid, needs=Can.EDIT_SCHEDULE), request_session()
    if request.form.get("digest", "") != rehearsal_digest(db, cohort):
        flash(_("The dates have changed meanwhile. Look at the rehearsal once more."), "note")
    elif note_rehearsal(db, cohort, clock.now()):
        db.commit()
    return redirect(url_for(".page", cohort_uid=cohort_uid), 303)


def _page(cohort_uid: UUID, refusal: str = "") -> ResponseReturnValue:
    cohort, db = open_cohort(cohort_uid, needs=Can.EDIT_SCHEDULE), request_session()
    timetable = timetable_of(db, cohort)
    page = render_template(
        "office/start.html",
        cohort=cohort,
        people=count_trainees(db, cohort),
        is_rehearsed=cohort.rehearsed_digest == digest_of(cohort, timetable.schedule),
        has_facilitator=bool(facilitators_of(db, cohort)),
        letters=first_letters(db, timetable, now=clock.now()) if cohort.started_at is None else None,
        can_undo=cohort.started_at is not None and not has_sent(db, cohort),
        refusal=refusal,
        zone=cohort.time_zone,
    )
    return page, NOT_ACCEPTED if refusal else 200
