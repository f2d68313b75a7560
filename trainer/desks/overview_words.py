"""What the overview says of each cohort: where it stands, what needs a hand, what is left to do before the start."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for

from trainer.cohorts.actions_start import digest_of
from trainer.cohorts.models import Cohort
from trainer.cohorts.queries import Schedule
from trainer.dates import clock_words, day_range_words, short_day_words
from trainer.desks.board_needs import NeedLine, what_needs_a_hand
from trainer.desks.date_words import date_name
from trainer.desks.health import Health
from trainer.desks.overview import Found, Overview
from trainer.desks.stages import WORKSHOP, counted_period, periods_of, present_period
from trainer.i18n import gettext as _
from trainer.programs.content import Pack
from trainer.prompts.frames import step_name

CLOSE = "close"


@dataclass(frozen=True)
class Progress:
    """How many have finished the step that counts at present."""

    step: str
    done: int
    total: int


@dataclass(frozen=True)
class RunningLine:
    """A cohort that runs, in words."""

    cohort: Cohort
    stage: str
    workshop: str  # empty once the stage says it, or it is over
    progress: Progress | None
    next_letters: str  # when; empty where none is planned any more
    needs: list[NeedLine]
    health: Health
    zone: ZoneInfo


def running_line(found: Found, overview: Overview, pack: Pack, now: datetime) -> RunningLine:
    """`pack` is the cohort's in the reader's language."""
    seen, numbers = overview.glances[found.cohort.id], overview.numbers[found.cohort.id]
    needs = what_needs_a_hand(found.cohort, found.schedule, numbers, seen, now)
    periods = periods_of(found.schedule)
    counted, total = counted_period(periods, found.today), numbers.total
    return RunningLine(
        cohort=found.cohort,
        stage=_stage(found, pack),
        workshop=_workshop(found.schedule, pack) if found.today < found.schedule.day1 else "",
        progress=Progress(step_name(counted.step, pack), numbers.finished.get(counted.step, 0), total)
        if counted and total
        else None,
        next_letters=_next_letters(seen.health, found.schedule, pack),
        needs=[*_late(found.cohort, seen.health), *needs],
        health=seen.health,
        zone=found.schedule.zone,
    )


def _stage(found: Found, pack: Pack) -> str:
    """Like `Web lessons (ACT1): until Mon, Feb 1`."""
    period = present_period(periods_of(found.schedule), found.today)
    if period is None:
        day = short_day_words(found.schedule.dates[CLOSE], pack.lang)
        return _("%(step)s: %(days)s", step=date_name(CLOSE, pack), days=day)
    name = step_name(period.step, pack)
    if period.step == WORKSHOP:
        return _workshop(found.schedule, pack)
    if period.opens_on > found.today:
        return _("%(step)s: from %(day)s", step=name, day=short_day_words(period.opens_on, pack.lang))
    return _("%(step)s: until %(day)s", step=name, day=short_day_words(period.last_on, pack.lang))


def _workshop(schedule: Schedule, pack: Pack) -> str:
    days = day_range_words(schedule.day1, schedule.day2, pack.lang)
    return _("%(step)s: %(days)s", step=step_name(WORKSHOP, pack), days=days)


def _next_letters(health: Health, schedule: Schedule, pack: Pack) -> str:
    if health.next_due_at is None:
        return ""
    at = health.next_due_at.astimezone(schedule.zone)
    day = short_day_words(at.date(), pack.lang)
    return _("%(day)s at %(time)s", day=day, time=clock_words(at))


def _late(cohort: Cohort, health: Health) -> Iterator[NeedLine]:
    """The board has the red line with what to do."""
    if health.late_since is not None:
        url = url_for("board.page", cohort_uid=cohort.uid)
        yield {"icon": "alert", "title": _("A letter is more than 15 minutes late"), "url": url}


def left_to_do(found: Found, overview: Overview) -> list[tuple[str, str]]:
    """What stands between a cohort and its start: words and address each, in the order of the work."""
    cohort = found.cohort
    is_rehearsed = cohort.rehearsed_digest == digest_of(cohort, found.schedule)
    steps = [
        (found.schedule.day1 < found.today, _("Move the days"), "move.page"),
        (overview.numbers[cohort.id].total == 0, _("Bring in a roster"), "people.upload"),
        (cohort.id not in overview.with_facilitator, _("Choose the facilitators"), "staff.page"),
        (not is_rehearsed, _("Open the rehearsal"), "rehearsal.page"),
        (is_rehearsed, _("Go to the start"), "start.page"),
    ]
    return [(words, url_for(page, cohort_uid=cohort.uid)) for is_left, words, page in steps if is_left]
