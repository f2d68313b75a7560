"""Who was at the workshop: one tap each or all at once, for the office and for facilitators, and the way back."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from tests.desks.homes import morning
from tests.desks.office_desk import Desk, assign
from trainer.audit import AuditEvent
from trainer.cohorts.models import Cohort, FinishedStep
from trainer.permissions import Role

FIRST_DAY, AFTER = date(2027, 2, 3), date(2027, 2, 5)
UNDO = re.compile(r'action="([^"]*/attendance/[^"]*/undo)"')


def present(desk: Desk) -> dict[str, FinishedStep]:
    """Who has finished the workshop, by name."""
    names = {seat.id: name for name, seat in desk.seats.items()}
    with desk.database.reading() as db:
        rows = db.scalars(select(FinishedStep).where(FinishedStep.step == "workshop"))
        return {names[row.enrollment_id]: row for row in rows}


def list_of(desk: Desk) -> str:
    return f"{desk.address}/attendance"


def test_everybody_at_once_is_written_down_and_their_letters_follow(desk: Desk) -> None:
    desk.at(morning(AFTER))
    with desk.database.session() as db:
        db.get_one(Cohort, desk.cohort.id).is_to_plan = False
        db.commit()
    assert "3 people were written down as attending." in desk.post(list_of(desk), everybody="yes")
    assert present(desk).keys() == {"Abe", "Ito", "Ueda"}
    assert {row.finished_by_id for row in present(desk).values()} == {desk.coordinator.id}
    words = desk.read("attendance")
    assert "Everybody is written down" in words
    with desk.database.reading() as db:
        assert db.get_one(Cohort, desk.cohort.id).is_to_plan
        events = db.scalars(select(AuditEvent).where(AuditEvent.act == "finish_step")).all()
        assert {event.object_uid for event in events} == {seat.uid for seat in desk.seats.values()}
        assert {event.acting_role for event in events} == {Role.COORDINATOR}


def test_one_tap_writes_down_one_person(desk: Desk) -> None:
    desk.at(morning(FIRST_DAY))
    assert "1 person was written down" in desk.post(list_of(desk), seat=str(desk.seats["Ito"].uid))
    assert present(desk).keys() == {"Ito"}
    assert "0 people were written down" in desk.post(list_of(desk), seat=str(desk.seats["Ito"].uid))


def test_who_was_written_down_before_keeps_their_time(desk: Desk) -> None:
    desk.at(morning(FIRST_DAY))
    desk.post(list_of(desk), seat=str(desk.seats["Ito"].uid))
    desk.at(morning(AFTER))
    assert "2 people were written down" in desk.post(list_of(desk), everybody="yes")
    assert present(desk)["Ito"].finished_at == morning(FIRST_DAY)


def test_the_last_entry_is_taken_back_and_no_other(desk: Desk) -> None:
    desk.at(morning(FIRST_DAY))
    desk.post(list_of(desk), seat=str(desk.seats["Ito"].uid))
    desk.at(morning(AFTER))
    desk.post(list_of(desk), everybody="yes")
    undo = UNDO.findall(desk.html("attendance"))[0]
    assert "Taken back for 2 people." in desk.post(undo)
    assert present(desk).keys() == {"Ito"}
    assert "Taken back for 0 people." in desk.post(undo)
    assert "Taken back for 1 person." in desk.post(UNDO.findall(desk.html("attendance"))[0])
    assert UNDO.findall(desk.html("attendance")) == []


def test_who_withdrew_or_was_changed_since_stays_as_they_are(desk: Desk) -> None:
    desk.at(morning(AFTER))
    desk.post(list_of(desk), everybody="yes")
    undo_all = UNDO.findall(desk.html("attendance"))[0]
    own = re.findall(r'action="([^"]*/changes/[^"]*/undo)"', desk.html(desk.page_of("Abe")))[0]
    desk.post(own)
    desk.watch.pass_by(minutes=5)
    desk.post(desk.page_of("Abe") + "/finish", finished_step="workshop", why="another day")
    assert "Taken back for 2 people." in desk.post(undo_all)
    assert present(desk).keys() == {"Abe"}


def test_before_the_first_day_nobody_is_written_down(desk: Desk) -> None:
    desk.at(morning(date(2027, 2, 2)))
    assert "The workshop has not begun yet." in desk.read("attendance")
    assert "The workshop has not begun yet. Come back on its first day." in desk.post(list_of(desk), everybody="yes")
    assert present(desk) == {}


def test_a_facilitator_writes_down_those_for_whom_they_answer(desk: Desk) -> None:
    assign(desk, "B")
    desk.enter(desk.facilitator, AFTER)
    words = desk.read("attendance")
    assert "Ueda" in words
    assert "Abe" not in words
    assert "1 person was written down" in desk.post(list_of(desk), everybody="yes")
    assert present(desk).keys() == {"Ueda"}
    token = desk.browser.token("/account/")
    other = {"csrf_token": token, "seat": str(desk.seats["Abe"].uid)}
    assert desk.browser.client.post(list_of(desk), data=other).status_code == 404
    with desk.database.reading() as db:
        event = db.scalars(select(AuditEvent).where(AuditEvent.act == "finish_step")).one()
        assert event.acting_role == Role.FACILITATOR


def test_a_facilitator_without_groups_writes_down_everybody(desk: Desk) -> None:
    desk.enter(desk.facilitator, AFTER)
    desk.post(list_of(desk), everybody="yes")
    assert present(desk).keys() == {"Abe", "Ito", "Ueda"}


def test_nobody_takes_back_what_somebody_else_wrote_down(desk: Desk) -> None:
    desk.at(morning(AFTER))
    desk.post(list_of(desk), everybody="yes")
    undo = UNDO.findall(desk.html("attendance"))[0]
    desk.enter(desk.facilitator, AFTER)
    token = desk.browser.token("/account/")
    assert desk.browser.client.post(undo, data={"csrf_token": token}).status_code == 404
    assert len(present(desk)) == 3


def test_the_list_goes_on_page_after_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in ("attendance", "attendance_views"):
        monkeypatch.setattr(f"trainer.desks.{room}.ON_A_PAGE", 2)
    desk.at(morning(AFTER))
    assert "Ueda" not in desk.read("attendance")
    following = re.findall(r'href="([^"]*attendance\?after=[^"]*)"', desk.html("attendance"))
    second = desk.read(following[0])
    assert "Ueda" in second
    assert "Abe" not in second
