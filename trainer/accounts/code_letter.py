"""The letter with a sign-in code: written and handed over after the answer, never stored, never sent twice."""

import logging
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from uuid import uuid4

from flask import current_app
from sqlalchemy.orm import Session

from trainer.accounts.models import Organization, User
from trainer.accounts.queries import users_for_codes
from trainer.accounts.rules import show_code
from trainer.assets import asset_dir
from trainer.audit import Act, Result, record
from trainer.db import Database
from trainer.letter_text import fill, fill_subject
from trainer.mail import Letter, message_id, write_letter
from trainer.mail_outcomes import Mailer, Outcome
from trainer.settings import Settings

log = logging.getLogger(__name__)


def send_code(address: str, code: str, *, now: datetime) -> None:
    """Send the code to the person with this address, if there is one; needs an application context."""
    database: Database = current_app.extensions["database"]
    with database.session() as db:
        users = db.scalars(users_for_codes(address, now)).all()
        _record(db, users, now)
        db.commit()
        if not users:
            return
        organization = db.get_one(Organization, users[0].organization_id)
    mailer: Mailer = current_app.extensions["mailer"]
    uid = str(uuid4())
    letter = _letter(users[0], users[0].language or organization.language, code, uid, now)
    handed = mailer.send(letter, envelope_id=uid)
    if handed.outcome is not Outcome.SENT:
        log.warning("a sign-in code was not handed over: %s", handed.outcome.value)


def _record(db: Session, users: Sequence[User], now: datetime) -> None:
    for user in users:
        record(db, Act.CODE_ASKED, now=now, organization_id=user.organization_id, actor_uid=user.uid)
    if not users:
        record(db, Act.CODE_ASKED, now=now, result=Result.REFUSED)


def _letter(user: User, language: str, code: str, uid: str, now: datetime) -> EmailMessage:
    settings: Settings = current_app.extensions["settings"]
    source = (asset_dir("templates") / "mail" / "sign_in_code" / f"{language}.txt").read_text(encoding="utf-8")
    subject, _, body = source.partition("\n")
    values = {"name": user.name, "code": show_code(code)}
    letter = Letter(
        message_id=message_id(uid, settings.public_url),
        sender=settings.mail_from,
        to_name=user.name,
        to_address=user.email or "",
        subject=fill_subject(subject, values),
        body=fill(body.strip(), values),
        footer="",
        language=language,
        program_title="Minori",
    )
    return write_letter(letter, now=now)
