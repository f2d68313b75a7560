"""The ledger: each letter of a day with its reason, expected against sent, and a red line when letters do not go."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.desks.homes import morning
from tests.desks.office_desk import OPENING, Desk
from tests.factories import make_cohort, make_seat
from trainer.accounts.models import Organization
from trainer.cohorts.models import Cohort
from trainer.desks import ledger_page
from trainer.permissions import Role
from trainer.prompts.models import Prompt, PromptState, Worker
from trainer.prompts.rules import Reason
from trainer.prompts.workers import server_now

LATE = "is more than 15 minutes late"
NOBODY_SENDS = "the sending program has not been seen since"
NEXT = re.compile(r'href="([^"]*/ledger\?[^"]*after=[^"]*)"')


@pytest.fixture(autouse=True)
def sending(desk: Desk) -> None:
    """A sending process that has just ticked, and a web program that has run for a while."""
    desk.browser.app.extensions["started"] -= 3600
    tick(desk)


def tick(desk: Desk) -> None:
    with desk.database.session() as db:
        worker = db.get(Worker, "w") or Worker(id="w", host="h", process=1, started_at=desk.watch.now(), last_error="")
        worker.heartbeat_at = worker.last_tick_at = server_time(desk)
        db.add(worker)
        db.commit()


def server_time(desk: Desk) -> Any:
    with desk.database.reading() as db:
        return db.execute(select(server_now(db))).scalar_one()


def became(desk: Desk, name: str, letter: str = "act1_open", **values: Any) -> None:
    with desk.database.session() as db:
        of = (Prompt.enrollment_id == desk.seats[name].id, Prompt.letter == letter)
        db.execute(update(Prompt).where(*of).values(**values))
        db.commit()


def all_sent(desk: Desk) -> None:
    for name in desk.seats:
        became(desk, name, state=PromptState.SENT, sent_at=morning(OPENING))


def test_a_day_tells_of_each_letter_and_of_the_sum(desk: Desk) -> None:
    became(desk, "Abe", state=PromptState.SENT, sent_at=morning(OPENING))
    became(desk, "Ito", state=PromptState.SKIPPED, reason=Reason.FINISHED)
    became(desk, "Ueda", state=PromptState.FAILED)
    words = desk.read("ledger")
    assert "Wed, Jan 13, 2027" in words
    assert "ACT1 (web lessons) is open 2 1 0 1 1" in words  # expected, sent, to come, failed, skipped
    assert "Abe ACT1 (web lessons) is open 10:00 Sent" in words
    assert "Ito ACT1 (web lessons) is open 09:00 Not sent: the step was finished already." in words
    assert "Ueda ACT1 (web lessons) is open 09:00 Not delivered The mail server refused it. Send again" in words


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_sentence(desk: Desk, reason: Reason) -> None:
    became(desk, "Abe", state=PromptState.SKIPPED, reason=reason)
    assert "Not sent: " in desk.read("ledger?which=skipped")


@pytest.mark.parametrize("state", PromptState)
def test_every_state_has_its_words(desk: Desk, state: PromptState) -> None:
    became(desk, "Abe", state=state)
    assert " Abe " in desk.read("ledger")


LISTS = [("", 3), ("?which=all", 3), ("?which=undelivered", 1), ("?which=skipped", 1), ("?which=waiting", 1), ("?x", 3)]


@pytest.mark.parametrize(("query", "count"), LISTS)
def test_a_list_holds_the_letters_it_names(desk: Desk, query: str, count: int) -> None:
    became(desk, "Ito", state=PromptState.SKIPPED, reason=Reason.FINISHED)
    became(desk, "Ueda", state=PromptState.IN_DOUBT)
    words = desk.read(f"ledger{query}").partition("What became of it")[2]
    assert sum(f" {name} " in words for name in desk.seats) == count


def test_page_after_page_each_letter_stands_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_page, "ON_A_PAGE", 1)
    became(desk, "Abe", state=PromptState.SENT)
    became(desk, "Ueda", state=PromptState.FAILED)
    path, seen = "ledger", []
    for _ in desk.seats:
        page = desk.html(path)
        words = desk.read(path).partition("What became of it")[2]
        seen += [name for name in desk.seats if f" {name} " in words]
        path = next(iter(NEXT.findall(page)), "").replace("&amp;", "&")
    assert seen == ["Ueda", "Ito", "Abe"]  # failed, planned, sent
    assert path == ""


@pytest.mark.parametrize(
    "place",
    [
        "letter=act1_open",
        "letter=x&state=lost&after=1",
        "letter=x&state=sent&after=one",
        f"letter=x&state=sent&after={'9' * 23}",
        f"letter=x&state=sent&after={'9' * 5000}",
    ],
    ids=lambda place: place[:40],
)
def test_a_page_that_begins_nowhere_begins_at_the_beginning(desk: Desk, place: str) -> None:
    assert " Abe " in desk.read(f"ledger?{place}")


def test_days_with_letters_lead_to_each_other(desk: Desk) -> None:
    words = desk.read("ledger?day=2027-01-13")
    assert "Before:" not in words
    assert "After: Fri, Jan 29" in words
    assert "Before: Wed, Jan 13" in desk.read("ledger?day=2027-01-29")
    assert "No letter is planned for this day." in desk.read("ledger?day=2027-01-14")
    assert "Wed, Jan 13, 2027" in desk.read("ledger?day=tomorrow")


def test_before_the_first_letter_its_day_is_shown(desk: Desk) -> None:
    desk.at(morning(date(2026, 12, 20)))
    assert "Wed, Jan 13, 2027" in desk.read("ledger")


def test_a_letter_to_the_staff_leads_to_no_trainee(desk: Desk) -> None:
    with desk.database.session() as db:
        cohort = db.get_one(Cohort, desk.cohort.id)
        seat = make_seat(db, cohort, db.merge(desk.coordinator), role=Role.COORDINATOR)
        row = db.scalars(select(Prompt).where(Prompt.letter == "act1_open")).first()
        assert row is not None
        row.enrollment_id, row.letter, row.state = seat.id, "coordinator_weekly", PromptState.FAILED
        db.commit()
    page, words = desk.html("ledger"), desk.read("ledger")
    assert str(seat.uid) not in page
    assert "Ono" in words


def test_a_letter_is_sent_again_from_here(desk: Desk) -> None:
    became(desk, "Abe", state=PromptState.FAILED)
    forms = re.findall(r'<form action="([^"]*/again)"', desk.html("ledger?which=undelivered"))
    assert len(forms) == 1
    assert "goes out again in a moment" in desk.post(forms[0], letter="act1_open")


def test_a_letter_that_went_on_another_day_says_which(desk: Desk) -> None:
    became(desk, "Abe", state=PromptState.SENT, sent_at=morning(OPENING) + timedelta(days=2))
    assert "Abe ACT1 (web lessons) is open Fri, Jan 15 10:00 Sent" in desk.read("ledger?day=2027-01-13")


SATURDAY = date(2027, 1, 16)


def test_what_is_sent_again_on_a_weekend_waits_for_monday_and_raises_no_alarm(desk: Desk) -> None:
    all_sent(desk)
    became(desk, "Abe", state=PromptState.FAILED, sent_at=None, attempts=1)
    desk.at(morning(SATURDAY))
    tick(desk)
    told = desk.post(desk.page_of("Abe") + "/again", letter="act1_open")
    assert "It goes out again on Mon, Jan 18 at 08:00." in told
    assert "Planned tried 1 time, next on Mon, Jan 18 at 08:00" in told
    assert "Planned tried 1 time, next on Mon, Jan 18 at 08:00" in desk.read("ledger?day=2027-01-13")
    assert LATE not in desk.read("ledger")
    assert "Letters go out as planned." in desk.read("board")


def test_what_is_sent_again_and_stays_is_late(desk: Desk) -> None:
    all_sent(desk)
    became(desk, "Abe", state=PromptState.FAILED, sent_at=None, attempts=1)
    desk.at(morning(SATURDAY))
    desk.post(desk.page_of("Abe") + "/again", letter="act1_open")
    desk.at(morning(date(2027, 1, 18)))
    tick(desk)
    assert LATE in desk.read("ledger")


def test_a_letter_that_was_never_tried_says_when_it_goes(desk: Desk) -> None:
    became(desk, "Abe", next_at=morning(date(2027, 1, 18)))
    assert "Abe ACT1 (web lessons) is open 09:00 Planned goes on Mon, Jan 18 at 10:00" in desk.read("ledger")


LETTERS: list[tuple[dict[str, Any], timedelta, bool]] = [
    ({}, timedelta(minutes=14), False),
    ({}, timedelta(minutes=15), True),
    ({"state": PromptState.CLAIMED}, timedelta(minutes=20), True),
    ({"state": PromptState.HANDING}, timedelta(minutes=20), True),
    ({"state": PromptState.SENT}, timedelta(hours=2), False),
    ({"state": PromptState.SKIPPED, "reason": Reason.PAUSED}, timedelta(hours=2), False),
    ({"attempts": 2, "next_at": morning(OPENING) + timedelta(hours=9)}, timedelta(hours=2), True),
    ({"next_at": morning(OPENING) + timedelta(hours=9)}, timedelta(hours=2), False),  # waits for the hours of sending
]


@pytest.mark.parametrize("page", ["ledger", "board"])
@pytest.mark.parametrize(("values", "after", "is_late"), LETTERS)
def test_a_red_line_tells_of_a_letter_that_is_late(
    desk: Desk, values: dict[str, Any], after: timedelta, is_late: bool, page: str
) -> None:
    all_sent(desk)
    due_at = morning(OPENING) - timedelta(hours=1)
    became(
        desk, "Abe", **{"state": PromptState.PLANNED, "sent_at": None, "due_at": due_at, "next_at": due_at, **values}
    )
    desk.at(due_at + after)
    tick(desk)
    words = desk.read(page)
    assert (LATE in words) == is_late
    assert ("It is tried again by itself." in words) == is_late


@pytest.mark.parametrize("page", ["ledger", "board"])
def test_a_red_line_tells_that_nobody_sends(desk: Desk, page: str) -> None:
    all_sent(desk)
    assert NOBODY_SENDS not in desk.read(page)
    with desk.database.session() as db:
        for worker in db.scalars(select(Worker)):
            assert worker.last_tick_at is not None
            worker.last_tick_at -= timedelta(minutes=2)
        db.commit()
    assert NOBODY_SENDS in desk.read(page)
    assert "./run scheduler" in desk.read(page)


def test_a_program_that_has_just_started_is_given_time(desk: Desk) -> None:
    with desk.database.session() as db:
        db.execute(update(Worker).values(last_tick_at=None))
        db.commit()
    assert f"{NOBODY_SENDS} the beginning" in desk.read("ledger")
    desk.browser.app.extensions["started"] += 3600
    assert NOBODY_SENDS not in desk.read("ledger")


def test_a_cohort_that_has_not_started_misses_nobody(desk: Desk) -> None:
    with desk.database.session() as db:
        cohort = make_cohort(db, db.get_one(Organization, desk.organization.id))
        db.execute(update(Worker).values(last_tick_at=None))
        db.commit()
    words = desk.read(f"/cohorts/{cohort.uid}/ledger")
    assert NOBODY_SENDS not in words
    assert "Letters are planned when the cohort has started." in words
