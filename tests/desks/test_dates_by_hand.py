"""Dates on the rehearsal's page: set by hand, computed again, taken back; everything that depends on them follows."""

import re
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.accounts.browsers import Browser, Watch
from tests.desks.homes import STARTED, plan_letters
from tests.desks.offices import Office, open_office
from trainer.audit import AuditEvent
from trainer.cohorts.change_models import ChangeByHand
from trainer.cohorts.models import Cohort, DateOverride
from trainer.cohorts.queries import schedule_of
from trainer.cohorts.standing_models import Standing
from trainer.db import Database
from trainer.prompts.models import Prompt, PromptState

UNDO = re.compile(r'action="/cohorts/[^"]+(/move/[^"]+/undo)"')


def dates_of(office: Office) -> dict[str, date]:
    with office.database.reading() as db:
        return schedule_of(db, db.get_one(Cohort, office.cohort.id)).dates


def set_date(office: Office, date_id: str, day: str) -> tuple[int, str]:
    return office.send(f"/rehearsal/dates/{date_id}", day=day)


def undo_of(page: str) -> str:
    found = UNDO.search(page)
    assert found, "there is no way back on the page"
    return found[1]


def test_what_was_computed_and_what_was_set_by_hand_is_marked(office: Office) -> None:
    words = office.read("/rehearsal")
    assert "Web lessons (ACT1) Wed, Jan 13 – Mon, Feb 1" in words
    assert "Action plan until Fri, Feb 12 Change: Action plan Action plan: due Set this date computed" in words
    assert "Workshop Wed, Feb 3 – Thu, Feb 4 set by hand" in words
    assert "Two-month reflection: opens Computed; Sun, Apr 4 is no business day." in words


def test_a_date_set_by_hand_stands_and_what_depends_on_it_follows(office: Office) -> None:
    assert set_date(office, "plan_due", "2027-02-19") == (303, f"/cohorts/{office.cohort.uid}/rehearsal")
    assert dates_of(office)["plan_due"] == date(2027, 2, 19)
    assert dates_of(office)["plan_review_due"] == date(2027, 3, 1)
    words = office.read("/rehearsal")
    assert "Action plan until Fri, Feb 19" in words
    assert "Set by hand; computed, it would be Fri, Feb 12." in words
    assert "Wed, Feb 17 Your action plan (by Fri, Feb 19)" in words
    with office.database.reading() as db:
        assert set(db.scalars(select(Standing.due_on))) == {date(2027, 2, 1)}
        assert db.scalars(select(AuditEvent.act)).all()[-1] == "set_date"


def test_a_day_off_set_by_hand_stands_and_is_told(office: Office) -> None:
    set_date(office, "plan_due", "2027-02-14")
    assert "Sun, Feb 14 is on a weekend." in office.read("/rehearsal")
    assert dates_of(office)["plan_due"] == date(2027, 2, 14)


def test_an_opening_by_hand_is_told_from_a_due_date_by_hand(office: Office) -> None:
    set_date(office, "reflection1_open", "2027-03-05")
    assert "opening set by hand" in office.read("/rehearsal")
    set_date(office, "reflection1_due", "2027-03-18")
    assert "opening set by hand" not in office.read("/rehearsal")
    office.send("/rehearsal/dates/reflection1_open/computed")
    assert "due date set by hand" in office.read("/rehearsal")


def test_standings_follow_a_date(office: Office) -> None:
    set_date(office, "act1_due", "2027-01-29")
    with office.database.reading() as db:
        assert set(db.scalars(select(Standing.due_on))) == {date(2027, 1, 29)}


def test_a_date_is_computed_again(office: Office) -> None:
    set_date(office, "plan_due", "2027-02-19")
    assert office.send("/rehearsal/dates/plan_due/computed")[0] == 303
    assert dates_of(office)["plan_due"] == date(2027, 2, 12)
    assert "Compute it again" not in office.read("/rehearsal")


def test_each_change_asks_for_a_new_look_before_the_start(office: Office) -> None:
    digest = re.search(r'name="digest" value="(\w+)"', office.page("/rehearsal"))
    assert digest is not None
    office.send("/rehearsed", digest=digest[1])
    set_date(office, "plan_due", "2027-02-19")
    assert "start-now" not in office.page("/start")
    office.send("/rehearsed", digest=digest[1])  # of the dates as they were
    assert "start-now" not in office.page("/start")


