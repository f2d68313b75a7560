"""Feedback: kept as a draft, sent with a minute to take it back, thanked for, asked about once, answered once."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.act3_practice.practice import LATER, Course, make_feedback
from trainer.act3_practice.feedback import (
    answer,
    ask_back,
    has_arrived,
    keep_words,
    may_take_back,
    revision_of,
    send,
    take_back,
    thank,
)
from trainer.act3_practice.feedback_queries import arrived_feedback, newest_answered_step, own_feedback
from trainer.act3_practice.feedback_rules import ON_ITS_WAY, QUOTATION_MARK, UNDO_FOR, phrases_in
from trainer.act3_practice.models import Feedback
from trainer.cohorts.actions import finish_step
from trainer.cohorts.models import Cohort
from trainer.cohorts.sentences import Refused
from trainer.prompts.models import Prompt, PromptState
from trainer.prompts.planning import plan_prompts

THERE = LATER + UNDO_FOR + ON_ITS_WAY
SECOND = timedelta(seconds=1)


def keep(db: Session, course: Course, words: str, based_on: int = 0, after: int = 0) -> Feedback:
    at = LATER + after * SECOND
    return keep_words(db, course.reflection, course.users["Nao"], words, based_on=based_on, now=at).feedback


def test_a_draft_is_one_row_that_goes_on(db: Session, course: Course) -> None:
    first = keep(db, course, "読みました。")
    again = keep(db, course, "読みました。場面が目に浮かびます。", based_on=revision_of(first), after=5)
    assert again.id == first.id
    assert again.words == "読みました。場面が目に浮かびます。"
    assert db.scalar(select(func.count()).select_from(Feedback)) == 1
    assert course.reflection.answered_at is None


def test_words_of_two_windows_stand_below_each_other(db: Session, course: Course) -> None:
    revision = revision_of(keep(db, course, "一つ目の窓"))
    keep(db, course, "一つ目の窓、続き", based_on=revision, after=5)
    kept = keep_words(
        db, course.reflection, course.users["Nao"], "二つ目の窓", based_on=revision, now=LATER + 9 * SECOND
    )
    assert kept.is_joined
    assert kept.feedback.words == "一つ目の窓、続き\n\n二つ目の窓"
    same = keep(db, course, "一つ目の窓、続き\n\n二つ目の窓", based_on=0, after=20)
    assert same.saved_at == LATER + 9 * SECOND


def test_sent_feedback_is_there_after_its_minute(db: Session, course: Course) -> None:
    feedback = keep(db, course, "読みました。")
    send(db, course.cohort, course.reflection, feedback, now=LATER)
    assert not has_arrived(feedback, THERE - SECOND)
    assert has_arrived(feedback, THERE)
    assert arrived_feedback(db, course.reflection, THERE - SECOND) == []
    assert [one.facilitator for one in arrived_feedback(db, course.reflection, THERE)] == ["Nao"]
    assert newest_answered_step(db, course.seats["Aya"].id, THERE) == "reflection1"
    assert newest_answered_step(db, course.seats["Aya"].id, LATER) is None
    assert course.reflection.answered_at == THERE
    with pytest.raises(Refused):
        keep(db, course, "もう一言")
    with pytest.raises(Refused):
        send(db, course.cohort, course.reflection, feedback, now=LATER)


def test_nothing_is_sent_without_words(db: Session, course: Course) -> None:
    with pytest.raises(Refused):
        send(db, course.cohort, course.reflection, keep(db, course, " \n"), now=LATER)
    assert course.reflection.answered_at is None


def test_within_its_minute_feedback_is_taken_back_and_is_a_draft_again(db: Session, course: Course) -> None:
    feedback = keep(db, course, "読みました。")
    send(db, course.cohort, course.reflection, feedback, now=LATER)
    take_back(db, course.cohort, course.reflection, feedback, now=LATER + UNDO_FOR - SECOND)
    assert (feedback.sent_at, feedback.words, course.reflection.answered_at) == (None, "読みました。", None)
    send(db, course.cohort, course.reflection, feedback, now=LATER)
    assert not may_take_back(feedback, LATER + UNDO_FOR)
    with pytest.raises(Refused):
        take_back(db, course.cohort, course.reflection, feedback, now=LATER + UNDO_FOR)


def test_a_second_facilitator_adds_to_the_first(db: Session, course: Course) -> None:
    first = make_feedback(db, course.reflection, course.users["Jun"], sent_at=LATER - timedelta(days=1))
    own = keep(db, course, "私からも。")
    send(db, course.cohort, course.reflection, own, now=LATER)
    assert course.reflection.answered_at == first.sent_at
    take_back(db, course.cohort, course.reflection, own, now=LATER)
    assert course.reflection.answered_at == first.sent_at
    assert own_feedback(db, course.reflection, course.users["Nao"]) is own


def test_thanks_and_one_question_and_one_answer(db: Session, course: Course) -> None:
    feedback = make_feedback(db, course.reflection, course.users["Nao"], sent_at=LATER)
    thank(db, feedback, "", now=LATER)
    with pytest.raises(Refused):
        answer(db, feedback, "まだ何も聞かれていません。", now=LATER)
    ask_back(db, feedback, "どちらがよいでしょうか。", now=LATER)
    answer(db, feedback, "両方試してみてください。", now=LATER)
    assert (feedback.thanks, feedback.question, feedback.answer) == (
        None,
        "どちらがよいでしょうか。",
        "両方試してみてください。",
    )
    for again in (thank, ask_back, answer):
        with pytest.raises(Refused):
            again(db, feedback, "もう一度", now=LATER)


def test_what_has_not_arrived_is_not_thanked_for(db: Session, course: Course) -> None:
    feedback = make_feedback(db, course.reflection, course.users["Nao"], sent_at=LATER + SECOND)
    for early in (thank, ask_back):
        with pytest.raises(Refused):
            early(db, feedback, "早すぎます", now=LATER)


def test_its_letter_is_planned_once_and_not_before_it_is_there(db: Session, course: Course) -> None:
    feedback = keep(db, course, "読みました。")
    send(db, course.cohort, course.reflection, feedback, now=LATER)
    letters = _planned(db)
    assert [(row.state, row.occasion) for row in letters] == [(PromptState.PLANNED, str(feedback.uid))]
    assert letters[0].due_at >= THERE
    assert len(_planned(db)) == 1
    db.refresh(feedback)
    take_back(db, db.get_one(Cohort, course.cohort.id), course.reflection, feedback, now=LATER + SECOND)
    assert _planned(db) == []


def test_a_finished_step_does_not_hold_its_letter_up(db: Session, course: Course) -> None:
    finish_step(db, course.cohort, course.seats["Aya"], step="reflection1", now=LATER)
    send(db, course.cohort, course.reflection, keep(db, course, "読みました。"), now=LATER)
    assert [row.reason for row in _planned(db)] == [None]


def _planned(db: Session) -> list[Prompt]:
    db.flush()
    while plan_prompts(db, LATER):
        pass
    return list(db.scalars(select(Prompt).where(Prompt.letter == "feedback_given")))


AYA, KEN, RIE = 1, 2, 3
TO_TWO, TO_THREE = "場面が目に浮かびます。", "次はどうしますか。"


def test_phrases_are_short_sentences_that_several_trainees_have_read_the_most_read_first() -> None:
    long = "あ" * 200 + "。"
    told = [
        (AYA, TO_TWO + TO_THREE),
        (KEN, TO_TWO + long),
        (RIE, TO_THREE + "はい。" + long),
        (KEN, "はい。" + TO_THREE),
    ]
    assert phrases_in(told) == [TO_THREE, TO_TWO]
    assert phrases_in(told, but=[TO_THREE]) == [TO_TWO]


@pytest.mark.parametrize(
    "quoted",
    [
        "「「その『いつも』が、午後ずっと耳に残りました」。",
        "『いつものことなので』という一言ですね。",
        "“Nothing was said” stayed with me.",
        'She told you "nothing is wrong" twice.',
        "He said ‘as always’ to you.",
        "He said 'as always' to you.",
        "｢いつものこと｣という一言ですね。",
    ],
)
def test_a_quotation_is_never_offered_however_many_have_read_it(quoted: str) -> None:
    assert phrases_in([(AYA, quoted), (KEN, quoted), (RIE, quoted)]) == []


def test_a_sentence_in_the_middle_of_a_quotation_is_not_offered_either() -> None:
    text = "「私が言いました。段取りさんが消しました。誰も見ません。」" + TO_TWO
    assert phrases_in([(AYA, text), (KEN, text)]) == [TO_TWO]
    never_closed = TO_THREE + "「私が言いました。" + TO_TWO
    assert phrases_in([(AYA, never_closed), (KEN, never_closed)]) == [TO_THREE]


def test_an_apostrophe_is_no_quotation() -> None:
    assert phrases_in([(AYA, "That isn't easy."), (KEN, "That isn't easy.")]) == ["That isn't easy."]


PIECES = st.sampled_from(
    [TO_TWO, TO_THREE, "「いつも」と聞きました。", "彼は「もう。", "来ません」と言います。", "\n", "はい。"]
)


@given(st.lists(st.tuples(st.sampled_from([AYA, KEN, RIE]), st.lists(PIECES).map("".join)), max_size=8))
def test_whatever_was_sent_a_phrase_quotes_nobody_and_two_have_read_it(told: list[tuple[int, str]]) -> None:
    for phrase in phrases_in(told):
        assert not QUOTATION_MARK.search(phrase)
        assert len({trainee for trainee, text in told if phrase in text}) >= 2
