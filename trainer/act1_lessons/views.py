"""The lessons of a seat: the list, one lesson with its player, what was watched, and the questions."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from trainer import clock
from trainer.accounts.visitor import visitor_signed_in
from trainer.act1_lessons.actions import (
    OpenLesson,
    UnknownLesson,
    add_segments,
    answer_question,
    open_lesson,
    read_to_end,
)
from trainer.act1_lessons.films import Film, Films
from trainer.act1_lessons.forms import AnswerForm
from trainer.act1_lessons.lesson_page import left_words, lesson_lines, next_facts, player_settings, state_words
from trainer.act1_lessons.queries import Course, LessonWork, course_of, has_finished_step, lessons_of, next_lesson
from trainer.act1_lessons.rules import read_segments
from trainer.cohorts.access import own_seat
from trainer.i18n import gettext as _
from trainer.json_body import json_body
from trainer.organization_scope import request_session
from trainer.permissions import Can, needs

bp = Blueprint("lessons", __name__, url_prefix="/seats/<uuid:seat_uid>/lessons")
LONGEST_POST = 64 * 1024  # bytes; as many pieces as are read of a post need a third of it


@bp.record_once
def read_films(state: BlueprintSetupState) -> None:
    """The films of MEDIA_DIR, or those that come with the program."""
    state.app.extensions["films"] = Films(state.app.extensions["settings"].media_dir)


@bp.get("")
@needs(Can.OPEN_HOME)
def overview(seat_uid: UUID) -> ResponseReturnValue:
    course, works = _course(seat_uid)
    films = {one.lesson.id: film for one in works if (film := _film(course.program, one.lesson.id, course.pack.lang))}
    next_one, is_finished = next_lesson(works), has_finished_step(request_session(), course.seat.id)
    return render_template(
        "act1_lessons/overview.html",
        seat_uid=seat_uid,
        course=course,
        is_finished=is_finished,
        lines=lesson_lines(works, films),
        left=left_words(works, course.pack, is_finished=is_finished),
        next_one=next_one,
        facts=next_facts(next_one, films.get(next_one.lesson.id)) if next_one else [],
    )


@bp.get("/<lesson_id>")
@needs(Can.OPEN_HOME)
def lesson(seat_uid: UUID, lesson_id: str) -> ResponseReturnValue:
    course, works = _course(seat_uid)
    one = _lesson(works, lesson_id)
    film = _film(course.program, lesson_id, course.pack.lang)
    return render_template(
        "act1_lessons/lesson.html",
        seat_uid=seat_uid,
        course=course,
        one=one,
        state=state_words(one),
        player=player_settings(film, one, course.pack) if film else None,
        starts_at_ms=request.args.get("at", type=int),
        left=left_words(works, course.pack, is_finished=has_finished_step(request_session(), course.seat.id)),
        next_one=next_lesson([other for other in works if other is not one]),
    )


@bp.post("/<lesson_id>/progress")
@needs(Can.OPEN_HOME)
def progress(seat_uid: UUID, lesson_id: str) -> ResponseReturnValue:
    """What a player watched, as JSON; gives the share as the server sees it."""
    opened, now = _opened(seat_uid, lesson_id), clock.now()
    posted = json_body(LONGEST_POST)
    told = posted if isinstance(posted, dict) else {}
    film = _film(opened.course.program, lesson_id, visitor_signed_in().language)
    is_whole = True
    if film is not None:
        position = told.get("position")
        is_whole = add_segments(
            request_session(),
            opened,
            read_segments(told.get("segments")),
            position_ms=position if isinstance(position, int) else opened.progress.position_ms,
            length_ms=film.length_ms,
            now=now,
        )
    request_session().commit()
    share, is_seen = opened.progress.watched_share, opened.progress.seen_at is not None
    return {"percent": round(share * 100), "seen": is_seen, "whole": is_whole}


@bp.post("/<lesson_id>/read")
@needs(Can.OPEN_HOME)
def read(seat_uid: UUID, lesson_id: str) -> ResponseReturnValue:
    read_to_end(request_session(), _opened(seat_uid, lesson_id), now=clock.now())
    request_session().commit()
    flash(_("This lesson is finished. Thank you for reading it."))
    return redirect(url_for(".overview", seat_uid=seat_uid), 303)


@bp.get("/<lesson_id>/questions/<question_id>")
@needs(Can.OPEN_HOME)
def question(seat_uid: UUID, lesson_id: str, question_id: str) -> ResponseReturnValue:
    course, works = _course(seat_uid)
    return _question_page(seat_uid, course, _lesson(works, lesson_id), question_id, AnswerForm(formdata=None))


@bp.post("/<lesson_id>/questions/<question_id>")
@needs(Can.OPEN_HOME)
def answer(seat_uid: UUID, lesson_id: str, question_id: str) -> ResponseReturnValue:
    form = AnswerForm()
    opened = _opened(seat_uid, lesson_id)
    asked = next((one for one in opened.lesson.questions if one.id == question_id), None)
    if asked is None:
        raise NotFound
    if form.ask(asked).validate():
        answer_question(request_session(), opened, question_id, form.option.data, now=clock.now())
        request_session().commit()
        where = url_for(".question", seat_uid=seat_uid, lesson_id=lesson_id, question_id=question_id, answered=1)
        return redirect(where, 303)
    request_session().rollback()  # a lesson is not opened by an answer that is none
    course, works = _course(seat_uid)
    return _question_page(seat_uid, course, _lesson(works, lesson_id), question_id, form), 422


def _question_page(seat_uid: UUID, course: Course, one: LessonWork, question_id: str, form: AnswerForm) -> str:
    questions = list(one.lesson.questions)
    place = next((place for place, asked in enumerate(questions) if asked.id == question_id), None)
    if place is None:
        raise NotFound
    attempt = one.attempts.get(question_id) if "answered" in request.args else None
    return render_template(
        "act1_lessons/question.html",
        seat_uid=seat_uid,
        course=course,
        one=one,
        question=questions[place],
        place=place,
        attempt=attempt,
        form=form.ask(questions[place]),
        next_question=questions[place + 1] if place + 1 < len(questions) else None,
    )


def _course(seat_uid: UUID) -> tuple[Course, list[LessonWork]]:
    db, seat = request_session(), own_seat(seat_uid, needs=Can.WORK_ON_STEPS)
    course = course_of(db, seat.id, visitor_signed_in().language)
    return course, lessons_of(db, seat.id, course.pack)


def _opened(seat_uid: UUID, lesson_id: str) -> OpenLesson:
    seat = own_seat(seat_uid, needs=Can.WORK_ON_STEPS)
    try:
        return open_lesson(request_session(), seat.id, lesson_id, now=clock.now())
    except UnknownLesson as error:
        raise NotFound from error


def _lesson(works: list[LessonWork], lesson_id: str) -> LessonWork:
    for one in works:
        if one.lesson.id == lesson_id:
            return one
    raise NotFound


def _film(program: str, lesson_id: str, language: str) -> Film | None:
    films: Films = current_app.extensions["films"]
    return films.film(program, lesson_id, language)
