"""One trainee's page: their dates and letters, what the office may change, and the way back from each change."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.desks.homes import morning
from tests.desks.office_desk import IN_REFLECTION, OPENING, Desk
from trainer.audit import AuditEvent
from trainer.cohorts.actions import finish_step
from trainer.cohorts.change_models import ChangeByHand
from trainer.cohorts.models import Cohort, Enrollment, Extension, FinishedStep, Pause, SeatStatus
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.planning import plan_prompts

UNDO = re.compile(r'action="([^"]*/changes/[^"]*/undo)"')
# what is sent, what the page says then, and what the log calls it
CHANGES: dict[str, tuple[str, dict[str, str], str, str]] = {
    "extend": (
        "/extend",
        {"step": "act1", "due_on": "2027-02-10", "reason": "on leave"},
        "The due date is extended.",
        "extend",
    ),
    "finish": ("/finish", {"finished_step": "act1", "why": "on paper"}, "The step is finished.", "finish_step"),
    "pause": ("/status/pause", {"pause-note": "on leave"}, "Paused: no letters go out until you resume.", "pause"),
    "withdraw": ("/status/withdraw", {"withdraw-note": "left"}, "Withdrawn: no letter goes out any more.", "withdraw"),
}


def undo_addresses(desk: Desk, name: str = "Abe") -> list[str]:
    return UNDO.findall(desk.html(desk.page_of(name)))


def stand(desk: Desk, name: str = "Abe") -> tuple[Any, ...]:
    """Everything of a seat that a change can touch."""
    seat = desk.seats[name].id
    with desk.database.reading() as db:
        rows = [
            [{column.name: getattr(row, column.name) for column in model.__table__.columns} for row in found]
            for model in (Extension, FinishedStep, Pause)
            for found in [db.scalars(select(model).where(model.enrollment_id == seat).order_by(model.id)).all()]
        ]
        one = db.get_one(Enrollment, seat)
        letters = db.execute(
            select(Prompt.letter, Prompt.due_at, Prompt.state, Prompt.reason)
            .where(Prompt.enrollment_id == seat)
            .order_by(Prompt.letter, Prompt.due_at)
        ).all()
        return one.status, one.withdrawn_at, rows, [tuple(row) for row in letters]


def plan(desk: Desk) -> None:
    with desk.database.session() as db:
        while plan_prompts(db, desk.watch.now()):
            db.commit()
        db.commit()


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_made_told_logged_and_taken_back_exactly(desk: Desk, name: str) -> None:
    path, form, words, act = CHANGES[name]
    desk.at(morning(OPENING) - timedelta(days=1))
    plan(desk)
    before = stand(desk)
    page = desk.post(desk.page_of("Abe") + path, **form)
    assert words in page
    plan(desk)
    assert stand(desk) != before
    with desk.database.reading() as db:
        change = db.scalars(select(ChangeByHand)).one()
        assert (change.reason, change.done_by_id) == (next(iter(reversed(form.values()))), desk.coordinator.id)
        assert act in db.scalars(select(AuditEvent.act)).all()
    assert "The change was undone." in desk.post(undo_addresses(desk)[0])
    plan(desk)
    assert stand(desk) == before
    assert undo_addresses(desk) == []
    assert "(undone)" in desk.read(desk.page_of("Abe"))


def test_a_pause_ends_and_the_end_is_taken_back(desk: Desk) -> None:
    desk.post(desk.page_of("Abe") + "/status/pause")
    desk.at(morning(OPENING) + timedelta(days=2))
    assert "The course goes on." in desk.post(desk.page_of("Abe") + "/status/resume")
    desk.post(undo_addresses(desk)[0])
    with desk.database.reading() as db:
        pause = db.scalars(select(Pause)).one()
        assert pause.resumed_at is None
        assert db.get_one(Enrollment, desk.seats["Abe"].id).status is SeatStatus.PAUSED


def test_the_page_shows_own_dates_what_is_past_and_what_is_finished(desk: Desk) -> None:
    desk.post(desk.page_of("Abe") + "/extend", step="act1", due_on="2027-02-10", reason="on leave")
    desk.post(desk.page_of("Abe") + "/finish", finished_step="plan", why="on paper")
    desk.at(morning(date(2027, 2, 12)))
    words = desk.read(desk.page_of("Abe"))
    assert "Web lessons (ACT1) Open Wed, Jan 13 Wed, Feb 10 own date past its date –" in words
    assert "Action plan Done Wed, Feb 3 Fri, Feb 12 Wed, Jan 13" in words
    assert "One-month reflection Still ahead" in words


def test_an_extension_moves_the_letters_of_its_step_alone(desk: Desk) -> None:
    desk.post(desk.page_of("Abe") + "/extend", step="plan", due_on="2027-02-26", reason="on leave")
    plan(desk)
    with desk.database.reading() as db:
        moved = {
            letter
            for letter, row in desk.letters(db, "Abe").items()
            if row.local_date != desk.letters(db, "Ito")[letter].local_date
        }
    assert moved
    assert all(letter.startswith("plan") for letter in moved)


@pytest.mark.parametrize("is_over", [False, True])
def test_an_extension_says_whether_letters_of_the_step_are_still_to_come(desk: Desk, is_over: bool) -> None:
    if is_over:
        with desk.database.session() as db:
            sent = update(Prompt).where(Prompt.step == "plan").values(state=PromptState.SENT)
            db.execute(sent)
            db.commit()
    words = desk.post(desk.page_of("Abe") + "/extend", step="plan", due_on="2027-02-26", reason="on leave")
    assert ("All letters of this step have gone out already; please tell the person" in words) == is_over
    assert ("Letters of this step follow it." in words) == (not is_over)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2027-02-14", "Sun, Feb 14 is on a weekend."),
        ("2027-02-11", "Thu, Feb 11 is a public holiday."),
        ("2027-02-15", ""),
    ],
)
def test_a_day_off_is_taken_and_told(desk: Desk, day: str, words: str) -> None:
    told = desk.post(desk.page_of("Abe") + "/extend", step="plan", due_on=day, reason="on leave")
    assert words in told
    assert ("is on a weekend" in told or "is a public holiday" in told) == bool(words)
    with desk.database.reading() as db:
        assert db.scalars(select(Extension.due_on)).one() == date.fromisoformat(day)


MISTAKES = [
    ("/extend", {"step": "act1", "due_on": "2027-02-10", "reason": " "}, "Please give the reason."),
    ("/extend", {"step": "act1", "due_on": "2027-01-12", "reason": "x"}, "This day has passed."),
    ("/extend", {"step": "act1", "due_on": "soon", "reason": "x"}, "This cannot be read as a date."),
    ("/extend", {"step": "workshop", "due_on": "2027-02-10", "reason": "x"}, "This is not one of the choices."),
    ("/finish", {"finished_step": "lunch", "why": "x"}, "This is not one of the choices."),
    ("/finish", {"finished_step": "act1", "why": ""}, "Please give the reason."),
    ("/status/pause", {"pause-note": "x" * 1001}, "1000"),
]


@pytest.mark.parametrize(("path", "form", "words"), MISTAKES)
def test_a_mistake_changes_nothing_and_is_told_at_its_field(
    desk: Desk, path: str, form: dict[str, str], words: str
) -> None:
    before = stand(desk)
    assert words in desk.post(desk.page_of("Abe") + path, **form)
    assert stand(desk) == before


def test_a_due_date_before_the_step_opens_is_refused_with_both_days(desk: Desk) -> None:
    before = stand(desk)
    page = desk.post(desk.page_of("Abe") + "/extend", step="plan", due_on="2027-01-20", reason="x")
    assert "2027-01-20" in page or "Jan 20" in page
    assert stand(desk) == before


def test_an_older_change_of_another_part_can_be_taken_back_by_itself(desk: Desk) -> None:
    desk.post(desk.page_of("Abe") + "/finish", finished_step="act1", why="on paper")
    desk.post(desk.page_of("Abe") + "/status/pause")
    last, older = undo_addresses(desk)
    assert "The change was undone." in desk.post(older)
    assert undo_addresses(desk) == [last]


def test_what_was_changed_again_since_cannot_be_taken_back(desk: Desk) -> None:
    desk.post(desk.page_of("Abe") + "/extend", step="act1", due_on="2027-02-10", reason="on leave")
    first = undo_addresses(desk)[0]
    desk.post(desk.page_of("Abe") + "/extend", step="act1", due_on="2027-02-12", reason="still on leave")
    before = stand(desk)
    assert "This cannot be undone any more: it was changed again since." in desk.post(first)
    assert stand(desk) == before


def test_undoing_twice_undoes_once(desk: Desk) -> None:
    desk.post(desk.page_of("Abe") + "/finish", finished_step="act1", why="on paper")
    undo = undo_addresses(desk)[0]
    desk.post(undo)
    desk.post(desk.page_of("Abe") + "/finish", finished_step="act1", why="on paper")
    assert "cannot be undone any more" in desk.post(undo)


def test_who_finishes_a_step_that_was_finished_for_them_keeps_it(desk: Desk) -> None:
    desk.post(desk.page_of("Abe") + "/finish", finished_step="act1", why="on paper")
    undo = undo_addresses(desk)[0]
    with desk.database.session() as db:
        seat = db.get_one(Enrollment, desk.seats["Abe"].id)
        finish_step(db, db.get_one(Cohort, seat.cohort_id), seat, step="act1", now=desk.watch.now())
        db.commit()
    assert "cannot be undone any more" in desk.post(undo)
    assert "Done" in desk.read(desk.page_of("Abe"))


def test_doing_it_twice_leaves_one_change(desk: Desk) -> None:
    for _ in range(2):
        desk.post(desk.page_of("Abe") + "/status/pause")
    with desk.database.reading() as db:
        assert len(db.scalars(select(ChangeByHand)).all()) == 1


def test_who_has_withdrawn_is_neither_paused_nor_resumed(desk: Desk) -> None:
    desk.post(desk.page_of("Abe") + "/status/withdraw")
    page = desk.post(desk.page_of("Abe") + "/status/pause")
    assert "has withdrawn" in page
    assert "Undo the withdrawal to go on." in page


def test_another_cohorts_address_leads_nowhere(desk: Desk) -> None:
    elsewhere = desk.page_of("Abe").replace(str(desk.cohort.uid), "6c9c8fd4-4f0c-4a0e-9d5c-0f4d3b1c2a10")
    assert desk.browser.get(elsewhere).status_code == 404
    other = desk.page_of("Ito") + "/changes/"
    desk.post(desk.page_of("Abe") + "/finish", finished_step="act1", why="on paper")
    change = undo_addresses(desk)[0].rsplit("/", 2)[1]
    token = desk.browser.token("/account/")
    assert desk.browser.client.post(f"{other}{change}/undo", data={"csrf_token": token}).status_code == 404


def test_the_facilitator_sees_the_status_and_nothing_to_change(desk: Desk) -> None:
    desk.post(desk.page_of("Abe") + "/status/pause", **{"pause-note": "a private matter"})
    desk.enter(desk.facilitator)
    words, page = desk.read(desk.page_of("Abe")), desk.html(desk.page_of("Abe"))
    assert "Paused" in words
    assert "a private matter" not in words
    assert "@minato.example" not in words
    assert "/extend" not in page


def test_the_page_tells_of_each_letter_and_the_boss(desk: Desk) -> None:
    plan(desk)
    with desk.database.session() as db:
        sent = update(Prompt).where(Prompt.enrollment_id == desk.seats["Abe"].id, Prompt.letter == "act1_open")
        db.execute(sent.values(state=PromptState.SENT, sent_at=morning(OPENING)))
        db.commit()
    words = desk.read(desk.page_of("Abe")).partition("Letters ")[2]
    assert "ACT1 (web lessons) is open Wed, Jan 13 10:00 Sent" in words
    assert "Planned" in words


def test_a_letter_that_failed_is_sent_again(desk: Desk) -> None:
    with desk.database.session() as db:
        failed = update(Prompt).where(Prompt.enrollment_id == desk.seats["Abe"].id, Prompt.letter == "act1_open")
        db.execute(failed.values(state=PromptState.FAILED, reason="refused"))
        db.commit()
    desk.at(morning(OPENING) + timedelta(hours=1))
    assert "Not delivered The mail server refused it. Send again" in desk.read(desk.page_of("Abe"))
    assert "goes out again in a moment" in desk.post(desk.page_of("Abe") + "/again", letter="act1_open")
    with desk.database.reading() as db:
        letter = desk.letters(db, "Abe")["act1_open"]
        assert (letter.state, letter.next_at) == (PromptState.PLANNED, desk.watch.now())


def test_a_letter_that_was_sent_is_not_sent_twice(desk: Desk) -> None:
    with desk.database.session() as db:
        db.execute(update(Prompt).values(state=PromptState.SENT, sent_at=morning(OPENING)))
        db.commit()
    assert "a sent letter is not sent twice" in desk.post(desk.page_of("Abe") + "/again", letter="act1_open")


def test_a_page_long_after_shows_what_the_days_have_made_of_it(desk: Desk) -> None:
    desk.at(morning(IN_REFLECTION))
    words = desk.read(desk.page_of("Abe"))
    assert words.count("past its date") == 2
