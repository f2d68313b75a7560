"""Answers to plans: who may give one, when it counts, how it is taken back, and when the trainee sees it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.act2_workshop.reviews import MEASURE, ReviewWorld, later, make_review_world, submit_again
from tests.programs.packs import shipped
from tests.prompts.courses import languages
from trainer.accounts.models import User
from trainer.act2_workshop.comments import Comment, as_box, comments_of, questions_in, read_comments
from trainer.act2_workshop.models import Decision, Plan, PlanReview
from trainer.act2_workshop.plan_words import PlanWords
from trainer.act2_workshop.queue_place import around
from trainer.act2_workshop.releasing import release_reviews
from trainer.act2_workshop.review_queries import Desk, answered_plans, plans_of, waiting_plans
from trainer.act2_workshop.review_rules import is_released_at, minutes_for
from trainer.act2_workshop.reviewing import decide, note_opening, save_comments, star, take_back
from trainer.act2_workshop.rules import Deed, PlanState
from trainer.cohorts.models import Cohort, Enrollment, SeatStatus
from trainer.cohorts.sentences import Refused
from trainer.db import Database
from trainer.i18n import speaking
from trainer.permissions import Audience

QUESTION = [Comment("2か月後、誰が何をしていたら「近づいた」と言えそうですか。", "cm4")]
PRAISE = [Comment("場面が目に浮かぶ、とてもよい書き方です。", "cm1")]


@pytest.fixture
def world(database: Database, tmp_path: Path) -> ReviewWorld:
    return make_review_world(database, tmp_path)


@pytest.fixture(autouse=True)
def _languages() -> object:
    with languages(), speaking("en"):
        yield


def names(db: Session, desk: Desk) -> list[str]:
    """The people whose plans wait, in the order of the queue."""
    plans = waiting_plans(desk).join(User, User.id == Enrollment.user_id)
    return list(db.scalars(plans.with_only_columns(User.name)))


# the queue


def test_warnings_come_first_then_those_who_wait_longest(world: ReviewWorld) -> None:
    with world.db() as db:
        world.plan(db, "clean, late", submitted_at=later(60))
        world.plan(db, "clean, early")
        world.plan(db, "one warning", warnings=1, submitted_at=later(120))
        world.plan(db, "two warnings", warnings=2, submitted_at=later(180))
        db.commit()
        assert names(db, world.desk) == ["two warnings", "one warning", "clean, early", "clean, late"]


def test_only_what_a_facilitator_may_read_stands_in_the_queue(world: ReviewWorld) -> None:
    with world.db() as db:
        world.plan(db, "for the facilitator")
        world.plan(db, "for the cohort", audience=Audience.COHORT)
        world.plan(db, "for nobody", audience=Audience.ONLY_ME)
        world.plan(db, "a draft", state=PlanState.DRAFT)
        world.plan(db, "confirmed", state=PlanState.CONFIRMED)
        gone = world.plan(db, "gone")
        db.get_one(Enrollment, gone.enrollment_id).status = SeatStatus.WITHDRAWN
        db.commit()
        assert names(db, world.desk) == ["for the facilitator", "for the cohort"]
        assert len(db.scalars(plans_of(world.desk)).all()) == 3
        assert [plan.state for plan in db.scalars(answered_plans(world.desk))] == [PlanState.CONFIRMED]


def test_who_was_given_groups_reads_those_groups_alone(world: ReviewWorld) -> None:
    with world.db() as db:
        _colleague, seat = world.colleague(db)
        ours, theirs = world.group(db, "A", given_to=world.seat), world.group(db, "B")
        world.plan(db, "ours", group=ours)
        world.plan(db, "theirs", group=theirs)
        world.plan(db, "nobody's")
        db.commit()
        assert names(db, world.desk) == ["ours"]
        assert names(db, Desk(world.cohort.id, seat.id, seat.user_id)) == ["ours", "theirs", "nobody's"]


def test_every_plan_knows_its_neighbours(world: ReviewWorld) -> None:
    with world.db() as db:
        plans = [world.plan(db, f"{place}", warnings=place // 3, submitted_at=later(place % 2)) for place in range(7)]
        db.commit()
        order = list(db.scalars(waiting_plans(world.desk)))
        assert len(order) == len(plans)
        places = [around(db, world.desk, plan, later()) for plan in order]
        assert [place.following for place in places] == [*(plan.uid for plan in order[1:]), None]
        assert [place.previous for place in places] == [None, *(plan.uid for plan in order[:-1])]
        beginning = around(db, world.desk, None, later())
        assert (beginning.following, beginning.previous) == (order[0].uid, None)
        assert (beginning.total, beginning.waiting, beginning.done) == (7, 7, 0)


def test_thirty_plans_take_an_hour() -> None:
    assert (minutes_for(30), minutes_for(18), minutes_for(0)) == (60, 36, 0)


# deciding


@pytest.mark.parametrize(
    ("deed", "comments", "decision", "state"),
    [
        (Deed.CONFIRM, [], Decision.CONFIRM, PlanState.CONFIRMED),
        (Deed.CONFIRM, PRAISE, Decision.CONFIRM_WITH_COMMENT, PlanState.CONFIRMED),
        (Deed.RETURN, QUESTION, Decision.RETURN, PlanState.RETURNED),
    ],
)
def test_an_answer_reaches_the_trainee_a_minute_later_and_once(
    world: ReviewWorld, deed: Deed, comments: list[Comment], decision: Decision, state: PlanState
) -> None:
    with world.db() as db:
        plan = world.plan(db, "岡田 千夏")
        db.commit()
        review = decide(db, plan, 1, deed, comments, by=world.facilitator, now=later())
        db.execute(update(Cohort).values(is_to_plan=False))
        db.commit()
        assert (plan.state, plan.opened_at, review.decision) == (PlanState.SUBMITTED, later(), decision)
        assert names(db, world.desk) == []
        assert release_reviews(db, later(59)) == 0
        assert release_reviews(db, later(60)) == 1
        assert release_reviews(db, later(60)) == 0
        db.commit()
        assert (plan.state, review.released_at) == (state, later(60))
        assert db.scalar(select(Cohort.is_to_plan).where(Cohort.id == plan.cohort_id))
        assert comments_of(review) == comments


def test_an_answer_is_taken_back_within_the_minute_and_keeps_its_words(world: ReviewWorld) -> None:
    with world.db() as db:
        plan = world.plan(db, "岡田 千夏")
        db.commit()
        decide(db, plan, 1, Deed.RETURN, QUESTION, by=world.facilitator, now=later())
        place = around(db, world.desk, plan, later(59))
        assert (place.undo, place.undo_name, place.undo_decision) == (plan.uid, "岡田 千夏", Decision.RETURN)
        assert around(db, world.desk, plan, later(60)).undo is None
        review = take_back(db, plan, by=world.facilitator, now=later(59))
        assert (review.decision, review.decided_at, plan.decided_at) == (None, None, None)
        assert comments_of(review) == QUESTION
        assert release_reviews(db, later(3600)) == 0
        assert names(db, world.desk) == ["岡田 千夏"]


def test_after_the_minute_and_by_anybody_else_nothing_is_taken_back(world: ReviewWorld) -> None:
    with world.db() as db:
        plan = world.plan(db, "岡田 千夏")
        colleague, _seat = world.colleague(db)
        db.commit()
        decide(db, plan, 1, Deed.CONFIRM, [], by=world.facilitator, now=later())
        for by, now in ((colleague, later(1)), (world.facilitator, later(60))):
            with pytest.raises(Refused, match="a minute has passed"):
                take_back(db, plan, by=by, now=now)
        assert plan.decided_at == later()
    assert not is_released_at(later(), later(59))
    assert is_released_at(later(), later(60))


@pytest.mark.parametrize(
    ("comments", "words"),
    [
        ([], "Write one question first"),
        (PRAISE, "Write one question first"),
        ([*QUESTION, Comment("誰がですか。いつですか。")], "Two questions are enough"),
    ],
)
def test_a_plan_goes_back_with_one_or_two_questions(world: ReviewWorld, comments: list[Comment], words: str) -> None:
    with world.db() as db:
        plan = world.plan(db, "岡田 千夏")
        with pytest.raises(Refused, match=words):
            decide(db, plan, 1, Deed.RETURN, comments, by=world.facilitator, now=later())
        assert plan.decided_at is None


def test_of_two_facilitators_the_first_one_counts_and_the_second_is_told(world: ReviewWorld) -> None:
    with world.db() as db:
        plan = world.plan(db, "岡田 千夏")
        colleague, _seat = world.colleague(db)
        db.commit()
        save_comments(db, plan, 1, PRAISE, by=colleague, now=later())
        decide(db, plan, 1, Deed.CONFIRM, [], by=world.facilitator, now=later(1))
        with pytest.raises(Refused, match="西村 直子 has answered this plan"):
            decide(db, plan, 1, Deed.RETURN, QUESTION, by=colleague, now=later(2))
        with pytest.raises(Refused, match="answered already"):
            decide(db, plan, 1, Deed.CONFIRM, [], by=world.facilitator, now=later(2))
        release_reviews(db, later(61))
        assert plan.state is PlanState.CONFIRMED
        assert db.scalar(select(func.count()).where(PlanReview.released_at.is_not(None))) == 1


def test_a_plan_that_was_taken_back_or_submitted_again_is_not_answered(world: ReviewWorld) -> None:
    with world.db() as db:
        plan = world.plan(db, "岡田 千夏")
        db.commit()
        submit_again(db, plan, PlanWords({"desired_state": "朝の一場面"}, (MEASURE,)), now=later(5))
        db.commit()
        with pytest.raises(Refused, match="submitted again"):
            decide(db, plan, 1, Deed.CONFIRM, [], by=world.facilitator, now=later(6))
        plan.state = PlanState.DRAFT
        db.commit()
        with pytest.raises(Refused, match="taken back by the person"):
            decide(db, plan, 2, Deed.CONFIRM, [], by=world.facilitator, now=later(7))
        assert not note_opening(db, plan, now=later(8))


@pytest.mark.parametrize("state", [PlanState.RETURNED, PlanState.CONFIRMED])
def test_a_plan_that_does_not_wait_is_not_answered(world: ReviewWorld, state: PlanState) -> None:
    with world.db() as db:
        plan = world.plan(db, "岡田 千夏", state=state)
        with pytest.raises(Refused, match="answered already"):
            decide(db, plan, 1, Deed.CONFIRM, [], by=world.facilitator, now=later())
        with pytest.raises(Refused, match="answered already"):
            save_comments(db, plan, 1, PRAISE, by=world.facilitator, now=later())


def test_opening_and_taking_back_at_once_let_exactly_one_through(world: ReviewWorld) -> None:
    with world.db() as db:
        plan = world.plan(db, "岡田 千夏")
        db.commit()

    def open_it(db: Session, mine: Plan) -> bool:
        return note_opening(db, mine, now=later(1))

    def withdraw(db: Session, mine: Plan) -> bool:
        taken = db.scalar(
            select(Plan).where(Plan.id == mine.id).with_for_update().execution_options(populate_existing=True)
        )
        if taken is None or taken.opened_at is not None or taken.state is not PlanState.SUBMITTED:
            return False
        taken.state = PlanState.DRAFT
        return True

    for _ in range(5):
        with world.db() as db:
            db.execute(update(Plan).values(opened_at=None, state=PlanState.SUBMITTED))
            db.commit()
        done = at_once(world, plan, open_it, withdraw)
        assert sorted(done) == [False, True]


def at_once(world: ReviewWorld, plan: Plan, *deeds: Callable[[Session, Plan], bool]) -> list[bool]:
    """Each deed in a thread and a transaction of its own, begun together."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[Session, Plan], bool]) -> bool:
        with world.db() as db:
            mine = db.get_one(Plan, plan.id)
            db.rollback()
            start.wait(10)
            done = deed(db, mine)
            db.commit()
            return done

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(run, deeds))


