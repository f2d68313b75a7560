"""The office's pages, by mouse and by keyboard: nothing is written unseen, and everything can be taken back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.accounts.factories import make_group
from tests.browser.accessibility import axe, walk_by_keyboard
from tests.browser.conftest import Site
from tests.browser.offices import sign_in
from tests.browser.screens import PHONE, open_page
from tests.factories import make_cohort, make_seat, make_user, organization_of
from trainer import clock
from trainer.accounts.models import Organization, User
from trainer.cohorts.actions_start import note_rehearsal
from trainer.cohorts.models import Cohort
from trainer.cohorts.queries import trainee_seats
from trainer.cohorts.standings import recount
from trainer.permissions import Role

pytestmark = pytest.mark.browser

ROSTERS = Path(__file__).parent.parent / "fixtures" / "rosters"
PAGES = ("", "/settings", "/people", "/people/upload", "/people/add", "/groups", "/staff", "/start")


@pytest.fixture
def cohort(site: Site, coordinator: User) -> Cohort:
    """A cohort with somebody on each of its pages."""
    with site.database.session() as db:
        made = make_cohort(db, organization=db.get_one(Organization, coordinator.organization_id), name="2027年2月期")
        group = make_group(db, made, make_seat(db, made, role=Role.FACILITATOR))
        for number in range(3):
            make_seat(db, made, make_user(db, organization_of(db, made), name=f"岡田 {number}"), group_id=group.id)
        note_rehearsal(db, made, clock.now())
        db.commit()
    return made


def test_refused_rows_are_seen_downloaded_and_left_out_and_the_rest_undone(
    site: Site, phone: Page, coordinator: User, cohort: Cohort
) -> None:
    sign_in(site, phone, coordinator)
    phone.goto(f"/cohorts/{cohort.uid}/people/upload")
    phone.get_by_label("ファイル").set_input_files(ROSTERS / "minato_12_with_errors_utf8.csv")
    phone.get_by_role("button", name="結果を確かめる").click()
    refused = phone.get_by_role("table", name="受け付けられない行")
    expect(refused.get_by_role("rowheader").first).to_contain_text("行目")
    with phone.expect_download() as download:
        phone.get_by_role("link", name="受け付けられない行をダウンロードする（.xlsx）").click()
    assert download.value.suggested_filename == "refused-rows.xlsx"
    assert axe(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.get_by_role("button", name="名を追加する").click()
    phone.get_by_role("link", name="受講者の一覧").click()
    phone.get_by_role("button", name="この取り込みを取り消す").click()
    expect(phone.get_by_text("取り込みを取り消しました。")).to_be_visible()
    with site.database.reading() as db:
        assert len(db.scalars(trainee_seats(cohort)).all()) == 3


def test_a_known_person_is_changed_only_after_a_deliberate_tick(
    site: Site, phone: Page, coordinator: User, cohort: Cohort
) -> None:
    with site.database.session() as db:
        other = make_cohort(db, organization=organization_of(db, cohort), name="2027年3月期")
        number = db.get_one(User, trainee_of(db, cohort)).employee_number
        db.commit()
    sign_in(site, phone, coordinator)
    phone.goto(f"/cohorts/{other.uid}/people/upload")
    roster = f"社員番号,氏名,メールアドレス\n{number},伊藤 翔太,ito@minato.example\n".encode()
    phone.get_by_label("ファイル").set_input_files({"name": "roster.csv", "mimeType": "text/csv", "buffer": roster})
    phone.get_by_role("button", name="結果を確かめる").click()
    expect(phone.get_by_role("heading", name="すでに登録されている方の情報が変わります（1名）")).to_be_visible()
    expect(phone.get_by_text("参加中の研修回：2027年2月期。")).to_contain_text(
        f"{number}：岡田 0 → 伊藤 翔太、メールアドレス："
    )
    phone.get_by_role("button", name="1名を追加する").click()
    expect(phone.get_by_text("チェックを入れてください。").first).to_be_visible()
    assert axe(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.get_by_label("別の方ではないことを確認しました").check()
    phone.get_by_role("button", name="1名を追加する").click()
    expect(phone.get_by_text("1名を追加しました。")).to_be_visible()


def trainee_of(db: Session, cohort: Cohort) -> int:
    """The user's number of the cohort's first trainee."""
    return db.scalars(trainee_seats(cohort)).all()[0].user_id


def test_unusual_days_are_warned_of_beside_the_field(site: Site, phone: Page, coordinator: User) -> None:
    sign_in(site, phone, coordinator)
    phone.goto("/cohorts/new")
    phone.get_by_label("研修回の名前").fill("土曜の回")
    phone.get_by_label("集合研修の1日目").fill("2027-02-06")
    phone.get_by_label("集合研修の2日目").fill("2027-02-08")
    phone.get_by_role("button", name="研修回をつくる").click()
    expect(phone.locator(".notice", has_text="2027年2月6日（土）")).to_be_visible()
    phone.get_by_role("button", name="この日程で研修回をつくる").click()
    expect(phone.locator(".notice", has_text="2027年2月6日（土）")).to_be_visible()
    expect(phone).to_have_url(re.compile("/cohorts/[0-9a-f]{8}-"))


def test_without_scripts_a_cohort_starts_too(chromium: Chromium, site: Site, coordinator: User, cohort: Cohort) -> None:
    with open_page(chromium, site.url, PHONE._replace(has_scripts=False)) as page:
        sign_in(site, page, coordinator)
        page.goto(f"/cohorts/{cohort.uid}/start")
        page.get_by_role("link", name="研修を開始する").click()
        page.locator("dialog button").click()
        expect(page.get_by_role("heading", name="研修が始まっています")).to_be_visible()


@pytest.mark.axe
def test_every_page_is_for_everybody_and_fits(site: Site, page: Page, coordinator: User, cohort: Cohort) -> None:
    sign_in(site, page, coordinator)
    for address in (
        "/cohorts",
        "/cohorts/new",
        "/office/coordinators",
        *(f"/cohorts/{cohort.uid}{at}" for at in PAGES),
    ):
        page.goto(address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


@pytest.mark.parametrize("address", ["/people", "/people/upload", "/staff", "/start", "/settings"])
def test_the_keyboard_reaches_everything(
    site: Site, phone: Page, coordinator: User, cohort: Cohort, address: str
) -> None:
    sign_in(site, phone, coordinator)
    phone.goto(f"/cohorts/{cohort.uid}{address}")
    assert walk_by_keyboard(phone) == []


@pytest.mark.axe
def test_from_the_first_page_each_need_is_one_tap_away(
    site: Site, page: Page, coordinator: User, cohort: Cohort
) -> None:
    with site.database.session() as db:
        running = db.get_one(Cohort, cohort.id)
        running.started_at = clock.now()
        for seat in db.scalars(trainee_seats(running)):
            db.get_one(User, seat.user_id).email = None
        recount(db, running)
        db.commit()
    sign_in(site, page, coordinator)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("手が要る研修回は、1件です")
    assert axe(page) == []
    assert walk_by_keyboard(page) == []
    page.get_by_role("link", name="3名にお知らせが届いていません").click()
    expect(page).to_have_url(re.compile("/ledger/addresses$"))
