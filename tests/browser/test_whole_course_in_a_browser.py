"""One trainee's whole course, from the roster to the close, by everybody's own pages and a real mail server."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.accounts.browsers import Browser, Watch
from tests.accounts.factories import make_office
from tests.browser.conftest import Site, running_site
from tests.browser.letters import let_letters_go
from tests.browser.screens import PHONE, Screen, open_page
from tests.browser.test_plan_in_a_browser import fill_in as fill_in_the_plan
from tests.browser.test_plan_in_a_browser import submit as submit_the_plan
from tests.browser.test_reflections_in_a_browser import fill_in as fill_in_the_reflection
from tests.browser.test_reflections_in_a_browser import submit, tap, write
from tests.factories import let_write, make_organization, make_user
from tests.prompts.courses import roster
from tests.smtp_servers import PostOffice
from trainer import clock
from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment
from trainer.key_ring import KeyRing
from trainer.prompts.ledger import as_csv, ledger

pytestmark = pytest.mark.browser

TOKYO = ZoneInfo("Asia/Tokyo")
TRAINEE, FELLOW = "p000012@minato.example", "p000034@minato.example"
FACILITATOR = "okochi@training.example"
WORDS = "黙って待つ、という一手が場を動かしたのですね。"


@dataclass
class Course:
    """The program, its mail server, the clock, and a page for everybody who signs in."""

    site: Site
    post: PostOffice
    watch: Watch
    phone: Page
    desk: Page

    def as_(self, page: Page, email: str) -> Page:
        """Have a page's browser signed in as somebody; sessions of the staff are short."""
        with self.site.database.reading() as db:
            user = db.scalars(select(User).where(User.email == email)).one()
        browser = Browser(self.site.app)
        browser.enter(user, clock.now())
        page.context.clear_cookies()
        page.context.add_cookies([{"name": "s", "value": browser.cookie(), "url": self.site.url}])
        return page

    def until(self, month: int, day: int, hour: int = 18) -> None:
        """Time passes, and everything that comes due is planned and sent."""
        since, self.watch.time = self.watch.now(), datetime(2027, month, day, hour, 30, tzinfo=TOKYO)
        let_letters_go(self.site, since, self.watch.now())

    def open_from_letter(self, subject: str) -> Page:
        """Follow the button of the trainee's newest letter with this in its subject."""
        letters = [one for one in self.post.received if one.recipient == TRAINEE and subject in one.message["Subject"]]
        body = letters[-1].message.get_body(("plain",))
        assert body is not None
        link = next(word for word in body.get_content().split() if word.startswith(f"{self.site.url}/to/"))
        self.as_(self.phone, TRAINEE).goto(link)
        return self.phone


@pytest.fixture
def course(chromium: Chromium, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Course]:
    watch = Watch(datetime(2027, 1, 12, 10, 0, tzinfo=TOKYO))
    monkeypatch.setattr(clock, "now", watch.now)
    with PostOffice() as post, running_site("test", database_url, tmp_path, SMTP_URL=post.url) as site:
        with site.database.session() as db:
            company = make_organization(db, "みなと工業")
            make_office(db, company, make_user(db, company, email="inoue@minato.example", language="ja"))
            let_write(db, KeyRing.open_or_create(site.settings.key_ring, site.settings.master_key))
            db.commit()
        with open_page(chromium, site.url, PHONE) as phone, open_page(chromium, site.url, Screen(1280)) as desk:
            yield Course(site, post, watch, phone, desk)


@pytest.mark.timeout(300)
def test_a_whole_course_by_its_pages(course: Course, tmp_path: Path) -> None:
    set_up_and_start(course, tmp_path)
    course.until(2, 4)
    note_attendance(course)
    course.until(2, 10)
    write_the_plan(course)
    confirm_the_plan(course)
    course.until(3, 9)
    write_the_first_reflection(course)
    give_feedback(course)
    course.until(4, 9)
    write_the_second_reflection(course)
    course.until(5, 31)
    look_back(course)
    everything_agrees(course)


