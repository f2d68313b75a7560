"""Who reads a text: narrower at once, wider by an own act, and what fellows share with each other."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.browsers import Watch
from tests.act3_practice.practice import LATER, Course, make_plan, make_reflection
from tests.act3_practice.test_feedback_pages import Desk
from trainer.act3_practice.models import Reflection
from trainer.audit import AuditEvent
from trainer.cohorts.models import SeatStatus
from trainer.permissions import OFFERED, READERS, Audience, Reader
from trainer.writing.widening import new_readers, offered_audiences


@pytest.fixture
def watch(watch: Watch) -> Watch:
    watch.time = LATER
    return watch


@pytest.fixture
def aya(app: Flask, course: Course, watch: Watch) -> Desk:
    return Desk(app, course, "Aya", watch)


@pytest.fixture
def ken(app: Flask, course: Course, watch: Watch) -> Desk:
    return Desk(app, course, "Ken", watch)


def readers(course: Course, name: str = "Aya", text: str = "reflection1") -> str:
    return f"/seats/{course.seats[name].uid}/readers/{text}"


def shared(course: Course, name: str = "Ken") -> str:
    return f"/seats/{course.seats[name].uid}/shared"


def audience_of(db: Session, course: Course) -> Audience:
    with Session(db.get_bind()) as other:
        return other.get_one(Reflection, course.reflection.id).audience


def test_fewer_readers_count_at_once(db: Session, course: Course, aya: Desk) -> None:
    assert aya.post(readers(course), audience="only_me") == readers(course)
    assert audience_of(db, course) is Audience.ONLY_ME
    logged = select(AuditEvent.purpose, AuditEvent.acting_role).where(AuditEvent.act == "change_readers")
    assert [tuple(row) for row in db.execute(logged)] == [("only_me", "writer")]


def test_more_readers_are_named_before_they_can_read(db: Session, course: Course, aya: Desk) -> None:
    asked = aya.post(readers(course), audience="group")
    assert audience_of(db, course) is Audience.FACILITATOR
    page = aya.page(asked)
    assert "Let more people read it?" in page
    assert "Your group Ken, Rie" in page
    aya.post(readers(course), audience="group", is_sure="1")
    assert audience_of(db, course) is Audience.GROUP
    assert "3 other trainees" in aya.page(aya.post(readers(course), audience="cohort"))


def test_asking_to_widen_by_a_link_changes_nothing(db: Session, course: Course, aya: Desk) -> None:
    aya.page(f"{readers(course)}?to=cohort")
    aya.page(f"{readers(course)}?to=nonsense")
    aya.page(f"{readers(course)}?to=boss")
    assert audience_of(db, course) is Audience.FACILITATOR


def test_neither_the_boss_nor_a_group_that_one_has_not_is_offered(
    db: Session, course: Course, app: Flask, watch: Watch
) -> None:
    make_reflection(db, course.seats["Jun"])
    db.commit()
    jun = Desk(app, course, "Jun", watch)
    page = jun.browser.get(readers(course, "Jun")).get_data(as_text=True)
    assert 'value="boss"' not in page
    assert 'value="group"' not in page
    assert 'value="cohort"' in page
    for audience in ("boss", "group", "partner", ""):
        jun.post(readers(course, "Jun"), status=422, audience=audience, is_sure="1")


def test_nobody_but_the_writer_chooses_readers(db: Session, course: Course, ken: Desk) -> None:
    ken.page(readers(course), status=404)
    ken.post(readers(course), status=404, audience="cohort", is_sure="1")
    assert audience_of(db, course) is Audience.FACILITATOR


def test_a_text_that_was_not_handed_in_has_no_readers(course: Course, aya: Desk) -> None:
    for text in ("plan", "reflection2", "act1"):
        aya.page(readers(course, text=text), status=404)


def test_what_is_shared_with_a_group_is_listed_and_opened_by_its_fellows(
    db: Session, course: Course, aya: Desk, ken: Desk, app: Flask, watch: Watch
) -> None:
    plan = make_plan(db, course.seats["Aya"], audience=Audience.COHORT)
    course.reflection.audience = Audience.GROUP
    db.commit()
    jun = Desk(app, course, "Jun", watch)
    assert ken.page(shared(course)).count("Aya") == 4  # two texts, each once more for who hears the link alone
    page = ken.page(f"{shared(course)}/{course.uid}")
    assert "水曜の納期会議" in page
    assert "納期会議の進行を持ち回りにする" in page
    assert "毎週の納期会議" in jun.page(f"{shared(course, 'Jun')}/{plan.uid}")
    jun.page(f"{shared(course, 'Jun')}/{course.uid}", status=404)
    assert "Opened by Ken Wed, Mar 17" in aya.page(readers(course))
    assert "Opened by Jun Wed, Mar 17" in aya.page(readers(course, text="plan"))


def test_a_link_of_before_leads_nowhere_once_it_is_narrowed(db: Session, course: Course, aya: Desk, ken: Desk) -> None:
    course.reflection.audience = Audience.GROUP
    db.commit()
    ken.page(f"{shared(course)}/{course.uid}")
    aya.post(readers(course), audience="facilitator")
    ken.page(f"{shared(course)}/{course.uid}", status=404)
    assert "Nobody has shared a text with you yet." in ken.page(shared(course))


def test_a_measure_has_no_title_for_who_may_not_read_the_plan(db: Session, course: Course, ken: Desk) -> None:
    make_plan(db, course.seats["Aya"])
    course.reflection.audience = Audience.GROUP
    db.commit()
    assert "納期会議の進行を持ち回りにする" not in ken.page(f"{shared(course)}/{course.uid}")


def test_who_has_withdrawn_shares_nothing_any_more(db: Session, course: Course, ken: Desk) -> None:
    course.reflection.audience = Audience.COHORT
    course.seats["Aya"].status = SeatStatus.WITHDRAWN
    db.commit()
    assert "Nobody has shared a text with you yet." in ken.page(shared(course))
    ken.page(f"{shared(course)}/{course.uid}", status=404)


@pytest.mark.parametrize(
    ("before", "after", "added"),
    [
        (Audience.COHORT, Audience.GROUP, []),
        (Audience.GROUP, Audience.COHORT, [Reader.COHORT]),
        (Audience.ONLY_ME, Audience.GROUP, [Reader.FACILITATOR, Reader.GROUP]),
        (Audience.BOSS, Audience.FACILITATOR, []),
        (Audience.FACILITATOR, Audience.BOSS, [Reader.BOSS]),
        *((audience, Audience.ONLY_ME, []) for audience in Audience),
        *((audience, audience, []) for audience in Audience),
    ],
)
def test_new_readers_are_those_who_could_not_read_before(
    before: Audience, after: Audience, added: list[Reader]
) -> None:
    assert new_readers(before, after) == added


def test_what_is_offered_has_a_page_on_which_its_readers_read() -> None:
    assert Reader.BOSS not in {reader for audience in OFFERED for reader in READERS[audience]}
    assert set(offered_audiences(has_group=True)) == set(OFFERED)
    assert Audience.GROUP not in offered_audiences(has_group=False)
