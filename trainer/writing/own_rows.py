"""A person's own rows of what they write: unfinished drafts, and when their texts were read."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.accounts.own_rows import Rows, columns_of
from trainer.cohorts.models import Enrollment
from trainer.writing.actions import typed_in
from trainer.writing.models import Draft, DraftCopy, Reading


def writing_rows(db: Session, user: User) -> Rows:
    """The drafts of all seats of a person with the versions beside them, and when somebody opened what they handed in.

    Who did stands on the page of each text: a name is somebody else's.
    """
    seats = select(Enrollment.id).where(Enrollment.user_id == user.id)
    drafts = db.scalars(select(Draft).where(Draft.enrollment_id.in_(seats)).order_by(Draft.id)).all()
    copies = select(DraftCopy).where(DraftCopy.draft_id.in_([draft.id for draft in drafts])).order_by(DraftCopy.id)
    readings = select(Reading).where(Reading.enrollment_id.in_(seats)).order_by(Reading.id)
    return {
        "drafts": [{**columns_of(one, "form", "revision", "saved_at"), "typed": typed_in(one)} for one in drafts],
        "draft_copies": [
            {**columns_of(one, "based_on", "saved_at"), "typed": typed_in(one)} for one in db.scalars(copies)
        ],
        "readings": [columns_of(one, "text", "first_read_at", "last_read_at") for one in db.scalars(readings)],
    }
