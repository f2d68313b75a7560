"""Moving the workshop: the difference first, one confirmation of exactly that, and the way back."""

import re
from datetime import UTC, date, timedelta

import pytest
from sqlalchemy import select, update

from tests.accounts.browsers import Browser, Watch
from tests.desks.homes import STARTED, finish, morning, plan_letters
from tests.desks.offices import Office, open_office
from tests.factories import NOW, make_cohort, make_organization, organization_of
from trainer.accounts.models import User
from trainer.audit import AuditEvent
from trainer.cohorts.actions import extend, override_date, pause
from trainer.cohorts.change_models import ChangeByHand
from trainer.cohorts.models import Cohort
from trainer.cohorts.standing_models import Standing
from trainer.cohorts.standings import recount
from trainer.db import Database
from trainer.prompts.models import Prompt, PromptState

DAYS = {"day1": "2027-02-17", "day2": "2027-02-18"}
TWO_WEEKS_LATER = "/move?day1=2027-02-17&day2=2027-02-18"
DIGEST = re.compile(r'name="digest" value="([0-9a-f]{64})"')
UNDO = re.compile(r'action="/cohorts/[^"]+(/move/[^"]+/undo)"')


@pytest.fixture
def running(database: Database, browser: Browser, watch: Watch) -> Office:
    """The same cohort, started, its letters planned; it is 20 January, and the first letter has gone to everybody."""
    office = open_office(database, browser, watch, started_at=STARTED)
    watch.time = morning(date(2027, 1, 20))
    with database.session() as db:
        plan_letters(db)
        let_letters_go(db, "act1_open")
        db.commit()
    return office


def let_letters_go(db: object, letter: str, least: int = 0) -> None:
    gone = update(Prompt).where(Prompt.letter == letter, Prompt.id >= least)
    db.execute(gone.values(state=PromptState.SENT, sent_at=Prompt.due_at))  # type: ignore[attr-defined]


def digest_on(office: Office, path: str = TWO_WEEKS_LATER) -> str:
    found = DIGEST.search(office.page(path))
    assert found, "there is nothing to confirm"
    return found[1]


def move(office: Office, **days: str) -> tuple[int, str]:
    told = {**DAYS, **days}
    digest = digest_on(office, f"/move?day1={told['day1']}&day2={told['day2']}")
    return office.send("/move", **told, digest=digest)


def days_of(office: Office) -> tuple[date, date]:
    cohort = office.now_is()
    return cohort.day1_on, cohort.day2_on


def section(words: str, begins: str, ends: str) -> str:
    return words[words.index(begins) : words.index(ends)]


def test_looking_changes_nothing(office: Office) -> None:
    words = office.read(TWO_WEEKS_LATER)
    assert "Move the workshop to Wed, Feb 17 – Thu, Feb 18" in words
    assert days_of(office) == (date(2027, 2, 3), date(2027, 2, 4))


def test_the_difference_names_each_date_and_letter_that_shifts(office: Office) -> None:
    words = office.read(TWO_WEEKS_LATER)
    dates = section(words, "Dates that change", "Letters that move")
    assert "Web lessons (ACT1): opens Wed, Jan 13 Wed, Jan 27" in dates
    assert "Workshop Wed, Feb 3 Wed, Feb 17" in dates
    assert "Summary of the three months Tue, Apr 20 Mon, May 10" in dates
    letters = section(words, "Letters that move", "Fewer than five days")
    assert "Wed, Jan 13 Wed, Jan 27" in letters
    assert "have been sent" not in letters


def test_a_date_set_by_hand_stays_and_is_said_to(office: Office) -> None:
    with office.database.session() as db:
        override_date(db, db.get_one(Cohort, office.cohort.id), date_id="plan_due", day=date(2027, 3, 5), now=NOW)
        db.commit()
    assert "Action plan: due Fri, Mar 5 stays: set by hand" in office.read(TWO_WEEKS_LATER)


def test_what_was_sent_is_frozen(running: Office) -> None:
    letters = section(running.read(TWO_WEEKS_LATER), "Letters that move", "Fewer than five days")
    assert "Wed, Jan 13 stays: 3 have been sent" in letters
    assert "Fri, Jan 29 Fri, Feb 12" in letters


def test_what_was_sent_to_some_moves_for_the_others(running: Office) -> None:
    with running.database.session() as db:
        middle = db.scalars(select(Prompt.id).where(Prompt.letter == "act1_due_soon").order_by(Prompt.id)).all()[1]
        let_letters_go(db, "act1_due_soon", middle)
        db.commit()
    letters = section(running.read(TWO_WEEKS_LATER), "Letters that move", "Fewer than five days")
    assert "Fri, Jan 29 Fri, Feb 12 2 have been sent and stay" in letters


