"""The board: at a glance whether everything runs, and where somebody needs a hand."""

from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from trainer import clock
from trainer.accounts.visitor import visitor_signed_in
from trainer.cohorts.access import open_cohort
from trainer.cohorts.numbers import numbers_of
from trainer.cohorts.queries import cohort_with_schedule
from trainer.desks.board import Show, Sort, Wish, glance, lines_of
from trainer.desks.board_needs import what_needs_a_hand
from trainer.desks.board_words import address_of, choices, rows_of, sorts, step_figures
from trainer.organization_scope import request_session
from trainer.permissions import Can, needs
from trainer.programs.queries import pack_of_digest

bp = Blueprint("board", __name__, url_prefix="/cohorts/<uuid:cohort_uid>/board")
EVERY_GROUP = "*"  # as the form says it, since an empty name is that of no group
Choice = TypeVar("Choice", bound=StrEnum)


@bp.get("")
@needs(Can.SEE_BOARD)
def page(cohort_uid: UUID) -> ResponseReturnValue:
    cohort, db, now, wish = open_cohort(cohort_uid, needs=Can.SEE_BOARD), request_session(), clock.now(), _wish()
    _cohort, schedule = cohort_with_schedule(db, cohort.id)
    pack = pack_of_digest(db, schedule.digest, visitor_signed_in().language)
    today = now.astimezone(schedule.zone).date()
    seen, numbers = glance(db, cohort, schedule, wish, now), numbers_of(db, cohort, today)
    lines, after = lines_of(db, cohort, wish, seen.after, today)
    return render_template(
        "desks/board.html",
        cohort=cohort,
        now=now.astimezone(schedule.zone),
        has_workshop_begun=schedule.day1 <= today,
        health=seen.health,
        zone=schedule.zone,
        numbers=numbers,
        figures=step_figures(numbers),
        needs=what_needs_a_hand(cohort, schedule, numbers, seen, now) if cohort.started_at else [],
        choices=choices(cohort, wish, numbers, seen.health.bounced),
        sorts=sorts(cohort, wish),
        rows=rows_of(cohort, schedule, pack, lines, today),
        more=address_of(cohort, wish, after=after) if after else None,
        is_first=wish.after is None,
        first=address_of(cohort, wish),
        all_groups=address_of(cohort, wish, group=None),
        every_group=EVERY_GROUP,
        wish=wish,
    )


def _wish() -> Wish:
    """What the address asks for; what nobody knows counts as not said."""
    group = request.args.get("group")
    return Wish(
        show=_choice(Show, "show", Show.ALL),
        sort=_choice(Sort, "sort", Sort.NAME),
        group=None if group == EVERY_GROUP else group,
        after=request.args.get("after", type=UUID),
    )


def _choice(kind: type[Choice], name: str, usual: Choice) -> Choice:
    told = request.args.get(name, "")
    return kind(told) if told in set(kind) else usual
