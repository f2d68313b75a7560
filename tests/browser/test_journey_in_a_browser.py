"""From an empty company to a running cohort in a few clicks; then two weeks pass, and board and ledger agree."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.browsers import Watch
from tests.browser.conftest import Site
from tests.browser.letters import code_for, let_letters_go
from tests.browser.offices import Hand
from tests.cli.commands import CommandLine
from trainer import clock
from trainer.cohorts.actions import finish_step, pause, withdraw
from trainer.cohorts.models import Cohort, Enrollment
from trainer.cohorts.queries import trainee_seats

pytestmark = pytest.mark.browser

ROSTER = Path(__file__).parent.parent / "fixtures" / "rosters" / "minato_120_cp932.csv"
ADDRESS = "inoue@minato.example"
MOST_CLICKS = 12
TOKYO = ZoneInfo("Asia/Tokyo")
BEFORE = datetime(2027, 1, 12, 10, 0, tzinfo=TOKYO)  # the day before ACT1 opens
OPENING, REMINDER = date(2027, 1, 13), date(2027, 1, 29)
FINISHED, PAUSED, WITHDRAWN = 45, 2, 1


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch(BEFORE)
    monkeypatch.setattr(clock, "now", watch.now)
    return watch


def test_from_an_empty_company_to_a_course_whose_board_and_ledger_agree(
    site: Site, phone: Page, watch: Watch, tmp_path: Path
) -> None:
    add_company(site, tmp_path)
    hand = Hand(phone)
    come_in(site, hand)
    make_cohort(hand)
    bring_in_120_people(hand)
    see_the_rehearsal(hand)
    start(hand)
    assert hand.clicks <= MOST_CLICKS

    base = phone.url
    pass_by(site, watch, timedelta(days=14))
    come_in(site, hand)
    assert ledger(phone, base, OPENING) == {"sent": 120, "skipped": 0}
    assert board(phone, base) == {"trainees": 120, "finished": 0}

    with site.database.session() as db:
        let_things_happen(db, watch.now())
        db.commit()
    pass_by(site, watch, timedelta(days=3, hours=1))
    come_in(site, hand)
    seen = board(phone, base)
    assert seen == {"trainees": 120 - WITHDRAWN, "finished": FINISHED}
    still_asked = seen["trainees"] - seen["finished"] - PAUSED
    assert ledger(phone, base, REMINDER) == {"sent": still_asked, "skipped": 120 - still_asked}
    assert ledger(phone, base, OPENING)["sent"] == 120


def add_company(site: Site, folder: Path) -> None:
    run = CommandLine(site.settings.database_url, folder)
    assert run("add-organization", "みなと工業", "--coordinator", f"井上 恵 <{ADDRESS}>").code == 0


def come_in(site: Site, hand: Hand) -> None:
    """Sign in by a code from the mailbox."""
    page = hand.page
    page.context.clear_cookies()
    page.goto("/sign-in")
    page.get_by_label("メールアドレス").fill(ADDRESS)
    hand.button("コードを送る")
    expect(page.locator("#code")).to_be_visible()
    page.locator("#code").fill(code_for(site, ADDRESS, besides=hand.code))
    hand.code += page.locator("#code").input_value()
    hand.click(page.locator("main form button").first)
    expect(page.get_by_role("link", name="研修回の一覧")).to_be_visible()


def make_cohort(hand: Hand) -> None:
    hand.link("研修回をつくる")
    hand.page.get_by_label("研修回の名前").fill("2027年2月期")
    hand.page.get_by_label("集合研修の1日目").fill("2027-02-03")
    hand.page.get_by_label("集合研修の2日目").fill("2027-02-04")
    hand.button("研修回をつくる")


def bring_in_120_people(hand: Hand) -> None:
    hand.click(hand.page.locator(".next").get_by_role("link", name="名簿を取り込む"))
    hand.page.get_by_label("ファイル").set_input_files(ROSTER)
    hand.button("結果を確かめる")
    expect(hand.page.get_by_label("文字コード")).to_have_value("cp932")
    expect(hand.page.get_by_role("table", name="読み取った最初の行")).to_contain_text("林 真由")
    hand.button("120名を追加する")


def see_the_rehearsal(hand: Hand) -> None:
    hand.click(hand.page.locator(".next .btn"))
    expect(hand.page.get_by_role("heading", level=1)).to_have_text("リハーサル")
    expect(hand.page.locator(".tally")).to_contain_text("1,440")
    expect(hand.page.locator(".cal a").first).to_contain_text("120")
    expect(hand.page.locator(".mails li")).to_have_count(12 + 6)
    hand.page.locator("iframe.phone").scroll_into_view_if_needed()
    expect(hand.page.frame_locator("iframe.phone").get_by_role("heading")).to_contain_text("WEB学習")
    hand.button("リハーサルを確認して、開始に進む")


def start(hand: Hand) -> None:
    """The button itself says how many letters go out tomorrow."""
    expect(hand.page.locator(".facts")).to_contain_text("2027年1月13日（水）：120通")
    hand.link("研修を開始する")
    hand.click(hand.page.get_by_role("dialog").get_by_role("button", name="1月13日（水）に120通"))
    expect(hand.page.get_by_role("heading", name="研修が始まっています")).to_be_visible()


def pass_by(site: Site, watch: Watch, duration: timedelta) -> None:
    """Time passes, and everything that comes due is planned and sent."""
    since = watch.now()
    watch.time = since + duration
    let_letters_go(site, since, watch.now())


def let_things_happen(db: Session, now: datetime) -> None:
    """Some finish their lessons, some are paused, somebody leaves."""
    cohort = db.scalars(select(Cohort)).one()
    seats: list[Enrollment] = list(db.scalars(trainee_seats(cohort)))
    for seat in seats[:FINISHED]:
        finish_step(db, cohort, seat, step="act1", now=now)
    for seat in seats[FINISHED : FINISHED + PAUSED]:
        pause(db, cohort, seat, now=now)
    for seat in seats[-WITHDRAWN:]:
        withdraw(db, cohort, seat, now=now)


def board(page: Page, base: str) -> dict[str, int]:
    """How many take part and how many have finished their lessons, as the board says."""
    page.goto(f"{base}/board")
    first = page.locator(".tally p").first.locator("b").inner_text()
    finished, total = (int(number) for number in re.findall(r"\d+", first))
    return {"trainees": total, "finished": finished}


def ledger(page: Page, base: str, on: date) -> dict[str, int]:
    """What the ledger says of the first letter of a day."""
    page.goto(f"{base}/ledger?day={on.isoformat()}")
    cells = page.get_by_role("table").first.get_by_role("row").nth(1).get_by_role("cell").all_inner_texts()
    _expected, sent, waiting, undelivered, skipped = (int(re.findall(r"\d+", cell)[-1]) for cell in cells)
    assert (waiting, undelivered) == (0, 0)
    return {"sent": sent, "skipped": skipped}
