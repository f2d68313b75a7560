"""The way in of one browser: a code or a password proves an address, then a session begins."""

from collections.abc import Sequence
from datetime import datetime

from flask import current_app, request, session, url_for
from flask_login import login_user
from sqlalchemy import Row
from sqlalchemy.orm import Session

from trainer.accounts.code_letter import send_code
from trainer.accounts.codes import (
    ask_for_code,
    choose,
    find_sign_in,
    may_choose,
    prove_by_password,
    tries_left,
    use_code,
)
from trainer.accounts.models import Organization, User
from trainer.accounts.proofs import people_with_password, record_refusal
from trainer.accounts.queries import people_of_sign_in
from trainer.accounts.rate_limits import (
    LETTERS,
    LETTERS_OF_NETWORK,
    LETTERS_TO_ADDRESS,
    TRIES,
    TRIES_OF_NETWORK,
    give_back,
    take,
)
from trainer.accounts.rules import CODE_LIVES, browser_name, network_of, read_code
from trainer.accounts.session_models import SignIn
from trainer.accounts.sessions import open_session
from trainer.after_response import after_response
from trainer.audit import Act, record
from trainer.db import Database
from trainer.i18n import gettext as _
from trainer.redirects import safe_target

WAY_IN = "way_in"  # in the cookie: this browser's handle while it is on its way in


def send_new_code(address: str, target: str, *, now: datetime) -> None:
    """Make a code that only this browser can use; its letter goes out after the answer, if anybody has this address."""
    database, network = _database(), network_of(request.remote_addr)
    take(database, LETTERS_OF_NETWORK, network, now=now)
    take(database, LETTERS, address, network, now=now)
    take(database, LETTERS_TO_ADDRESS, address, now=now)
    asked = ask_for_code(database, address=address, target=target, now=now, before=session.get(WAY_IN))
    session[WAY_IN] = asked.browser
    after_response(lambda: send_code(address, asked.code, now=now))


def way_in() -> SignIn | None:
    """What this browser asked for, unless it is signed in by now."""
    with _database().reading() as db:
        return find_sign_in(db, session.get(WAY_IN))


def try_code(asked: SignIn, typed: str, *, now: datetime) -> SignIn | None:
    """The way in, proved, if this is its code; raises TooManyTriesError. What cannot be a code costs no try."""
    code = read_code(typed)
    if code is None:
        return None
    _count_try(asked.address, now)
    proved = use_code(_database(), session[WAY_IN], code, now=now)
    if proved is None or not proved.user_ids:
        record_refusal(_database(), asked.address, purpose="code", now=now)
        return None
    return proved


def why_refused(typed: str, *, now: datetime) -> str:
    """What to do about a code that was not accepted; the same for a known address and an unknown one."""
    asked = way_in()
    if read_code(typed) is None:
        return _("A code has 8 letters and figures, like ABCD-2345. Please type it as it stands in the letter.")
    if asked is None or asked.used_at is not None or now - asked.asked_at >= CODE_LIVES:
        return _("This code is too old or was used already. Please ask for a new one.")
    if tries_left(asked) == 0:
        return _("The code was wrong five times. Please ask for a new one.")
    return _("This is not the code of the newest letter. Please look once more.")


def enter_by_password(address: str, password: str, target: str, *, now: datetime) -> list[int]:
    """The ids of the people whom address and password prove, remembered for this browser; raises TooManyTriesError."""
    _count_try(address, now)
    user_ids = [user.id for user in people_with_password(_database(), address, password)]
    if not user_ids:
        record_refusal(_database(), address, purpose="password", now=now)
        return []
    session[WAY_IN] = prove_by_password(_database(), address=address, user_ids=user_ids, target=target, now=now)
    return user_ids


def people_proved(*, now: datetime) -> Sequence[Row[User, Organization]]:
    """Whom this browser has proved to be, a short while ago, with their companies."""
    with _database().reading() as db:
        proved = find_sign_in(db, session.get(WAY_IN))
        if proved is None or not may_choose(proved, now):
            return []
        return db.execute(people_of_sign_in(proved.user_ids)).all()


def become(user_id: int, *, now: datetime) -> str | None:
    """Sign this browser in as a person it has proved to be, once; gives the address of the page to go to."""
    with _database().session() as db:
        proved = find_sign_in(db, session.get(WAY_IN))
        if proved is None or not choose(db, proved, user_id=user_id, now=now):
            return None
        person = db.execute(people_of_sign_in([user_id])).first()
        if person is None:
            return None
        _give_tries_back(db, proved.address)
        enter(db, person[0], opened_by="password" if proved.code_hash is None else "code", now=now)
    return safe_target(proved.target) or url_for("door.seats")


def enter(db: Session, user: User, *, opened_by: str, now: datetime) -> None:
    """Open a session for a person who was proved, commit, and hand this browser a new cookie."""
    browser = browser_name(request.user_agent.string)
    handle = open_session(db, user, browser=browser, opened_by=opened_by, now=now)
    record(db, Act.SIGN_IN, now=now, organization_id=user.organization_id, actor_uid=user.uid, purpose=opened_by)
    db.commit()
    session.clear()  # nothing of the time before goes along: neither the way in nor the CSRF token
    session.permanent = True  # how long it really lives, the server decides
    login_user(_Entering(handle))


class _Entering:
    """Whom Flask-Login is told of at sign-in; the next request knows more."""

    is_active = True
    is_authenticated = True

    def __init__(self, handle: str) -> None:
        self.handle = handle

    def get_id(self) -> str:
        return self.handle


def _count_try(address: str, now: datetime) -> None:
    network = network_of(request.remote_addr)
    take(_database(), TRIES_OF_NETWORK, network, now=now)
    take(_database(), TRIES, address, network, now=now)


def _give_tries_back(db: Session, address: str) -> None:
    network = network_of(request.remote_addr)
    give_back(db, TRIES_OF_NETWORK, network)
    give_back(db, TRIES, address, network)


def _database() -> Database:
    database: Database = current_app.extensions["database"]
    return database
