"""The gate before every page: who is calling, and whether what the view declares is theirs; undeclared is refused."""

import secrets

from flask import Flask, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager
from werkzeug.exceptions import Forbidden

from trainer import clock
from trainer.accounts.queries import is_of_office
from trainer.accounts.refusals import refuse_area
from trainer.accounts.rules import is_over
from trainer.accounts.sessions import find_session, note_use
from trainer.accounts.visitor import Visitor, visitor_here
from trainer.cohorts.access import can, seats_of
from trainer.db import Database
from trainer.permissions import ABOUT_WORDS, declaration_of, is_granted, needs
from trainer.redirects import safe_target
from trainer.sealed import ORGANIZATION_UIDS

ANSWERS_WITH_A_PAGE = ("GET", "HEAD")


def init_app(app: Flask) -> None:
    """Close an application: nothing answers that did not declare whom it answers."""
    manager = LoginManager()
    manager.session_protection = None  # the handle is the proof; addresses change on every train
    manager.user_loader(load_visitor)
    manager.init_app(app)
    needs(public="the program's own styles, scripts and pictures")(app.view_functions["static"])
    app.jinja_env.globals["can"] = can
    app.before_request(_name_request)
    app.before_request(guard)


def undeclared(app: Flask) -> list[str]:
    """The endpoints without a declaration: a build with any of them fails."""
    return sorted(
        {rule.endpoint for rule in app.url_map.iter_rules() if not declaration_of(app.view_functions[rule.endpoint])}
    )


def guard() -> ResponseReturnValue | None:
    """Let a request through to its view, or answer in its place."""
    if request.endpoint is None:
        return None  # 404 and 405 come by themselves
    declared = declaration_of(current_app.view_functions[request.endpoint])
    if declared is None:
        raise Forbidden
    if declared.can is None:
        return None
    visitor = visitor_here()
    if visitor is None:
        return _ask_to_sign_in()
    if not is_granted(declared.can, visitor.roles):
        refuse_area(is_hidden=declared.can in ABOUT_WORDS)
    return None


def load_visitor(handle: str) -> Visitor | None:
    """The person of a session's handle as they are now; None when it was ended, is over, or the account is closed."""
    database: Database = current_app.extensions["database"]
    now = clock.now()
    with database.reading() as db:
        found = find_session(db, handle)
        if found is None:
            return None
        session, user, organization = found
        visitor = Visitor(handle, user, organization, session, seats_of(db, user), is_of_office(db, user))
    if is_over(session.created_at, session.seen_at, visitor.limits(), now):
        return None
    note_use(database, session, now)
    g.organization_id = organization.id
    g.session_info = {ORGANIZATION_UIDS: {organization.id: organization.uid}}  # sealed texts need not ask for it
    return visitor


def _ask_to_sign_in() -> ResponseReturnValue:
    """The sign-in page, which knows the way back; a form or a script is told, and keeps what it holds."""
    if request.method in ANSWERS_WITH_A_PAGE:
        return redirect(url_for("sign_in.address", next=safe_target(request.full_path.rstrip("?"))))
    return render_template("accounts/signed_out.html"), 401


def _name_request() -> None:
    g.request_id = secrets.token_hex(8)
