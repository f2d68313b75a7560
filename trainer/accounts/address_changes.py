"""An address that the office changes for somebody: no sign-in code goes there for 72 hours if they were here before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from trainer.accounts.held_models import HeldAddress
from trainer.accounts.models import User
from trainer.accounts.queries import is_held

HELD_FOR = timedelta(hours=72)


class AddressTaken(Exception):
    """Somebody else in the organization has this address."""


@dataclass(frozen=True)
class NewAddress:
    """What somebody's address becomes."""

    old: str | None
    new: str


def change_address(db: Session, user: User, address: str, *, now: datetime) -> datetime | None:
    """Give somebody another address, in lower case; until when it gets no code (None: it gets them at once).

    Raises AddressTaken. The caller commits.
    """
    others = select(User.id).where(User.organization_id == user.organization_id, User.email == address)
    if db.scalar(others.where(User.id != user.id).limit(1)) is not None:
        raise AddressTaken(address)
    changes = {user.id: NewAddress(user.email, address)} if user.email != address else {}
    user.email = address
    db.flush()
    return now + HELD_FOR if hold(db, user.organization_id, changes, now=now) else None


def hold(db: Session, organization_id: int, changes: Mapping[int, NewAddress], *, now: datetime) -> int:
    """Send no code to these new addresses (by user number) for a while, and have the old ones told.

    Whoever never signed in is left out: nobody's place can be taken. Gives how many are held. The caller commits.
    """
    known = select(User.id).where(
        User.organization_id == organization_id, User.id.in_(changes), User.signed_in_at.is_not(None)
    )
    of_all = {"organization_id": organization_id, "changed_at": now, "held_until": now + HELD_FOR}
    rows = [
        {**of_all, "user_id": user, "old_address": changes[user].old, "address": changes[user].new}
        for user in db.scalars(known)
    ]
    if rows:
        db.execute(insert(HeldAddress), rows)
    return len(rows)


def held_address(db: Session, user: User, now: datetime) -> HeldAddress | None:
    """The hold on somebody's present address, if there is one."""
    held = (
        select(HeldAddress)
        .join(User, User.id == HeldAddress.user_id)
        .where(HeldAddress.organization_id == user.organization_id, User.id == user.id, is_held(now))
    )
    return db.scalar(held.order_by(HeldAddress.held_until.desc()).limit(1))


def confirm_address(db: Session, user: User, *, now: datetime) -> bool:
    """The person, signed in, says that their present address is theirs; False if nothing was held. The caller commits.

    Codes go there from now on.
    """
    held = update(HeldAddress).where(
        HeldAddress.organization_id == user.organization_id,
        HeldAddress.user_id == user.id,
        HeldAddress.address == user.email,
        HeldAddress.held_until > now,
        HeldAddress.confirmed_at.is_(None),
    )
    return bool(db.scalars(held.values(confirmed_at=now).returning(HeldAddress.id)).all())
