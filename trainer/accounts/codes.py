"""Sign-in codes: asked for by one browser, and good once, for ten minutes, in that browser only.

These functions commit by themselves: a try must count even if the process dies while the code is compared.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from trainer.accounts.passwords import hash_secret, is_right
from trainer.accounts.queries import users_for_codes
from trainer.accounts.rules import CHOICE_LIVES, CODE_ALPHABET, CODE_LENGTH, CODE_LIVES, CODE_TRIES
from trainer.accounts.session_models import SignIn
from trainer.accounts.sessions import hash_of, new_handle
from trainer.db import Database


@dataclass(frozen=True)
class Asked:
    """A code was made: `browser` is for the cookie of who asked, `code` for the letter and for nothing else."""

    browser: str
    code: str


def ask_for_code(database: Database, *, address: str, target: str, now: datetime, before: str | None = None) -> Asked:
    """Make a code for an address, known or not; the one this browser asked for `before` is void from here on."""
    asked = Asked(new_handle(), "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH)))
    code_hash = hash_secret(asked.code)
    with database.session() as db:
        if before:
            db.execute(delete(SignIn).where(SignIn.browser_hash == hash_of(before)))
        db.add(
            SignIn(
                browser_hash=hash_of(asked.browser), address=address, code_hash=code_hash, asked_at=now, target=target
            )
        )
        db.commit()
    return asked


def find_sign_in(db: Session, browser: str | None) -> SignIn | None:
    """This browser's way in, while its code may still be typed or its choice made."""
    if not browser:
        return None
    return db.scalar(select(SignIn).where(SignIn.browser_hash == hash_of(browser), SignIn.chosen_at.is_(None)))


def use_code(database: Database, browser: str, code: str, *, now: datetime) -> SignIn | None:
    """The way in of this browser, proved by the right code; None for a wrong, old, used or often tried one.

    The try is counted and committed before the code is compared; of many right ones at a time exactly one wins.
    """
    counted = _count_try(database, browser, now)
    if counted is None or not is_right(counted.code_hash, code):
        return None
    won: Any = update(SignIn).where(SignIn.id == counted.id, SignIn.used_at.is_(None)).values(used_at=now)
    with database.session() as db:
        if db.execute(won.returning(SignIn.id)).first() is None:
            return None
        sign_in = db.get_one(SignIn, counted.id)
        sign_in.user_ids = [user.id for user in db.scalars(users_for_codes(sign_in.address, now))]
        db.commit()
    return sign_in


def prove_by_password(database: Database, *, address: str, user_ids: list[int], target: str, now: datetime) -> str:
    """Remember which people a password proved, so that one can be chosen; gives the handle for the browser."""
    browser = new_handle()
    with database.session() as db:
        db.add(
            SignIn(
                browser_hash=hash_of(browser),
                address=address,
                asked_at=now,
                used_at=now,
                user_ids=user_ids,
                target=target,
            )
        )
        db.commit()
    return browser


def choose(db: Session, sign_in: SignIn, *, user_id: int, now: datetime) -> bool:
    """Whether this browser may become this person: proved, in time, and for the first time. The caller commits."""
    if user_id not in sign_in.user_ids or not may_choose(sign_in, now):
        return False
    chosen = update(SignIn).where(SignIn.id == sign_in.id, SignIn.chosen_at.is_(None)).values(chosen_at=now)
    return db.execute(chosen.returning(SignIn.id)).first() is not None


def may_choose(sign_in: SignIn, now: datetime) -> bool:
    """Whether this browser has proved an address a short while ago."""
    return sign_in.used_at is not None and now - sign_in.used_at < CHOICE_LIVES


def forget_old_sign_ins(db: Session, before: datetime) -> None:
    """Delete what was asked for before an instant. The caller commits."""
    db.execute(delete(SignIn).where(SignIn.asked_at < before))


def _count_try(database: Database, browser: str, now: datetime) -> Any:
    counted = (
        update(SignIn)
        .where(
            SignIn.browser_hash == hash_of(browser),
            SignIn.code_hash.is_not(None),
            SignIn.used_at.is_(None),
            SignIn.tries < CODE_TRIES,
            SignIn.asked_at > now - CODE_LIVES,
        )
        .values(tries=SignIn.tries + 1)
        .returning(SignIn.id, SignIn.code_hash)
    )
    with database.session() as db:
        row = db.execute(counted).first()
        db.commit()
    return row


def tries_left(sign_in: SignIn) -> int:
    """How often a code may still be typed into this browser."""
    return max(0, CODE_TRIES - sign_in.tries)
