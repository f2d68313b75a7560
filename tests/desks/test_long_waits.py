"""Above the board: what has waited for a facilitator's answer for more than five business days, and for whom."""

from datetime import date
from typing import Any

import pytest

from tests.act3_practice.practice import make_plan, make_reflection
from tests.desks.homes import morning
from tests.desks.office_desk import Desk, assign
from tests.factories import let_write, make_seat, make_user
from trainer.act2_workshop.rules import PlanState
from trainer.cohorts.groups import move_to_group
from trainer.cohorts.models import SeatStatus
from trainer.key_ring import KeyRing
from trainer.permissions import Audience, Role

HANDED_IN = date(2027, 2, 10)  # the next day is a holiday
FIFTH, SIXTH = date(2027, 2, 18), date(2027, 2, 19)  # business days after it


def write(desk: Desk, key_ring: KeyRing, name: str, **told: Any) -> None:
    """Somebody hands in a plan on the tenth, unless told otherwise; a `step` makes it a reflection."""
    with desk.database.session() as db:
        let_write(db, key_ring)
        told = {"submitted_at": morning(HANDED_IN), **told}
        make = make_reflection if "step" in told else make_plan
        make(db, desk.seats[name], **told)
        db.commit()


def seen(desk: Desk, on: date = SIXTH) -> str:
    desk.at(morning(on))
    return desk.read("board").partition("trainees")[0]


def test_what_waits_for_more_than_five_business_days_is_told_in_numbers(desk: Desk, key_ring: KeyRing) -> None:
    write(desk, key_ring, "Abe")
    write(desk, key_ring, "Ito", step="reflection1")
    assert "waited for an answer" not in seen(desk, FIFTH)
    words = seen(desk, SIXTH)
    assert "2 texts have waited for an answer for more than 5 business days" in words
    assert "Plans: 1, reflections: 1. Facilitators: Eda See the facilitators" in words


@pytest.mark.parametrize(
    "told",
    [
        {"state": PlanState.CONFIRMED},
        {"decided_at": morning(FIFTH)},  # the answer is on its way
        {"state": PlanState.RETURNED},
        {"audience": Audience.ONLY_ME},
        {"step": "reflection1", "answered_at": morning(FIFTH)},
        {"step": "reflection1", "audience": Audience.ONLY_ME},
        {"step": "reflection1", "submitted_at": morning(FIFTH)},
    ],
)
def test_what_waits_for_nobody_is_not_told(desk: Desk, key_ring: KeyRing, told: dict[str, Any]) -> None:
    write(desk, key_ring, "Abe", **told)
    assert "waited for an answer" not in seen(desk)


def test_who_has_withdrawn_waits_for_nobody(desk: Desk, key_ring: KeyRing) -> None:
    write(desk, key_ring, "Abe")
    with desk.database.session() as db:
        db.merge(desk.seats["Abe"]).status = SeatStatus.WITHDRAWN
        db.commit()
    assert "waited for an answer" not in seen(desk)


@pytest.mark.parametrize(("name", "facilitators"), [("Abe", "Facilitators: Eda, Oda"), ("Ueda", "Facilitators: Oda")])
def test_those_are_named_who_answer_for_the_writer(desk: Desk, key_ring: KeyRing, name: str, facilitators: str) -> None:
    with desk.database.session() as db:
        make_seat(db, desk.cohort, make_user(db, desk.organization, name="Oda"), role=Role.FACILITATOR)
        db.commit()
    assign(desk, "A")
    write(desk, key_ring, name)
    assert f"reflections: 0. {facilitators} See" in seen(desk)


def test_where_nobody_answers_it_says_what_to_do(desk: Desk, key_ring: KeyRing) -> None:
    assign(desk, "A")
    write(desk, key_ring, "Ueda")
    assert "Nobody answers for them: add a facilitator." in seen(desk)


def test_who_is_in_no_group_is_told_where_there_are_groups(desk: Desk) -> None:
    assert "in no group" not in seen(desk)
    with desk.database.session() as db:
        move_to_group(db, db.merge(desk.cohort), db.merge(desk.seats["Ueda"]), "")
        db.commit()
    assert "1 person is in no group" in seen(desk)
    words = desk.read("board?group=").partition("The five steps of each trainee")[2]
    assert ("Ueda" in words, "Abe" in words) == (True, False)
