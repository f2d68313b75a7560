"""The ledger: per day, letter and person, with the reason in words; and what can be done about what did not arrive."""

import re
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from trainer import clock
from trainer.accounts.address_changes import AddressTaken, change_address
from trainer.accounts.log import note
from trainer.accounts.models import User
from trainer.accounts.visitor import visitor_signed_in
from trainer.audit import Act
from trainer.cohorts.access import open_cohort, open_trainee
from trainer.cohorts.actions import mark_cohorts_of
from trainer.cohorts.models import Cohort, Enrollment
from trainer.cohorts.queries import cohort_with_schedule
from trainer.cohorts.sentences import Refused
from trainer.cohorts.standings import refresh_people
from trainer.dates import clock_words, short_day_words
from trainer.desks.forms import AddressForm
from trainer.desks.ledger_page import Place, Which, day_of, entries_of, sums_of
from trainer.desks.staff_ledger_words import CAN_GO_AGAIN, became, letter_words, next_try
from trainer.desks.unreached import unreached_people
from trainer.i18n import gettext as _
from trainer.organization_scope import request_session
from trainer.permissions import Can, needs
from trainer.programs.queries import pack_of_digest
from trainer.prompts.again import send_again, send_again_what_failed
from trainer.prompts.bounces import forgive
from trainer.prompts.models import Prompt, PromptState

bp = Blueprint("ledger", __name__, url_prefix="/cohorts/<uuid:cohort_uid>")
NOT_ACCEPTED = 422
NUMBER = re.compile(r"[0-9]{1,18}")  # of a row: more digits than these no database takes


@bp.get("/ledger")
@needs(Can.READ_LEDGER)
def page(cohort_uid: UUID) -> ResponseReturnValue:
    cohort, db, which = open_cohort(cohort_uid, needs=Can.READ_LEDGER), request_session(), _which()
    language = visitor_signed_in().language
    _cohort, schedule = cohort_with_schedule(db, cohort.id)
    pack = pack_of_digest(db, schedule.digest, language)
    day = day_of(db, cohort, schedule, request.args.get("day", type=date.fromisoformat), clock.now())
    sums = sums_of(db, cohort, day.on)
    entries, after = entries_of(db, cohort, day.on, which, sums, _after())
    return render_template(
        "desks/ledger.html",
        cohort=cohort,
        day=day,
        which=which,
        ways=list(Which),
        sums=sums,
        entries=entries,
        letters={letter.id: letter_words(letter, pack) for letter in pack.letters},
        became=became,
        next_try=next_try,
        language=language,
        can_go_again=CAN_GO_AGAIN,
        more=_next_page(cohort, day.on, which, after) if after else None,
        zone=schedule.zone,
    )


@bp.get("/ledger/addresses")
@needs(Can.READ_LEDGER)
def addresses(cohort_uid: UUID) -> ResponseReturnValue:
    cohort = open_cohort(cohort_uid, needs=Can.READ_LEDGER)
    people = unreached_people(request_session(), cohort)
    return render_template("desks/addresses.html", cohort=cohort, people=people, zone=ZoneInfo(cohort.time_zone))


@bp.post("/trainees/<uuid:seat_uid>/again")
@needs(Can.READ_LEDGER)
def again(cohort_uid: UUID, seat_uid: UUID) -> ResponseReturnValue:
    """Have one letter sent once more; who is still to be asked is decided when it goes."""
    cohort, seat = _opened(cohort_uid, seat_uid)
    db, now = request_session(), clock.now()
    try:
        row = send_again(db, cohort, seat, letter=request.form.get("letter", ""), now=now)
    except Refused as refusal:
        db.rollback()
        flash(str(refusal), "note")
    else:
        note(db, Act.SEND_AGAIN, "seat", seat.uid, now=now)
        flash(_goes_again(cohort, row, now))
        db.commit()
    return redirect(url_for("trainee.page", cohort_uid=cohort_uid, seat_uid=seat_uid), 303)


