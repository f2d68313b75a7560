"""Addresses that the office corrects: letters go there at once, sign-in codes not before the person could notice."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select, update

from tests.accounts.browsers import Browser, code_in
from tests.accounts.factories import Postbox
from tests.desks.homes import morning
from tests.desks.office_desk import OPENING, Desk
from tests.factories import make_person, make_reading
from tests.scheduler.postbox import Postbox as Relay
from trainer.accounts.address_notices import From, tell_old_addresses
from trainer.accounts.clean_up import clean_up_door
from trainer.accounts.held_models import HeldAddress
from trainer.accounts.models import User
from trainer.audit import AuditEvent
from trainer.cohorts.enroll import enroll
from trainer.cohorts.models import Cohort
from trainer.cohorts.standing_models import Standing
from trainer.mail import people_of
from trainer.mail_outcomes import Handed, Outcome
from trainer.prompts.models import Address, Prompt, PromptState

OLD, NEW = "e900001@minato.example", "abe.new@minato.example"
SENT_FROM = From("Minori <no-reply@minori.example.jp>", "https://minori.example.jp")


@pytest.fixture
def abe(desk: Desk) -> Browser:
    """Abe's own browser, in which she has signed in before."""
    browser = Browser(desk.browser.app, network="198.51.100.9")
    with desk.database.reading() as db:
        user = db.get_one(User, desk.seats["Abe"].user_id)
    browser.enter(user, desk.watch.now())
    return browser


def correct(desk: Desk, address: str = NEW, name: str = "Abe") -> str:
    return desk.post(desk.page_of(name) + "/address", email=address)


def by_roster(desk: Desk) -> None:
    with desk.database.session() as db:
        cohort = db.get_one(Cohort, desk.cohort.id)
        enroll(db, cohort, make_reading(make_person("900001", 1, name="Abe", email=NEW)), now=desk.watch.now())
        db.commit()


def by_hand(desk: Desk) -> None:
    person = {"employee_number": "900001", "name": "Abe", "email": NEW}
    desk.post(f"{desk.address}/people/{desk.seats['Abe'].uid}", **person)


def gets_a_code(desk: Desk, postbox: Postbox, address: str = NEW) -> bool:
    """Whether somebody at a browser of their own gets a code that lets them in."""
    stranger, before = Browser(desk.browser.app, network="203.0.113.5"), len(postbox.letters)
    stranger.ask(address)
    if len(postbox.letters) == before:
        return False
    stranger.type_code(code_in(postbox))
    return stranger.is_signed_in()


WAYS: list[Callable[[Desk], object]] = [correct, by_roster, by_hand]


@pytest.mark.parametrize("way", WAYS)
def test_nobody_signs_in_as_somebody_by_changing_their_address(
    desk: Desk, abe: Browser, postbox: Postbox, way: Callable[[Desk], object]
) -> None:
    way(desk)
    assert not gets_a_code(desk, postbox)
    assert not gets_a_code(desk, postbox, OLD)
    assert abe.is_signed_in()
    desk.watch.pass_by(hours=71, minutes=59)
    assert not gets_a_code(desk, postbox)
    desk.watch.pass_by(minutes=1)
    assert gets_a_code(desk, postbox)


def test_a_code_asked_for_before_the_change_is_of_no_use_after_it(desk: Desk, abe: Browser, postbox: Postbox) -> None:
    thief = Browser(desk.browser.app, network="203.0.113.5")
    with desk.database.session() as db:  # the thief has the new address in another company, and so gets a code
        db.get_one(User, desk.seats["Ito"].user_id).email = NEW
        db.commit()
    thief.ask(NEW)
    code = code_in(postbox)
    with desk.database.session() as db:
        db.get_one(User, desk.seats["Ito"].user_id).email = "ito@minato.example"
        db.commit()
    correct(desk)
    thief.type_code(code)
    assert not thief.is_signed_in()


def test_who_never_signed_in_can_sign_in_at_the_new_address_at_once(desk: Desk, postbox: Postbox) -> None:
    assert "72 hours" not in correct(desk)
    assert gets_a_code(desk, postbox)
    with desk.database.reading() as db:
        assert db.scalars(select(HeldAddress)).all() == []


