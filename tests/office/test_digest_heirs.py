"""A cohort keeps a coordinator's seat, and with it the Monday digest, when somebody leaves the office."""

import pytest
from sqlalchemy import select

from tests.accounts.browsers import Browser, Watch
from tests.office.conftest import Office
from tests.office.pages import make_cohort
from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment, SeatStatus
from trainer.permissions import Role

PATH = "/office/coordinators"


@pytest.fixture
def mori(office: Office) -> User:
    """One more of the office, without a seat anywhere."""
    assert office.post(PATH, name="Mori", email="mori@minato.example")[0] == 303
    with office.database.reading() as db:
        return db.scalars(select(User).where(User.email == "mori@minato.example")).one()


def present_coordinators(office: Office, cohort: Cohort) -> list[int]:
    seats = select(Enrollment.user_id).where(Enrollment.cohort_id == cohort.id, Enrollment.role == Role.COORDINATOR)
    with office.database.reading() as db:
        return list(db.scalars(seats.where(Enrollment.status != SeatStatus.WITHDRAWN).order_by(Enrollment.id)))


def enter(office: Office, user: User, watch: Watch) -> Office:
    browser = Browser(office.browser.app)
    browser.enter(user, watch.now())
    return Office(office.organization, user, browser, office.database)


def test_the_last_coordinator_of_a_cohort_is_followed_by_who_removes_them(
    office: Office, mori: User, watch: Watch
) -> None:
    cohort = make_cohort(office)
    assert present_coordinators(office, cohort) == [office.user.id]
    other = enter(office, mori, watch)
    assert other.post(f"{PATH}/{office.user.uid}/remove")[0] == 303
    assert present_coordinators(office, cohort) == [mori.id]
    assert "これからはMoriさんに届きます。対象の研修回：February。" in other.read(PATH)  # the company's language


def test_who_leaves_by_themselves_is_followed_by_the_next(office: Office, mori: User) -> None:
    cohort = make_cohort(office)
    assert office.post(f"{PATH}/{office.user.uid}/remove") == (303, "/seats")
    assert present_coordinators(office, cohort) == [mori.id]


def test_where_another_coordinator_is_left_nobody_is_added(office: Office, mori: User, watch: Watch) -> None:
    cohort = make_cohort(office)
    other = enter(office, mori, watch)
    theirs = make_cohort(other, name="March")
    assert office.post(f"{PATH}/{mori.uid}/remove")[0] == 303
    assert present_coordinators(office, cohort) == [office.user.id]
    assert present_coordinators(office, theirs) == [office.user.id]
    assert f"The Monday digest now goes to {office.user.name}, for: March." in office.read(PATH)


def test_who_once_left_a_cohort_comes_back_to_its_seat(office: Office, mori: User, watch: Watch) -> None:
    cohort = make_cohort(office)
    other = enter(office, mori, watch)
    assert other.post(f"{PATH}/{office.user.uid}/remove")[0] == 303
    assert other.post(PATH, name=office.user.name, email=office.user.email or "")[0] == 303
    office.browser.enter(office.user, watch.now())
    assert office.post(f"{PATH}/{mori.uid}/remove")[0] == 303
    assert present_coordinators(office, cohort) == [office.user.id]
