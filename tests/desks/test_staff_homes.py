"""Facilitators and coordinators find counts on their home, never a name or a word that somebody wrote."""

from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.accounts.browsers import Browser, Watch
from tests.desks.homes import STARTED, finish, make_trainee, plan_letters, read_home
from tests.factories import make_cohort, make_organization, make_seat, make_user, organization_of
from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment, Extension, Pause, SeatStatus
from trainer.cohorts.standings import recount
from trainer.db import Database
from trainer.permissions import Role
from trainer.prompts.models import Prompt, PromptState

STAFF = (Role.FACILITATOR, Role.COORDINATOR)
ON = date(2027, 1, 20)


@pytest.mark.parametrize("role", STAFF)
def test_each_step_shows_its_days_and_how_many_have_finished_it(
    database: Database, browser: Browser, watch: Watch, role: Role
) -> None:
    with database.session() as db:
        cohort, (user, seat) = make_cohort_of_five(db, role)
        db.commit()
    home = read_home(browser, watch, user, seat, ON)
    assert "Web lessons (ACT1) Wed, Jan 13 – Mon, Feb 1 3 of 4" in home
    assert "Workshop Wed, Feb 3 – Thu, Feb 4 0 of 4" in home
    assert "Two-month reflection Mon, Apr 5 – Thu, Apr 15 0 of 4" in home
    assert cohort.name in home


@pytest.mark.parametrize("role", STAFF)
def test_no_name_no_address_and_no_reason_stands_there(
    database: Database, browser: Browser, watch: Watch, role: Role
) -> None:
    with database.session() as db:
        cohort, (user, seat) = make_cohort_of_five(db, role)
        trainee, of_trainee = make_trainee(db, cohort=cohort)
        trainee.name, trainee.department = "Somebody Named", "A Department"
        given = {"step": "act1", "due_on": date(2027, 2, 8), "reason": "A private reason", "given_at": STARTED}
        db.add(Extension(organization_id=of_trainee.organization_id, enrollment_id=of_trainee.id, **given))
        db.commit()
    home = read_home(browser, watch, user, seat, ON)
    for words in ("Somebody Named", "A Department", "A private reason", str(trainee.email)):
        assert words not in home


def test_a_coordinator_is_told_that_words_stay_with_their_writers(
    database: Database, browser: Browser, watch: Watch
) -> None:
    with database.session() as db:
        _cohort, (user, seat) = make_cohort_of_five(db, Role.COORDINATOR)
        db.commit()
    assert "never what people write" in read_home(browser, watch, user, seat, ON)


def test_a_coordinator_sees_when_the_next_letters_go(database: Database, browser: Browser, watch: Watch) -> None:
    with database.session() as db:
        _cohort, (user, seat) = make_cohort_of_five(db, Role.COORDINATOR)
        plan_letters(db)
        db.commit()
    home = read_home(browser, watch, user, seat, date(2027, 1, 5))
    assert "Nothing is asked of you now. The next letters go out on " in home


def test_a_coordinator_finds_what_the_board_tells_first(database: Database, browser: Browser, watch: Watch) -> None:
    with database.session() as db:
        cohort, (user, seat) = make_cohort_of_five(db, Role.COORDINATOR)
        recount(db, cohort)
        db.commit()
    home = read_home(browser, watch, user, seat, date(2027, 2, 5))
    assert "4 people are not written down as attending the workshop" in home
    assert "Nothing is asked of you now." not in home


@pytest.mark.parametrize("state", [PromptState.FAILED, PromptState.IN_DOUBT])
def test_a_coordinator_sees_how_many_letters_were_not_delivered(
    database: Database, browser: Browser, watch: Watch, state: PromptState
) -> None:
    with database.session() as db:
        _cohort, (user, seat) = make_cohort_of_five(db, Role.COORDINATOR)
        plan_letters(db)
        db.execute(update(Prompt).where(Prompt.letter == "act1_open").values(state=state))
        db.commit()
    home = read_home(browser, watch, user, seat, ON)
    assert "letters were not delivered. Check the addresses." in home
    assert "Nothing is asked of you now." not in home


def test_a_cohort_that_has_not_started_says_so(database: Database, browser: Browser, watch: Watch) -> None:
    with database.session() as db:
        cohort = make_cohort(db, make_organization(db, language="en"))
        user, seat = make_staff(db, cohort, Role.COORDINATOR)
        db.commit()
    assert "This cohort has not started: no letter goes out." in read_home(browser, watch, user, seat, ON)


def test_a_facilitator_waits_for_nothing_before_anybody_shares_a_plan(
    database: Database, browser: Browser, watch: Watch
) -> None:
    with database.session() as db:
        _cohort, (user, seat) = make_cohort_of_five(db, Role.FACILITATOR)
        db.commit()
    assert "No plan is waiting for you." in read_home(browser, watch, user, seat, ON)


@pytest.mark.parametrize("role", STAFF)
def test_a_neighbours_cohort_is_not_counted(database: Database, browser: Browser, watch: Watch, role: Role) -> None:
    with database.session() as db:
        cohort, (user, seat) = make_cohort_of_five(db, role)
        neighbour = make_cohort(db, organization_of(db, cohort), started_at=STARTED)
        make_trainee(db, "act1", cohort=neighbour)
        db.commit()
    assert "3 of 4" in read_home(browser, watch, user, seat, ON)


@pytest.mark.parametrize("role", STAFF)
def test_nobody_elses_seat_opens(database: Database, browser: Browser, watch: Watch, role: Role) -> None:
    with database.session() as db:
        cohort, (_user, seat) = make_cohort_of_five(db, role)
        others = [make_trainee(db, cohort=cohort)[0], make_staff(db, cohort, role)[0], make_trainee(db)[0]]
        db.commit()
    for somebody in others:
        browser.enter(somebody, watch.now())
        assert browser.get(f"/seats/{seat.uid}").status_code == 404


@pytest.mark.parametrize("role", Role)
def test_a_letters_link_leads_to_the_home_of_that_seat(
    database: Database, browser: Browser, watch: Watch, role: Role
) -> None:
    with database.session() as db:
        cohort = make_cohort(db, make_organization(db, language="en"), started_at=STARTED)
        user, seat = make_staff(db, cohort, role)
        make_staff(db, make_cohort(db, organization_of(db, cohort)), role)
        db.commit()
    browser.enter(user, watch.now())
    assert browser.get(f"/to/{seat.uid}/home").location == f"/seats/{seat.uid}"


def make_cohort_of_five(db: Session, role: Role) -> tuple[Cohort, tuple[User, Enrollment]]:
    """Three have finished ACT1, one is paused, one withdrew after finishing it; and one person of the staff."""
    cohort = make_cohort(db, make_organization(db, language="en"), started_at=STARTED)
    seats = [make_trainee(db, cohort=cohort)[1] for _ in range(5)]
    for seat in (seats[0], seats[1], seats[2], seats[4]):
        finish(db, seat, "act1")
    seats[3].status = SeatStatus.PAUSED
    db.add(Pause(organization_id=cohort.organization_id, enrollment_id=seats[3].id, paused_at=STARTED))
    seats[4].status, seats[4].withdrawn_at = SeatStatus.WITHDRAWN, STARTED
    db.flush()
    return cohort, make_staff(db, cohort, role)


def make_staff(db: Session, cohort: Cohort, role: Role) -> tuple[User, Enrollment]:
    user = make_user(db, organization_of(db, cohort))
    return user, make_seat(db, cohort, user, role=role)
