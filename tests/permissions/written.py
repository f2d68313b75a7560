"""What the cast has written: the trainee the second reflection, a fellow a plan for the whole cohort."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from tests.accounts.factories import BEGAN
from tests.act3_practice.practice import make_feedback, make_plan, make_reflection
from trainer.accounts.models import User
from trainer.act2_workshop.models import Plan
from trainer.act3_practice.models import Feedback, Reflection
from trainer.cohorts.models import Enrollment
from trainer.permissions import Audience


@dataclass
class Written:
    """Texts, and feedback that the trainee has."""

    reflection: Reflection
    feedback: Feedback
    shared: Plan


def make_written(db: Session, seats: dict[str, Enrollment], facilitator: User) -> Written:
    """The trainee writes for the facilitator, the other trainee of the cohort for everybody in it."""
    then: dict[str, Any] = {"submitted_at": BEGAN}
    reflection = make_reflection(db, seats["trainee"], "reflection2", **then)
    feedback = make_feedback(db, reflection, facilitator, sent_at=BEGAN)
    shared = make_plan(db, seats["other_trainee"], audience=Audience.COHORT, **then)
    return Written(reflection, feedback, shared)
