"""What needs the coordinator's hand, above the board: what went wrong, and where to put it right."""

from datetime import datetime

from flask import url_for

from trainer.cohorts.models import Cohort
from trainer.cohorts.numbers import Numbers
from trainer.cohorts.queries import Schedule
from trainer.desks.board import Glance, Show
from trainer.i18n import gettext as _
from trainer.i18n import ngettext
from trainer.prompts.long_waits import LongWaits
from trainer.prompts.needs import Need, needs_in

NeedLine = dict[str, str]  # for the macro `way`: icon, title, note, and the button's words and address


def what_needs_a_hand(
    cohort: Cohort, schedule: Schedule, numbers: Numbers, seen: Glance, now: datetime
) -> list[NeedLine]:
    """The lines in words, the most urgent first; none where all is well."""
    counts = needs_in(schedule, numbers, bounced=seen.health.bounced, waiting_texts=seen.waits.texts, now=now)
    words = {
        Need.UNREACHED: _unreached,
        Need.ABSENT: _absent,
        Need.WITHOUT_GROUP: _without_group,
        Need.OVERDUE: _overdue,
    }
    return [
        _long_waits(cohort, seen.waits) if need is Need.LONG_WAITS else words[need](cohort, count)
        for need, count in counts.items()
    ]


def _unreached(cohort: Cohort, count: int) -> NeedLine:
    return {
        "icon": "mail",
        "title": ngettext("Letters do not reach %(num)s person", "Letters do not reach %(num)s people", count),
        "note": _("Their addresses come back, or there is none."),
        "button": _("Correct the addresses"),
        "url": url_for("ledger.addresses", cohort_uid=cohort.uid),
    }


def _long_waits(cohort: Cohort, waits: LongWaits) -> NeedLine:
    told = _("Plans: %(plans)s, reflections: %(reflections)s.", plans=waits.plans, reflections=waits.reflections)
    who = (
        _("Facilitators: %(names)s", names=_(", ").join(waits.facilitators))
        if waits.facilitators
        else _("Nobody answers for them: add a facilitator.")
    )
    return {
        "icon": "clock",
        "title": ngettext(
            "%(num)s text has waited for an answer for more than 5 business days",
            "%(num)s texts have waited for an answer for more than 5 business days",
            waits.texts,
        ),
        "note": f"{told} {who}",
        "button": _("See the facilitators"),
        "url": url_for("staff.page", cohort_uid=cohort.uid),
    }


def _absent(cohort: Cohort, count: int) -> NeedLine:
    return {
        "icon": "people",
        "title": ngettext(
            "%(num)s person is not written down as attending the workshop",
            "%(num)s people are not written down as attending the workshop",
            count,
        ),
        "note": _("Write down who was there. Who attends on another day can be written down then."),
        "button": _("Who was at the workshop"),
        "url": url_for("attendance.page", cohort_uid=cohort.uid),
    }


def _without_group(cohort: Cohort, count: int) -> NeedLine:
    """Where there are groups, who is in none may have no facilitator, and shares with nobody."""
    return {
        "icon": "people",
        "title": ngettext("%(num)s person is in no group", "%(num)s people are in no group", count),
        "note": _("A facilitator who answers for groups does not see them."),
        "button": _("Choose their group"),
        "url": url_for("board.page", cohort_uid=cohort.uid, group=""),
    }


def _overdue(cohort: Cohort, count: int) -> NeedLine:
    return {
        "icon": "clock",
        "title": ngettext("%(num)s person is past a due date", "%(num)s people are past a due date", count),
        "note": _("The letters remind them twice a week at most. A word from you, or an extension, may help."),
        "button": _("See who it is"),
        "url": url_for("board.page", cohort_uid=cohort.uid, show=Show.OVERDUE.value),
    }
