"""The last look before a letter leaves: only what is still to be asked is marked as being handed over."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Update, and_, bindparam, exists, select, tuple_, update
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.cohorts.models import Enrollment, FinishedStep, SeatStatus
from trainer.db import UTCDateTime
from trainer.prompts.claim import PROMPTS, P, in_state
from trainer.prompts.models import Address, OptOut, PromptState
from trainer.prompts.queries import BOUNCED_AT


def hand(
    db: Session, letters: Collection[tuple[int, str]], *, to_boss: bool, token: UUID, now: datetime
) -> frozenset[int]:
    """Mark claimed letters (row id, the address it is written to) as being handed over; gives the ids to be sent.

    What is not given back is not to be sent: the lease is lost, or in the meantime the seat has left, the step is
    finished, the address is another or has bounced, or it is too late. The caller commits before the first byte.
    """
    values = {"letters": list(letters), "ids": [one for one, _ in letters], "token": token, "instant": now}
    return frozenset(db.scalars(_still_to_be_asked(to_boss), values))


def hand_unseen(db: Session, ids: Collection[int], *, token: UUID, now: datetime) -> None:
    """The same for letters that could not be written: nothing will leave, so nobody has to be asked."""
    marked = update(PROMPTS).where(P.id.in_(ids), in_state(PromptState.CLAIMED), P.lease_token == token)
    db.execute(marked.values(state=PromptState.HANDING, handed_at=now, updated_at=now))


@cache
def _still_to_be_asked(to_boss: bool) -> Update:
    person = Enrollment.boss_id if to_boss else Enrollment.user_id
    seat = and_(Enrollment.id == P.enrollment_id, Enrollment.status == SeatStatus.ACTIVE)
    address = select(User.email).join(Enrollment, User.id == person).where(seat).correlate(PROMPTS).scalar_subquery()
    instant = bindparam("instant", type_=UTCDateTime())
    return (
        update(PROMPTS)
        .where(
            P.id.in_(bindparam("ids", expanding=True)),
            in_state(PromptState.CLAIMED),
            P.lease_token == bindparam("token"),
            P.not_after >= instant,
            tuple_(P.id, address).in_(bindparam("letters", expanding=True)),
            *(~exists().where(condition) for condition in _reasons_against(address, instant)),
        )
        .values(state=PromptState.HANDING, handed_at=instant, updated_at=instant)
        .returning(P.id)
    )


def _reasons_against(address: ColumnElement[str | None], instant: ColumnElement[datetime]) -> list[ColumnElement[bool]]:
    same = and_(Address.organization_id == P.organization_id, Address.address == address)
    return [
        and_(FinishedStep.enrollment_id == P.enrollment_id, FinishedStep.step == P.step),
        and_(OptOut.enrollment_id == P.enrollment_id, OptOut.letter == P.letter),
        and_(same, Address.score >= BOUNCED_AT),
        and_(same, Address.suppressed_until > instant),
    ]