def test_who_was_here_long_ago_is_still_remembered(desk: Desk, abe: Browser, postbox: Postbox) -> None:
    desk.at(desk.watch.now() + timedelta(days=60))
    with desk.database.session() as db:
        clean_up_door(db, now=desk.watch.now())
        db.commit()
    assert "72 hours" in correct(desk)
    assert not gets_a_code(desk, postbox)


def test_the_person_confirms_and_codes_go_there_from_then_on(desk: Desk, abe: Browser, postbox: Postbox) -> None:
    correct(desk)
    assert "Is it yours?" in abe.get("/account/").get_data(as_text=True)
    abe.post("/account/address/confirm", page="/account/")
    assert "Is it yours?" not in abe.get("/account/").get_data(as_text=True)
    assert gets_a_code(desk, postbox)
    with desk.database.reading() as db:
        assert "confirm_address" in db.scalars(select(AuditEvent.act)).all()


def test_one_persons_word_confirms_nobody_elses_address(desk: Desk, abe: Browser, postbox: Postbox) -> None:
    correct(desk)
    desk.browser.post("/account/address/confirm", page="/account/")
    assert not gets_a_code(desk, postbox)


def test_another_change_is_held_anew(desk: Desk, abe: Browser, postbox: Postbox) -> None:
    correct(desk)
    abe.post("/account/address/confirm", page="/account/")
    correct(desk, "third@minato.example")
    assert not gets_a_code(desk, postbox, "third@minato.example")


class Answers(Relay):
    """A relay that keeps whole letters."""

    def __init__(self, *outcomes: Outcome) -> None:
        super().__init__()
        self.messages: list[EmailMessage] = []
        self.then(*outcomes)

    def send(self, message: EmailMessage, *, envelope_id: str) -> Handed:
        self.messages.append(message)
        return super().send(message, envelope_id=envelope_id)


def tell(desk: Desk, relay: Relay, at: datetime | None = None) -> int:
    return tell_old_addresses(desk.database, relay, SENT_FROM, now=at or desk.watch.now())


@pytest.mark.parametrize("way", WAYS)
def test_the_old_address_is_told_once(desk: Desk, abe: Browser, way: Callable[[Desk], object]) -> None:
    way(desk)
    relay = Answers()
    assert (tell(desk, relay), tell(desk, relay)) == (1, 0)
    (letter,) = relay.messages
    assert people_of(letter)[1] == OLD
    body = letter.get_body(("plain",))
    assert body is not None
    assert NEW in body.get_content()
    assert "tell the office of your course at once" in body.get_content()


def test_a_relay_that_is_away_is_tried_again_and_a_dead_address_is_not(desk: Desk, abe: Browser) -> None:
    correct(desk)
    relay = Answers(Outcome.RELAY_AWAY, Outcome.ADDRESS_REFUSED)
    assert [tell(desk, relay) for _ in range(3)] == [0, 1, 0]
    assert len(relay.messages) == 2


def test_who_had_no_address_is_held_and_nobody_is_told(desk: Desk, abe: Browser, postbox: Postbox) -> None:
    with desk.database.session() as db:
        db.get_one(User, desk.seats["Abe"].user_id).email = None
        db.commit()
    correct(desk)
    assert not gets_a_code(desk, postbox)
    relay = Answers()
    assert tell(desk, relay) == 0
    assert relay.messages == []


def test_bounced_addresses_are_corrected_in_their_list(desk: Desk) -> None:
    desk.bounce("Abe")
    with desk.database.session() as db:
        db.get_one(Cohort, desk.cohort.id).is_to_plan = False
        db.commit()
    words = desk.read("ledger/addresses")
    assert "Abe Wed, Jan 13 10:00 · The mail server said: 550 5.1.1 no such user" in words
    assert "Ito" not in words
    form = re.findall(r'<form class="[^"]*" action="([^"]*/address)"', desk.html("ledger/addresses"))[0]
    words = desk.post(form, email=f" {NEW.upper()} ", in_list="yes")
    assert "The address of Abe is corrected. Letters that failed can be sent again" in words
    assert "To the page of Abe" in words
    assert "Every address takes letters." in words
    with desk.database.reading() as db:
        assert db.get_one(User, desk.seats["Abe"].user_id).email == NEW
        assert db.get_one(Cohort, desk.cohort.id).is_to_plan
        assert "correct_address" in db.scalars(select(AuditEvent.act)).all()


