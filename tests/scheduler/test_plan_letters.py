"""What follows an answer to a plan: one letter for each, by the name of who gave it; digests that count plans."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from scheduler.dispatch import tick
from scheduler.engine import Engine
from scheduler.jobs import count_plans
from tests.act2_workshop.reviews import MEASURE, SUBMITTED, ReviewWorld, later, make_review_world, submit_again
from tests.factories import make_seat, make_user, organization_of
from tests.scheduler.postbox import SENT, Postbox, make_engine
from trainer.accounts.models import User
from trainer.act2_workshop.comments import Comment
from trainer.act2_workshop.models import Plan, PlanCount
from trainer.act2_workshop.plan_counts import plan_counts
from trainer.act2_workshop.plan_words import PlanWords
from trainer.act2_workshop.reviewing import decide, take_back
from trainer.act2_workshop.rules import Deed, PlanState
from trainer.cohorts.actions import finish_step
from trainer.cohorts.models import Enrollment
from trainer.db import Database
from trainer.mail_outcomes import Handed
from trainer.permissions import Audience, Role
from trainer.prompts import planning
from trainer.prompts.models import Prompt
from trainer.prompts.situations import wanted_rows

QUESTION = [Comment("2か月後、誰が何をしていたら「近づいた」と言えそうですか。", "cm4")]
DAY = timedelta(days=1)


class Letterbox(Postbox):
    """A postbox that keeps the letters themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.mail: list[EmailMessage] = []

    def send(self, message: EmailMessage, *, envelope_id: str) -> Handed:
        self.mail.append(message)
        return super().send(message, envelope_id=envelope_id) or SENT

    def about(self, words: str) -> list[EmailMessage]:
        return [letter for letter in self.mail if words in str(letter["Subject"])]


@pytest.fixture
def postbox() -> Letterbox:
    return Letterbox()


@pytest.fixture
def world(database: Database, tmp_path: Path, engine: Engine) -> ReviewWorld:
    world = make_review_world(database, tmp_path)
    tick(engine, later(-3600))
    return world


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def answered(
    world: ReviewWorld,
    plan: Plan,
    deed: Deed,
    comments: list[Comment],
    by: User | None = None,
    at: datetime = SUBMITTED,
) -> None:
    with world.db() as db:
        decide(db, plan, plan.version, deed, comments, by=by or world.facilitator, now=at)
        db.commit()


def submitted(world: ReviewWorld, name: str = "岡田 千夏") -> Plan:
    """A plan whose step is finished, as a submission leaves it."""
    with world.db() as db:
        plan = world.plan(db, name)
        seat = db.get_one(Enrollment, plan.enrollment_id)
        finish_step(db, db.merge(world.cohort), seat, step="plan", now=later())
        db.commit()
    return plan


def test_a_returned_plan_is_told_of_once_by_who_asked_though_its_step_is_finished(
    world: ReviewWorld, engine: Engine, postbox: Letterbox
) -> None:
    with world.db() as db:
        colleague, _seat = world.colleague(db)
        db.commit()
    answered(world, submitted(world), Deed.RETURN, QUESTION, by=colleague)
    tick(engine, later(59))
    assert postbox.about("計画") == []
    tick(engine, later(60))
    tick(engine, later(65))
    assert [str(letter["Subject"]) for letter in postbox.about("計画")] == [
        "【マネジメント基礎プログラム】計画に、大河内 進さんから問いが届きました"
    ]
    (letter,) = postbox.about("計画")
    assert "講師の大河内 進さんが読み" in text_of(letter)
    assert "/plan_returned" in text_of(letter)
    assert "近づいた" not in letter.as_string() + text_of(letter)
    with world.db() as db:
        assert db.scalar(select(Plan.state)) is PlanState.RETURNED


def test_each_answer_has_a_letter_of_its_own(world: ReviewWorld, engine: Engine, postbox: Letterbox) -> None:
    plan = submitted(world)
    answered(world, plan, Deed.RETURN, QUESTION)
    tick(engine, later(60))
    with world.db() as db:
        again = db.get_one(Plan, plan.id)
        submit_again(db, again, PlanWords({"desired_state": "朝"}, (MEASURE,)), now=later(120))
        db.commit()
    answered(world, again, Deed.RETURN, QUESTION, at=later(180))
    tick(engine, later(240))
    with world.db() as db:
        again = db.get_one(Plan, plan.id)
        submit_again(db, again, PlanWords({"desired_state": "昼"}, (MEASURE,)), now=later(300))
        db.commit()
    answered(world, again, Deed.CONFIRM, [], at=later(360))
    for seconds in (420, 425, 430):
        tick(engine, later(seconds))
    assert [str(letter["Subject"]).split("】")[1] for letter in postbox.about("計画")] == [
        "計画に、西村 直子さんから問いが届きました",
        "計画に、西村 直子さんから問いが届きました",
        "計画の確認が終わりました",
    ]


def test_an_answer_that_was_taken_back_is_never_told_of(world: ReviewWorld, engine: Engine, postbox: Letterbox) -> None:
    plan = submitted(world)
    answered(world, plan, Deed.RETURN, QUESTION)
    with world.db() as db:
        take_back(db, plan, by=world.facilitator, now=later(30))
        db.commit()
    tick(engine, later(3600))
    assert postbox.about("計画に、") == []


def test_two_senders_at_once_tell_of_an_answer_once(
    world: ReviewWorld, database: Database, engine: Engine, postbox: Letterbox
) -> None:
    answered(world, submitted(world), Deed.CONFIRM, [])
    second = make_engine(database, postbox, worker="test:2")
    second.begin()
    for sender in (engine, second, engine, second):
        tick(sender, later(61))
    assert len(postbox.about("計画の確認が終わりました")) == 1


