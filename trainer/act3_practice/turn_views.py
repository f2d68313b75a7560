"""After a reflection: its receipt, the entry for the calendar, and the three months on one page."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from trainer import clock
from trainer.accounts.models import User
from trainer.accounts.refusals import refuse_unknown
from trainer.accounts.visitor import visitor_signed_in
from trainer.act2_workshop.models import Plan
from trainer.act2_workshop.opened import is_held_open
from trainer.act2_workshop.queries import map_points_of
from trainer.act2_workshop.sharing_map import map_rows, marks_of
from trainer.act3_practice.opening import open_reflection
from trainer.act3_practice.queries import STEPS, Practice, practice_of
from trainer.act3_practice.rules import next_depth
from trainer.act3_practice.summary import PLAN, chain_of, map_words, readable_part, summary_of
from trainer.act3_practice.turn_words import if_then
from trainer.calendar_entry import Entry, calendar_file
from trainer.cohorts.models import Enrollment
from trainer.i18n import gettext as _
from trainer.organization_scope import request_session
from trainer.permissions import Can, Reader, Role, may_read, needs
from trainer.writing.access import Text, open_with, relations_now

bp = Blueprint("turns", __name__, url_prefix="/seats/<uuid:seat_uid>")


@bp.get("/reflections/<any(reflection1, reflection2):step>/done")
@needs(Can.WORK_ON_STEPS)
def done(seat_uid: UUID, step: str) -> ResponseReturnValue:
    """Thanks, the new rule of thumb, the map, and the next experiment."""
    opened = open_reflection(seat_uid, step, clock.now())
    turn = opened.practice.turns.get(step)
    if turn is None:
        return redirect(url_for("reflections.form", seat_uid=seat_uid, step=step))
    decided, pack = turn.decided, opened.practice.pack
    rows = map_rows(marks_of(map_points_of(request_session(), opened.seat)), pack)
    depth = next_depth(turn.answers)
    return render_template(
        "act3_practice/done.html",
        opened=opened,
        seat_uid=seat_uid,
        step=step,
        is_new="new" in request.args,
        turn=turn,
        chain_turns=chain_of(opened.practice),
        experiment=if_then(decided.when, decided.then) if decided else "",
        question=next((one.next_question for one in pack.depth_guide.levels if one.level == depth), ""),
        rows=rows,
        map_words=map_words(rows),
    )


@bp.get("/reflections/<any(reflection1, reflection2):step>/experiment.ics")
@needs(Can.WORK_ON_STEPS)
def experiment(seat_uid: UUID, step: str) -> ResponseReturnValue:
    """The next experiment as an entry for the writer's own calendar."""
    now = clock.now()
    turn = open_reflection(seat_uid, step, now).practice.turns.get(step)
    decided = turn.decided if turn else None
    if decided is None or decided.planned_on is None:
        raise NotFound
    entry = Entry(
        uid=f"{decided.uid}-experiment",
        sequence=0,  # what was decided in a turn stays as it was
        on=decided.planned_on,
        title=_("Something to try"),
        words=if_then(decided.when, decided.then),
        address=url_for("seats.home", seat_uid=seat_uid, to=step, _external=True),
    )
    response = make_response(calendar_file(entry, now))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8; method=PUBLISH"
    response.headers["Content-Disposition"] = 'attachment; filename="experiment.ics"'
    return response


@bp.get("/summary")
@needs(Can.OPEN_HOME)
def summary(seat_uid: UUID) -> ResponseReturnValue:
    """The three months, for their writer and for whoever may read some of it; the rest stays closed."""
    db, now = request_session(), clock.now()
    seat = db.scalar(select(Enrollment).where(Enrollment.uid == seat_uid, Enrollment.role == Role.TRAINEE))
    relations = relations_now(seat, now=now) if seat else frozenset()
    if seat is None or not relations:
        refuse_unknown("seat", seat_uid)
    practice = practice_of(db, seat, visitor_signed_in().language)
    if Reader.FACILITATOR in relations:
        practice = _held_open(practice, relations, now)
    readable = [one for one in _texts(practice) if may_read(one.audience, relations)]
    if not readable and Reader.WRITER not in relations:
        refuse_unknown("seat", seat_uid)
    if readable:
        open_with(seat, readable[0], readable[1:], now=now)
    part = readable_part(practice, [one.step for one in readable])
    return render_template(
        "act3_practice/summary.html",
        practice=practice,
        seat_uid=seat_uid,
        name=db.get_one(User, seat.user_id).name,
        is_own=Reader.WRITER in relations,
        summary=summary_of(part, map_points_of(db, seat)),
    )


def _held_open(practice: Practice, relations: frozenset[Reader], now: datetime) -> Practice:
    """For a facilitator: a plan they may read is open from now on, or its writer has just taken it back."""
    plan = practice.plan_row
    if plan is None or not may_read(plan.audience, relations) or is_held_open(plan, now=now):
        return practice
    return replace(practice, plan=None, plan_row=None, measures=())


def _texts(practice: Practice) -> list[Text]:
    """What this seat has handed in, as the door takes it."""
    turns = [practice.turns[step].reflection for step in STEPS if step in practice.turns]
    texts = [Text(one.step, one.audience, one.uid) for one in turns]
    plan: Plan | None = practice.plan_row
    return [*([Text(PLAN, plan.audience, plan.uid)] if plan else []), *texts]