def test_a_letter_whose_day_would_have_passed_goes_at_once_or_never(running: Office) -> None:
    soon = running.read("/move?day1=2027-01-25&day2=2027-01-26")
    letters = section(soon, "Letters that move", "Fewer than five days")
    assert "Fri, Jan 29 goes at once" in letters  # the reminder of ACT1, which would be due tomorrow
    assert "is not sent" not in letters
    sooner = running.read("/move?day1=2027-01-12&day2=2027-01-13")
    assert "Fri, Jan 29 is not sent: its day would have passed" in sooner


def test_before_the_start_a_past_day_means_no_letter(office: Office) -> None:
    office.watch.time = morning(date(2027, 1, 14))
    letters = section(office.read("/move?day1=2027-02-04&day2=2027-02-05"), "Letters that move", "Fewer than five days")
    assert "Wed, Jan 13 is not sent: its day would have passed" in letters


def test_who_would_be_short_of_time_is_named(running: Office) -> None:
    with running.database.session() as db:
        finish(db, running.seats[0], "act1")
        recount(db, db.get_one(Cohort, running.cohort.id))
        db.commit()
    short = running.read("/move?day1=2027-01-27&day2=2027-01-28")
    assert "Web lessons (ACT1) 5 days" not in short
    sooner = running.read("/move?day1=2027-01-26&day2=2027-01-27")
    assert "Web lessons (ACT1) 2 days: 2 people Trainee 2, Trainee 3" in sooner
    assert "Trainee 1" not in sooner
    assert "Nobody: everybody keeps five days" in running.read(TWO_WEEKS_LATER)


def test_who_is_paused_is_not_short_of_time(running: Office) -> None:
    with running.database.session() as db:
        pause(db, db.get_one(Cohort, running.cohort.id), db.merge(running.seats[1]), now=NOW)
        db.commit()
    assert "Web lessons (ACT1) 2 days: 2 people Trainee 1, Trainee 3" in running.read(
        "/move?day1=2027-01-26&day2=2027-01-27"
    )


def test_somebodys_own_due_date_stays_and_may_come_too_early(office: Office) -> None:
    with office.database.session() as db:
        cohort = db.get_one(Cohort, office.cohort.id)
        extend(db, cohort, db.merge(office.seats[0]), step="plan", due_on=date(2027, 2, 19), reason="", now=NOW)
        db.commit()
    words = office.read(TWO_WEEKS_LATER)
    assert "Some people have due dates of their own; these stay: Action plan: 1 person" in words
    assert "Action plan 2 days: 1 person Trainee 1" in words


def test_a_confirmed_move_moves_everything(running: Office) -> None:
    assert move(running) == (303, f"/cohorts/{running.cohort.uid}/rehearsal")
    assert days_of(running) == (date(2027, 2, 17), date(2027, 2, 18))
    with running.database.session() as db:
        assert set(db.scalars(select(Standing.due_on))) == {date(2027, 2, 15)}
        assert db.scalars(select(AuditEvent.act)).all()[-1] == "move_days"
        plan_letters(db)
        days = {letter: day for letter, day in db.execute(select(Prompt.letter, Prompt.local_date).distinct())}
        db.commit()
    assert days["act1_open"] == date(2027, 1, 13)  # sent
    assert days["act1_due_soon"] == date(2027, 2, 12)
    assert days["closing_summary"] == date(2027, 5, 10)


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"day2": "2027-02-16"}, "The second workshop day (Tue, Feb 16, 2027) is before the first"),
        ({"day2": "2027-03-30"}, "are more than 14 days apart"),
        ({"day1": "2027-02-03", "day2": "2027-02-04"}, "These are the days as they are."),
        ({"day1": ""}, "Please choose the first day."),
        ({"day2": "tomorrow"}, "This cannot be read as a date"),
    ],
)
def test_days_that_cannot_be_are_refused_beside_their_field(
    office: Office, days: dict[str, str], sentence: str
) -> None:
    told = {**DAYS, **days}
    office.browser.enter(office.user, office.watch.now())
    looked = office.browser.get(f"/cohorts/{office.cohort.uid}/move?day1={told['day1']}&day2={told['day2']}")
    sent = office.send("/move", **told)
    for status, page in ((looked.status_code, looked.text), sent):
        assert status == 422
        assert sentence in page
    assert days_of(office) == (date(2027, 2, 3), date(2027, 2, 4))


def test_unusual_days_are_warned_of(office: Office) -> None:
    words = office.read("/move?day1=2027-02-11&day2=2027-02-12")
    assert "The workshop day Thu, Feb 11, 2027 is a public holiday." in words


