"""A person's own rows among the letters: which came, which did not, and why."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.accounts.own_rows import Rows, columns_of
from trainer.cohorts.models import Enrollment
from trainer.prompts.models import OptOut, Prompt


def letter_rows(db: Session, user: User) -> Rows:
    """The letters of a person's seats with what became of them, and the kinds they stopped."""
    own = select(Enrollment.id).where(Enrollment.user_id == user.id)
    letters = db.scalars(select(Prompt).where(Prompt.enrollment_id.in_(own)).order_by(Prompt.due_at, Prompt.id))
    stopped = db.scalars(select(OptOut).where(OptOut.enrollment_id.in_(own)).order_by(OptOut.id))
    return {
        "letters": [columns_of(row, "letter", "step", "due_at", "state", "reason", "sent_at") for row in letters],
        "stopped_letters": [columns_of(row, "letter", "opted_out_at") for row in stopped],
    }
