"""The door to a facilitator's desk: the cohort they answer for, and one plan on it, opened and never unnoticed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from trainer.accounts.refusals import refuse_unknown
from trainer.accounts.visitor import visitor_signed_in
from trainer.act2_workshop.opened import is_held_open
from trainer.act2_workshop.plan_on_desk import PlanOnDesk, plan_on_desk
from trainer.act2_workshop.review_queries import Desk
from trainer.cohorts.models import Cohort
from trainer.cohorts.queries import Schedule, cohort_with_schedule
from trainer.organization_scope import request_session
from trainer.permissions import Role
from trainer.programs.content import Pack
from trainer.programs.queries import pack_of_digest
from trainer.writing.access import open_words

TEXT = "plan"


@dataclass(frozen=True)
class OpenDesk:
    """A facilitator's desk in one cohort; the pack is in the reader's language."""

    desk: Desk
    cohort: Cohort
    schedule: Schedule
    pack: Pack


def desk_in(cohort_uid: UUID) -> Desk:
    """The visitor's own desk in a cohort. Raises NotFound for everybody who is no facilitator of it."""
    visitor = visitor_signed_in()
    for seat in visitor.seats:
        if seat.cohort_uid == cohort_uid and seat.role is Role.FACILITATOR:
            return Desk(seat.cohort_id, seat.id, visitor.user.id)
    refuse_unknown("cohort", cohort_uid)


def open_desk(cohort_uid: UUID) -> OpenDesk:
    """The same with its cohort and program, in one query."""
    desk, db = desk_in(cohort_uid), request_session()
    cohort, schedule = cohort_with_schedule(db, desk.cohort_id)
    return OpenDesk(desk, cohort, schedule, pack_of_digest(db, schedule.digest, visitor_signed_in().language))


def plan_to_answer(desk: Desk, plan_uid: UUID) -> PlanOnDesk:
    """A plan that the visitor may answer, unread. Raises NotFound for any other."""
    found = plan_on_desk(request_session(), desk, plan_uid)
    if found is None:
        refuse_unknown(TEXT, plan_uid)
    return found


def open_plan(desk: Desk, plan_uid: UUID, *, now: datetime) -> PlanOnDesk | None:
    """A plan to be read: recorded, and from now on its writer cannot take it back; None if they just did.

    Raises NotFound for what is not the visitor's to read.
    """
    found = plan_to_answer(desk, plan_uid)
    open_words(found.seat, TEXT, found.plan.audience, found.plan.uid, now=now)
    return found if is_held_open(found.plan, now=now) else None
