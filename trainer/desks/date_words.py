"""What the dates of a program are called, and where each of a cohort's dates comes from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from trainer.cohorts.queries import Schedule
from trainer.cohorts.rules import ImpossibleSchedule, apply_offset, compute_dates
from trainer.cohorts.sentences import sentence_of
from trainer.dates import day_words
from trainer.i18n import get_locale
from trainer.i18n import gettext as _
from trainer.i18n import lazy_gettext as _l
from trainer.programs.content import Pack
from trainer.programs.rules import ANCHORS, DateTrigger, MidpointTrigger
from trainer.prompts.frames import step_name
from trainer.prompts.timetable import Timetable

KNOWN = {"close": _l("Summary of the three months"), "plan_review_due": _l("Plans are answered until")}


@dataclass(frozen=True)
class DateLine:
    """One date of a cohort; a workshop day cannot be set here, since it moves by moving the workshop."""

    id: str
    words: str
    on: date
    is_workshop: bool
    is_due: bool
    is_by_hand: bool
    moved_from: date | None  # the day on which it would lie, were that a business day
    computed_on: date  # where it would lie by itself


@dataclass(frozen=True)
class DateGroup:
    """What belongs together in a list of dates: a step's period, or one date alone; in order of time."""

    words: str
    lines: tuple[DateLine, ...]


def date_groups(timetable: Timetable, pack: Pack) -> list[DateGroup]:
    """The dates of `date_lines`, a step's opening and due date together."""
    steps: dict[str, str] = {}
    for step in timetable.schedule.pack.schedule.steps:
        steps[step.due] = step_name(step.id, pack)
        steps.setdefault(step.opens, steps[step.due])

    def words_of(line: DateLine) -> str:
        return steps.get(line.id, line.words)

    lines = sorted(date_lines(timetable, pack), key=words_of)
    groups = [DateGroup(words, tuple(of_group)) for words, of_group in groupby(lines, key=words_of)]
    return sorted(groups, key=lambda group: group.lines[0].on)


def date_lines(timetable: Timetable, pack: Pack) -> list[DateLine]:
    """The dates that steps and letters depend on, in order of time; `pack` is in the reader's language."""
    schedule = timetable.schedule
    computed = computed_dates(schedule)
    used = {*_used(timetable), *schedule.overrides}
    lines = (_line(schedule, pack, name, computed[name]) for name in schedule.dates if name in used)
    return sorted(lines, key=lambda line: line.on)


def _line(schedule: Schedule, pack: Pack, name: str, computed_on: date) -> DateLine:
    offset = next(entry.offset for entry in schedule.pack.schedule.dates if entry.id == name)
    known = {"day1": schedule.day1, "day2": schedule.day2, **schedule.dates}
    raw, on = apply_offset(offset, known[offset.base], schedule.calendar), schedule.dates[name]
    is_by_hand = name in schedule.overrides
    return DateLine(
        id=name,
        words=date_name(name, pack),
        on=on,
        is_workshop=offset.base in ANCHORS and not offset.terms,
        is_due=name in schedule.due_dates.values(),
        is_by_hand=is_by_hand,
        moved_from=raw if raw != on and not is_by_hand else None,
        computed_on=computed_on,
    )


def computed_dates(schedule: Schedule) -> dict[str, date]:
    """Where each date would lie if this one alone had not been set by hand."""
    offsets = {entry.id: entry.offset for entry in schedule.pack.schedule.dates}

    def without(name: str) -> date:
        others = {date_id: day for date_id, day in schedule.overrides.items() if date_id != name}
        return compute_dates(offsets, schedule.day1, schedule.day2, others, schedule.calendar)[name]

    return {name: without(name) if name in schedule.overrides else on for name, on in schedule.dates.items()}


def date_name(name: str, pack: Pack) -> str:
    """What a date of the program is called for the office."""
    for step in pack.schedule.steps:
        if step.id == "workshop" and name == step.opens:
            return step_name(step.id, pack)
        if name == step.opens:
            return _("%(step)s: opens", step=step_name(step.id, pack))
        if name == step.due:
            return _("%(step)s: due", step=step_name(step.id, pack))
    return str(KNOWN.get(name, name.replace("_", " ")))


def problem_words(error: ImpossibleSchedule, pack: Pack) -> str:
    """Why dates cannot be, with steps and days called as on the page."""
    told = dict(error.values)
    for name, value in told.items():
        if name == "step":
            told[name] = step_name(str(value), pack)
        elif isinstance(value, date):
            told[name] = day_words(value, str(get_locale() or "ja"))
    return sentence_of(ImpossibleSchedule(error.problem, **told))


def _used(timetable: Timetable) -> Iterator[str]:
    for step in timetable.schedule.pack.schedule.steps:
        yield from (step.opens, step.due)
    for letter in timetable.letters:
        if isinstance(letter.when, DateTrigger):
            yield letter.when.date_id
        elif isinstance(letter.when, MidpointTrigger):
            yield from (letter.when.start, letter.when.end)
