"""What the trainee's home says: the next step, the journey as a picture with its list, and why letters came."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from trainer.act1_lessons.lesson_page import left_words
from trainer.act1_lessons.queries import STEP as LESSONS
from trainer.act1_lessons.queries import LessonWork, next_lesson
from trainer.act2_workshop.models import Plan
from trainer.act2_workshop.rules import PlanState
from trainer.act3_practice.feedback_queries import OwnReflection
from trainer.act3_practice.queries import STEPS as REFLECTIONS
from trainer.dates import clock_words, day_range_words, short_day_words
from trainer.desks.course import Course, LetterOfSeat, StepState
from trainer.desks.ledger_words import why
from trainer.i18n import gettext as _
from trainer.i18n import lazy_gettext as _l
from trainer.programs.content import Letter
from trainer.programs.minutes import about_minutes
from trainer.prompts.frames import reason_of, step_name
from trainer.prompts.letter_names import letter_name

LETTERS_SHOWN = 12
SHORT_NAMES = {
    "act1": _l("Lessons"),
    "workshop": _l("Workshop"),
    "plan": _l("Plan"),
    "reflection1": _l("1 month"),
    "reflection2": _l("2 months"),
}


@dataclass(frozen=True)
class NextStep:
    """The one thing to do now; `facts` are pairs of an icon and words."""

    step: str
    title: str
    words: str
    facts: tuple[dict[str, str], ...]
    is_open: bool
    lesson: LessonWork | None  # the one to go on with


@dataclass(frozen=True)
class LetterLine:
    """A letter that came, or did not."""

    at: str
    title: str
    why: str


def next_step(course: Course, asked: str | None) -> NextStep | None:
    """The next step, or the open one that a letter led to; None when everything is finished."""
    wanted = course.step(asked) if asked else None
    state = wanted if wanted and wanted.finished_at is None else course.next_step
    if state is None:
        return None
    is_open = state.is_open(course.today)
    lesson = next_lesson(course.lessons) if is_open and state.step == LESSONS else None
    return NextStep(
        step=state.step,
        title=step_name(state.step, course.pack),
        words=_lead(course, state),
        facts=tuple(_facts(course, state, lesson, is_open=is_open)),
        is_open=is_open,
        lesson=lesson,
    )


def has_question_first(plan: Plan | None, step: NextStep | None) -> bool:
    """Whether a question about the plan is what comes next: always, unless a reflection is open."""
    is_reflecting = step is not None and step.is_open and step.step in REFLECTIONS
    return plan is not None and plan.state is PlanState.RETURNED and not is_reflecting


def titled(course: Course, reflections: Iterable[OwnReflection]) -> list[dict[str, object]]:
    """What was handed in, with its title, for the ways back to it."""
    return [{**asdict(one), "title": step_name(one.step, course.pack)} for one in reflections]


def journey_steps(course: Course) -> list[dict[str, str]]:
    """The five steps for the picture and its list."""
    here = course.next_step
    return [_journey_step(course, state, is_here=here is state) for state in course.steps]


def letter_lines(course: Course) -> list[LetterLine]:
    """The last letters of this seat, and why each came or did not."""
    letters = {letter.id: letter for letter in course.pack.letters}
    return [_line(course, past, letters[past.letter]) for past in course.letters[:LETTERS_SHOWN]]


def coming_letter(course: Course) -> str:
    """When the next letter is planned, in words; empty when none is."""
    if course.coming is None:
        return ""
    at = course.coming.due_at.astimezone(course.zone)
    day = short_day_words(at.date(), course.pack.lang)
    return _("The next letter comes on %(day)s at %(time)s.", day=day, time=clock_words(at))


def _lead(course: Course, state: StepState) -> str:
    reflections = {reflection.step: reflection.intro for reflection in course.pack.reflections}
    if state.step in reflections:
        return reflections[state.step]
    phases = {phase.id: phase.lead for phase in course.pack.program.phases}
    return {"act1": phases.get("act1", ""), "workshop": phases.get("act2", "")}.get(state.step, course.pack.plan.intro)


def _facts(course: Course, state: StepState, lesson: LessonWork | None, *, is_open: bool) -> list[dict[str, str]]:
    facts = []
    if takes := _takes(course, state.step):
        facts.append({"icon": "clock", "words": takes})
    facts.append({"icon": "day", "words": _when(course, state, is_open=is_open)})
    if state.is_own_date:
        facts.append({"icon": "person", "words": _("Your own date")})
    if lesson:
        facts.append({"icon": "next", "words": _("Next: %(lesson)s", lesson=lesson.lesson.title)})
    return facts


def _when(course: Course, state: StepState, *, is_open: bool) -> str:
    language = course.pack.lang
    if state.step == "workshop":
        return day_range_words(course.schedule.day1, course.schedule.day2, language)
    if is_open and state.due_on < course.today:
        return _("the date, %(day)s, has passed; there is still time", day=short_day_words(state.due_on, language))
    if is_open:
        return _("until %(day)s", day=short_day_words(state.due_on, language))
    return _("opens on %(day)s", day=short_day_words(state.opens_on, language))


def _takes(course: Course, step: str) -> str:
    """About how long a step takes, or what is left of it; empty where the program does not say."""
    if step == LESSONS:
        return left_words(course.lessons, course.pack)
    minutes = [reflection.minutes for reflection in course.pack.reflections if reflection.step == step]
    return about_minutes(minutes[0]) if minutes else ""


def _journey_step(course: Course, state: StepState, *, is_here: bool) -> dict[str, str]:
    kind = "ripe" if state.finished_at or state.is_over else "now" if is_here else "ahead"
    return {
        "short": str(SHORT_NAMES[state.step]),
        "title": step_name(state.step, course.pack),
        "kind": kind,
        **_done(course, state),
    }


def _done(course: Course, state: StepState) -> dict[str, str]:
    """When a step was finished, or when it is."""
    if state.finished_at is None:
        return {"when": _when(course, state, is_open=state.opens_on <= course.today)}
    day = short_day_words(state.finished_at.astimezone(course.zone).date(), course.pack.lang)
    return {"when": _("finished on %(day)s", day=day)}


def _line(course: Course, past: LetterOfSeat, letter: Letter) -> LetterLine:
    at = past.at.astimezone(course.zone)
    words = f"{short_day_words(at.date(), course.pack.lang)} {clock_words(at)}"
    title = letter_name(letter, course.pack)
    return LetterLine(words, title, why(past.state, past.reason, reason_of(letter)))
