"""The board: one row for each trainee, what needs a hand, lists and pages, and never a word that somebody wrote."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tests.desks.homes import morning, words_of
from tests.desks.office_desk import IN_REFLECTION, OPENING, Desk
from tests.factories import make_cohort
from trainer.accounts.models import Organization, User
from trainer.cohorts import actions
from trainer.cohorts.models import Cohort, Enrollment
from trainer.cohorts.standings import refresh_people
from trainer.desks import board
from trainer.programs.rules import STEPS
from trainer.prompts.addressees import backgrounds_of
from trainer.prompts.digest_lines import digest_values
from trainer.prompts.models import Prompt, PromptState

NAMES = ("Abe", "Ito", "Ueda")
LINKS = re.compile(r'href="([^"]*/board\?[^"]*)"')


def act(desk: Desk, name: str, verb: str, **told: Any) -> None:
    """Something happens to a seat."""
    with desk.database.session() as db:
        seat = db.get_one(Enrollment, desk.seats[name].id)
        getattr(actions, verb)(db, db.get_one(Cohort, seat.cohort_id), seat, now=desk.watch.now(), **told)
        db.commit()


def finish_all(desk: Desk, name: str) -> None:
    for step in STEPS:
        act(desk, name, "finish_step", step=step)


def take_address(desk: Desk, name: str) -> None:
    with desk.database.session() as db:
        user = db.get_one(User, desk.seats[name].user_id)
        user.email = None
        refresh_people(db, user.organization_id, [user.id])
        db.commit()


def shown(desk: Desk, query: str = "") -> list[str]:
    """Whom the board shows, in its order."""
    words = desk.read(f"board{query}")
    table = words.partition("The five steps of each trainee")[2]
    return sorted((name for name in NAMES if f" {name} " in table), key=table.index)


def test_each_trainee_has_a_row_with_a_mark_and_a_word_for_each_step(desk: Desk) -> None:
    act(desk, "Abe", "finish_step", step="act1")
    act(desk, "Ueda", "pause")
    words = desk.read("board")
    assert "Abe Section 1 Done Still ahead Still ahead Still ahead Still ahead Plan: until Fri, Feb 12" in words
    assert "Ito Section 2 Open Still ahead Still ahead Still ahead Still ahead Lessons: until Mon, Feb 1" in words
    assert "Ueda Section 3 Paused Paused Paused Paused Paused Paused" in words
    assert desk.html("board").count('<svg class="st done"') == 1 + 1  # Abe's, and the key's


def test_every_mark_has_its_word_for_those_who_cannot_see_it(desk: Desk) -> None:
    page = desk.html("board")
    assert len(re.findall(r'<svg class="st [^>]*aria-hidden="true"', page)) == len(re.findall(r'class="st ', page))
    assert page.count('<span class="vh">Open</span>') == len(NAMES)


LISTS = [
    ("", ["Abe", "Ito", "Ueda"]),
    ("?show=not-done", ["Ito", "Ueda"]),
    ("?show=paused", ["Ueda"]),
    ("?show=overdue", ["Ito"]),
    ("?show=unreachable", ["Abe", "Ueda"]),
    ("?show=withdrawn", []),
    ("?show=everything&sort=shoe-size&after=nobody", ["Abe", "Ito", "Ueda"]),
    ("?group=A", ["Abe", "Ito"]),
    ("?group=A&show=not-done", ["Ito"]),
    ("?group=C", []),
]


@pytest.mark.parametrize(("query", "names"), LISTS)
def test_a_list_holds_whom_it_names(desk: Desk, query: str, names: list[str]) -> None:
    finish_all(desk, "Abe")
    act(desk, "Ueda", "pause")
    take_address(desk, "Ueda")
    desk.at(morning(date(2027, 2, 2)))
    desk.bounce("Abe")
    assert shown(desk, query) == names


def test_the_numbers_of_the_lists_are_those_of_their_rows(desk: Desk) -> None:
    finish_all(desk, "Abe")
    act(desk, "Ueda", "withdraw")
    desk.at(morning(date(2027, 2, 2)))
    desk.bounce("Ito")
    told = dict(re.findall(r"([A-Z][a-z ]+) \((\d+)\)", desk.read("board").partition("Done Open Still ahead")[0]))
    lists = {
        "Everybody": "all",
        "Not done": "not-done",
        "Past a due date": "overdue",
        "Paused": "paused",
        "Not reached": "unreachable",
        "Withdrawn": "withdrawn",
    }
    assert {words: int(told[words]) for words in lists} == {
        words: len(shown(desk, f"?show={name}")) for words, name in lists.items()
    }
    assert (told["Everybody"], told["Past a due date"], told["Withdrawn"]) == ("2", "1", "1")


@pytest.mark.parametrize("sort", board.Sort)
def test_page_after_page_everybody_is_shown_once(desk: Desk, monkeypatch: pytest.MonkeyPatch, sort: board.Sort) -> None:
    monkeypatch.setattr(board, "ON_A_PAGE", 1)
    seen, address = [], f"board?sort={sort}"
    for _ in NAMES:
        seen += shown(desk, address.removeprefix("board"))
        following = [link for link in LINKS.findall(desk.html(address)) if "after=" in link]
        address = "board?" + following[0].partition("?")[2].replace("&amp;", "&") if following else ""
    assert seen == list(NAMES)
    assert address == ""


def test_a_page_that_began_after_somebody_who_is_gone_begins_anew(desk: Desk) -> None:
    assert shown(desk, f"?after={desk.cohort.uid}") == list(NAMES)


def test_equal_readings_are_told_apart_by_the_seat(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk.database.session() as db:
        db.execute(update(User).values(name_reading="same"))
        refresh_people(db, desk.organization.id, [seat.user_id for seat in desk.seats.values()])
        db.commit()
    monkeypatch.setattr(board, "ON_A_PAGE", 2)
    assert shown(desk) == ["Abe", "Ito"]
    assert shown(desk, f"?after={desk.seats['Ito'].uid}") == ["Ueda"]


def test_what_needs_a_hand_stands_first(desk: Desk) -> None:
    all_sent(desk)
    assert "Nothing needs you now" in desk.read("board")
    take_address(desk, "Ueda")
    assert "One thing needs you" in desk.read("board")
    desk.at(morning(date(2027, 2, 10)))
    words = desk.read("board")
    assert "3 things need you" in words
    assert "Letters do not reach 1 person" in words
    assert "3 people are not written down as attending the workshop" in words
    assert "3 people are past a due date" in words


def all_sent(desk: Desk) -> None:
    with desk.database.session() as db:
        db.execute(update(Prompt).values(state=PromptState.SENT, sent_at=desk.watch.now()))
        db.commit()


def test_the_digest_counts_what_the_board_counts(desk: Desk) -> None:
    all_sent(desk)
    counted = [digest_count(desk)]
    take_address(desk, "Ueda")
    counted.append(digest_count(desk))
    desk.at(morning(date(2027, 2, 10)))
    desk.bounce("Abe")
    counted.append(digest_count(desk))
    assert counted == ["0", "1", "3"]
    assert "3 things need you" in desk.read("board")


def digest_count(desk: Desk) -> str:
    """What the subject of the weekly digest would say of this minute."""
    with desk.browser.app.test_request_context(), desk.database.reading() as db:
        background = backgrounds_of(db, [desk.cohort.id])[desk.cohort.id]
        letter = background.timetable.schedule.pack.letter("coordinator_digest")
        return digest_values(db, background, letter, 0, desk.watch.now())["attention_count"]


def test_letters_that_do_not_go_are_the_first_need(desk: Desk) -> None:
    words = desk.read("board")  # it is ten, and nothing has gone since nine
    assert "Letters are not going out A letter of Wed, Jan 13, 09:00 is more than 15 minutes late" in words
    assert "Nothing needs you now" not in words


def test_who_has_withdrawn_has_no_steps_left(desk: Desk) -> None:
    act(desk, "Abe", "finish_step", step="act1")
    act(desk, "Abe", "withdraw")
    assert "Abe Section 1 Done – – – – Withdrawn" in desk.read("board?show=withdrawn")
    assert "Web lessons (ACT1) Done" in desk.read(desk.page_of("Abe"))
    assert "Action plan – Wed, Feb 3" in desk.read(desk.page_of("Abe"))


def test_all_groups_can_be_chosen(desk: Desk) -> None:
    assert 'name="group"><option value="*">All groups</option>' in desk.html("board")
    assert shown(desk, "?group=*") == list(NAMES)


def test_before_the_start_nothing_is_asked(desk: Desk) -> None:
    with desk.database.session() as db:
        cohort = make_cohort(db, db.get_one(Organization, desk.organization.id))
        db.commit()
    words = desk.read(f"/cohorts/{cohort.uid}/board")
    assert "This cohort has not started yet" in words
    assert "Letters" not in words


def test_days_pass_and_the_board_knows(desk: Desk) -> None:
    desk.at(morning(date(2027, 2, 1)))
    assert "Past a due date (0)" in desk.read("board")
    desk.at(morning(date(2027, 2, 2)))
    assert "Past a due date (3)" in desk.read("board")
    assert "Lessons (ACT1): past its date" in desk.read("board").replace("Web lessons", "Lessons")


def test_the_day_is_the_cohorts_own(desk: Desk) -> None:
    late_in_tokyo = datetime.combine(date(2027, 2, 1), datetime.min.time(), morning(OPENING).tzinfo) + timedelta(
        hours=23, minutes=59
    )
    desk.at(late_in_tokyo)
    assert "Past a due date (0)" in desk.read("board")
    desk.at(late_in_tokyo + timedelta(minutes=1))
    assert "Past a due date (3)" in desk.read("board")


def test_moving_the_days_moves_what_is_past(desk: Desk) -> None:
    desk.at(morning(IN_REFLECTION))
    with desk.database.session() as db:
        cohort = db.get_one(Cohort, desk.cohort.id)
        actions.set_schedule(db, cohort, day1=date(2027, 5, 12), day2=date(2027, 5, 13))
        db.commit()
    assert "Past a due date (0)" in desk.read("board")


def test_nobody_but_the_office_sees_the_board(desk: Desk) -> None:
    desk.enter(desk.facilitator)
    assert desk.browser.get(f"{desk.address}/board").status_code == 403
    assert "How far people are" in words_of(desk.browser.get("/seats", follow_redirects=True).get_data(as_text=True))