def set_up_and_start(course: Course, folder: Path) -> None:
    page = course.as_(course.desk, "inoue@minato.example")
    page.goto("/")
    page.get_by_role("link", name="研修回をつくる").first.click()
    page.get_by_label("研修回の名前").fill("2027年2月期")
    page.get_by_label("集合研修の1日目").fill("2027-02-03")
    page.get_by_label("集合研修の2日目").fill("2027-02-04")
    page.get_by_role("button", name="研修回をつくる").click()
    page.locator(".next").get_by_role("link", name="名簿を取り込む").click()
    page.get_by_label("ファイル").set_input_files(roster(folder, "000012", "000034"))
    page.get_by_role("button", name="結果を確かめる").click()
    page.get_by_role("button", name="2名を追加する").click()
    base = f"{course.site.url}/cohorts/{cohort_of(course).uid}"
    page.goto(f"{base}/staff")
    page.get_by_label("氏名").fill("大河内 直子")
    page.get_by_label("メールアドレス").fill(FACILITATOR)
    page.get_by_role("button", name="この方を追加する").click()
    page.goto(f"{base}/rehearsal")
    page.get_by_role("button", name="リハーサルを確認して、開始に進む").click()
    page.get_by_role("link", name="研修を開始する").click()
    page.get_by_role("dialog").get_by_role("button", name="2通").click()
    expect(page.get_by_role("heading", name="研修が始まっています")).to_be_visible()


def note_attendance(course: Course) -> None:
    page = course.as_(course.desk, "inoue@minato.example")
    page.goto(f"/cohorts/{cohort_of(course).uid}/attendance")
    page.get_by_role("button", name="全員を出席にする").click()
    expect(page.get_by_text("出席", exact=True)).to_have_count(2)


def write_the_plan(course: Course) -> None:
    page = course.open_from_letter("アクションプラン")
    page.goto(f"/seats/{seat_of(course).uid}/plan/edit")
    submit_the_plan(fill_in_the_plan(page))


def confirm_the_plan(course: Course) -> None:
    page = course.as_(course.desk, FACILITATOR)
    page.goto(f"/cohorts/{cohort_of(course).uid}/plans/next")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Person 000012")
    course.until(2, 12)
    expect(course.open_from_letter("計画の確認が終わりました").get_by_text("場面が目に浮かぶ")).to_be_visible()


def write_the_first_reflection(course: Course) -> None:
    page = course.open_from_letter("1か月")
    fill_in_the_reflection(page, {"m1": "adapted"})
    submit(page)
    expect(page.get_by_text("ありがとうございます")).to_be_visible()


def give_feedback(course: Course) -> None:
    page = course.as_(course.desk, FACILITATOR)
    page.goto(f"/cohorts/{cohort_of(course).uid}/reflections/next")
    page.get_by_label("あなたのフィードバック").fill(WORDS)
    page.get_by_role("button", name="送る").click()
    expect(page.get_by_role("status").first).to_contain_text("Person 000012")
    course.until(3, 10)
    page = course.open_from_letter("お返事が届きました")
    expect(page.get_by_text(WORDS)).to_be_visible()
    page.get_by_role("button", name="お礼を伝える").click()


def write_the_second_reflection(course: Course) -> None:
    page = course.open_from_letter("2か月")
    expect(page.get_by_role("heading", name="1か月後に、あなたはこう決めました")).to_be_visible()
    tap(page, "m_status-m1", "done")
    tap(page, "tried", "adapted")
    tap(page, "rule_fate", "limit")
    write(page, "scene", "gap", "rule", "next_when", "next_then")
    submit(page)
    expect(page.get_by_text("ありがとうございます")).to_be_visible()


def look_back(course: Course) -> None:
    page = course.open_from_letter("まとめ")
    expect(page).to_have_url(f"{course.site.url}/seats/{seat_of(course).uid}/summary")


def everything_agrees(course: Course) -> None:
    """The board shows what happened, and the ledger is the mail server's log; no letter holds what people wrote."""
    page = course.as_(course.desk, "inoue@minato.example")
    page.goto(f"/cohorts/{cohort_of(course).uid}/board")
    row = page.get_by_role("row").filter(has_text="Person 000012")
    expect(row.get_by_text("済み")).to_have_count(4)  # the lessons were left out
    with course.site.database.reading() as db:
        rows = list(csv.DictReader(io.StringIO(as_csv(ledger(db, cohort_of(course), public_url=course.site.url)))))
    sent = Counter((row["message_id"], row["email"]) for row in rows if row["state"] == "sent")
    assert sent == Counter((one.message_id, one.recipient) for one in course.post.received)
    asked = [row["letter"] for row in rows if row["email"] == TRAINEE and row["state"] == "sent"]
    assert {"plan_confirmed", "feedback_given", "closing_summary", "nudge_experiment"} <= set(asked)
    assert not {"reflection1_last", "reflection2_last"} & set(asked)
    told = "".join(one.message.as_string() for one in course.post.received)
    assert WORDS not in told


def cohort_of(course: Course) -> Cohort:
    with course.site.database.reading() as db:
        return db.scalars(select(Cohort)).one()


def seat_of(course: Course) -> Enrollment:
    with course.site.database.reading() as db:
        of_trainee = select(Enrollment).join(User, User.id == Enrollment.user_id).where(User.email == TRAINEE)
        return db.scalars(of_trainee).one()
