"""Tells an old address that the office has entered another one in its place."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from trainer.accounts.held_models import HeldAddress
from trainer.accounts.models import Organization, User
from trainer.assets import asset_dir
from trainer.db import Database
from trainer.letter_text import fill, fill_subject
from trainer.mail import Letter, message_id, write_letter
from trainer.mail_outcomes import Mailer, Outcome

log = logging.getLogger(__name__)
AT_ONCE = 20
TRIED_AGAIN = (Outcome.RELAY_AWAY, Outcome.RELAY_REFUSES_US, Outcome.TOO_MANY, Outcome.TRY_LATER)


@dataclass(frozen=True)
class Notice:
    """One change to tell of, and whom."""

    id: int
    name: str
    language: str
    old: str
    new: str


@dataclass(frozen=True)
class From:
    """Whose letters these are, and the program's public address."""

    sender: str
    public_url: str


def tell_old_addresses(database: Database, make_mailer: Callable[[], Mailer], sent_from: From, *, now: datetime) -> int:
    """Write to the old addresses of a few changes that were not told yet; gives how many were handed over.

    Each is taken before it is handed over, so that two processes do not tell twice, and given back if the mail server
    is away; a process that dies in between leaves one untold.
    """
    with database.session() as db:
        notices = list(_taken(db, now))
        db.commit()
    if not notices:
        return 0
    mailer = make_mailer()
    again = [notice.id for notice in notices if not _hand_over(mailer, notice, sent_from, now)]
    mailer.close()
    if again:
        with database.session() as db:
            db.execute(update(HeldAddress).where(HeldAddress.id.in_(again)).values(told_at=None))
            db.commit()
    return len(notices) - len(again)


def _taken(db: Session, now: datetime) -> Iterable[Notice]:
    waiting = select(HeldAddress.id).where(HeldAddress.told_at.is_(None)).order_by(HeldAddress.id).limit(AT_ONCE)
    ids = db.scalars(waiting.with_for_update(skip_locked=True)).all()
    if not ids:
        return
    db.execute(update(HeldAddress).where(HeldAddress.id.in_(ids)).values(told_at=now))
    rows = db.execute(
        select(HeldAddress, User, Organization.language)
        .join(User, User.id == HeldAddress.user_id)
        .join(Organization, Organization.id == HeldAddress.organization_id)
        .where(HeldAddress.id.in_(ids), HeldAddress.old_address.is_not(None))
        .order_by(HeldAddress.id)
    )
    for held, user, language in rows:
        yield Notice(held.id, user.name, user.language or language, held.old_address or "", held.address)


def _hand_over(mailer: Mailer, notice: Notice, sent_from: From, now: datetime) -> bool:
    """False if it is to be tried again; an address that takes no letters any more cannot be told."""
    handed = mailer.send(write_letter(_letter(notice, sent_from), now=now), envelope_id=str(uuid4()))
    if handed.outcome is not Outcome.SENT:
        log.warning("a notice to an old address was not handed over: %s", handed.outcome.value)
    return handed.outcome not in TRIED_AGAIN


def _letter(notice: Notice, sent_from: From) -> Letter:
    source = asset_dir("templates") / "mail" / "address_changed" / f"{notice.language}.txt"
    subject, _, body = source.read_text(encoding="utf-8").partition("\n")
    values = {"name": notice.name, "address": notice.new}
    return Letter(
        message_id=message_id(str(uuid4()), sent_from.public_url),
        sender=sent_from.sender,
        to_name=notice.name,
        to_address=notice.old,
        subject=fill_subject(subject, values),
        body=fill(body.strip(), values),
        footer="",
        language=notice.language,
        program_title="Minori",
    )
