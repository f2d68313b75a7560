"""The door to one's own reflection, with everything its pages begin with."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from trainer.accounts.visitor import visitor_signed_in
from trainer.act3_practice.forms import Asked
from trainer.act3_practice.models import Mode, Reflection
from trainer.act3_practice.queries import Practice, period_of, practice_of
from trainer.act3_practice.rules import Period
from trainer.cohorts.access import open_own_seat
from trainer.cohorts.models import Cohort, Enrollment
from trainer.organization_scope import request_session
from trainer.permissions import Can
from trainer.writing.actions import Typed, typed_in
from trainer.writing.models import Draft, DraftCopy

MODE = "mode"  # the name of the form's own hidden field


@dataclass(frozen=True)
class OpenReflection:
    """One step's reflection for its writer: what it begins with, its days, and what was typed so far."""

    practice: Practice
    step: str
    period: Period
    draft: Draft | None
    has_copy: bool  # another version of the draft waits for a choice

    @property
    def seat(self) -> Enrollment:
        """The writer's seat."""
        return self.practice.seat

    @cached_property
    def typed(self) -> Typed | None:
        """What the draft holds."""
        return typed_in(self.draft) if self.draft else None

    @property
    def offers_short_form(self) -> bool:
        """Whether the short form is there by now."""
        return self.period.offers_short_form(self.practice.asked(self.step).express.days_before)

    def asked(self, mode: str | None) -> Asked:
        """What is asked; in short only where that is offered."""
        return Asked(self.practice, self.step, is_short=mode == Mode.EXPRESS and self.offers_short_form)


def open_reflection(seat_uid: UUID, step: str, now: datetime) -> OpenReflection:
    """The reflection of one of the visitor's own seats, as its writer."""
    db, seat = request_session(), open_own_seat(seat_uid, needs=Can.WORK_ON_STEPS)
    practice = practice_of(db, seat, visitor_signed_in().language)
    draft, has_copy = _draft(db, seat, step) if step not in practice.turns else (None, False)
    return OpenReflection(practice, step, period_of(db, practice, step, now), draft, has_copy)


def zone_while_open(db: Session, seat: Enrollment, step: str) -> str | None:
    """The zone of the cohort, None once the step's reflection was submitted: all that saving a draft needs to know."""
    submitted = select(Reflection.id).where(Reflection.enrollment_id == seat.id, Reflection.step == step).exists()
    return db.scalar(select(Cohort.time_zone).where(Cohort.id == seat.cohort_id, ~submitted))


def as_posted(typed: Typed | None) -> Any:
    """What was typed as a form takes it, None where nothing was."""
    return MultiDict(typed) if typed is not None else None


def _draft(db: Session, seat: Enrollment, step: str) -> tuple[Draft | None, bool]:
    drafts = select(Draft, DraftCopy.id).outerjoin(DraftCopy, DraftCopy.draft_id == Draft.id)
    row = db.execute(drafts.where(Draft.enrollment_id == seat.id, Draft.form == step).limit(1)).first()
    return (row[0], row[1] is not None) if row else (None, False)
