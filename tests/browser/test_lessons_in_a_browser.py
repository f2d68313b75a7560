"""A lesson on a phone: played at double speed, reloaded in the middle, gone on with, finished; no reminder comes."""

import time
from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.accounts.browsers import Browser
from tests.browser.conftest import Site, end_every_session
from tests.factories import make_cohort, make_seat, make_user, organization_of
from trainer import clock
from trainer.accounts.models import User
from trainer.act1_lessons.actions import open_lesson, read_to_end
from trainer.act1_lessons.films import Films
from trainer.act1_lessons.models import LessonProgress
from trainer.cohorts.models import Enrollment, FinishedStep
from trainer.db import Database
from trainer.programs.content import load_program
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.planning import plan_prompts

pytestmark = pytest.mark.browser
PROGRAM, LESSON = "management_basics_default", "l8"
LESSONS = load_program(PROGRAM)["ja"].lessons
FILM = Films().film(PROGRAM, LESSON, "ja")
MOMENT = "document.getElementById('film').currentTime"


@pytest.fixture
def trainees(site: Site) -> tuple[tuple[User, Enrollment], Enrollment]:
    """One who has read all lessons but one, and one who has done nothing; ACT1 is open and soon due."""
    now = clock.now()
    day1 = (now + timedelta(days=16)).date()
    with site.database.session() as db:
        cohort = make_cohort(db, day1_on=day1, day2_on=day1 + timedelta(days=1), started_at=now - timedelta(days=9))
        user = make_user(db, organization_of(db, cohort))
        seat, idle = make_seat(db, cohort, user), make_seat(db, cohort)
        for lesson in LESSONS:
            if lesson.id != LESSON:
                read_to_end(db, open_lesson(db, seat.id, lesson.id, now=now), now=now)
        db.commit()
    return (user, seat), idle


def sign_in(site: Site, page: Page, user: User) -> None:
    browser = Browser(site.app)
    browser.enter(user, clock.now())
    page.context.add_cookies([{"name": "s", "value": browser.cookie(), "url": site.url}])


@pytest.mark.timeout(300)  # it is watched to its end, at twice its speed
def test_a_film_is_watched_in_two_goes_and_the_step_is_finished(
    site: Site, phone: Page, trainees: tuple[tuple[User, Enrollment], Enrollment]
) -> None:
    (user, seat), idle = trainees
    assert FILM is not None
    sign_in(site, phone, user)
    address = f"/seats/{seat.uid}/lessons/{LESSON}"
    phone.goto(address)
    play_at_double_speed(phone, until=FILM.length_ms / 2000)
    assert phone.evaluate("document.getElementById('film').textTracks[0].mode") == "showing"
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.reload()
    expect(phone.locator("#film")).to_be_visible()
    wait_for_moment(phone, FILM.length_ms / 2000 - 5, patience=20)
    play_at_double_speed(phone, until=FILM.length_ms / 1000 - 0.5)
    seen = str(phone.get_attribute("#film", "data-seen"))
    expect(phone.locator("#watched")).to_have_text(seen, timeout=30_000)
    answer_the_questions(phone, address)
    with site.database.session() as db:
        assert db.scalars(select(LessonProgress).where(LessonProgress.lesson_id == LESSON)).one().finished_at
        finished = db.scalars(select(FinishedStep).where(FinishedStep.enrollment_id == seat.id)).one()
        assert finished.step == "act1"
    assert reminders(site.database) == {idle.id}


@pytest.mark.timeout(120)
def test_what_was_watched_is_kept_when_the_page_is_left_or_hidden(
    site: Site, phone: Page, trainees: tuple[tuple[User, Enrollment], Enrollment]
) -> None:
    (user, seat), _idle = trainees
    sign_in(site, phone, user)
    phone.goto(f"/seats/{seat.uid}/lessons/{LESSON}")
    play_at_double_speed(phone, until=4)  # long before the ten seconds after which it would be sent anyway
    phone.get_by_role("link", name="レッスン一覧").click()
    expect(phone.get_by_role("heading", name="すべてのレッスン")).to_be_visible()
    wait_for_position(site.database, after=3_000)
    phone.go_back()
    wait_for_moment(phone, 3, patience=20)
    play_at_double_speed(phone, until=8)
    hide(phone)
    wait_for_position(site.database, after=7_000)


