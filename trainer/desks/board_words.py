"""What the board says: a mark for each step, and one thing about each person."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from trainer.cohorts.models import Cohort, SeatStatus
from trainer.cohorts.numbers import Numbers
from trainer.cohorts.queries import Schedule
from trainer.cohorts.standing_rules import COMPLETE, is_finished
from trainer.dates import short_day_words
from trainer.desks.board import Line, Show, Sort, Wish
from trainer.desks.trainee_page import STANDINGS
from trainer.i18n import gettext as _
from trainer.i18n import lazy_gettext as _l
from trainer.programs.content import Pack
from trainer.programs.rules import STEPS
from trainer.prompts.frames import step_name

SHORT = {
    "act1": _l("Lessons"),
    "workshop": _l("Workshop"),
    "plan": _l("Plan"),
    "reflection1": _l("1 month"),
    "reflection2": _l("2 months"),
}
SORTS = {Sort.NAME: _l("by name"), Sort.DEPARTMENT: _l("by department"), Sort.GROUP: _l("by group")}


@dataclass(frozen=True)
class Row:
    """One trainee as the board shows them; `marks` are pairs for the macro `standing`."""

    name: str
    url: str
    department: str
    marks: tuple[tuple[str, str], ...]  # "gone" is no mark
    now: str
    kind: str  # of the badge; "" is plain words


def rows_of(cohort: Cohort, schedule: Schedule, pack: Pack, lines: list[Line], today: date) -> list[Row]:
    """The lines in words; `pack` is in the reader's language."""
    opens: dict[str, date] = {entry.id: schedule.dates[entry.opens] for entry in schedule.pack.schedule.steps}
    rows = []
    for line in lines:
        words, kind = _now(line, pack, today)
        marks = tuple((mark, str(STANDINGS[mark])) for mark in (_mark(line, step, opens, today) for step in STEPS))
        url = url_for("trainee.page", cohort_uid=cohort.uid, seat_uid=line.seat_uid)
        rows.append(Row(line.name, url, line.department, marks, words, kind))
    return rows


def step_figures(numbers: Numbers) -> list[dict[str, Any]]:
    """For the macro `tally`: how many have finished each step."""
    return [{"number": numbers.finished.get(step, 0), "of": numbers.total, "words": str(SHORT[step])} for step in STEPS]


def choices(cohort: Cohort, wish: Wish, numbers: Numbers, bounced: int) -> list[dict[str, Any]]:
    """The filters, each with the number of its people."""
    words = {
        Show.ALL: _("Everybody (%(count)s)", count=numbers.total),
        Show.NOT_DONE: _("Not done (%(count)s)", count=numbers.not_done),
        Show.OVERDUE: _("Past a due date (%(count)s)", count=numbers.overdue),
        Show.PAUSED: _("Paused (%(count)s)", count=numbers.paused),
        Show.UNREACHABLE: _("Not reached (%(count)s)", count=numbers.no_address + bounced),
        Show.WITHDRAWN: _("Withdrawn (%(count)s)", count=numbers.withdrawn),
    }
    return [
        {"words": told, "url": address_of(cohort, wish, show=show), "current": show is wish.show}
        for show, told in words.items()
    ]


def sorts(cohort: Cohort, wish: Wish) -> list[dict[str, Any]]:
    """The ways to sort."""
    return [
        {"words": str(words), "url": address_of(cohort, wish, sort=sort), "current": sort is wish.sort}
        for sort, words in SORTS.items()
    ]


def address_of(cohort: Cohort, wish: Wish, **changed: Any) -> str:
    """The address of the board with something else than now; a page begins anew unless `after` is told."""
    asked = {"show": wish.show, "sort": wish.sort, "group": wish.group, **changed}
    usual = {"show": Show.ALL, "sort": Sort.NAME}
    told = {name: str(value) for name, value in asked.items() if value is not None and value != usual.get(name)}
    return url_for("board.page", cohort_uid=cohort.uid, **told)  # type: ignore[arg-type]  # all of them are words


def _mark(line: Line, step: str, opens: dict[str, date], today: date) -> str:
    if is_finished(line.finished, step):
        return "done"
    if line.status is SeatStatus.WITHDRAWN:
        return "gone"
    if line.status is not SeatStatus.ACTIVE:
        return "rest"
    return "open" if opens[step] <= today else "idle"


def _now(line: Line, pack: Pack, today: date) -> tuple[str, str]:
    """What to know of somebody, and how it looks."""
    if line.status is SeatStatus.WITHDRAWN:
        return _("Withdrawn"), "plain"
    if line.status is SeatStatus.PAUSED:
        return _("Paused"), "note"
    if not line.has_address:
        return _("No e-mail address"), "late"
    if line.comes_back:
        return _("Letters come back"), "late"
    if line.finished == COMPLETE:
        return _("Everything is finished"), "ok"
    return _due(line, pack, today)


def _due(line: Line, pack: Pack, today: date) -> tuple[str, str]:
    if line.due_on is None or line.step is None:
        return _("The workshop is not written down as attended"), ""
    if line.due_on < today:
        return _("%(step)s: past its date", step=step_name(line.step, pack)), "note"
    return _("%(step)s: until %(day)s", step=str(SHORT[line.step]), day=short_day_words(line.due_on, pack.lang)), ""
