"""The letters of days that are over when the demo is loaded: recorded as what became of them, and never sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, literal, select, update
from sqlalchemy.orm import Session

from trainer.cohorts.models import Enrollment
from trainer.mail_outcomes import Outcome, handed
from trainer.prompts.bounces import count_against
from trainer.prompts.digests import make_digests
from trainer.prompts.models import Attempt, Prompt, PromptState
from trainer.prompts.planning import plan_prompts
from trainer.prompts.queries import BOUNCED_AT

WORKER = "demo"


def let_letters_go(db: Session, at: datetime) -> None:
    """Plan as of `at`, then record every letter due until then as sent, each at its due time."""
    while plan_prompts(db, at):
        pass
    make_digests(db, at, worker=WORKER)
    due = Prompt.state == PromptState.PLANNED, Prompt.due_at <= at
    attempts = _sent_attempts().where(*due)
    db.execute(insert(Attempt).from_select(list(attempts.selected_columns.keys()), attempts))
    instants = {name: Prompt.due_at for name in ("handed_at", "sent_at", "updated_at")}
    sent = update(Prompt).where(*due).values(state=PromptState.SENT, attempts=1, **instants)
    db.execute(sent, execution_options={"synchronize_session": False})


def return_letter(db: Session, seat: Enrollment, letter: str, address: str, answer: str, at: datetime) -> None:
    """The letter to this seat turns out to have come back at `at`; the address gets no more letters."""
    told = handed("rcpt", int(answer[:3]), answer[4:])
    prompt = db.scalars(select(Prompt).where(Prompt.enrollment_id == seat.id, Prompt.letter == letter)).one()
    prompt.state, prompt.sent_at, prompt.updated_at = PromptState.FAILED, None, at
    prompt.smtp_code, prompt.smtp_reply = told.code, told.reply
    attempt = db.scalars(select(Attempt).where(Attempt.prompt_id == prompt.id)).one()
    attempt.started_at, attempt.ended_at, attempt.phase, attempt.outcome = at, at, told.phase, told.outcome
    attempt.code, attempt.enhanced, attempt.reply = told.code, told.enhanced, told.reply
    db.flush()
    count_against(db, seat.organization_id, address, BOUNCED_AT, told.reply, at)


def _sent_attempts() -> Select[*tuple[Any, ...]]:
    """One try for each letter, which the server took at once."""
    return select(
        Prompt.organization_id,
        Prompt.id.label("prompt_id"),
        literal(1).label("number"),
        literal(WORKER).label("worker_id"),
        Prompt.due_at.label("started_at"),
        Prompt.due_at.label("ended_at"),
        literal("reply").label("phase"),
        literal("").label("enhanced"),
        literal("").label("reply"),
        literal(Outcome.SENT.value).label("outcome"),
    )