@pytest.mark.parametrize(
    ("date_id", "day", "words"),
    [
        ("plan_due", "2027-02-01", "The step Action plan would be due on Mon, Feb 1, 2027, before it opens on"),
        ("plan_due", "1827-02-01", "The year of"),
        ("plan_due", "", "Please choose a day."),
        ("plan_due", "soon", "Please choose a day."),
        ("workshop", "2027-02-10", "is a workshop day"),
        ("nonsense", "2027-02-10", "The program has no date nonsense"),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_a_sentence(office: Office, date_id: str, day: str, words: str) -> None:
    before = dates_of(office)
    status, page = set_date(office, date_id, day)
    assert (status, words in page) == (422, True)
    assert dates_of(office) == before
    with office.database.reading() as db:
        assert db.scalars(select(ChangeByHand)).all() == []


def test_computing_again_is_refused_where_the_dates_would_not_fit(office: Office) -> None:
    set_date(office, "act1_due", "2027-02-10")
    set_date(office, "act1_open", "2027-02-08")
    status, words = office.send("/rehearsal/dates/act1_due/computed")
    assert status == 422
    assert "The step Web lessons (ACT1) would be due on Mon, Feb 1, 2027, before it opens on Mon, Feb 8, 2027." in words
    assert dates_of(office)["act1_due"] == date(2027, 2, 10)


def test_the_same_date_again_is_no_change(office: Office) -> None:
    set_date(office, "plan_due", "2027-02-19")
    set_date(office, "plan_due", "2027-02-19")
    with office.database.reading() as db:
        assert len(db.scalars(select(ChangeByHand)).all()) == 1


def test_a_change_is_undone_to_what_was_before(office: Office) -> None:
    set_date(office, "plan_due", "2027-02-19")
    set_date(office, "plan_due", "2027-02-22")
    office.send(undo_of(office.page("/rehearsal")))
    assert dates_of(office)["plan_due"] == date(2027, 2, 19)
    office.send(undo_of(office.page("/rehearsal")))
    assert dates_of(office)["plan_due"] == date(2027, 2, 12)
    with office.database.reading() as db:
        assert db.scalars(select(DateOverride)).all() == []
        assert db.scalars(select(AuditEvent.act)).all()[-1] == "undo_change"
    assert "/undo" not in office.page("/rehearsal")


def test_computing_again_is_undone_too(office: Office) -> None:
    set_date(office, "plan_due", "2027-02-19")
    office.send("/rehearsal/dates/plan_due/computed")
    office.send(undo_of(office.page("/rehearsal")))
    assert dates_of(office)["plan_due"] == date(2027, 2, 19)


def test_undo_is_possible_until_the_next_letter(database: Database, browser: Browser, watch: Watch) -> None:
    office = open_office(database, browser, watch, started_at=STARTED)
    with database.session() as db:
        plan_letters(db)
        db.commit()
    let_one_go(office, "act1_open", watch.now() - timedelta(hours=1))
    set_date(office, "plan_due", "2027-02-19")
    path = undo_of(office.page("/rehearsal"))
    let_one_go(office, "act1_due_soon", watch.now() + timedelta(minutes=1))
    assert "/undo" not in office.page("/rehearsal")
    status, _where = office.send(path)
    assert status == 303
    assert "This cannot be undone any more" in office.browser.get(f"/cohorts/{office.cohort.uid}/rehearsal").text
    assert dates_of(office)["plan_due"] == date(2027, 2, 19)


def test_an_undo_that_would_not_fit_any_more_says_so(office: Office) -> None:
    set_date(office, "act1_due", "2027-02-10")
    path = undo_of(office.page("/rehearsal"))
    set_date(office, "act1_open", "2027-02-08")
    assert office.send(path)[0] == 303
    assert "This cannot be undone any more" in office.browser.get(f"/cohorts/{office.cohort.uid}/rehearsal").text
    assert dates_of(office)["act1_due"] == date(2027, 2, 10)


def let_one_go(office: Office, letter: str, at: datetime) -> None:
    """The first trainee gets this letter at that instant."""
    with office.database.session() as db:
        prompt = db.scalars(select(Prompt).where(Prompt.letter == letter).order_by(Prompt.id).limit(1)).one()
        prompt.state, prompt.sent_at = PromptState.SENT, at
        db.commit()
