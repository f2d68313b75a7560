"""The account page: language, password, sessions, one's own rows, and who may read what."""

import json
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from trainer import clock
from trainer.accounts.account_page import end_one, end_others, open_sessions, own_words, present_password_is_wrong
from trainer.accounts.actions import set_password
from trainer.accounts.address_changes import confirm_address, held_address
from trainer.accounts.audience_words import audience_table
from trainer.accounts.forms import LanguageForm, NewPasswordForm
from trainer.accounts.models import User
from trainer.accounts.own_rows import own_rows
from trainer.accounts.queries import password_of
from trainer.accounts.visitor import visitor_signed_in
from trainer.audit import Act, record
from trainer.i18n import gettext as _
from trainer.organization_scope import request_session
from trainer.permissions import Can, needs

bp = Blueprint("account", __name__, url_prefix="/account")
NOT_ACCEPTED = 422


@bp.get("/")
@needs(Can.USE_ACCOUNT)
def page() -> ResponseReturnValue:
    return _page()


@bp.post("/language")
@needs(Can.USE_ACCOUNT)
def choose_language() -> ResponseReturnValue:
    db, visitor, form = request_session(), visitor_signed_in(), LanguageForm()
    if not form.validate_on_submit():
        return _page(languages=form)
    db.get_one(User, visitor.user.id).language = form.language.data
    db.commit()
    return redirect(url_for(".page"), 303)


@bp.post("/password")
@needs(Can.USE_ACCOUNT)
def choose_password() -> ResponseReturnValue:
    db, visitor, now = request_session(), visitor_signed_in(), clock.now()
    user = db.get_one(User, visitor.user.id)
    form = NewPasswordForm(own_words(visitor))
    is_accepted = form.validate_on_submit()
    if present_password_is_wrong(db, visitor, form.present.data or ""):
        form.present.errors = [_("This is not your present password. If you forgot it, sign in by a mailed code.")]
        is_accepted = False
    if not is_accepted:
        return _page(passwords=form)
    set_password(db, user, form.password.data, keep_session=visitor.session.id, now=now)
    record(db, Act.SET_PASSWORD, now=now, organization_id=user.organization_id, actor_uid=user.uid)
    db.commit()
    flash(_("Your password is set. You were signed out everywhere else."))
    return redirect(url_for(".page"), 303)


@bp.post("/sessions/<uuid:uid>/end")
@needs(Can.USE_ACCOUNT)
def end_session(uid: UUID) -> ResponseReturnValue:
    db = request_session()
    if not end_one(db, visitor_signed_in(), uid, now=clock.now()):
        raise NotFound
    db.commit()
    flash(_("That session has ended."))
    return redirect(url_for(".page"), 303)


@bp.post("/sessions/end-others")
@needs(Can.USE_ACCOUNT)
def end_other_sessions() -> ResponseReturnValue:
    db = request_session()
    end_others(db, visitor_signed_in(), now=clock.now())
    db.commit()
    flash(_("You are signed out everywhere else."))
    return redirect(url_for(".page"), 303)


@bp.post("/address/confirm")
@needs(Can.USE_ACCOUNT)
def confirm_own_address() -> ResponseReturnValue:
    """An address that the office entered is the visitor's own: codes go there from now on."""
    db, visitor, now = request_session(), visitor_signed_in(), clock.now()
    if confirm_address(db, visitor.user, now=now):
        user = visitor.user
        record(db, Act.CONFIRM_ADDRESS, now=now, organization_id=user.organization_id, actor_uid=user.uid)
        db.commit()
        flash(_("Thank you. Sign-in codes go to this address from now on."))
    return redirect(url_for(".page"), 303)


@bp.post("/my-data.json")
@needs(Can.USE_ACCOUNT)
def download_own_rows() -> ResponseReturnValue:
    db, visitor, now = request_session(), visitor_signed_in(), clock.now()
    rows = own_rows(db, db.get_one(User, visitor.user.id), current_app.extensions["own_rows"])
    record(db, Act.DOWNLOAD_OWN_ROWS, now=now, organization_id=visitor.organization.id, actor_uid=visitor.user.uid)
    db.commit()
    answer = Response(json.dumps(rows, ensure_ascii=False, indent=2), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="minori-my-data.json"'
    return answer


def _page(languages: LanguageForm | None = None, passwords: NewPasswordForm | None = None) -> ResponseReturnValue:
    """The whole page, with the form that was not accepted in its place."""
    db, visitor = request_session(), visitor_signed_in()
    rejected = languages or passwords
    page = render_template(
        "accounts/account.html",
        visitor=visitor,
        form=rejected,
        languages=languages or LanguageForm(formdata=None, language=visitor.language),
        passwords=passwords or NewPasswordForm([], formdata=None),
        has_password=password_of(db, visitor.user) is not None,
        asks_present=visitor.session.opened_by == "password",
        held=held_address(db, visitor.user, clock.now()),
        sessions=open_sessions(db, visitor, clock.now()),
        zone=ZoneInfo(visitor.organization.time_zone),
        audiences=audience_table(),
    )
    return page, NOT_ACCEPTED if rejected else 200