def fail(desk: Desk, *letters: str, name: str = "Abe") -> None:
    with desk.database.session() as db:
        of = (Prompt.enrollment_id == desk.seats[name].id, Prompt.letter.in_(letters))
        db.execute(update(Prompt).where(*of).values(state=PromptState.FAILED, attempts=1))
        db.commit()


def test_what_did_not_arrive_is_sent_with_the_correction_if_still_of_use(desk: Desk) -> None:
    fail(desk, "act1_open", "plan_due")
    fail(desk, "act1_open", name="Ito")
    with desk.database.session() as db:  # its last useful hour has passed
        db.execute(update(Prompt).where(Prompt.letter == "plan_due").values(not_after=morning(OPENING)))
        db.commit()
    desk.at(morning(date(2027, 1, 16)))
    desk.bounce("Abe")
    assert 'name="send"' in desk.html("ledger/addresses")
    words = desk.post(desk.page_of("Abe") + "/address", email=NEW, in_list="yes", send="yes")
    assert "The address of Abe is corrected. To the page of Abe" in words
    assert "It goes out again on Mon, Jan 18 at 08:00." in words
    with desk.database.reading() as db:
        sent, stays, other = (
            desk.letters(db, name)[letter]
            for name, letter in (("Abe", "act1_open"), ("Abe", "plan_due"), ("Ito", "act1_open"))
        )
        assert (sent.state, stays.state, other.state) == (PromptState.PLANNED, PromptState.FAILED, PromptState.FAILED)
        assert "send_again" in db.scalars(select(AuditEvent.act)).all()


def test_where_nothing_is_of_use_any_more_it_says_so(desk: Desk) -> None:
    words = desk.post(desk.page_of("Abe") + "/address", email=NEW, send="yes")
    assert "Nothing was sent again: no letter failed, or those that did are of no use any more." in words


def test_an_address_that_is_right_after_all_gets_letters_again(desk: Desk) -> None:
    desk.bounce("Abe")
    assert "Letters come back" in desk.read(desk.page_of("Abe"))
    assert "72 hours" not in correct(desk, OLD)
    assert "Letters come back" not in desk.read(desk.page_of("Abe"))
    with desk.database.reading() as db:
        assert db.scalars(select(Address.score)).all() == [0]


def test_somebody_without_an_address_is_in_the_list_and_leaves_it(desk: Desk) -> None:
    with desk.database.session() as db:
        db.get_one(User, desk.seats["Ueda"].user_id).email = None
        seat = db.scalars(select(Standing).where(Standing.enrollment_id == desk.seats["Ueda"].id)).one()
        seat.has_address = False
        db.commit()
    assert "Ueda No e-mail address" in desk.read("ledger/addresses")
    correct(desk, "ueda@minato.example", "Ueda")
    assert "Every address takes letters." in desk.read("ledger/addresses")


MISTAKES = [
    ("", "Please type the e-mail address."),
    ("not an address", "Please type a mail address"),
    ("e900002@minato.example", "Somebody else in the company has this address."),
    ("E900002@Minato.example", "Somebody else in the company has this address."),
]


@pytest.mark.parametrize(("typed", "words"), MISTAKES)
def test_what_cannot_be_somebodys_address_changes_nothing(desk: Desk, typed: str, words: str) -> None:
    assert words in correct(desk, typed)
    with desk.database.reading() as db:
        assert db.get_one(User, desk.seats["Abe"].user_id).email == OLD


def test_the_page_of_the_person_says_until_when_codes_wait(desk: Desk, abe: Browser) -> None:
    assert desk.watch.now() == morning(OPENING)
    correct(desk)
    assert "no sign-in code goes there before Sat, Jan 16, 10:00" in desk.read(desk.page_of("Abe"))
