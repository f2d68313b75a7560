"""What people may do about their letters."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.cohorts.actions import mark_to_plan
from trainer.cohorts.models import Cohort
from trainer.prompts.models import OptOut, Prompt


def prompt_of_token(db: Session, token: UUID) -> Prompt | None:
    """The letter whose link bears this secret, in whichever organization: the secret is the proof (RFC 8058)."""
    return db.scalar(select(Prompt).where(Prompt.uid == token))


def opt_out(db: Session, prompt: Prompt, *, now: datetime) -> bool:
    """No letter of this kind for this seat any more; False if that was said already. The caller commits."""
    said = select(OptOut).where(OptOut.enrollment_id == prompt.enrollment_id, OptOut.letter == prompt.letter)
    if db.scalar(said) is not None:
        return False
    db.add(
        OptOut(
            organization_id=prompt.organization_id,
            enrollment_id=prompt.enrollment_id,
            letter=prompt.letter,
            opted_out_at=now,
        )
    )
    mark_to_plan(db, db.get_one(Cohort, prompt.cohort_id))
    return True
