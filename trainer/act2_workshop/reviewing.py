"""A facilitator's deeds with a plan: a draft of the answer, the answer, and taking it back within a minute."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.act2_workshop.comments import MOST_QUESTIONS, Comment, as_text, questions_in
from trainer.act2_workshop.models import Decision, Plan, PlanReview
from trainer.act2_workshop.review_rules import is_released_at
from trainer.act2_workshop.rules import Deed, PlanState, may
from trainer.cohorts.sentences import Refused
from trainer.i18n import gettext as _
from trainer.permissions import Role

DEEDS = {
    Decision.CONFIRM: Deed.CONFIRM,
    Decision.CONFIRM_WITH_COMMENT: Deed.CONFIRM,
    Decision.RETURN: Deed.RETURN,
}


def note_opening(db: Session, plan: Plan, *, now: datetime) -> bool:
    """The version that lies on the desk was opened, so its writer cannot take it back; False if they just did.

    One UPDATE, so that of a facilitator who opens and a trainee who takes back at once exactly one succeeds.
    """
    opened = (
        update(Plan)
        .where(Plan.organization_id == plan.organization_id, Plan.id == plan.id)
        .where(Plan.version == plan.version, Plan.state == plan.state, Plan.state != PlanState.DRAFT)
        .values(opened_at=now)
        .returning(Plan.id)
        .execution_options(synchronize_session=False)
    )
    return db.scalar(opened) is not None


def save_comments(
    db: Session, plan: Plan, version: int, comments: Sequence[Comment], *, by: User, now: datetime
) -> PlanReview:
    """Keep what a facilitator has written so far, as a draft. Raises Refused when it cannot be answered any more."""
    plan = _at_hand(db, plan, version, by)
    review = _own_review(db, plan, by, now)
    review.comments, review.saved_at = as_text(comments) if comments else None, now
    db.flush()
    return review


def star(db: Session, plan: Plan, version: int, *, by: User, now: datetime) -> bool:
    """Set a mark for oneself, or take it away; gives whether it is there now. Answered plans can be marked too."""
    review = _own_review(db, _locked(db, plan), by, now)
    review.is_starred = not review.is_starred
    db.flush()
    return review.is_starred


def decide(
    db: Session, plan: Plan, version: int, deed: Deed, comments: Sequence[Comment], *, by: User, now: datetime
) -> PlanReview:
    """Answer the version that was read: confirm it, or return it with one or two questions. Raises Refused.

    The trainee sees nothing of it until it is released, a minute later. Of two facilitators the first one's counts.
    """
    plan = _at_hand(db, plan, version, by)
    if deed is Deed.RETURN:
        _check_questions(comments)
    review = save_comments(db, plan, version, comments, by=by, now=now)
    review.decision = _decision(deed, comments)
    review.decided_at = plan.decided_at = now
    plan.opened_at = plan.opened_at or now
    db.flush()
    return review


def take_back(db: Session, plan: Plan, *, by: User, now: datetime) -> PlanReview:
    """Undo one's own answer while it is not released; its words stay as a draft. Raises Refused."""
    plan = _locked(db, plan)
    own = select(PlanReview).where(
        PlanReview.plan_id == plan.id,
        PlanReview.version == plan.version,
        PlanReview.facilitator_id == by.id,
        PlanReview.decided_at.is_not(None),
        PlanReview.released_at.is_(None),
    )
    review = db.scalar(own)
    if review is None or review.decided_at is None or is_released_at(review.decided_at, now):
        raise Refused(_("This answer cannot be taken back any more: a minute has passed."))
    review.decision = review.decided_at = plan.decided_at = None
    db.flush()
    return review


def _at_hand(db: Session, plan: Plan, version: int, by: User) -> Plan:
    """The plan, locked, if this version of it can still be answered by this person."""
    plan = _locked(db, plan)
    if plan.state is PlanState.DRAFT:
        raise Refused(_("The plan was taken back by the person who wrote it."))
    if plan.version != version:
        raise Refused(_("The plan was submitted again meanwhile. Read the new version first."))
    if not may(plan.state, Deed.CONFIRM, Role.FACILITATOR) or plan.decided_at is not None:
        raise Refused(_already_answered(db, plan, by))
    return plan


def _locked(db: Session, plan: Plan) -> Plan:
    return db.scalars(
        select(Plan).where(Plan.id == plan.id).with_for_update().execution_options(populate_existing=True)
    ).one()


def _own_review(db: Session, plan: Plan, by: User, now: datetime) -> PlanReview:
    """This facilitator's answer to the present version; whoever holds the plan's row is the only one to make it."""
    own = select(PlanReview).where(
        PlanReview.plan_id == plan.id, PlanReview.version == plan.version, PlanReview.facilitator_id == by.id
    )
    review = db.scalar(own)
    if review is None:
        review = PlanReview(
            organization_id=plan.organization_id,
            plan_id=plan.id,
            version=plan.version,
            facilitator_id=by.id,
            is_starred=False,
            saved_at=now,
        )
        db.add(review)
    return review


def _decision(deed: Deed, comments: Sequence[Comment]) -> Decision:
    if deed is Deed.RETURN:
        return Decision.RETURN
    return Decision.CONFIRM_WITH_COMMENT if comments else Decision.CONFIRM


def _check_questions(comments: Sequence[Comment]) -> None:
    asked = questions_in(comments)
    if not asked:
        raise Refused(_("Write one question first; the plan goes back with it."))
    if asked > MOST_QUESTIONS:
        raise Refused(_("Two questions are enough for one answer. Keep those that matter most."))


def _already_answered(db: Session, plan: Plan, by: User) -> str:
    decided = select(User.id, User.name).join(PlanReview, PlanReview.facilitator_id == User.id)
    answered = db.execute(
        decided.where(
            PlanReview.plan_id == plan.id, PlanReview.version == plan.version, PlanReview.decided_at.is_not(None)
        )
    ).first()
    if answered is None or answered.id == by.id:
        return _("This plan has been answered already.")
    return _("%(name)s has answered this plan a moment ago.", name=answered.name)
