"""The rehearsal and the move of the days by mouse and keyboard: look, change, see everything follow, take it back."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import axe, walk_by_keyboard
from tests.browser.conftest import Site
from tests.browser.offices import sign_in
from tests.factories import make_cohort, make_seat, make_user, organization_of
from trainer.accounts.models import Organization, User
from trainer.cohorts.models import Cohort
from trainer.cohorts.standings import recount
from trainer.permissions import Role

pytestmark = pytest.mark.browser

MOVED = "/move?day1=2027-12-15&day2=2027-12-16"
STATES = ("/rehearsal?day=2027-11-10&letter=act1_open", "/rehearsal?person=岡田", MOVED)


@pytest.fixture
def cohort(site: Site, coordinator: User) -> Cohort:
    """A cohort of 1 and 2 December 2027, with three trainees."""
    with site.database.session() as db:
        user = db.merge(coordinator)
        made = make_cohort(
            db,
            db.get_one(Organization, user.organization_id),
            name="冬の回",
            day1_on=date(2027, 12, 1),
            day2_on=date(2027, 12, 2),
        )
        make_seat(db, made, user, role=Role.COORDINATOR)
        for name in ("岡田 千夏", "髙﨑 徹", "岡田 涼"):
            make_seat(db, made, make_user(db, db.get_one(Organization, user.organization_id), name=name))
        recount(db, made)
        db.commit()
    return made


@pytest.fixture
def desk(site: Site, phone: Page, coordinator: User, cohort: Cohort) -> Page:
    """A phone on which the coordinator looks at the rehearsal."""
    sign_in(site, phone, coordinator)
    phone.goto(f"/cohorts/{cohort.uid}/rehearsal")
    return phone


def test_from_a_day_to_a_letter_as_it_will_look(desk: Page) -> None:
    desk.locator(".cal a").first.click()
    expect(desk.get_by_role("heading", name="11月10日（水）に送るもの")).to_be_visible()
    desk.locator("#letters .list a").first.click()
    expect(desk.locator(".mails a[aria-current]")).to_contain_text("WEB学習")
    desk.locator("iframe.phone").scroll_into_view_if_needed()
    frame = desk.frame_locator("iframe.phone")
    expect(frame.get_by_text("岡田 千夏 様")).to_be_visible()
    desk.get_by_role("link", name="パソコンでの見え方と、文字だけの文面を見る").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("ACT1（WEB学習）が始まりました")
    expect(desk.locator("pre")).to_contain_text("岡田 千夏 様")
    expect(desk.frame_locator("iframe.letter-frame").get_by_text("岡田 千夏 様")).to_be_visible()
    assert desk.evaluate("document.documentElement.scrollWidth") <= 360


def test_anybodys_inbox_is_found(desk: Page) -> None:
    desk.get_by_label("ほかの方を探す").fill("髙﨑")
    desk.get_by_role("button", name="探す").click()
    desk.get_by_role("link", name="髙﨑 徹").click()
    expect(desk.get_by_role("heading", name="髙﨑 徹 さんに届くもの")).to_be_visible()
    desk.locator(".mails a").nth(1).click()
    expect(desk.get_by_role("heading", name="髙﨑 徹 さんに届くもの")).to_be_visible()


def test_a_date_is_shifted_and_set_back_and_everything_follows(desk: Page) -> None:
    plan = desk.locator(".dates > div").filter(has_text="アクションプラン")
    expect(plan).to_contain_text("12月9日（木）まで")
    plan.locator("summary").click()
    plan.get_by_label("アクションプラン：期限").fill("2027-12-17")
    plan.get_by_role("button", name="この日にする").click()
    expect(plan).to_contain_text("12月17日（金）まで")
    expect(plan.locator(".badge")).to_have_text("手入力")
    expect(desk.locator(".mails").first).to_contain_text("12月15日（水）アクションプランの提出をお待ちしています")
    plan.locator("summary").click()
    plan.get_by_role("button", name="自動に戻す：12月9日（木）").click()
    expect(plan).to_contain_text("12月9日（木）まで")
    desk.get_by_role("button", name="日程を元に戻す").click()
    expect(plan).to_contain_text("12月17日（金）まで")


def test_the_days_are_moved_after_a_look_at_the_difference_and_moved_back(desk: Page) -> None:
    desk.get_by_role("link", name="日程を変える").click()
    desk.get_by_label("集合研修の1日目").fill("2027-12-15")
    desk.get_by_label("集合研修の2日目").fill("2027-12-16")
    desk.get_by_role("button", name="何が変わるかを見る").click()
    row = desk.get_by_role("table", name="変わる日程").get_by_role("row").filter(has_text="アクションプラン：期限")
    expect(row.get_by_role("cell")).to_have_text(["12月9日（木）", "12月23日（木）"])
    assert axe(desk) == []
    assert desk.evaluate("document.documentElement.scrollWidth") <= 360
    desk.get_by_role("button", name="集合研修を12月15日（水）〜16日（木）に変える").click()
    expect(desk.locator(".dates")).to_contain_text("12月15日（水）〜16日（木）")
    desk.get_by_role("button", name="日程を元に戻す").click()
    expect(desk.get_by_text("日程を元に戻しました。")).to_be_visible()
    expect(desk.locator(".dates")).to_contain_text("12月1日（水）〜2日（木）")


def test_a_difference_that_is_no_longer_true_is_shown_anew(site: Site, desk: Page, cohort: Cohort) -> None:
    desk.goto(f"/cohorts/{cohort.uid}{MOVED}")
    with site.database.session() as db:
        make_seat(db, cohort, make_user(db, organization_of(db, cohort)))
        db.get_one(Cohort, cohort.id).day2_on = date(2027, 12, 3)
        db.commit()
    desk.get_by_role("button", name="集合研修を12月15日（水）〜16日（木）に変える").click()
    expect(desk.get_by_text("確かめたあとに、状況が変わりました。")).to_be_visible()
    expect(desk.get_by_role("heading", name="変わる日程")).to_be_visible()


def test_another_encoding_is_chosen_and_the_names_are_right(desk: Page, cohort: Cohort) -> None:
    roster = "社員番号,氏名,メールアドレス\n000901,髙﨑 徹,takasaki@minato.example\n".encode("cp932")
    desk.goto(f"/cohorts/{cohort.uid}/people/upload")
    desk.get_by_label("ファイル").set_input_files({"name": "roster.csv", "mimeType": "text/csv", "buffer": roster})
    desk.get_by_role("button", name="結果を確かめる").click()
    expect(desk.get_by_label("文字コード")).to_have_value("cp932")
    desk.get_by_label("文字コード").select_option("utf-8")
    desk.get_by_role("button", name="読み直す").click()
    expect(desk.get_by_role("button", name="名を追加し")).to_have_count(0)
    desk.get_by_label("文字コード").select_option("cp932")
    desk.get_by_role("button", name="読み直す").click()
    expect(desk.get_by_role("table", name="読み取った最初の行")).to_contain_text("髙﨑 徹")
    desk.get_by_role("button", name="1名を追加する").click()
    expect(desk.get_by_role("link", name="受講者の一覧")).to_be_visible()


def test_the_start_is_taken_back_by_screen(desk: Page, cohort: Cohort) -> None:
    desk.get_by_role("button", name="リハーサルを確認して、開始に進む").click()
    desk.get_by_role("link", name="研修を開始する").click()
    desk.get_by_role("dialog").get_by_role("button", name="通").click()
    desk.goto(f"/cohorts/{cohort.uid}/start")
    desk.get_by_role("button", name="開始を取り消す").click()
    expect(desk.get_by_role("heading", name="研修を開始する").first).to_be_visible()
    desk.goto(f"/cohorts/{cohort.uid}/rehearsal")
    expect(desk.get_by_text("この日程のリハーサルはご確認いただきました。")).to_be_visible()


@pytest.mark.axe
def test_every_state_of_the_pages_is_for_everybody_and_fits(
    site: Site, page: Page, coordinator: User, cohort: Cohort
) -> None:
    sign_in(site, page, coordinator)
    for address in STATES:
        page.goto(f"/cohorts/{cohort.uid}{address}")
        page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


@pytest.mark.parametrize("address", STATES)
def test_the_keyboard_reaches_everything(desk: Page, cohort: Cohort, address: str) -> None:
    desk.goto(f"/cohorts/{cohort.uid}{address}")
    desk.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
    assert walk_by_keyboard(desk) == []
