"""The rehearsal's page: every day of the three months, any one inbox, each letter as it will look."""

import re
from datetime import date

import pytest
from sqlalchemy import func, select

from tests.accounts.browsers import Browser, Watch
from tests.desks.offices import Office, open_office
from tests.factories import NOW, make_cohort, make_organization, make_seat, make_user, organization_of
from trainer.accounts.models import User
from trainer.cohorts.actions import extend
from trainer.cohorts.models import Cohort
from trainer.db import Database
from trainer.desks.holiday_names import holiday_name
from trainer.permissions import Role
from trainer.prompts.models import Prompt

DAY = re.compile(r"<td[^>]*>.*?</td>", re.DOTALL)
LINK = re.compile(r'href="([^"]+)"')


def days_of(page: str) -> list[str]:
    """The cells of the calendar, each with its tags."""
    return DAY.findall(page[page.index('<div class="cal">') : page.index("</table>")])


def cell(page: str, number: str, place: int = 0) -> str:
    """One day of the calendar: `number` as it is written there, the `place`-th of that number."""
    return [day for day in days_of(page) if f'<span class="d">{number}</span>' in day][place]


def test_the_calendar_shows_steps_letters_workshop_and_holidays(office: Office) -> None:
    page = office.page("/rehearsal")
    assert len(days_of(page)) % 7 == 0
    opening = cell(page, "13")
    assert 'class="in"' in opening
    assert "3 letters" in opening
    assert "class" in cell(page, "3")  # the first day of the workshop
    assert "Action plan: due" in cell(page, "12", 1)
    assert "(Foundation Day)" in cell(page, "11", 1)
    assert "letters" not in cell(page, "16")  # a Saturday


def test_a_day_of_the_calendar_leads_to_its_letters(office: Office) -> None:
    link = LINK.search(cell(office.page("/rehearsal"), "13"))
    assert link is not None
    answer = office.browser.get(link[1].replace("&amp;", "&"))
    assert "Letters on Wed, Jan 13" in answer.get_data(as_text=True)
    words = office.read("/rehearsal?day=2027-01-13")
    assert "ACT1 (web lessons) is open: due Mon, Feb 1 3 letters" in words
    assert "Nothing is sent on this day." in office.read("/rehearsal?day=2027-01-14")
    assert "Nothing is sent on this day." not in office.read("/rehearsal?day=yesterday")


def test_an_inbox_has_each_letter_once_in_order_and_says_what_stays_behind(office: Office) -> None:
    words = office.read("/rehearsal")
    assert "What Trainee 1 gets" in words
    letters = words[words.index("What Trainee 1 gets") :]
    told = ["Wed, Jan 13 ACT1", "Fri, Jan 29 ACT1", "Tue, Feb 2", "Tue, Feb 9", "Thu, Mar 4", "Tue, Apr 20"]
    places = [letters.index(one) for one in told]
    assert places == sorted(places)
    assert "Not sent, so that nobody gets too many (1) Tue, Feb 2 ACT1 is still open for you: another letter" in letters
    assert "Letters without a fixed day" in letters
    assert "Overviews for facilitators and coordinators (2)" in letters
    assert "Plans and reflections waiting" in letters


def test_somebodys_own_dates_show_in_their_inbox_alone(office: Office) -> None:
    with office.database.session() as db:
        cohort, seat = db.merge(office.cohort), db.merge(office.seats[1])
        extend(db, cohort, seat, step="plan", due_on=date(2027, 2, 26), reason="", now=NOW)
        db.commit()
    theirs = office.read(f"/rehearsal?seat={office.seats[1].uid}")
    assert "What Trainee 2 gets" in theirs
    assert "Wed, Feb 24 Your action plan (by Fri, Feb 26)" in theirs
    assert "Feb 26" not in office.read(f"/rehearsal?seat={office.seats[0].uid}")
    assert "2 letters" in cell(office.page("/rehearsal"), "9")


def test_anybody_of_the_cohort_is_found_and_nobody_else(office: Office) -> None:
    with office.database.session() as db:
        neighbour = make_cohort(db, organization_of(db, office.cohort))
        make_seat(db, neighbour, make_user(db, organization_of(db, neighbour), name="Trainee of the neighbours"))
        db.commit()
    words = office.read("/rehearsal?person=trainee")
    assert [f"Trainee {number}" in words for number in (1, 2, 3)] == [True, True, True]
    assert "neighbours" not in words
    assert "Nobody is found under these words." in office.read("/rehearsal?person=100%25")


def test_a_cohort_without_people_says_so(database: Database, browser: Browser, watch: Watch) -> None:
    office = open_office(database, browser, watch, people=0)
    words = office.read("/rehearsal")
    assert "Nobody takes part yet." in words
    assert "0 letters in all, at most" in words