@pytest.mark.parametrize("since", ["other days", "a letter", "a person"])
def test_what_was_not_seen_is_not_confirmed(running: Office, since: str) -> None:
    digest = digest_on(running)
    with running.database.session() as db:
        cohort = db.get_one(Cohort, running.cohort.id)
        if since == "other days":
            cohort.day2_on = date(2027, 2, 5)
        elif since == "a letter":
            let_letters_go(db, "act1_due_soon")
        else:
            due_on = date(2027, 2, 20)
            extend(db, cohort, db.merge(running.seats[0]), step="plan", due_on=due_on, reason="", now=NOW)
        db.commit()
    status, where = running.send("/move", **DAYS, digest=digest)
    assert (status, where) == (303, f"/cohorts/{running.cohort.uid}{TWO_WEEKS_LATER}")
    assert "Something has changed since you looked." in running.browser.get(where).text
    assert running.now_is().day1_on == date(2027, 2, 3)
    assert move(running)[0] == 303
    assert running.now_is().day1_on == date(2027, 2, 17)


def test_a_move_without_a_look_is_refused(office: Office) -> None:
    assert office.send("/move", **DAYS)[0] == 303
    assert office.send("/move", **DAYS, digest="0" * 64)[0] == 303
    assert days_of(office) == (date(2027, 2, 3), date(2027, 2, 4))


def test_a_move_is_undone_until_the_next_letter(running: Office) -> None:
    move(running)
    path = UNDO.search(running.page("/rehearsal"))
    assert path is not None
    assert UNDO.search(running.page("/move")) is not None
    assert running.send(path[1])[0] == 303
    assert days_of(running) == (date(2027, 2, 3), date(2027, 2, 4))
    with running.database.reading() as db:
        assert set(db.scalars(select(Standing.due_on))) == {date(2027, 2, 1)}
    assert UNDO.search(running.page("/rehearsal")) is None
    running.send(path[1])
    assert days_of(running) == (date(2027, 2, 3), date(2027, 2, 4))


def test_after_the_next_letter_a_move_stays(running: Office) -> None:
    move(running)
    path = UNDO.search(running.page("/rehearsal"))
    assert path is not None
    with running.database.session() as db:
        gone = update(Prompt).where(Prompt.letter == "act1_due_soon")
        handed_at = running.watch.now().astimezone(UTC) + timedelta(seconds=1)
        db.execute(gone.values(state=PromptState.HANDING, handed_at=handed_at))
        db.commit()
    assert UNDO.search(running.page("/rehearsal")) is None
    running.send(path[1])
    assert "This cannot be undone any more" in running.browser.get(f"/cohorts/{running.cohort.uid}/rehearsal").text
    assert days_of(running) == (date(2027, 2, 17), date(2027, 2, 18))


def test_a_later_change_of_the_days_is_not_taken_back_with_an_earlier_one(office: Office) -> None:
    move(office)
    first = UNDO.search(office.page("/rehearsal"))
    assert first is not None
    move(office, day1="2027-02-24", day2="2027-02-25")
    office.send(first[1])
    assert days_of(office) == (date(2027, 2, 24), date(2027, 2, 25))


def test_nobody_undoes_another_companys_move(office: Office) -> None:
    with office.database.session() as db:
        cohort = make_cohort(db, make_organization(db))
        user = User(organization_id=cohort.organization_id, name="Somebody", created_at=NOW)
        db.add(user)
        db.flush()
        theirs = {"kind": "move", "facet": "days", "before": {}, "after": {}, "done_at": NOW, "done_by_id": user.id}
        change = ChangeByHand(organization_id=cohort.organization_id, cohort_id=cohort.id, **theirs)
        db.add(change)
        db.commit()
    assert office.send(f"/move/{change.uid}/undo")[0] == 404


def test_other_days_need_a_new_rehearsal_before_the_start(office: Office) -> None:
    office.send("/rehearsed", digest=digest_of_rehearsal(office))
    assert "start-now" in office.page("/start")
    assert "Before the start, look at the rehearsal of the new dates." in office.read(TWO_WEEKS_LATER)
    move(office)
    assert "start-now" not in office.page("/start")


def digest_of_rehearsal(office: Office) -> str:
    found = DIGEST.search(office.page("/rehearsal"))
    assert found is not None
    return found[1]


def test_a_company_that_is_closed_moves_dates_on(office: Office) -> None:
    with office.database.session() as db:
        organization_of(db, db.get_one(Cohort, office.cohort.id)).closures = ["2027-02-26"]
        db.commit()
    assert "Action plan: due Fri, Feb 12 Mon, Mar 1" in office.read(TWO_WEEKS_LATER)
