"""Every print-out says for whom it is and of which day."""

from datetime import UTC, datetime

import pytest

from tests.accounts.browsers import Browser, Watch
from tests.factories import make_cohort, make_organization, make_seat, make_user
from trainer.db import Database

IN_THE_EVENING = datetime(2027, 2, 3, 16, 0, tzinfo=UTC)  # the 4th has begun in Tokyo, not in London


@pytest.fixture
def now() -> datetime:
    return IN_THE_EVENING


@pytest.mark.parametrize(
    ("language", "zone", "said"),
    [
        ("ja", "Asia/Tokyo", "岡田 千夏 様 用・2027年2月4日（木）印刷"),
        ("ja", "Europe/London", "岡田 千夏 様 用・2027年2月3日（水）印刷"),
        ("en", "Europe/London", "For 岡田 千夏, printed on Wed, Feb 3, 2027"),
    ],
)
def test_it_is_for_its_reader_and_of_the_day_where_the_cohort_is(
    database: Database, browser: Browser, watch: Watch, language: str, zone: str, said: str
) -> None:
    with database.session() as db:
        organization = make_organization(db)
        cohort = make_cohort(db, organization, time_zone=zone, started_at=watch.now())
        user = make_user(db, organization, name="岡田 千夏", language=language)
        seat = make_seat(db, cohort, user)
        db.commit()
    browser.enter(user, watch.now())
    for path in (f"/seats/{seat.uid}/summary", f"/seats/{seat.uid}"):
        assert f'<p class="printed">{said}</p>' in browser.get(path).get_data(as_text=True)


def test_a_page_about_no_cohort_has_the_companys_day(database: Database, browser: Browser, watch: Watch) -> None:
    with database.session() as db:
        user = make_user(db, make_organization(db, time_zone="Europe/London"), language="en")
        db.commit()
    browser.enter(user, watch.now())
    assert "printed on Wed, Feb 3, 2027</p>" in browser.get("/account/").get_data(as_text=True)


def test_nobody_is_named_before_they_sign_in(browser: Browser) -> None:
    assert 'class="printed"' not in browser.get("/sign-in").get_data(as_text=True)
