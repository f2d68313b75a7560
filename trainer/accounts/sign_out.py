"""Leaving: the session ends on the server, so that no copy of its cookie is worth anything, and the browser forgets."""

from datetime import datetime

from flask import redirect, session
from flask.typing import ResponseReturnValue
from flask_login import logout_user
from werkzeug.wrappers import Response

from trainer.accounts.session_models import UserSession
from trainer.accounts.visitor import visitor_here
from trainer.audit import Act, record
from trainer.organization_scope import request_session

FORGET = '"cache", "cookies", "storage"'


def leave(target: str, *, now: datetime) -> ResponseReturnValue:
    """End this session, if there is one, and go on to `target`; commits."""
    visitor = visitor_here()
    if visitor is not None:
        db = request_session()
        db.get_one(UserSession, visitor.session.id).ended_at = now
        record(db, Act.SIGN_OUT, now=now, organization_id=visitor.organization.id, actor_uid=visitor.user.uid)
        db.commit()
        logout_user()
    session.clear()
    response: Response = redirect(target, 303)
    response.headers["Clear-Site-Data"] = FORGET
    return response
