"""A facilitator has the plan before them: from then on its writer cannot take that version back."""

from datetime import datetime

from flask import current_app

from trainer.act2_workshop.models import Plan
from trainer.act2_workshop.reviewing import note_opening
from trainer.act2_workshop.rules import PlanState
from trainer.db import Database


def is_held_open(plan: Plan, *, now: datetime) -> bool:
    """Write the opening down before a word is shown; False where its writer has taken the plan back meanwhile.

    In a session of its own, since a page that is read cannot write; only the first opening of a version does.
    """
    if plan.state is not PlanState.SUBMITTED or plan.opened_at is not None:
        return plan.submitted_at is not None
    database: Database = current_app.extensions["database"]
    with database.session() as db:
        is_opened = note_opening(db, plan, now=now)
        db.commit()
    return is_opened
