"""What a facilitator is told about plans in few words: what the checks found, and how long somebody waits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from trainer.act2_workshop.checks import Code
from trainer.act2_workshop.models import Decision
from trainer.cohorts.queries import Schedule
from trainer.i18n import gettext as _
from trainer.i18n import lazy_gettext as _l
from trainer.i18n import ngettext
from trainer.programs.content import Pack

FOUND = {
    "missing_required": _l("Something required is missing"),
    "target_state_vague": _l("State hard to picture"),
    "first_step_after_14_days": _l("First step after two weeks"),
    "level_jump_ge_3": _l("Three levels or more at once"),
    "level_above_task_max": _l("Above the limit of this work"),
    "share_without_offset": _l("Nothing taken off in return"),
    "no_if_then_cue": _l("Cue hard to notice"),
    "all_shared_with_one_person": _l("All with one person"),
    "too_many_measures": _l("Many moves at once"),
    "looks_like_personal_sensitive": _l("A name, health or family?"),
}
DECIDED = {
    Decision.CONFIRM: _l("Confirmed"),
    Decision.CONFIRM_WITH_COMMENT: _l("Confirmed with a comment"),
    Decision.RETURN: _l("Returned with a question"),
}


@dataclass(frozen=True)
class Chip:
    """One finding: in few words, whether it is a warning, and the program's own sentence."""

    words: str
    is_warning: bool
    sentence: str


def chips_of(codes: Collection[Code], pack: Pack) -> list[Chip]:
    """What the checks found, warnings first, each once however many measures it was found in."""
    found = {code["check"] for code in codes}
    checks = [check for check in pack.plan.auto_checks if check.id in found]
    chips = [Chip(str(FOUND[check.rule]), check.level == "warn", str(check.message)) for check in checks]
    return sorted(chips, key=lambda chip: not chip.is_warning)


def waiting_words(submitted_on: date, today: date, schedule: Schedule) -> str:
    """How many business days somebody waits by now; nothing while there has been none, as over a weekend."""
    if submitted_on >= today:
        return _("today")
    waited = waiting_days(submitted_on, today, schedule)
    return str(ngettext("%(num)s business day ago", "%(num)s business days ago", waited)) if waited else ""


def waiting_days(submitted_on: date, today: date, schedule: Schedule) -> int:
    """The business days after a day, up to and with today."""
    days = (date.fromordinal(day) for day in range(submitted_on.toordinal() + 1, today.toordinal() + 1))
    return sum(schedule.calendar.is_business_day(day) for day in days)


def decided_words(decision: Decision, name: str) -> str:
    """What was just done, for the line with the way back."""
    if decision is Decision.RETURN:
        return _("You returned the plan of %(name)s with a question. You can undo this for a minute.", name=name)
    return _("You confirmed the plan of %(name)s. You can undo this for a minute.", name=name)