def test_seats_whose_letters_have_gone_are_planned_as_one_situation(
    world: ReviewWorld, engine: Engine, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("一", "二", "三"):
        answered(world, submitted(world, name), Deed.CONFIRM, [])
    tick(engine, later(60))
    asked: list[object] = []

    def counted(*told: Any) -> Any:
        asked.append(told)
        return wanted_rows(*told)

    monkeypatch.setattr(planning, "wanted_rows", counted)
    with world.db() as db:
        planning.mark_running(db, later(120))
        db.commit()
    tick(engine, later(120))
    assert len(asked) == 1


# digests


def morning(day: int) -> datetime:
    """Eight o'clock in Tokyo on a day of February 2027."""
    return later(hours=-2) + (day - 10) * DAY


def test_a_facilitators_digest_counts_what_waits_for_them_and_is_addressed_to_them(
    world: ReviewWorld, engine: Engine, postbox: Letterbox
) -> None:
    with world.db() as db:
        colleague, seat = world.colleague(db)
        group = world.group(db, "A", given_to=seat)
        world.plan(db, "long ago", group=group, submitted_at=morning(5))
        world.plan(db, "yesterday", submitted_at=later())
        again = world.plan(db, "again", submitted_at=later())
        db.commit()
    answered(world, again, Deed.RETURN, QUESTION)
    tick(engine, later(60))
    with world.db() as db:
        submit_again(db, db.get_one(Plan, again.id), PlanWords({"desired_state": "朝"}, (MEASURE,)), now=later(120))
        db.commit()
    tick(engine, morning(12))
    told = {str(letter["To"]): (str(letter["Subject"]), text_of(letter)) for letter in postbox.about("確認待ちの計画")}
    (mine,) = [words for to, words in told.items() if str(world.facilitator.email) in to]
    (theirs,) = [words for to, words in told.items() if str(colleague.email) in to]
    assert "確認待ちの計画・ふりかえり 3件（約6分）" in mine[0]
    assert "西村 直子 様" in mine[1]
    for line in ("・新しい提出 2件", "・再提出 1件", "・3営業日以上お待ちの方 1名"):
        assert line in mine[1]
    assert "ふりかえり" not in mine[1].split("・新しい提出")[1].split("続きは")[0]
    assert "確認待ちの計画・ふりかえり 1件（約2分）" in theirs[0]
    assert "大河内 進 様" in theirs[1]


def test_where_nothing_waits_no_digest_goes(world: ReviewWorld, engine: Engine, postbox: Letterbox) -> None:
    with world.db() as db:
        world.plan(db, "answered", state=PlanState.CONFIRMED)
        world.plan(db, "for nobody", audience=Audience.ONLY_ME)
        db.commit()
    tick(engine, morning(12))
    assert postbox.about("確認待ちの計画") == []


def test_a_coordinators_digest_counts_submitted_and_confirmed_plans(
    world: ReviewWorld, engine: Engine, postbox: Letterbox
) -> None:
    with world.db() as db:
        office = make_user(db, organization_of(db, world.cohort))
        make_seat(db, world.cohort, office, role=Role.COORDINATOR)
        db.commit()
    confirmed = submitted(world)
    submitted(world, "三浦 慎")
    answered(world, confirmed, Deed.CONFIRM, [])
    tick(engine, later(60))
    tick(engine, morning(15))
    (letter,) = postbox.about("今週の状況")
    assert "・アクションプラン 提出 2名・確認済み 1名" in text_of(letter)


# counts of a cohort


def test_counts_appear_from_five_plans_on_once_a_day_and_without_what_is_private(world: ReviewWorld) -> None:
    with world.db() as db:
        for place in range(5):
            world.plan(db, f"{place}", facts={"tasks": ["t04", "t05"] if place < 4 else ["t04"], "resistances": ["r1"]})
        world.plan(db, "private", audience=Audience.ONLY_ME, facts={"tasks": ["t05"], "resistances": []})
        world.plan(db, "a draft", state=PlanState.DRAFT, facts={"tasks": ["t05"], "resistances": []})
        db.commit()
        assert count_plans(db, later())
        db.commit()
        assert told(world) == [("resistances", "r1", 5), ("tasks", "t04", 5)]
        world.plan(db, "one more", facts={"tasks": ["t04", "t05"], "resistances": []})
        assert not count_plans(db, later(60))
        assert count_plans(db, later() + DAY)
        db.commit()
    assert told(world) == [("resistances", "r1", 5), ("tasks", "t04", 6), ("tasks", "t05", 5)]


def told(world: ReviewWorld) -> list[tuple[str, str, int]]:
    with world.db() as db:
        rows: list[PlanCount] = list(db.scalars(plan_counts(world.cohort.id)))
        return sorted((row.kind, row.code, row.plans) for row in rows)


def test_the_letter_waits_for_the_hours_in_which_letters_go(
    world: ReviewWorld, engine: Engine, postbox: Letterbox
) -> None:
    answered(world, submitted(world), Deed.CONFIRM, [], at=later(hours=9))  # 19:00 before a holiday
    tick(engine, later(hours=9, minutes=1))
    assert postbox.about("計画の確認") == []
    with world.db() as db:
        prompt = db.scalars(select(Prompt).where(Prompt.letter == "plan_confirmed")).one()
        assert (prompt.due_at, prompt.step) == (morning(12), None)
    tick(engine, morning(12))
    assert len(postbox.about("計画の確認が終わりました")) == 1
