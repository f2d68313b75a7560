"""A coordinator's first minutes: an empty list, a cohort made with a name and two days, the rest filled in."""

from datetime import date, time

import pytest
from sqlalchemy import select

from tests.accounts.browsers import Watch
from tests.office.conftest import Office, open_office
from tests.office.pages import USUAL, make_cohort
from trainer.accounts.models import Coordinator
from trainer.audit import AuditEvent
from trainer.cohorts.models import Cohort
from trainer.cohorts.queries import seats_in_role
from trainer.db import Database
from trainer.permissions import Role


def test_a_coordinator_without_a_cohort_lands_on_the_empty_list(office: Office) -> None:
    answer = office.browser.get("/seats")
    assert answer.location == "/cohorts"
    page = office.read("/cohorts")
    assert "There is no cohort yet." in page
    assert 'href="/cohorts/new"' in page


def test_the_form_is_filled_with_what_is_usual_in_the_company(office: Office) -> None:
    page = office.read("/cohorts/new")
    for value in ("Asia/Tokyo", "09:00", "JP"):
        assert f'value="{value}"' in page


def test_a_name_and_two_days_make_a_cohort_and_its_creator_a_seat(office: Office) -> None:
    made = make_cohort(office, closures="2027-04-30\n2027-08-12/2027-08-16", optional_letters="boss_brief")
    assert (made.day1_on, made.day2_on, made.start_time, made.started_at) == (
        date(2027, 2, 3),
        date(2027, 2, 4),
        time(9),
        None,
    )
    assert (made.closures, made.optional_letters) == (["2027-04-30", "2027-08-12/2027-08-16"], ["boss_brief"])
    with office.database.reading() as db:
        assert [seat.user_id for seat in seats_in_role(db, made, Role.COORDINATOR)] == [office.user.id]
        assert [event.act for event in db.scalars(select(AuditEvent))][-1] == "create_cohort"
    assert "February" in office.read("/cohorts")


def test_unusual_days_are_shown_before_and_after_saving(office: Office) -> None:
    told = {**USUAL, "day1": "2027-02-06", "day2": "2027-02-11"}
    status, page = office.post("/cohorts/new", **told)
    assert status == 200
    assert "Sat, Feb 6, 2027 is on a weekend" in page
    assert "Thu, Feb 11, 2027 is a public holiday" in page
    with office.database.reading() as db:
        assert db.scalars(select(Cohort)).all() == []
    made = make_cohort(office, **told, warned="2027-02-06/2027-02-11")
    assert "Sat, Feb 6, 2027 is on a weekend" in office.read(f"/cohorts/{made.uid}")


def test_a_day_in_the_past_and_one_in_a_closure_are_warned_of(office: Office) -> None:
    _, page = office.post("/cohorts/new", **{**USUAL, "day1": "2026-08-31", "day2": "2026-09-01"})
    assert "Mon, Aug 31, 2026 is in the past" in page
    _, page = office.post("/cohorts/new", **USUAL, closures="2027-02-03")
    assert "Wed, Feb 3, 2027 is in a closure" in page


def test_other_days_are_looked_at_anew(office: Office) -> None:
    status, page = office.post("/cohorts/new", **{**USUAL, "day2": "2027-02-06"}, warned="2027-02-03/2027-02-07")
    assert status == 200
    assert "Sat, Feb 6, 2027 is on a weekend" in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("day2", "2027-02-02", "is before the first"),
        ("day2", "2027-02-24", "more than 14 days apart"),
        ("prompt_time", "18:00", "Letters go out from 08:00 until before 18:00"),
        ("closures", "2027-01-01/2027-05-01", "no business day within 60 days"),
        ("closures", "in May", "&#39;in May&#39; is not a closure"),
        ("time_zone", "Tokyo", "&#39;Tokyo&#39; is not a time zone"),
        ("holidays", "XX", "No holidays are known for &#39;XX&#39;"),
        ("name", "", "Please give the cohort a name."),
        ("program", "another", "This is not one of the choices"),
        ("optional_letters", "act1_open", "This is not one of the choices"),
    ],
)
def test_what_cannot_be_stands_at_its_field_and_nothing_is_made(
    office: Office, field: str, value: str, sentence: str
) -> None:
    status, page = office.post("/cohorts/new", **{**USUAL, field: value})
    assert status == 422
    assert sentence in page
    with office.database.reading() as db:
        assert db.scalars(select(Cohort)).all() == []


def test_a_name_is_used_once_in_a_company(office: Office) -> None:
    make_cohort(office)
    status, page = office.post("/cohorts/new", **USUAL)
    assert status == 422
    assert "A cohort of this name exists already." in page


def test_no_field_of_the_form_reaches_what_is_not_its_own(office: Office) -> None:
    made = make_cohort(office, organization_id="99", started_at="2026-01-01", id="7", created_at="x")
    assert (made.organization_id, made.started_at) == (office.organization.id, None)


def test_settings_can_be_changed_but_not_to_what_cannot_be(office: Office) -> None:
    made = make_cohort(office)
    path = f"/cohorts/{made.uid}/settings"
    status, _ = office.post(path, **{**USUAL, "name": "Spring", "venue": "Room A", "prompt_time": "10:30"})
    assert status == 303
    status, page = office.post(path, **{**USUAL, "prompt_time": "07:59"})
    assert status == 422
    assert "Letters go out from 08:00" in page
    with office.database.reading() as db:
        cohort = db.get_one(Cohort, made.id)
        assert (cohort.name, cohort.venue, cohort.prompt_time) == ("Spring", "Room A", time(10, 30))
        assert cohort.day1_on == date(2027, 2, 3)


OBSERVERS_LETTER = "observer_invite"


def test_letters_that_the_page_does_not_offer_stay_as_a_file_chose_them(office: Office) -> None:
    made = make_cohort(office, optional_letters="boss_brief")
    with office.database.session() as db:
        db.get_one(Cohort, made.id).optional_letters = ["boss_brief", OBSERVERS_LETTER]
        db.commit()
    page = office.read(f"/cohorts/{made.uid}/settings")
    assert OBSERVERS_LETTER not in page
    office.post(f"/cohorts/{made.uid}/settings", **USUAL)
    with office.database.reading() as db:
        assert db.get_one(Cohort, made.id).optional_letters == [OBSERVERS_LETTER]


PAGES = ("", "/settings", "/people", "/people/upload", "/people/add", "/groups", "/staff", "/start")


def test_another_companys_office_finds_none_of_a_cohorts_pages(
    office: Office, watch: Watch, database: Database
) -> None:
    made = make_cohort(office)
    stranger = open_office(office.browser.app, database, watch)
    for page in PAGES:
        assert stranger.browser.get(f"/cohorts/{made.uid}{page}").status_code == 404, page
    for deed in (
        "/settings",
        "/people/upload",
        "/people/add",
        "/groups",
        "/staff",
        "/start",
        "/start/undo",
        "/rehearsed",
    ):
        assert stranger.post(f"/cohorts/{made.uid}{deed}", **USUAL)[0] == 404, deed
    assert "February" not in stranger.read("/cohorts")


def test_who_leaves_the_office_has_no_page_of_it_any_more(office: Office, database: Database) -> None:
    make_cohort(office)
    with database.session() as db:
        db.delete(db.scalars(select(Coordinator).where(Coordinator.user_id == office.user.id)).one())
        db.commit()
    assert office.browser.get("/cohorts").status_code == 403
