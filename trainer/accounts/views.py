"""The door: an address, then a code or a password, a choice of company, and the way out."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from trainer import clock
from trainer.accounts.forms import AddressForm, ChoiceForm, CodeForm, PasswordForm
from trainer.accounts.rules import CODE_LIVES
from trainer.accounts.sign_in import (
    become,
    enter_by_password,
    people_proved,
    send_new_code,
    try_code,
    way_in,
    why_refused,
)
from trainer.accounts.sign_out import leave
from trainer.accounts.visitor import visitor_here
from trainer.i18n import gettext as _
from trainer.permissions import needs
from trainer.redirects import safe_target

bp = Blueprint("sign_in", __name__)
NOT_ACCEPTED = 422


@bp.route("/sign-in", methods=["GET", "POST"])
@needs(public="the sign-in page itself")
def address() -> ResponseReturnValue:
    if visitor_here() and request.method != "POST":
        return redirect(safe_target(request.args.get("next")) or url_for("door.seats"))
    form = AddressForm(next=safe_target(request.args.get("next")) or "")
    if form.validate_on_submit():
        send_new_code(form.address.data, safe_target(form.next.data) or "", now=clock.now())
        return redirect(url_for(".code"), 303)
    page = render_template("accounts/address.html", form=form, has_left="left" in request.args)
    return page, NOT_ACCEPTED if form.errors else 200


@bp.route("/sign-in/code", methods=["GET", "POST"])
@needs(public="the code is typed before anybody is signed in")
def code() -> ResponseReturnValue:
    asked = way_in()
    if asked is None:
        flash(_("Please ask for a code in this browser first: a code works only where it was asked for."), "note")
        return redirect(url_for(".address"), 303)
    form = CodeForm()
    if form.validate_on_submit():
        proved = try_code(asked, form.code.data, now=clock.now())
        if proved is not None:
            return _go_on(proved.user_ids)
        form.code.errors = [why_refused(form.code.data, now=clock.now())]
    minutes = int(CODE_LIVES.total_seconds()) // 60
    page = render_template("accounts/code.html", form=form, asked=asked, minutes=minutes)
    return page, NOT_ACCEPTED if form.errors else 200


@bp.route("/sign-in/password", methods=["GET", "POST"])
@needs(public="the password is typed before anybody is signed in")
def password() -> ResponseReturnValue:
    form = PasswordForm(next=safe_target(request.args.get("next")) or "")
    if form.validate_on_submit():
        target = safe_target(form.next.data) or ""
        user_ids = enter_by_password(form.address.data, form.password.data, target, now=clock.now())
        if user_ids:
            return _go_on(user_ids)
        form.password.errors = [
            _("This address and this password do not belong together. Type them again, or sign in by a mailed code.")
        ]
    return render_template("accounts/password.html", form=form), NOT_ACCEPTED if form.errors else 200


@bp.route("/sign-in/company", methods=["GET", "POST"])
@needs(public="chosen when an address is proved, before anybody is signed in")
def company() -> ResponseReturnValue:
    people = people_proved(now=clock.now())
    if not people:
        flash(_("That took too long. Please sign in once more."), "note")
        return redirect(url_for(".address"), 303)
    form = ChoiceForm()
    form.person.choices = [SelectChoice(str(user.uid), organization.name) for user, organization in people]
    if form.validate_on_submit():
        chosen = next(user for user, _organization in people if str(user.uid) == form.person.data)
        return redirect(become(chosen.id, now=clock.now()) or url_for(".address"), 303)
    return render_template("accounts/company.html", form=form), NOT_ACCEPTED if form.errors else 200


@bp.post("/sign-out")
@needs(public="to sign out twice does no harm")
def sign_out() -> ResponseReturnValue:
    return leave(url_for(".address", left="yes"), now=clock.now())


def _go_on(user_ids: list[int]) -> ResponseReturnValue:
    """Straight in where one person was proved, else to the choice."""
    if len(user_ids) > 1:
        return redirect(url_for(".company"), 303)
    return redirect(become(user_ids[0], now=clock.now()) or url_for(".address"), 303)