@bp.route("/trainees/<uuid:seat_uid>/address", methods=["GET", "POST"])
@needs(Can.CHANGE_SEATS)
def address(cohort_uid: UUID, seat_uid: UUID) -> ResponseReturnValue:
    cohort, seat = _opened(cohort_uid, seat_uid)
    db, form = request_session(), AddressForm()
    user = db.get_one(User, seat.user_id)
    if form.validate_on_submit() and _changed(cohort, seat, user, form):
        if "send" in request.form:
            _send_what_failed(cohort, seat)
        if "in_list" in request.form:
            return redirect(url_for(".addresses", cohort_uid=cohort_uid), 303)
        return redirect(url_for("trainee.page", cohort_uid=cohort_uid, seat_uid=seat_uid), 303)
    status = NOT_ACCEPTED if form.errors else 200
    return render_template("desks/address.html", cohort=cohort, seat=seat, user=user, form=form), status


def _changed(cohort: Cohort, seat: Enrollment, user: User, form: AddressForm) -> bool:
    """Whether the person has the new address; if not, the reason stands at its field."""
    db, now = request_session(), clock.now()
    try:
        held_until = change_address(db, user, form.address, now=now)
    except AddressTaken:
        db.rollback()
        form.email.errors = [_("Somebody else in the company has this address. Correct theirs first.")]
        return False
    forgive(db, cohort.organization_id, form.address)
    mark_cohorts_of(db, cohort.organization_id)
    refresh_people(db, cohort.organization_id, [user.id])
    note(db, Act.CORRECT_ADDRESS, "user", user.uid, now=now)
    db.commit()
    flash(_corrected(cohort, seat, user))
    if held_until is not None:
        flash(_("This person has signed in before: the new address gets no sign-in code for 72 hours."), "note")
    return True


def _corrected(cohort: Cohort, seat: Enrollment, user: User) -> str:
    """What is said then; who came from the list has lost the person's row there, and gets a link to their page."""
    words = _("The address of %(name)s is corrected.", name=user.name)
    if "send" not in request.form:
        words += _(" Letters that failed can be sent again on their page.")
    if "in_list" not in request.form:
        return words
    page = url_for("trainee.page", cohort_uid=cohort.uid, seat_uid=seat.uid)
    return Markup('{} <a href="{}">{}</a>').format(words, page, _("To the page of %(name)s", name=user.name))


def _send_what_failed(cohort: Cohort, seat: Enrollment) -> None:
    """Have all letters that did not arrive sent once more, as far as they are still of use."""
    db, now = request_session(), clock.now()
    rows = send_again_what_failed(db, cohort, seat, now=now)
    if not rows:
        db.commit()
        flash(_("Nothing was sent again: no letter failed, or those that did are of no use any more."), "note")
        return
    note(db, Act.SEND_AGAIN, "seat", seat.uid, now=now)
    flash(_goes_again(cohort, rows[0], now))
    db.commit()


def _goes_again(cohort: Cohort, letter: Prompt, now: datetime) -> str:
    """When a letter that is sent again goes."""
    if letter.next_at <= now:
        return _("It goes out again in a moment.")
    at = letter.next_at.astimezone(ZoneInfo(cohort.time_zone))
    day = short_day_words(at.date(), visitor_signed_in().language)
    return _("It goes out again on %(day)s at %(time)s.", day=day, time=clock_words(at))


def _opened(cohort_uid: UUID, seat_uid: UUID) -> tuple[Cohort, Enrollment]:
    seat = open_trainee(seat_uid, of=cohort_uid, needs=Can.READ_LEDGER)
    return request_session().get_one(Cohort, seat.cohort_id), seat


def _which() -> Which:
    told = request.args.get("which", "")
    return Which(told) if told in set(Which) else Which.ALL


def _next_page(cohort: Cohort, day: date, which: Which, after: Place) -> str:
    letter, state, number = after
    day_and_list = {"cohort_uid": cohort.uid, "day": day.isoformat(), "which": which}
    return url_for(".page", **day_and_list, letter=letter, state=state.value, after=number)  # type: ignore[arg-type]


def _after() -> Place | None:
    """Where the page begins; what is no such place counts as not said."""
    letter, state, number = (request.args.get(name) for name in ("letter", "state", "after"))
    if not letter or state not in set(PromptState) or not NUMBER.fullmatch(number or ""):
        return None
    return letter, PromptState(state), int(number or 0)
