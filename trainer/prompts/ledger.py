"""The ledger: every letter of a cohort, what became of it, and why."""

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment
from trainer.mail import message_id
from trainer.programs.queries import pack_of
from trainer.prompts.models import Prompt, PromptState


@dataclass(frozen=True, order=True)
class Entry:
    """One letter; instants are in the cohort's zone, ISO 8601 to the second, empty where there is none."""

    due_at: str
    letter: str
    employee_number: str
    email: str
    state: str
    reason: str
    sent_at: str
    message_id: str
    attempts: int


def ledger(db: Session, cohort: Cohort, *, public_url: str) -> list[Entry]:
    """Every row of the cohort, digests and event letters included, in order of time.

    A sent letter has the address it went to, every other the one it would go to now.
    """
    zone, boss = ZoneInfo(cohort.time_zone), aliased(User)
    to_boss = {
        letter.id for letter in pack_of(db, cohort.program_version_id, cohort.language).letters if letter.to == "boss"
    }
    rows = db.execute(
        select(Prompt, User.employee_number, User.email, boss.email)
        .join(Enrollment, Enrollment.id == Prompt.enrollment_id)
        .join(User, User.id == Enrollment.user_id)
        .outerjoin(boss, boss.id == Enrollment.boss_id)
        .where(Prompt.cohort_id == cohort.id)
    )
    return sorted(
        Entry(
            due_at=_local(prompt.due_at, zone),
            letter=prompt.letter,
            employee_number=number or "",
            email=prompt.sent_to or (boss_email if prompt.letter in to_boss else email) or "",
            state=prompt.state.value,
            reason=prompt.reason or _given_up(prompt),
            sent_at=_local(prompt.sent_at, zone),
            message_id=message_id(str(prompt.uid), public_url),
            attempts=prompt.attempts,
        )
        for prompt, number, email, boss_email in rows
    )


def as_csv(entries: Iterable[Entry]) -> str:
    """The ledger as CSV: one header line, comma, LF, quotes only where needed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in fields(Entry)])
    writer.writerows(astuple(entry) for entry in entries)
    return out.getvalue()


def _given_up(prompt: Prompt) -> str:
    """Why a letter was given up: the relay's code and words, on one line."""
    if prompt.state is not PromptState.FAILED:
        return ""
    return " ".join(f"{prompt.smtp_code or ''} {prompt.smtp_reply or ''}".split())


def _local(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(timespec="seconds") if at else ""
