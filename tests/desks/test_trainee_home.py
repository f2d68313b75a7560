"""A trainee's home: one next step with its date, what is finished, and why letters came or did not."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tests.accounts.browsers import Browser, Watch
from tests.desks.homes import STARTED, finish, make_trainee, morning, plan_letters, read_home
from tests.factories import make_cohort, make_organization, make_seat, make_user, organization_of
from trainer.cohorts.models import Cohort, Enrollment, Extension, SeatStatus
from trainer.db import Database
from trainer.permissions import Role
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.rules import Reason

LESSONS, WORKSHOP, PLAN = "Web lessons (ACT1)", "Workshop", "Action plan"
FIRST, SECOND = "One-month reflection", "Two-month reflection"
NOTHING_YET = "There is nothing to do until then."
ALL = ("act1", "workshop", "plan", "reflection1", "reflection2")

# the day, what was finished by then, the next step, and its date in words
DAYS: list[tuple[date, tuple[str, ...], str, str]] = [
    (date(2027, 1, 12), (), LESSONS, "opens on Wed, Jan 13"),
    (date(2027, 1, 13), (), LESSONS, "until Mon, Feb 1"),
    (date(2027, 2, 1), (), LESSONS, "until Mon, Feb 1"),
    (date(2027, 2, 2), (), LESSONS, "the date, Mon, Feb 1, has passed; there is still time"),
    (date(2027, 2, 2), ("act1",), WORKSHOP, "Wed, Feb 3 – Thu, Feb 4"),
    (date(2027, 2, 4), ("act1",), WORKSHOP, "Wed, Feb 3 – Thu, Feb 4"),
    (date(2027, 2, 5), ("act1",), PLAN, "until Fri, Feb 12"),
    (date(2027, 2, 3), ("act1", "workshop"), PLAN, "until Fri, Feb 12"),
    (date(2027, 3, 3), ALL[:3], FIRST, "opens on Thu, Mar 4"),
    (date(2027, 3, 4), ALL[:3], FIRST, "until Mon, Mar 15"),
    (date(2027, 3, 20), ALL[:3], FIRST, "the date, Mon, Mar 15, has passed; there is still time"),
    (date(2027, 3, 20), ALL[:4], SECOND, "opens on Mon, Apr 5"),
    (date(2027, 4, 15), ALL[:4], SECOND, "until Thu, Apr 15"),
]


@pytest.mark.parametrize(("on", "finished", "step", "when"), DAYS)
def test_the_next_step_and_its_date(
    database: Database, browser: Browser, watch: Watch, on: date, finished: tuple[str, ...], step: str, when: str
) -> None:
    with database.session() as db:
        user, seat = make_trainee(db, *finished)
        db.commit()
    home = read_home(browser, watch, user, seat, on)
    assert next_step_of(home).startswith(step)
    assert when in next_step_of(home)
    assert (NOTHING_YET in home) == (when.startswith("opens") or (on < date(2027, 2, 3) and step == WORKSHOP))


def test_an_extension_is_marked_as_ones_own_date(database: Database, browser: Browser, watch: Watch) -> None:
    with database.session() as db:
        user, seat = make_trainee(db)
        extend(db, seat, "act1", date(2027, 2, 10))
        db.commit()
    home = next_step_of(read_home(browser, watch, user, seat, date(2027, 2, 5)))
    assert home.startswith(LESSONS)
    assert "until Wed, Feb 10" in home
    assert "Your own date" in home


def test_who_has_everybodys_dates_sees_no_mark(database: Database, browser: Browser, watch: Watch) -> None:
    with database.session() as db:
        user, seat = make_trainee(db)
        _other, neighbour = make_trainee(db, cohort=db.get_one(Cohort, seat.cohort_id))
        extend(db, neighbour, "act1", date(2027, 2, 10))
        db.commit()
    assert "Your own date" not in read_home(browser, watch, user, seat, date(2027, 1, 20))


def test_a_letters_link_leads_to_its_step_while_that_is_not_finished(
    database: Database, browser: Browser, watch: Watch
) -> None:
    with database.session() as db:
        user, seat = make_trainee(db, "act1", "workshop")
        db.commit()
    assert next_step_of(read_home(browser, watch, user, seat, date(2027, 3, 5), "?to=workshop")).startswith(FIRST)
    assert next_step_of(read_home(browser, watch, user, seat, date(2027, 3, 5), "?to=nonsense")).startswith(FIRST)
    answer = browser.get(f"/seats/{seat.uid}?to=reflection1")
    assert answer.headers["Location"].endswith(f"/seats/{seat.uid}/reflections/reflection1")


def test_minutes_stand_at_the_step(database: Database, browser: Browser, watch: Watch) -> None:
    with database.session() as db:
        user, seat = make_trainee(db, *ALL[:3])
        db.commit()
    assert "About 10 minutes" in next_step_of(read_home(browser, watch, user, seat, date(2027, 3, 4)))


def test_the_way_so_far_says_what_is_finished_and_when(database: Database, browser: Browser, watch: Watch) -> None:
    with database.session() as db:
        user, seat = make_trainee(db)
        finish(db, seat, "act1", on=date(2027, 1, 28))
        db.commit()
    home = read_home(browser, watch, user, seat, date(2027, 2, 8))
    assert f"{LESSONS} (finished) finished on Thu, Jan 28" in home
    assert f"{WORKSHOP} (finished) Wed, Feb 3 – Thu, Feb 4" in home
    assert f"{PLAN} (you are here) until Fri, Feb 12" in home
    assert f"{FIRST} (still ahead) opens on Thu, Mar 4" in home


def test_a_pause_is_said_and_no_letter_is_promised(database: Database, browser: Browser, watch: Watch) -> None:
    with database.session() as db:
        user, seat = make_trainee(db)
        plan_letters(db)
        seat.status = SeatStatus.PAUSED
        db.commit()
    home = read_home(browser, watch, user, seat, date(2027, 1, 15))
    assert "The course is paused for you." in home
    assert "The next letter comes" not in home


def test_who_has_finished_everything_is_asked_nothing(database: Database, browser: Browser, watch: Watch) -> None:
    with database.session() as db:
        user, seat = make_trainee(db, *ALL)
        db.commit()
    home = read_home(browser, watch, user, seat, date(2027, 4, 10))
    assert "You have finished the whole course." in home
    assert NOTHING_YET not in home


def test_before_the_start_no_letter_has_come(database: Database, browser: Browser, watch: Watch) -> None:
    with database.session() as db:
        cohort = make_cohort(db, make_organization(db, language="en"))
        user, seat = make_trainee(db, cohort=cohort)
        db.commit()
    home = read_home(browser, watch, user, seat, date(2027, 1, 5))
    assert "No letter has come yet." in home
    assert "The next letter comes" not in home


WHYS: list[tuple[dict[str, Any], str]] = [
    ({"state": PromptState.SENT, "sent_at": morning(date(2027, 1, 13))}, "This is the day on which this part"),
    ({"state": PromptState.SKIPPED, "reason": Reason.FINISHED}, "Not sent: you had finished this step already."),
    ({"state": PromptState.SKIPPED, "reason": Reason.OVER_LIMIT}, "Not sent: you get two reminders a week at most."),
    ({"state": PromptState.SKIPPED, "reason": Reason.BOUNCED}, "Not sent: letters to this address come back."),
    ({"state": PromptState.FAILED}, "Not delivered: the mail server refused it."),
    ({"state": PromptState.IN_DOUBT}, "Perhaps delivered: the connection broke at the last moment."),
    ({"state": PromptState.CLAIMED}, "On its way."),
]


@pytest.mark.parametrize(("became", "why"), WHYS)
def test_each_letter_says_why_it_came_or_did_not(
    database: Database, browser: Browser, watch: Watch, became: dict[str, Any], why: str
) -> None:
    with database.session() as db:
        user, seat = make_trainee(db)
        plan_letters(db)
        db.execute(update(Prompt).where(Prompt.letter == "act1_open").values(**became))
        db.commit()
    letters = letters_of(read_home(browser, watch, user, seat, date(2027, 1, 13)))
    assert "Wed, Jan 13 09:00" in letters if "sent_at" not in became else "Wed, Jan 13 10:00" in letters
    assert why in letters


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_sentence(database: Database, browser: Browser, watch: Watch, reason: Reason) -> None:
    with database.session() as db:
        user, seat = make_trainee(db)
        plan_letters(db)
        skipped = {"state": PromptState.SKIPPED, "reason": reason}
        db.execute(update(Prompt).where(Prompt.letter == "act1_open").values(**skipped))
        db.commit()
    assert "Not sent: " in letters_of(read_home(browser, watch, user, seat, date(2027, 1, 13)))


def test_the_next_letter_is_announced(database: Database, browser: Browser, watch: Watch) -> None:
    with database.session() as db:
        user, seat = make_trainee(db)
        plan_letters(db)
        db.commit()
    home = read_home(browser, watch, user, seat, date(2027, 1, 5))
    assert "The next letter comes on Wed, Jan 13 at 09:00." in home


TITLES = [
    ("act1_open", "ACT1 (web lessons) is open"),
    ("act1_due_soon", "ACT1 lessons to go"),
    ("feedback_given", "The facilitator has answered your reflection"),
    ("reflection1_last", "One-month reflection: the due date is near"),
]


@pytest.mark.parametrize(("letter", "title"), TITLES)
def test_a_letter_is_called_by_what_it_was_about(
    database: Database, browser: Browser, watch: Watch, letter: str, title: str
) -> None:
    with database.session() as db:
        user, seat = make_trainee(db)
        plan_letters(db)
        sent = {"state": PromptState.SENT, "letter": letter, "sent_at": Prompt.due_at}
        db.execute(delete(Prompt).where(Prompt.letter != "act1_open"))
        db.execute(update(Prompt).where(Prompt.letter == "act1_open").values(**sent))
        db.commit()
    letters = letters_of(read_home(browser, watch, user, seat, date(2027, 1, 13)))
    assert f"Wed, Jan 13 09:00 {title} " in letters
    assert "{{" not in letters


def test_letters_to_the_boss_and_to_others_are_not_listed(database: Database, browser: Browser, watch: Watch) -> None:
    with database.session() as db:
        user, seat = make_trainee(db)
        cohort = db.get_one(Cohort, seat.cohort_id)
        seat.boss_id = make_user(db, organization_of(db, cohort)).id
        cohort.optional_letters = ["boss_brief"]
        make_trainee(db, cohort=cohort)
        db.flush()
        plan_letters(db)
        sent = update(Prompt).where(Prompt.letter.in_(["act1_open", "boss_brief"]))
        db.execute(sent.values(state=PromptState.SENT, sent_at=Prompt.due_at))
        own = db.scalars(select(Prompt.letter).where(Prompt.enrollment_id == seat.id)).all()
        db.commit()
    assert "boss_brief" in own
    letters = letters_of(read_home(browser, watch, user, seat, date(2027, 1, 13)))
    assert letters.count("Jan 13") == 1
    assert "request for your support" not in letters


def test_a_stranger_and_a_colleague_find_nothing(database: Database, browser: Browser, watch: Watch) -> None:
    with database.session() as db:
        _user, seat = make_trainee(db)
        stranger, _seat = make_trainee(db)
        colleague, _seat = make_trainee(db, cohort=db.get_one(Cohort, seat.cohort_id))
        db.commit()
    for somebody in (stranger, colleague):
        browser.enter(somebody, watch.now())
        assert browser.get(f"/seats/{seat.uid}").status_code == 404


def test_the_staff_of_the_cohort_does_not_open_a_trainees_home(
    database: Database, browser: Browser, watch: Watch
) -> None:
    with database.session() as db:
        _user, seat = make_trainee(db)
        cohort = db.get_one(Cohort, seat.cohort_id)
        staff = [make_user(db, organization_of(db, cohort)) for _ in range(2)]
        for somebody, role in zip(staff, (Role.FACILITATOR, Role.COORDINATOR), strict=True):
            make_seat(db, cohort, somebody, role=role)
        db.commit()
    for somebody in staff:
        browser.enter(somebody, watch.now())
        assert browser.get(f"/seats/{seat.uid}").status_code == 404


def test_a_withdrawn_seat_has_no_home(database: Database, browser: Browser, watch: Watch) -> None:
    with database.session() as db:
        user, seat = make_trainee(db)
        make_seat(db, make_cohort(db, organization_of(db, db.get_one(Cohort, seat.cohort_id))), user)
        seat.status, seat.withdrawn_at = SeatStatus.WITHDRAWN, STARTED
        db.commit()
    browser.enter(user, watch.now())
    assert browser.get(f"/seats/{seat.uid}").status_code == 404


def extend(db: Session, seat: Enrollment, step: str, due_on: date) -> None:
    given = {"reason": "away", "given_at": STARTED}
    db.add(Extension(organization_id=seat.organization_id, enrollment_id=seat.id, step=step, due_on=due_on, **given))


def next_step_of(home: str) -> str:
    """The words of the one block that says what to do next."""
    return home.partition("Your next step ")[2].partition(" The way so far ")[0]


def letters_of(home: str) -> str:
    return home.partition(" Your letters, and why they came ")[2]


def test_the_main_pages_of_a_course_are_named_at_the_top(database: Database, browser: Browser, watch: Watch) -> None:
    with database.session() as db:
        user, seat = make_trainee(db)
        db.commit()
    read_home(browser, watch, user, seat, date(2027, 1, 13))
    own = f"/seats/{seat.uid}"
    pages = {"": "Home", "/lessons": "Web lessons", "/plan": "Plan", "/summary": "Three months"}
    for path, words in pages.items():
        visited = browser.get(own + {"/plan": "/plan/edit"}.get(path, path)).get_data(as_text=True)
        assert f'<a href="{own}{path}" aria-current="page">{words}</a>' in visited
    assert "Three months" in browser.get("/account/").get_data(as_text=True)  # an only seat is meant everywhere
