"""Home: where a seat's links and the sign-in lead, by the seat's role."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainer import clock
from trainer.accounts.visitor import visitor_signed_in
from trainer.act3_practice.feedback_queries import OwnTexts, own_texts
from trainer.act3_practice.texts import TEXTS
from trainer.cohorts.access import open_own_seat
from trainer.cohorts.models import Enrollment
from trainer.desks import staff_home, trainee_home
from trainer.desks.course import course_of
from trainer.organization_scope import request_session
from trainer.permissions import Can, Role, needs
from trainer.programs.rules import STEPS

bp = Blueprint("seats", __name__)
STEP_PAGES = {  # what a letter leads to, besides the home: a step's own page, or the page of what it tells
    "act1": "lessons.overview",
    "plan": "plan.page",
    "plan_returned": "plan.page",
    "plan_confirmed": "plan.page",
    "nudge_first_step": "plan.page",
    "reflection1": "reflections.form",
    "reflection2": "reflections.form",
    "feedback_given": "feedback.newest",
    "closing_summary": "turns.summary",
}


@bp.get("/seats/<uuid:seat_uid>")
@needs(Can.OPEN_HOME)
def home(seat_uid: UUID) -> ResponseReturnValue:
    seat = open_own_seat(seat_uid)
    if seat.role is Role.TRAINEE:
        return _trainee_home(seat)
    db, is_office = request_session(), seat.role is Role.COORDINATOR
    language = visitor_signed_in().language
    status = staff_home.status_of(db, seat.cohort_id, language=language, with_letters=is_office)
    today = clock.now().astimezone(status.schedule.zone).date()
    return render_template(
        f"desks/{seat.role.value}_home.html",
        status=status,
        steps=staff_home.step_rows(status),
        prepared="" if is_office else staff_home.prepared_words(status, today),
        next_letter=staff_home.next_letter_words(status),
        undelivered=staff_home.undelivered(status),
        missed=[] if is_office else staff_home.missed_questions(db, status),
        **({} if is_office else staff_home.waiting_for(db, seat)),
    )


def _trainee_home(seat: Enrollment) -> ResponseReturnValue:
    asked = request.args.get("to")
    if asked_page := _page_of(asked, seat):
        return redirect(asked_page)
    course = course_of(request_session(), seat, language=visitor_signed_in().language, now=clock.now())
    next_step = trainee_home.next_step(course, asked if asked in STEPS else None)
    may_have_written = any(state.opens_on <= course.today for state in course.steps if state.step in TEXTS)
    written = own_texts(request_session(), seat.id, clock.now()) if may_have_written else OwnTexts()
    return render_template(
        "desks/trainee_home.html",
        seat_uid=seat.uid,
        plan=written.plan,
        has_question_first=trainee_home.has_question_first(written.plan, next_step),
        reflections=trainee_home.titled(course, written.reflections),
        has_draft=next_step is not None and next_step.step in written.drafts,
        course=course,
        next_step=next_step,
        page=_page_of(next_step.step, seat) if next_step and next_step.is_open else None,
        journey_steps=trainee_home.journey_steps(course),
        letters=trainee_home.letter_lines(course),
        coming=trainee_home.coming_letter(course),
    )


def _page_of(step: str | None, seat: Enrollment) -> str | None:
    """The address of a step's own page, where its slice has one."""
    endpoint = STEP_PAGES.get(step or "", "")
    arguments: dict[str, Any] = {"step": step} if endpoint == "reflections.form" else {}
    return url_for(endpoint, seat_uid=seat.uid, **arguments) if endpoint in current_app.view_functions else None
