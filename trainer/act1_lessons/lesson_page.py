"""What the pages of the lessons say: the state of each lesson in words, what is left, what the player is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trainer.act1_lessons.films import Film
from trainer.act1_lessons.queries import LessonWork, remaining
from trainer.act1_lessons.rules import AT_THE_END_MS, SPEEDS, LessonState, film_minutes_left, resume_point
from trainer.i18n import gettext as _
from trainer.i18n import ngettext
from trainer.programs.content import Pack
from trainer.programs.minutes import about_minutes

GRAINS = {
    LessonState.NOT_OPENED: "open",
    LessonState.WATCHING: "half",
    LessonState.QUESTIONS_LEFT: "half",
    LessonState.FINISHED: "ripe",
    LessonState.FINISHED_BY_READING: "ripe",
}
LANGUAGE_NAMES = {"ja": "日本語", "en": "English"}


@dataclass(frozen=True)
class LessonLine:
    """One lesson in the list."""

    lesson_id: str
    title: str
    grain: str
    state: str
    minutes: int


def lesson_lines(works: Sequence[LessonWork], films: Mapping[str, Film]) -> list[LessonLine]:
    """Every lesson with its state in words; `films` by the lesson's id."""
    return [
        LessonLine(
            one.lesson.id,
            one.lesson.title,
            GRAINS[one.state],
            state_words(one, films.get(one.lesson.id)),
            one.lesson.minutes,
        )
        for one in works
    ]


def next_facts(one: LessonWork, film: Film | None) -> list[dict[str, str]]:
    """What is said of the lesson to go on with: how long it still takes, and where it goes on."""
    minutes = film_minutes_left(one.work)
    if one.state is LessonState.NOT_OPENED:
        return [{"icon": "clock", "words": about_minutes(minutes)}]
    goes_on = {"icon": "next", "words": state_words(one, film)}
    if not minutes:
        return [goes_on]
    left = ngettext("About %(num)s minute left", "About %(num)s minutes left", minutes)
    return [{"icon": "clock", "words": left}, goes_on]


def state_words(one: LessonWork, film: Film | None = None) -> str:
    """How far somebody is with a lesson; with its film also the moment at which it goes on."""
    if one.state is LessonState.WATCHING:
        return _watched_words(one, film)
    if one.state is LessonState.QUESTIONS_LEFT:
        left = one.work.questions - one.work.answered
        return ngettext("seen; %(num)s question left", "seen; %(num)s questions left", left)
    return {
        LessonState.NOT_OPENED: _("not opened yet"),
        LessonState.FINISHED: _("finished"),
        LessonState.FINISHED_BY_READING: _("finished by reading"),
    }[one.state]


def left_words(works: Sequence[LessonWork], pack: Pack, *, is_finished: bool = False) -> str:
    """How much is left over all lessons; `is_finished`: nothing of it is asked for, since the step is done."""
    count, minutes = remaining(works, pack)
    if not count:
        return _("You have finished all lessons.")
    if is_finished:
        return _("You have finished the lessons. Come back any time.")
    lessons = ngettext("%(num)s lesson", "%(num)s lessons", count)
    return ngettext(
        "About %(num)s minute left, %(lessons)s", "About %(num)s minutes left, %(lessons)s", minutes, lessons=lessons
    )


def player_settings(film: Film, one: LessonWork, pack: Pack) -> dict[str, Any]:
    """What the player needs to know of a film and of what was watched of it."""
    return {
        "film": film,
        "language_name": LANGUAGE_NAMES.get(film.language, film.language),
        "resume_ms": _resume_ms(one, film),
        "percent": _percent(one),
        "seen_from": pack.program.film_seen_percent,
        "at_the_end_ms": AT_THE_END_MS,
        "speeds": SPEEDS,
    }


def _watched_words(one: LessonWork, film: Film | None) -> str:
    seconds = _resume_ms(one, film) // 1000 if film else 0
    if not seconds:
        return _("watched up to about %(percent)s%%", percent=_percent(one))
    moment = f"{seconds // 60}:{seconds % 60:02}"
    return _("watched up to about %(percent)s%%, goes on at %(moment)s", percent=_percent(one), moment=moment)


def _percent(one: LessonWork) -> int:
    return round(one.work.watched_share * 100)


def _resume_ms(one: LessonWork, film: Film) -> int:
    segments = tuple((start, end) for start, end in one.progress.segments) if one.progress else ()
    return resume_point(segments, one.progress.position_ms if one.progress else 0, film.length_ms)
