"""Who did what a letter tells of: the facilitator who answered, not the one whom the cohort's file names first."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.act2_workshop.models import PlanReview
from trainer.act3_practice.models import Feedback
from trainer.prompts.models import Prompt

ANSWERS: tuple[type[PlanReview] | type[Feedback], ...] = (PlanReview, Feedback)


def acting_names(db: Session, prompts: Sequence[Prompt]) -> dict[int, str]:
    """Prompt id -> name, for the letters whose occasion is an answer; in one query."""
    occasions = dict(_answers(prompts))
    if not occasions:
        return {}
    uids = set(occasions.values())
    answered = union_all(
        *(
            select(answer.uid, User.name).join(User, User.id == answer.facilitator_id).where(answer.uid.in_(uids))
            for answer in ANSWERS
        )
    )
    names = {uid: name for uid, name in db.execute(answered)}
    return {prompt_id: names[answer] for prompt_id, answer in occasions.items() if answer in names}


def _answers(prompts: Iterable[Prompt]) -> Iterable[tuple[int, UUID]]:
    for prompt in prompts:
        try:
            yield prompt.id, UUID(prompt.occasion or "")
        except ValueError:
            continue  # a day, a pause, or nothing: no answer of anybody
