"""What passes between a facilitator and a trainee over a reflection: feedback, thanks, one question, one answer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.act3_practice.feedback_rules import ON_ITS_WAY, UNDO_FOR
from trainer.act3_practice.models import Feedback, Reflection
from trainer.cohorts.actions import mark_to_plan
from trainer.cohorts.models import Cohort
from trainer.cohorts.sentences import Refused
from trainer.i18n import gettext as _


@dataclass(frozen=True)
class Kept:
    """What became of a save; `is_joined`: another window had saved other words, and both stand below each other."""

    feedback: Feedback
    is_joined: bool = False


def keep_words(db: Session, reflection: Reflection, by: User, words: str, *, based_on: int, now: datetime) -> Kept:
    """Keep what a facilitator has typed on top of revision `based_on` (0: of none); nothing is lost silently.

    Raises Refused when it has been sent.
    """
    feedback = _locked(db, reflection, by)
    if feedback is None:
        feedback = Feedback(organization_id=reflection.organization_id, reflection_id=reflection.id, words=words)
        feedback.facilitator_id, feedback.saved_at = by.id, now
        db.add(feedback)
        db.flush()
        return Kept(feedback)
    if feedback.sent_at is not None:
        raise Refused(_("This feedback has been sent already."))
    if feedback.words == words:
        return Kept(feedback)
    is_joined = bool(feedback.words) and revision_of(feedback) != based_on
    feedback.words = f"{feedback.words}\n\n{words}" if is_joined else words
    feedback.saved_at = now
    db.flush()
    return Kept(feedback, is_joined)


def revision_of(feedback: Feedback | None) -> int:
    """A number that is another one after each save; 0 for what was never saved."""
    return round(feedback.saved_at.timestamp() * 1_000_000) if feedback else 0


def send(db: Session, cohort: Cohort, reflection: Reflection, feedback: Feedback, *, now: datetime) -> None:
    """Send a draft: after `UNDO_FOR` it is there, and its letter is planned. Raises Refused if it was sent before."""
    _lock(db, reflection)
    if feedback.sent_at is not None:
        raise Refused(_("This feedback has been sent already."))
    if not (feedback.words or "").strip():
        raise Refused(_("Write a few words first, then send them."))
    feedback.sent_at = feedback.saved_at = now + UNDO_FOR + ON_ITS_WAY
    reflection.answered_at = min(reflection.answered_at or feedback.sent_at, feedback.sent_at)
    mark_to_plan(db, cohort)
    db.flush()


def take_back(db: Session, cohort: Cohort, reflection: Reflection, feedback: Feedback, *, now: datetime) -> None:
    """Make feedback that nobody has seen yet a draft again. Raises Refused when it is there, or on its way."""
    _lock(db, reflection)
    if not may_take_back(feedback, now):
        raise Refused(_("This feedback cannot be taken back any more: a minute has passed."))
    feedback.sent_at, feedback.saved_at = None, now
    db.flush()
    others = select(func.min(Feedback.sent_at)).where(Feedback.reflection_id == reflection.id)
    reflection.answered_at = db.scalar(others)
    mark_to_plan(db, cohort)
    db.flush()


def may_take_back(feedback: Feedback, now: datetime) -> bool:
    """Whether sent feedback can still be taken back."""
    return feedback.sent_at is not None and now < feedback.sent_at - ON_ITS_WAY


def has_arrived(feedback: Feedback, now: datetime) -> bool:
    """Whether the trainee sees it."""
    return feedback.sent_at is not None and feedback.sent_at <= now


def thank(db: Session, feedback: Feedback, words: str, *, now: datetime) -> None:
    """The trainee says thanks, once, with or without words. Raises Refused."""
    if not has_arrived(feedback, now) or feedback.thanked_at is not None:
        raise Refused(_("Your thanks have been passed on already."))
    feedback.thanks, feedback.thanked_at = words or None, now
    db.flush()


def ask_back(db: Session, feedback: Feedback, question: str, *, now: datetime) -> None:
    """The trainee asks one question about the feedback. Raises Refused for a second one."""
    if not has_arrived(feedback, now) or feedback.asked_at is not None:
        raise Refused(_("You have asked back already. One question is passed on for each feedback."))
    feedback.question, feedback.asked_at = question, now
    db.flush()


def answer(db: Session, feedback: Feedback, words: str, *, now: datetime) -> None:
    """The facilitator answers that question, once; it stands below it on the trainee's page. Raises Refused."""
    if feedback.asked_at is None or feedback.answered_at is not None:
        raise Refused(_("This question has been answered already."))
    feedback.answer, feedback.answered_at = words, now
    db.flush()


def _locked(db: Session, reflection: Reflection, by: User) -> Feedback | None:
    """This facilitator's feedback; others who save or send for the same reflection take turns."""
    _lock(db, reflection)
    own = select(Feedback).where(Feedback.reflection_id == reflection.id, Feedback.facilitator_id == by.id)
    return db.scalar(own.execution_options(populate_existing=True))


def _lock(db: Session, reflection: Reflection) -> None:
    db.execute(select(Reflection.id).where(Reflection.id == reflection.id).with_for_update())
