"""Feedback in the browser: a facilitator at the desk, the trainee who reads it, and what both may not."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.browsers import Browser, Watch
from tests.act3_practice.practice import LATER, Course, make_feedback, make_plan, make_reflection
from tests.desks.homes import words_of
from trainer.act3_practice.feedback_rules import ON_ITS_WAY, UNDO_FOR
from trainer.act3_practice.models import Feedback
from trainer.audit import AuditEvent
from trainer.permissions import Audience

WORDS = "場面が目に浮かびます。"


@pytest.fixture
def watch(watch: Watch) -> Watch:
    watch.time = LATER
    return watch


class Desk:
    """Somebody of the cohort at their browser."""

    def __init__(self, app: Flask, course: Course, name: str, watch: Watch) -> None:
        self.course, self.browser = course, Browser(app)
        self.browser.enter(course.users[name], watch.now())

    @property
    def queue(self) -> str:
        return f"/cohorts/{self.course.cohort.uid}/reflections"

    @property
    def card(self) -> str:
        return f"{self.queue}/{self.course.uid}"

    def page(self, path: str, status: int = 200) -> str:
        answer = self.browser.get(path)
        assert answer.status_code == status, path
        return words_of(answer.get_data(as_text=True)) if status == 200 else ""

    def post(self, path: str, status: int = 303, **form: str) -> str:
        answer = self.browser.post(path, page="/account/", **form)
        assert answer.status_code == status, path
        return answer.location or words_of(answer.get_data(as_text=True))


@pytest.fixture
def nao(app: Flask, course: Course, watch: Watch) -> Desk:
    return Desk(app, course, "Nao", watch)


@pytest.fixture
def aya(app: Flask, course: Course, watch: Watch) -> Desk:
    return Desk(app, course, "Aya", watch)


def feedback_page(course: Course) -> str:
    return f"/seats/{course.seats['Aya'].uid}/reflections/reflection1/feedback"


@dataclass
class Stored:
    """The one feedback there is, as it is stored; its session is over, so that others can write."""

    uid: UUID
    words: str | None
    sent_at: datetime | None
    saved_at: datetime


def only_feedback(db: Session) -> Stored:
    with Session(db.get_bind(), info=db.info) as other:
        row = other.scalars(select(Feedback)).one()
        return Stored(row.uid, row.words, row.sent_at, row.saved_at)


def test_feedback_goes_from_the_desk_to_its_trainee(
    db: Session, course: Course, nao: Desk, aya: Desk, watch: Watch
) -> None:
    assert "Aya North" in nao.page(nao.queue)
    assert course.reflection.words is not None
    assert "水曜の納期会議" in nao.page(nao.card)
    assert nao.post(nao.card, do="send", comments=WORDS, revision="0") == nao.queue
    assert "For 60 more seconds it can be taken back" in nao.page(nao.queue)
    assert WORDS not in aya.page(feedback_page(course))
    watch.time += UNDO_FOR + ON_ITS_WAY
    read = aya.page(feedback_page(course))
    assert "Feedback from Nao" in read
    assert WORDS in read
    link = aya.browser.get(f"/to/{course.seats['Aya'].uid}/feedback_given", follow_redirects=True)
    assert link.request.path == feedback_page(course)


def test_after_sending_the_next_one_that_waits_lies_there(db: Session, course: Course, nao: Desk) -> None:
    ken = make_reflection(db, course.seats["Ken"], submitted_at=LATER)
    db.commit()
    assert "Look at it later" in nao.page(nao.card)
    assert nao.post(nao.card, do="send", comments=WORDS) == f"{nao.queue}/{ken.uid}"
    assert nao.post(f"{nao.queue}/{ken.uid}", do="send", comments=WORDS) == nao.queue
    assert "No reflection is waiting for you." in nao.page(nao.queue)


def test_within_its_minute_it_is_taken_back_and_lies_there_as_a_draft(
    db: Session, course: Course, nao: Desk, watch: Watch
) -> None:
    nao.post(nao.card, do="send", comments=WORDS)
    assert nao.post(f"{nao.card}/take-back") == nao.card
    assert WORDS in nao.browser.get(nao.card).get_data(as_text=True)
    assert only_feedback(db).sent_at is None
    nao.post(nao.card, do="send", comments=WORDS, revision=str(_revision(db)))
    watch.time += UNDO_FOR
    nao.post(f"{nao.card}/take-back")
    assert "a minute has passed" in nao.page(nao.card)
    assert only_feedback(db).sent_at is not None


def _revision(db: Session) -> int:
    return round(only_feedback(db).saved_at.timestamp() * 1_000_000)


def test_a_draft_is_kept_with_a_phrase_and_without_a_script(db: Session, course: Course, nao: Desk) -> None:
    assert nao.post(nao.card, do="save", comments="一行目") == nao.card
    nao.post(nao.card, comments="一行目", phrase="次はどうしますか。", revision=str(_revision(db)))
    assert only_feedback(db).words == "一行目\n次はどうしますか。"
    assert "Draft" in nao.page(nao.queue)


def test_the_script_saves_and_is_told_the_revision(db: Session, course: Course, nao: Desk, watch: Watch) -> None:
    form = {"csrf_token": nao.browser.token("/account/"), "comments": WORDS, "revision": "0"}
    saved = nao.browser.client.post(f"{nao.card}/draft", data=form)
    assert (saved.status_code, saved.get_json()["revision"]) == (200, _revision(db))
    watch.pass_by(seconds=5)
    other_window = nao.browser.client.post(f"{nao.card}/draft", data={**form, "comments": "別の窓"})
    assert other_window.status_code == 409
    assert only_feedback(db).words == f"{WORDS}\n\n別の窓"
    too_long = nao.browser.client.post(f"{nao.card}/draft", data={**form, "comments": "あ" * 2001})
    assert too_long.status_code == 422


def test_words_of_another_window_are_looked_at_before_they_are_sent(
    db: Session, course: Course, nao: Desk, watch: Watch
) -> None:
    nao.post(nao.card, do="save", comments="一つ目の窓")
    watch.pass_by(seconds=5)
    assert nao.post(nao.card, do="send", comments="二つ目の窓", revision="0") == nao.card
    assert "Both stand below each other" in nao.page(nao.card)
    assert only_feedback(db).sent_at is None


def test_nothing_is_sent_without_words(db: Session, course: Course, nao: Desk) -> None:
    assert nao.post(nao.card, do="send", comments="  ") == nao.card
    assert "Write a few words first" in nao.page(nao.card)


def test_the_plan_and_the_other_reflection_lie_beside_it_as_far_as_they_are_shared(
    db: Session, course: Course, nao: Desk
) -> None:
    plan = make_plan(db, course.seats["Aya"], {"target_state": "まだ私が進めている"}, {})
    second = make_reflection(db, course.seats["Aya"], "reflection2", answers={"scene": "二か月後の場面です。"})
    db.commit()
    page = nao.browser.get(nao.card).get_data(as_text=True)
    assert "<mark>毎週の納期会議をメンバーが順に進めている</mark>" in page
    assert "二か月後の場面です。" in page
    plan.audience = second.audience = Audience.ONLY_ME
    db.commit()
    page = nao.browser.get(nao.card).get_data(as_text=True)
    assert "毎週の納期会議" not in page
    assert "二か月後の場面です。" not in page
    assert "納期会議の進行を持ち回りにする" not in page  # a measure's title is the plan's word


def test_what_is_opened_on_the_desk_is_told_to_its_writer(db: Session, course: Course, nao: Desk, aya: Desk) -> None:
    make_plan(db, course.seats["Aya"])
    db.commit()
    readers = f"/seats/{course.seats['Aya'].uid}/readers"
    assert "Nobody has opened it yet." in aya.page(f"{readers}/reflection1")
    nao.page(nao.queue)
    assert "Nobody has opened it yet." in aya.page(f"{readers}/reflection1")
    nao.page(nao.card)
    for text in ("reflection1", "plan"):
        assert "Opened by Nao Wed, Mar 17" in aya.page(f"{readers}/{text}")


def test_a_narrowed_text_leaves_the_desk_at_once(db: Session, course: Course, nao: Desk) -> None:
    course.reflection.audience = Audience.ONLY_ME
    db.commit()
    assert "No reflection is waiting for you." in nao.page(nao.queue)
    nao.page(nao.card, status=404)
    nao.post(nao.card, status=404, do="send", comments=WORDS)
    assert db.scalar(select(Feedback)) is None


def test_thanks_and_a_question_go_back_and_the_answer_comes(db: Session, course: Course, nao: Desk, aya: Desk) -> None:
    feedback = make_feedback(db, course.reflection, course.users["Nao"], WORDS, sent_at=LATER - timedelta(days=1))
    db.commit()
    here = f"/seats/{course.seats['Aya'].uid}/feedback/{feedback.uid}"
    assert "Write your question first." in aya.post(f"{here}/question", status=422)
    aya.post(f"{here}/thanks", thanks="消そうか迷いました。")
    aya.post(f"{here}/question", question="どちらがよいでしょうか。")
    read = aya.page(feedback_page(course))
    assert "You said thanks on Wed, Mar 17 消そうか迷いました。" in read
    assert "You asked back on Wed, Mar 17 どちらがよいでしょうか。" in read
    assert "Questions that came back Aya" in nao.page(nao.queue)
    card = nao.page(nao.card)
    assert "消そうか迷いました。" in card
    assert "どちらがよいでしょうか。" in card
    nao.post(f"{nao.card}/answer", reply="両方試してみてください。")
    assert "Nao answered on Wed, Mar 17 両方試してみてください。" in aya.page(feedback_page(course))
    assert "Questions that came back" not in nao.page(nao.queue)
    aya.post(f"{here}/question", question="もう一つ。")
    assert "You have asked back already." in aya.page(feedback_page(course))
    nao.post(f"{nao.card}/answer", reply="もう一度。")
    assert "already" in nao.page(nao.card)


def test_feedback_that_is_on_its_way_is_nobodys_to_thank_for(db: Session, course: Course, aya: Desk) -> None:
    feedback = make_feedback(db, course.reflection, course.users["Nao"], sent_at=LATER + timedelta(seconds=30))
    db.commit()
    aya.post(f"/seats/{course.seats['Aya'].uid}/feedback/{feedback.uid}/thanks", status=404)
    assert "There is no feedback yet." in aya.page(feedback_page(course))
    home = aya.browser.get(f"/seats/{course.seats['Aya'].uid}/feedback")
    assert home.location == f"/seats/{course.seats['Aya'].uid}"


QUOTED = "「その『いつも』が、午後ずっと耳に残りました」。"
OWN_WORDS = "Your own words so far"


def test_no_key_carries_a_trainees_words_to_another(db: Session, course: Course, nao: Desk) -> None:
    nao_user, yesterday = course.users["Nao"], LATER - timedelta(days=1)
    for name in ("Ken", "Jun"):
        other = make_reflection(db, course.seats[name])
        make_feedback(db, other, nao_user, f"{QUOTED}{WORDS}{name}さんの朝の場面です。", sent_at=yesterday)
    again = make_reflection(db, course.seats["Ken"], "reflection2")
    make_feedback(db, again, nao_user, "Kenさんの朝の場面です。", sent_at=yesterday)  # twice, and to one person
    db.commit()
    page = nao.browser.get(nao.card).get_data(as_text=True)
    keyed = re.findall(r'<button[^>]*name="phrase"[^>]*data-key="\d"[^>]*>', page)
    assert len(keyed) == 4
    assert all(WORDS not in button for button in keyed)
    behind = page.split(OWN_WORDS, 1)[1].split("</details>", 1)[0]
    assert re.findall(r'value="([^"]*)"', behind) == [WORDS]
    assert "data-key" not in behind
    assert "いつも" not in page
    assert "朝の場面です。" not in page


def test_who_has_written_to_one_person_has_the_programs_questions_only(db: Session, course: Course, nao: Desk) -> None:
    ken = make_reflection(db, course.seats["Ken"])
    make_feedback(db, ken, course.users["Nao"], WORDS, sent_at=LATER - timedelta(days=1))
    db.commit()
    page = nao.browser.get(nao.card).get_data(as_text=True)
    assert OWN_WORDS not in page
    assert 'data-key="1"' in page


def test_the_progress_is_said_in_words_and_not_at_all_without_reflections(
    db: Session, course: Course, nao: Desk
) -> None:
    assert "0 of 1 answered , about 3 minutes left" in nao.page(nao.card)
    course.reflection.audience = Audience.ONLY_ME
    db.commit()
    assert "answered" not in nao.page(nao.queue)


def test_single_keys_are_switched_off_and_on(course: Course, nao: Desk) -> None:
    assert "data-keys" in nao.browser.get(nao.card).get_data(as_text=True)
    nao.post(f"{nao.card}/keys", keys="off")
    assert "data-keys" not in nao.browser.get(nao.card).get_data(as_text=True)
    nao.post(f"{nao.card}/keys", keys="on")
    assert "data-keys" in nao.browser.get(nao.card).get_data(as_text=True)


def test_the_queue_goes_on_from_a_reflection(db: Session, course: Course, nao: Desk) -> None:
    make_reflection(db, course.seats["Ken"], submitted_at=LATER)
    db.commit()
    page = nao.page(f"{nao.queue}?after={course.uid}")
    assert "Ken" in page
    assert "Aya" not in page


def test_sending_and_taking_back_are_in_the_log(db: Session, course: Course, nao: Desk) -> None:
    nao.post(nao.card, do="send", comments=WORDS)
    nao.post(f"{nao.card}/take-back")
    feedback = only_feedback(db)
    acts = select(AuditEvent.act, AuditEvent.acting_role).where(AuditEvent.object_uid == feedback.uid)
    assert [tuple(row) for row in db.execute(acts.order_by(AuditEvent.id))] == [
        ("give_feedback", "facilitator"),
        ("take_feedback_back", "facilitator"),
    ]


def test_long_after_the_closing_the_desk_is_empty(course: Course, nao: Desk, watch: Watch) -> None:
    watch.pass_by(days=90)
    nao.browser.enter(course.users["Nao"], watch.now())
    assert "No reflection is waiting for you." in nao.page(nao.queue)
    nao.page(nao.card, status=404)
