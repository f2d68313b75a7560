"""The office's first page: the cohorts that need a hand, the others that run, those to start, those that are closed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from tests.act3_practice.practice import make_plan
from tests.desks.homes import STARTED, morning, words_of
from tests.desks.office_desk import OPENING, Desk
from tests.desks.overviews import add, part, seen
from tests.factories import let_write, make_cohort, make_organization, make_seat, make_user
from trainer.cohorts.actions_start import note_rehearsal
from trainer.cohorts.models import Cohort
from trainer.desks import overview
from trainer.desks.overview import part_of
from trainer.key_ring import KeyRing
from trainer.permissions import Role
from trainer.prompts.models import Prompt

AFTER_THE_WORKSHOP = date(2027, 2, 5)
CLOSED = date(2027, 4, 21)  # the day after the summary


def test_a_cohort_that_needs_a_hand_comes_first_with_what_to_do(company: Desk) -> None:
    add(company, "Second", started_at=STARTED)
    company.bounce("Ueda")
    words = seen(company)
    assert "1 cohort needs a hand" in words
    assert "Letters do not reach 1 person" in part(words, "These need a hand")
    assert "Second" in part(words, "Running by themselves")
    html = company.html("/cohorts")
    assert f'href="{company.address}/ledger/addresses"' in html
    assert f'href="{company.address}/board"' in html


def test_several_that_need_a_hand_are_counted_the_neediest_first(company: Desk) -> None:
    add(company, "Second", started_at=STARTED)
    company.bounce("Ueda")
    words = seen(company, AFTER_THE_WORKSHOP)
    assert "2 cohorts need a hand" in words
    needy = part(words, "These need a hand")
    assert needy.index("First") < needy.index("Second")
    assert "3 people are not written down as attending the workshop" in needy


def test_a_text_that_waits_is_counted_and_nobody_is_named(company: Desk, key_ring: KeyRing) -> None:
    with company.database.session() as db:
        let_write(db, key_ring)
        make_plan(db, company.seats["Abe"], submitted_at=morning(date(2027, 2, 10)))
        db.commit()
    words = seen(company, date(2027, 2, 19))
    assert "1 text has waited for an answer for more than 5 business days" in words
    assert not [name for name in ("Abe", "Ito", "Ueda", "Eda") if name in words]


def test_a_late_letter_is_a_need_and_comes_before_all_others(company: Desk) -> None:
    second = add(company, "Second", started_at=STARTED)
    company.bounce("Ueda")
    seen(company, AFTER_THE_WORKSHOP)
    with company.database.session() as db:
        at = morning(AFTER_THE_WORKSHOP) - timedelta(minutes=30)
        late = update(Prompt).where(Prompt.cohort_id == second.id, Prompt.letter == "reflection1_open")
        db.execute(late.values(due_at=at, next_at=at))
        db.commit()
    needy = part(company.read("/cohorts"), "These need a hand")
    assert needy.index("Second") < needy.index("A letter is more than 15 minutes late") < needy.index("First")


def test_where_nobody_sends_one_red_line_says_so_for_all(company: Desk) -> None:
    add(company, "Second", started_at=STARTED)
    seen(company)
    company.browser.app.extensions["started"] -= 7200
    words = company.read("/cohorts")
    assert "Letters are not going out" in words
    assert words.count("No letters are being sent") == 1
    assert "by themselves" not in words


def test_a_cohort_that_has_not_started_says_what_is_left_to_do(company: Desk) -> None:
    empty = add(company, "Empty", people=0)
    ready = add(company, "Ready", people=2)
    with company.database.session() as db:
        make_seat(db, ready, make_user(db, company.organization), role=Role.FACILITATOR)
        note_rehearsal(db, db.get_one(Cohort, ready.id), company.watch.now())
        db.commit()
    waiting = part(seen(company), "Not started")
    assert "Empty Wed, Feb 3, 2027 0 people Bring in a roster Choose the facilitators Open the rehearsal" in waiting
    assert "Ready Wed, Feb 3, 2027 2 people Go to the start" in waiting
    html = company.html("/cohorts")
    assert f'href="/cohorts/{empty.uid}"' in html
    assert f'href="/cohorts/{ready.uid}/start"' in html


def test_days_that_have_passed_before_the_start_are_to_be_moved(company: Desk) -> None:
    add(company, "Forgotten", day1_on=date(2027, 1, 5), day2_on=date(2027, 1, 6))
    assert "Move the days" in part(seen(company), "Not started")


def test_what_is_closed_stands_folded_at_the_end_and_asks_for_nothing(company: Desk) -> None:
    add(company, "Never", people=0)
    assert "closed cohort" not in seen(company, CLOSED - timedelta(days=1))
    words = seen(company, CLOSED)
    assert "Nothing needs you now" in words
    assert "Running" not in words
    closed = words.partition("2 closed cohorts")[2]
    assert "First Wed, Feb 3, 2027 0 of 3" in closed
    assert "Never Wed, Feb 3, 2027 Not started" in closed


def test_long_lists_are_read_page_by_page(company: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "LEFT_ON_A_PAGE", 2)
    monkeypatch.setattr(overview, "CLOSED_ON_A_PAGE", 2)
    for number in range(3):
        add(company, f"Coming {number}", people=0)
        add(company, f"Old {number}", people=0, day1_on=date(2026, 6, 3), day2_on=date(2026, 6, 4))
    words = seen(company)
    assert "First" in words  # what runs comes before what has not started
    assert "Cohorts 1 to 2 of 4 The next cohorts" in words
    assert "Cohorts 1 to 2 of 3 The next cohorts" in words
    words = seen(company, query="?page=2&closed=2")
    assert "Cohorts 3 to 4 of 4 The cohorts before" in words
    assert "Cohorts 3 to 3 of 3 The cohorts before" in words
    assert "First" not in words


@pytest.mark.parametrize(("number", "items"), [(0, [1, 2]), (1, [1, 2]), (2, [3]), (9, [3])])
def test_a_page_that_is_not_there_is_the_nearest_one(number: int, items: list[int]) -> None:
    assert list(part_of([1, 2, 3], number, 2).items) == items


def test_an_empty_list_has_one_empty_page() -> None:
    assert part_of((), 3, 2) == overview.Part((), 1, 1, 0)


def test_another_companys_cohorts_are_not_there(company: Desk) -> None:
    with company.database.session() as db:
        make_cohort(db, make_organization(db, language="en"), name="Foreign", started_at=STARTED)
        db.commit()
    assert "Foreign" not in seen(company)


def test_the_office_lands_here_after_signing_in(company: Desk) -> None:
    with company.database.session() as db:
        make_seat(db, company.cohort, company.coordinator, role=Role.COORDINATOR)
        db.commit()
    company.at(morning(OPENING))
    assert company.browser.get("/seats").location == "/cohorts"
    assert "Coordinator" in words_of(company.browser.get("/seats?all").get_data(as_text=True))


def test_who_has_another_role_too_chooses_and_finds_it_in_the_menu(company: Desk) -> None:
    with company.database.session() as db:
        for role in (Role.COORDINATOR, Role.FACILITATOR):
            make_seat(db, company.cohort, company.coordinator, role=role)
        db.commit()
    company.at(morning(OPENING))
    answer = company.browser.get("/seats")
    assert answer.status_code == 200
    assert 'href="/cohorts"' in answer.get_data(as_text=True)


def test_nobody_but_the_office_sees_it(company: Desk) -> None:
    company.enter(company.facilitator)
    assert company.browser.get("/cohorts").status_code == 403
