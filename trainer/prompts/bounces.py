"""Addresses that refuse letters: what is counted against them or forgiven, and whose letters are planned anew."""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment
from trainer.prompts.models import Address
from trainer.prompts.queries import BOUNCED_AT


def count_against(db: Session, organization_id: int, address: str, score: int, reply: str, now: datetime) -> None:
    """Add to an address's score, with the relay's words; once it has bounced, plan its cohorts anew."""
    dialect = sqlite if db.get_bind().dialect.name == "sqlite" else postgresql
    row = {"organization_id": organization_id, "address": address, "score": score}
    row |= {"reason": reply, "last_bounce_at": now}
    added = dialect.insert(Address).values(row)
    added = added.on_conflict_do_update(
        index_elements=["organization_id", "address"],
        set_={"score": Address.score + score, "reason": reply, "last_bounce_at": now},
    )
    total = db.execute(added.returning(Address.score), execution_options={"synchronize_session": False}).scalar_one()
    if total >= BOUNCED_AT:
        _plan_anew(db, organization_id, address)


def forgive(db: Session, organization_id: int, address: str) -> None:
    """Somebody knows that the address is right: letters go there again; its cohorts are planned anew."""
    of_address = (Address.organization_id == organization_id, Address.address == address)
    forgiven = update(Address).where(*of_address).values(score=0, suppressed_until=None)
    db.execute(forgiven, execution_options={"synchronize_session": False})
    _plan_anew(db, organization_id, address)


def _plan_anew(db: Session, organization_id: int, address: str) -> None:
    cohorts = (
        select(Enrollment.cohort_id)
        .join(User, or_(User.id == Enrollment.user_id, User.id == Enrollment.boss_id))
        .where(User.organization_id == organization_id, User.email == address)
    )
    marked = update(Cohort).where(Cohort.id.in_(cohorts)).values(is_to_plan=True)
    db.execute(marked, execution_options={"synchronize_session": False})