@pytest.mark.timeout(120)
def test_the_text_follows_and_leads_and_keys_change_the_speed(
    site: Site, phone: Page, trainees: tuple[tuple[User, Enrollment], Enrollment]
) -> None:
    (user, seat), _idle = trainees
    sign_in(site, phone, user)
    phone.goto(f"/seats/{seat.uid}/lessons/{LESSON}")
    sentences = phone.locator(".said [data-start]")
    sentences.nth(4).click()
    begins = int(str(sentences.nth(4).get_attribute("data-start")))
    wait_for_moment(phone, begins / 1000, patience=10)
    expect(sentences.nth(4)).to_have_attribute("aria-current", "true")
    phone.locator("#film").focus()
    phone.keyboard.press(">")
    expect(phone.locator("#speed")).to_have_value("1.25")
    assert phone.evaluate("document.getElementById('film').playbackRate") == 1.25
    phone.keyboard.press("<")
    expect(phone.locator("#speed")).to_have_value("1")


@pytest.mark.timeout(120)
def test_who_was_signed_out_meanwhile_is_told_so(
    site: Site, chromium: Chromium, trainees: tuple[tuple[User, Enrollment], Enrollment]
) -> None:
    (user, seat), _idle = trainees
    page = chromium.new_page(base_url=site.url, locale="ja")  # whose console may complain of the refusal
    sign_in(site, page, user)
    page.goto(f"/seats/{seat.uid}/lessons/{LESSON}")
    end_every_session(site.database)
    page.evaluate("document.getElementById('film').play()")
    expect(page.locator("#watched")).to_contain_text("サインアウトされました。")
    page.context.close()


def hide(page: Page) -> None:
    """As when somebody goes to another app: the page is told that it is hidden."""
    page.evaluate("""() => {
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }""")


def wait_for_position(database: Database, *, after: int) -> None:
    """Until the server knows that the film came so far, in milliseconds."""
    position = select(LessonProgress.position_ms).where(LessonProgress.lesson_id == LESSON)
    deadline = time.monotonic() + 5
    found = None
    while time.monotonic() < deadline:
        with database.reading() as db:
            found = db.scalar(position)
        if found is not None and found >= after:
            return
        time.sleep(0.1)
    pytest.fail(f"the server knows of {found} ms")


def play_at_double_speed(page: Page, until: float) -> None:
    page.select_option("#speed", "2")
    page.evaluate("document.getElementById('film').play()")
    wait_for_moment(page, until, patience=200)


def wait_for_moment(page: Page, moment: float, *, patience: int) -> None:
    """Until the film has come so far, in seconds of the film; `patience` in seconds of ours."""
    for _ in range(patience * 2):  # the page's own policy forbids what wait_for_function does
        if page.evaluate(MOMENT) >= moment:
            return
        page.wait_for_timeout(500)
    pytest.fail(f"the film has not come to {moment} s but to {page.evaluate(MOMENT)} s")


def answer_the_questions(page: Page, address: str) -> None:
    for question in next(lesson for lesson in LESSONS if lesson.id == LESSON).questions:
        page.goto(f"{address}/questions/{question.id}")
        page.get_by_label(question.options[0].text).check()
        page.locator("main button").click()
        expect(page.get_by_text(question.explanation)).to_be_visible()


def reminders(database: Database) -> set[int | None]:
    """The seats that are still to be reminded of ACT1."""
    with database.session() as db:
        while plan_prompts(db, clock.now()):
            db.commit()
        planned = select(Prompt).where(Prompt.letter == "act1_due_soon", Prompt.state == PromptState.PLANNED)
        return {prompt.enrollment_id for prompt in db.scalars(planned)}
