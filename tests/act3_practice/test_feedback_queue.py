"""The facilitator's queue: whose reflections, in which order, and only those that they may read."""

from datetime import timedelta

from sqlalchemy.orm import Session

from tests.act3_practice.practice import LATER, SUBMITTED, Course, make_feedback, make_reflection
from trainer.act2_workshop.review_queries import Desk
from trainer.act3_practice.feedback_queue import (
    Progress,
    on_its_way,
    progress_of,
    questions_to,
    waiting_before,
    waiting_for,
)
from trainer.act3_practice.feedback_rules import ON_ITS_WAY
from trainer.cohorts.models import FacilitatorGroup, SeatStatus
from trainer.permissions import Audience

DAY = timedelta(days=1)


def desk_of(course: Course) -> Desk:
    seat = course.seats["Nao"]
    return Desk(seat.cohort_id, seat.id, seat.user_id)


def names(db: Session, course: Course, **more: object) -> list[str]:
    return [one.name for one in waiting_for(db, desk_of(course), **more)]  # type: ignore[arg-type]


def test_those_that_wait_longest_come_first_page_by_page(db: Session, course: Course) -> None:
    make_reflection(db, course.seats["Jun"], submitted_at=SUBMITTED - DAY)
    ken = make_reflection(db, course.seats["Ken"], submitted_at=SUBMITTED)
    assert names(db, course) == ["Jun", "Aya", "Ken"]
    assert names(db, course, limit=1) == ["Jun"]
    place = (course.reflection.submitted_at, course.reflection.id)
    assert names(db, course, after=place) == ["Ken"]
    before = waiting_before(db, desk_of(course), place)
    assert before is not None
    assert before.name == "Jun"
    assert waiting_before(db, desk_of(course), (SUBMITTED - DAY, 0)) is None
    assert names(db, course, after=(ken.submitted_at, ken.id)) == []


def test_only_what_was_shared_with_the_facilitator_lies_there(db: Session, course: Course) -> None:
    for name, audience in (("Jun", Audience.ONLY_ME), ("Ken", Audience.GROUP), ("Rie", Audience.COHORT)):
        make_reflection(db, course.seats[name], audience=audience)
    assert names(db, course) == ["Aya", "Ken", "Rie"]
    course.reflection.audience = Audience.ONLY_ME
    assert names(db, course) == ["Ken", "Rie"]


def test_who_has_withdrawn_does_not_wait(db: Session, course: Course) -> None:
    course.seats["Aya"].status = SeatStatus.WITHDRAWN
    assert names(db, course) == []


def test_with_groups_given_only_theirs_lie_there(db: Session, course: Course) -> None:
    make_reflection(db, course.seats["Jun"])
    nao, group_id = course.seats["Nao"], course.seats["Aya"].group_id
    db.add(FacilitatorGroup(organization_id=nao.organization_id, enrollment_id=nao.id, group_id=group_id))
    assert names(db, course) == ["Aya"]
    assert progress_of(db, desk_of(course)) == Progress(answered=0, total=1)


def test_a_draft_is_named_and_an_answer_ends_the_wait(db: Session, course: Course) -> None:
    feedback = make_feedback(db, course.reflection, course.users["Nao"])
    assert [one.has_draft for one in waiting_for(db, desk_of(course))] == [True]
    feedback.sent_at = course.reflection.answered_at = LATER
    assert names(db, course) == []
    assert progress_of(db, desk_of(course)) == Progress(answered=1, total=1)


def test_a_question_waits_for_the_facilitator_whom_it_was_asked(db: Session, course: Course) -> None:
    feedback = make_feedback(db, course.reflection, course.users["Nao"], sent_at=LATER - DAY, asked_at=LATER)
    feedback.question = "どちらがよいでしょうか。"
    make_feedback(db, course.reflection, course.users["Jun"], sent_at=LATER - DAY, asked_at=LATER)
    assert [(one.name, one.asked_at) for one in questions_to(db, desk_of(course))] == [("Aya", LATER)]
    assert progress_of(db, desk_of(course)).questions == 1
    feedback.answered_at = LATER
    assert questions_to(db, desk_of(course)) == []
    assert progress_of(db, desk_of(course)).questions == 0


def test_what_was_sent_can_be_taken_back_for_so_many_seconds(db: Session, course: Course) -> None:
    make_feedback(db, course.reflection, course.users["Nao"], sent_at=LATER + ON_ITS_WAY + timedelta(seconds=48))
    assert [(one.name, one.seconds) for one in on_its_way(db, desk_of(course), LATER)] == [("Aya", 48)]
    assert on_its_way(db, desk_of(course), LATER + timedelta(seconds=48)) == []
