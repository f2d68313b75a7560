"""What fellow trainees share: a list without a word of it, and each text through the door."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from trainer import clock
from trainer.accounts.refusals import refuse_unknown
from trainer.accounts.visitor import visitor_signed_in
from trainer.act2_workshop.models import Plan
from trainer.act3_practice.models import Reflection
from trainer.act3_practice.texts import (
    PLAN,
    Section,
    measure_titles,
    plan_sections,
    reflection_sections,
    shared_with,
    step_of,
    text_in,
    text_of,
    title_of,
    words_of_plan,
)
from trainer.cohorts.access import open_own_seat
from trainer.cohorts.models import Enrollment
from trainer.cohorts.queries import cohort_with_schedule
from trainer.organization_scope import request_session
from trainer.permissions import Can, Reader, may_read, needs
from trainer.programs.content import Pack
from trainer.programs.queries import pack_of_digest
from trainer.writing.access import open_words

bp = Blueprint("shared", __name__, url_prefix="/seats/<uuid:seat_uid>/shared")


@bp.get("")
@needs(Can.WORK_ON_STEPS)
def texts(seat_uid: UUID) -> ResponseReturnValue:
    db, seat = request_session(), open_own_seat(seat_uid, needs=Can.WORK_ON_STEPS)
    cohort, schedule = cohort_with_schedule(db, seat.cohort_id)
    pack = pack_of_digest(db, schedule.digest, visitor_signed_in().language)
    shared = [(text, title_of(text.step, pack)) for text in shared_with(db, seat)]
    return render_template(
        "act3_practice/shared.html", seat_uid=seat_uid, cohort=cohort, zone=schedule.zone, shared=shared
    )


@bp.get("/<uuid:text_uid>")
@needs(Can.WORK_ON_STEPS)
def text(seat_uid: UUID, text_uid: UUID) -> ResponseReturnValue:
    db, own = request_session(), open_own_seat(seat_uid, needs=Can.WORK_ON_STEPS)
    found = text_in(db, own.cohort_id, text_uid)
    if found is None:
        refuse_unknown("text", text_uid)
    words, seat, name = found
    relations = open_words(seat, step_of(words), words.audience, words.uid, now=clock.now())
    cohort, schedule = cohort_with_schedule(db, own.cohort_id)
    pack = pack_of_digest(db, schedule.digest, visitor_signed_in().language)
    return render_template(
        "act3_practice/shared_text.html",
        seat_uid=seat_uid,
        cohort=cohort,
        name=name,
        text_title=title_of(step_of(words), pack),
        sections=_sections(words, seat, pack, relations),
    )


def _sections(words: Plan | Reflection, seat: Enrollment, pack: Pack, relations: frozenset[Reader]) -> list[Section]:
    """The words; a measure has its title only for who may read the plan, too."""
    db = request_session()
    if isinstance(words, Plan):
        return plan_sections(db, seat, words_of_plan(db, words), pack)
    plan = text_of(db, seat, PLAN)
    if not isinstance(plan, Plan) or not may_read(plan.audience, relations):
        return reflection_sections(words, pack, {})
    return reflection_sections(words, pack, measure_titles(words_of_plan(db, plan)))