def test_a_letter_stands_on_the_page_in_a_frame_that_runs_nothing(office: Office) -> None:
    page = office.page("/rehearsal?letter=reflection1_open")
    frame = re.search(r'<iframe class="phone" src="([^"]+)" sandbox ', page)
    assert frame is not None
    letter = office.browser.get(frame[1])
    assert "reflection1_open/html" in frame[1]
    assert "sandbox" in letter.headers["Content-Security-Policy"]
    assert "script-src" not in letter.headers["Content-Security-Policy"]
    assert "Trainee 1" in letter.get_data(as_text=True)


def test_a_letter_is_shown_whole_and_nothing_is_written_down(office: Office) -> None:
    words = office.read(f"/rehearsal/{office.seats[2].uid}/act1_due_soon")
    assert "To Trainee 3 <" in words
    assert "Date Fri, Jan 29, 2027 at 09:00" in words
    assert "ACT1 lessons to go: 8 (by Mon, Feb 1)" in words
    with office.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Prompt)) == 0


def test_every_letter_of_the_program_can_be_seen(office: Office) -> None:
    with office.database.session() as db:
        cohort = db.get_one(Cohort, office.cohort.id)
        cohort.optional_letters = ["boss_brief", "boss_plan_shared"]
        boss = make_user(db, organization_of(db, cohort), name="The Boss")
        db.merge(office.seats[0]).boss_id = boss.id
        make_seat(db, cohort, role=Role.FACILITATOR)
        db.commit()
    page = office.page(f"/rehearsal?seat={office.seats[0].uid}")
    letters = set(re.findall(r"letter=(\w+)", page)) | set(re.findall(rf"{office.seats[0].uid}/(\w+)\"", page))
    assert letters >= {"act1_open", "boss_brief", "plan_returned", "nudge_experiment", "coordinator_digest"}
    assert "act1_past_due" not in letters  # it stays behind another on its day
    for letter in letters:
        assert "As plain text" in office.read(f"/rehearsal/{office.seats[0].uid}/{letter}"), letter
    assert "To The Boss <" in office.read(f"/rehearsal/{office.seats[0].uid}/boss_brief")


@pytest.mark.parametrize("letter", ["boss_brief", "facilitator_digest"])
def test_a_letter_that_nobody_would_get_says_so(office: Office, letter: str) -> None:
    with office.database.session() as db:
        db.get_one(Cohort, office.cohort.id).optional_letters = ["boss_brief"]
        db.commit()
    path = f"/rehearsal/{office.seats[0].uid}/{letter}"
    assert "Nobody in this cohort gets this letter yet." in office.read(path)
    assert office.browser.get(f"/cohorts/{office.cohort.uid}{path}/html").status_code == 404


@pytest.mark.parametrize("letter", ["boss_brief", "nonsense"])
def test_a_letter_that_the_cohort_does_not_send_is_not_found(office: Office, letter: str) -> None:
    office.read("/rehearsal")
    assert (
        office.browser.get(f"/cohorts/{office.cohort.uid}/rehearsal/{office.seats[0].uid}/{letter}").status_code == 404
    )


def test_nobodys_seat_of_another_cohort_is_shown(office: Office) -> None:
    with office.database.session() as db:
        ours = make_seat(db, make_cohort(db, organization_of(db, office.cohort)))
        theirs = make_seat(db, make_cohort(db, make_organization(db)))
        db.commit()
    office.read("/rehearsal")
    for seat in (ours, theirs):
        base = f"/cohorts/{office.cohort.uid}/rehearsal"
        assert office.browser.get(f"{base}/{seat.uid}/act1_open").status_code == 404
        assert "Trainee" not in office.read(f"/rehearsal?seat={seat.uid}")


def test_the_letter_speaks_its_readers_language(office: Office) -> None:
    with office.database.session() as db:
        db.get_one(User, office.seats[0].user_id).language = "ja"
        db.commit()
    assert "ACT1（WEB学習）が始まりました" in office.read(f"/rehearsal/{office.seats[0].uid}/act1_open")
    assert "ACT1 (web lessons) is open" in office.read(f"/rehearsal/{office.seats[1].uid}/act1_open")


def test_who_has_seen_it_goes_on_to_the_start(office: Office) -> None:
    page = office.page("/rehearsal")
    assert "The first letters go on Wed, Jan 13 at 09:00: 3 of them." in office.read("/rehearsal")
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert digest is not None
    assert office.send("/rehearsed", digest=digest[1]) == (303, f"/cohorts/{office.cohort.uid}/start")
    assert "You have seen the rehearsal of these dates." in office.read("/rehearsal")
    assert 'name="digest"' not in office.page("/rehearsal")


def test_holidays_are_named_in_the_readers_language() -> None:
    assert holiday_name("JP", date(2027, 2, 11), "ja") == "建国記念の日"
    assert holiday_name("JP", date(2027, 2, 11), "en") == "Foundation Day"
    assert holiday_name("JP", date(2027, 2, 10), "ja") is None
    assert holiday_name("DE", date(2027, 1, 1), "ja")  # in whatever language its names are kept
