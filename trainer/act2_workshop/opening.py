"""A trainee's own plan, opened for a page: the seat, its course and what there is of the plan, in four queries."""

from dataclasses import dataclass
from uuid import UUID

from trainer.accounts.visitor import visitor_signed_in
from trainer.act2_workshop.form_buttons import beginning
from trainer.act2_workshop.form_page import typed_so_far
from trainer.act2_workshop.forms import Asked
from trainer.act2_workshop.own_plan import PlanWork, peers_of, work_of
from trainer.cohorts.access import open_own_seat
from trainer.cohorts.models import Cohort, Enrollment
from trainer.cohorts.queries import Schedule, cohort_with_schedule
from trainer.organization_scope import request_session
from trainer.permissions import Can
from trainer.programs.content import Pack
from trainer.programs.queries import pack_of_digest
from trainer.writing.actions import Typed


@dataclass(frozen=True)
class OpenPlan:
    """A seat with its plan; the pack is in the reader's language."""

    seat: Enrollment
    cohort: Cohort
    schedule: Schedule
    pack: Pack
    work: PlanWork


@dataclass(frozen=True)
class OpenForm:
    """The same for the page on which it is written, and what the form says so far."""

    plan: OpenPlan
    asked: Asked
    typed: Typed


def open_own_plan(seat_uid: UUID) -> OpenPlan:
    """The visitor's own plan, whatever there is of it. Raises NotFound and Forbidden as every door."""
    seat, db = open_own_seat(seat_uid, needs=Can.WORK_ON_STEPS), request_session()
    cohort, schedule = cohort_with_schedule(db, seat.cohort_id)
    pack = pack_of_digest(db, schedule.digest, visitor_signed_in().language)
    return OpenPlan(seat, cohort, schedule, pack, work_of(db, seat))


def open_form(plan: OpenPlan, typed: Typed | None = None) -> OpenForm:
    """The form of a plan with what was typed just now, or with what was typed before."""
    asked = Asked(
        plan.pack,
        plan.schedule.dates,
        peers_of(request_session(), plan.seat),
        asks_audience=plan.work.plan is None,
        has_group=plan.seat.group_id is not None,
    )
    return OpenForm(plan, asked, typed if typed is not None else typed_so_far(plan.work, beginning(asked)))
