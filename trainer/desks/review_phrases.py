"""A facilitator's own words, to be used again: what they wrote themselves to more than one trainee."""

from sqlalchemy.orm import Session

from trainer.act2_workshop.comments import comments_of
from trainer.act2_workshop.models import Plan, PlanReview
from trainer.act2_workshop.review_queries import own_answers
from trainer.act3_practice.feedback_rules import reusable
from trainer.cohorts.models import Enrollment
from trainer.desks.review_desk import OpenDesk

LOOKED_AT = 200  # of the latest answers
SHOWN = 12


def own_phrases(db: Session, opened: OpenDesk) -> list[str]:
    """Lines of one's own released answers that are not in the program's bank and carry nobody's words to another."""
    answers = (
        own_answers(opened.desk, limit=LOOKED_AT)
        .join(Plan, Plan.id == PlanReview.plan_id)
        .join(Enrollment, Enrollment.id == Plan.enrollment_id)
        .add_columns(Enrollment.user_id)
    )
    told = [(trainee, comments_of(answer)) for answer, trainee in db.execute(answers)]
    known = {one.text for _trainee, comments in told for one in comments if one.bank is not None}
    phrases = reusable((trainee, [one.text for one in comments]) for trainee, comments in told)
    return [phrase for phrase in phrases if phrase not in known][:SHOWN]
