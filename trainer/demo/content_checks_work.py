"""Whether the program knows what a trainee of the demo has done: lessons, answers, measures, letters."""

from collections.abc import Iterable, Iterator

from trainer.demo.content_answers import Known, answers_of, problem_of
from trainer.demo.content_company import CohortPart, Trainee
from trainer.demo.content_work import Carried, LessonRecord, PlanEvent, PlanRecord, ReflectionRecord
from trainer.demo.rules import TODAY
from trainer.programs.content_errors import Problem
from trainer.programs.content_lessons import Lesson
from trainer.programs.content_pack import Pack
from trainer.programs.rules import ANCHORS


def problems_of_work(path: str, cohort: CohortPart, trainee: Trainee, pack: Pack) -> Iterator[Problem]:
    """Everything that is wrong with one trainee's work; `path` is the trainee's place in the file."""
    lessons = {lesson.id: lesson for lesson in pack.lessons}
    for name, record in (trainee.lessons or {}).items():
        if name in lessons:
            yield from _problems_of_lesson(f"{path}.lessons.{name}", record, lessons[name])
        else:
            yield Problem(f"{path}.lessons", f"{name!r} is not known")
    if trainee.bounced and trainee.bounced.letter not in {letter.id for letter in pack.letters}:
        yield Problem(f"{path}.bounced.letter", f"{trainee.bounced.letter!r} is not known")
    if trainee.plan:
        yield from _problems_of_plan(f"{path}.plan", cohort, trainee.plan, pack)
    if trainee.reflection1:
        yield from _problems_of_reflection(f"{path}.reflection1", cohort, trainee, trainee.reflection1)
    yield from _problems_of_answers(cohort, trainee, pack)


def strangers(path: str, named: Iterable[str], known: Iterable[str]) -> Iterator[Problem]:
    """A problem for each name that is not known."""
    known = set(known)
    yield from (Problem(path, f"{name!r} is not known") for name in named if name not in known)


def _problems_of_lesson(path: str, record: LessonRecord, lesson: Lesson) -> Iterator[Problem]:
    questions = {question.id: question for question in lesson.questions}
    for name, tried in record.answers.items():
        if name not in questions:
            yield Problem(f"{path}.answers", f"{name!r} is not known")
            continue
        yield from strangers(f"{path}.answers.{name}", tried, [one.id for one in questions[name].options])
        if record.state == "finished" and tried[-1] != questions[name].answer:
            yield Problem(
                f"{path}.answers.{name}", "does not end with the right answer, although the lesson is finished"
            )
    if record.state == "finished":
        unanswered = [name for name in questions if name not in record.answers]
        yield from (Problem(f"{path}.answers", f"{name!r} is not answered") for name in unanswered)
    if (record.state == "finished") != (record.finished_at is not None):
        yield Problem(f"{path}.finished_at", "must be there exactly when the lesson is finished")


def _problems_of_plan(path: str, cohort: CohortPart, plan: PlanRecord, pack: Pack) -> Iterator[Problem]:
    if (plan.state == "draft") == (plan.submitted_at is not None):
        yield Problem(f"{path}.history", "must hold a submission exactly when the plan is no draft")
    for place, event in enumerate(plan.history):
        yield from _problems_of_event(f"{path}.history[{place}]", cohort, event, pack)
    if plan.version_1_differs:
        yield from strangers(f"{path}.version_1_differs.measures", plan.version_1_differs.measures, _measures(plan))
    tasks = [task.id for task in pack.framework.management_tasks]
    yield from strangers(f"{path}.map", [row.task for row in plan.map], tasks)
    for row in plan.map:
        for name in ("before", "reflection1", "target"):
            yield from _problems_of_carried(f"{path}.map[{row.task}].{name}", getattr(row, name), pack)


def _problems_of_event(path: str, cohort: CohortPart, event: PlanEvent, pack: Pack) -> Iterator[Problem]:
    review = pack.plan.review
    if (event.event == "reviewed") != (event.by is not None and event.decision is not None):
        yield Problem(path, "must say by whom and what was decided exactly when the plan was reviewed")
    yield from strangers(f"{path}.by", [event.by] if event.by else [], _facilitators(cohort))
    yield from strangers(
        f"{path}.decision", [event.decision] if event.decision else [], [one.id for one in review.decisions]
    )
    banked = [comment.bank for comment in event.comments if comment.bank]
    yield from strangers(f"{path}.comments.bank", banked, [comment.id for comment in review.comment_bank])


def _problems_of_carried(path: str, carried: Carried | None, pack: Pack) -> Iterator[Problem]:
    if carried is None:
        return
    yield from strangers(f"{path}.carrier", [carried.carrier], [one.id for one in pack.framework.carriers])
    if carried.level not in {one.level for one in pack.framework.delegation_levels}:
        yield Problem(f"{path}.level", f"{carried.level} is not known")


def _problems_of_reflection(
    path: str, cohort: CohortPart, trainee: Trainee, record: ReflectionRecord
) -> Iterator[Problem]:
    measures = _measures(trainee.plan) if trainee.plan else []
    yield from strangers(f"{path}.measures", record.measures, measures)
    if (record.state == "submitted") != (record.submitted_at is not None):
        yield Problem(f"{path}.submitted_at", "must be there exactly when the reflection is submitted")
    if record.feedback:
        yield from strangers(f"{path}.feedback.by", [record.feedback.by], _facilitators(cohort))


def _problems_of_answers(cohort: CohortPart, trainee: Trainee, pack: Pack) -> Iterator[Problem]:
    known = Known(
        pack=pack,
        people=frozenset(one.id for one in cohort.trainees if one is not trainee),
        bases=frozenset([TODAY, *ANCHORS, *(date.id for date in pack.schedule.dates)]),
        measures=frozenset(_measures(trainee.plan) if trainee.plan else []),
    )
    for answer in answers_of(cohort, trainee, pack):
        problem = problem_of(answer, known)
        if problem:
            yield problem


def _measures(plan: PlanRecord) -> list[str]:
    return [str(measure.get("id")) for measure in plan.measures]


def _facilitators(cohort: CohortPart) -> list[str]:
    return [seat.person for seat in cohort.facilitators]