def test_a_mark_is_for_oneself_and_can_be_taken_away(world: ReviewWorld) -> None:
    with world.db() as db:
        plan = world.plan(db, "岡田 千夏")
        assert star(db, plan, 1, by=world.facilitator, now=later())
        decide(db, plan, 1, Deed.CONFIRM, [], by=world.facilitator, now=later())
        assert not star(db, plan, 1, by=world.facilitator, now=later(90))
        assert db.scalar(select(func.count()).select_from(PlanReview)) == 1


# words


def test_a_box_is_read_line_by_line_and_knows_the_ready_made_comments() -> None:
    bank = shipped("ja").plan.review.comment_bank
    box = f"{bank[0].text}\n\n  自分の言葉です。 \n{bank[3].text}"
    comments = read_comments(box, bank)

    assert [comment.bank for comment in comments] == ["cm1", None, "cm4"]
    assert as_box(comments) == f"{bank[0].text}\n自分の言葉です。\n{bank[3].text}"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_the_program_calls_a_question_is_one(language: str) -> None:
    asked = {one.id: questions_in([Comment(str(one.text))]) for one in shipped(language).plan.review.comment_bank}
    kinds = {one.id: one.kind for one in shipped(language).plan.review.comment_bank}

    assert asked == {name: 1 if kind == "question" else 0 for name, kind in kinds.items()}
