"""The door on a phone: from a letter to exactly its page, by code or by password, and nobody else gets in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accounts.browsers import PASSWORD, Watch, give_password
from tests.browser.conftest import Site
from tests.browser.letters import code_for, follow_link, let_letters_go, open_letter
from tests.browser.screens import PHONE, open_page
from tests.factories import make_cohort, make_organization, make_seat, make_user
from trainer import clock
from trainer.accounts.models import User

pytestmark = pytest.mark.browser

STARTED = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
LESSONS_ARE_OPEN = datetime(2027, 1, 20, 1, 0, tzinfo=UTC)
SUBJECT = "WEB学習"
NOT_THE_CODE = "最新のメールのコードと違います。"
TOO_OLD = "このコードは期限が過ぎたか、すでに使われています。"
NOT_ASKED_HERE = "コードは、送ったブラウザーでだけ使えます。"


@dataclass(frozen=True)
class Invited:
    """Somebody who got the letter of the first lessons, and the page to which it leads."""

    user: User
    address: str
    target: re.Pattern[str]


@pytest.fixture
def environment() -> str:
    return "development"  # where the outbox can be looked at


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch(LESSONS_ARE_OPEN)
    monkeypatch.setattr(clock, "now", watch.now)
    return watch


@pytest.fixture
def invited(site: Site, watch: Watch) -> Invited:
    with site.database.session() as db:
        organization = make_organization(db)
        user = make_user(db, organization, name="岡田 千夏")
        seat = make_seat(db, make_cohort(db, organization, started_at=STARTED), user)
        make_seat(db, make_cohort(db, organization), user)  # so that the page after sign-in is no matter of course
        db.commit()
        let_letters_go(site, STARTED, watch.now())
        return Invited(user, str(user.email), re.compile(f"/seats/{seat.uid}/lessons$"))


@contextmanager
def another_phone(chromium: Browser, site: Site) -> Iterator[Page]:
    with open_page(chromium, site.url, PHONE) as page:
        yield page


def arrive_from_letter(page: Page, invited: Invited) -> None:
    """Open the letter, press its button, and stand before the sign-in page."""
    open_letter(page, invited.address, SUBJECT)
    follow_link(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("サインイン")


def ask_for_code(page: Page, invited: Invited) -> None:
    page.get_by_label("メールアドレス").fill(invited.address)
    page.get_by_role("button", name="コードを送る").click()


def type_code(page: Page, code: str) -> None:
    page.get_by_label("メールに書かれたコード").fill(code)
    page.get_by_role("button", name="サインイン").click()


def sign_in(page: Page, site: Site, invited: Invited, *, used: str = "") -> str:
    """From the letter to its page; gives the code that was used up."""
    arrive_from_letter(page, invited)
    ask_for_code(page, invited)
    code = code_for(site, invited.address, besides=used)
    type_code(page, code)
    expect(page).to_have_url(invited.target)
    return code


def test_a_letter_leads_by_code_to_exactly_its_page(phone: Page, site: Site, invited: Invited) -> None:
    arrive_from_letter(phone, invited)
    ask_for_code(phone, invited)
    code = code_for(site, invited.address)
    type_code(phone, code.lower().replace("-", " "))
    expect(phone).to_have_url(invited.target)
    expect(phone.get_by_role("banner")).to_contain_text("岡田 千夏")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_letter_leads_by_password_to_exactly_its_page(phone: Page, site: Site, invited: Invited) -> None:
    give_password(site.database, invited.user, clock.now())
    arrive_from_letter(phone, invited)
    phone.get_by_role("link", name="パスワードでサインインする").click()
    phone.get_by_label("メールアドレス").fill(invited.address)
    phone.get_by_label("パスワード").fill("not the password at all")
    phone.get_by_role("button", name="サインイン").click()
    expect(phone.locator(".error")).to_be_visible()
    phone.get_by_label("パスワード").fill(PASSWORD)
    phone.get_by_role("button", name="サインイン").click()
    expect(phone).to_have_url(invited.target)


def test_who_is_signed_in_comes_straight_from_the_letter_to_its_page(phone: Page, site: Site, invited: Invited) -> None:
    sign_in(phone, site, invited)
    open_letter(phone, invited.address, SUBJECT)
    follow_link(phone)
    expect(phone).to_have_url(invited.target)


def test_a_wrong_code_says_so_and_the_right_one_still_works(phone: Page, site: Site, invited: Invited) -> None:
    arrive_from_letter(phone, invited)
    ask_for_code(phone, invited)
    code = code_for(site, invited.address)
    type_code(phone, "ABCD-2345" if code != "ABCD-2345" else "ABCD-2346")
    expect(phone.locator(".error")).to_contain_text(NOT_THE_CODE)
    expect(phone.get_by_label("メールに書かれたコード")).to_have_attribute("aria-invalid", "true")
    type_code(phone, code)
    expect(phone).to_have_url(invited.target)


def test_an_old_code_is_refused_and_a_new_one_is_at_hand(
    phone: Page, site: Site, invited: Invited, watch: Watch
) -> None:
    arrive_from_letter(phone, invited)
    ask_for_code(phone, invited)
    code = code_for(site, invited.address)
    watch.pass_by(minutes=11)
    type_code(phone, code)
    expect(phone.locator(".error")).to_contain_text(TOO_OLD)
    phone.get_by_role("button", name="新しいコードを送る").click()
    type_code(phone, code_for(site, invited.address, besides=code))
    expect(phone).to_have_url(invited.target)


def test_a_code_in_another_browser_opens_nothing(phone: Page, chromium: Browser, site: Site, invited: Invited) -> None:
    arrive_from_letter(phone, invited)
    ask_for_code(phone, invited)
    code = code_for(site, invited.address)
    with another_phone(chromium, site) as other:
        other.goto("/sign-in/code")
        expect(other.locator(".notice")).to_contain_text(NOT_ASKED_HERE)
        ask_for_code(other, invited)
        type_code(other, code)
        expect(other.locator(".error")).to_contain_text(NOT_THE_CODE)
    type_code(phone, code)
    expect(phone).to_have_url(invited.target)


def test_a_session_that_was_ended_elsewhere_asks_to_sign_in_and_comes_back(
    phone: Page, chromium: Browser, site: Site, invited: Invited
) -> None:
    used = sign_in(phone, site, invited)
    with another_phone(chromium, site) as other:
        sign_in(other, site, invited, used=used)
        other.get_by_role("link", name="岡田 千夏").click()
        other.get_by_role("button", name="サインアウトさせる").first.click()
        expect(other.locator(".notice")).to_contain_text("その端末をサインアウトしました。")
    phone.get_by_role("link", name="岡田 千夏").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("サインイン")
    expect(phone).to_have_url(re.compile(r"/sign-in\?next="))


def test_signing_out_closes_the_way_back(phone: Page, site: Site, invited: Invited) -> None:
    sign_in(phone, site, invited)
    phone.get_by_role("button", name="サインアウトする").click()
    expect(phone.locator(".notice")).to_contain_text("サインアウトしました。")
    phone.wait_for_load_state()  # the browser is cleared on the way, which takes its time
    phone.go_back()
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text("サインイン")


def test_somebody_elses_letter_is_not_found_and_offers_to_change_the_person(
    phone: Page, site: Site, invited: Invited
) -> None:
    with site.database.session() as db:
        stranger = make_user(db, make_organization(db), name="別の人")
        db.commit()
    give_password(site.database, stranger, clock.now())
    phone.goto("/sign-in/password")
    phone.get_by_label("メールアドレス").fill(str(stranger.email))
    phone.get_by_label("パスワード").fill(PASSWORD)
    phone.get_by_role("button", name="サインイン").click()
    expect(phone.get_by_role("banner")).to_contain_text("別の人")
    open_letter(phone, invited.address, SUBJECT)
    follow_link(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("ページが見つかりません")
    phone.get_by_role("button", name="別の人としてサインインする").click()
    ask_for_code(phone, invited)
    type_code(phone, code_for(site, invited.address))
    expect(phone).to_have_url(invited.target)
