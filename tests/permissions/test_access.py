"""The door to cohorts and seats: not found for what one may not know, forbidden for what one may not do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask, session
from sqlalchemy import select
from werkzeug.exceptions import Forbidden, NotFound

from tests.accounts.browsers import Watch
from tests.permissions.cast import Cast
from trainer.accounts.sessions import open_session
from trainer.accounts.visitor import visitor_signed_in
from trainer.audit import AuditEvent
from trainer.cohorts.access import can, open_cohort, open_own_seat, open_trainee
from trainer.cohorts.models import FacilitatorGroup
from trainer.db import Database
from trainer.permissions import Can

OPEN, FORBIDDEN, UNKNOWN = "open", "forbidden", "unknown"
ROLES = ("trainee", "other_trainee", "facilitator", "other_facilitator", "facilitator_b", "coordinator")


@contextmanager
def signed_in(app: Flask, cast: Cast, role: str, watch: Watch, method: str = "GET") -> Iterator[None]:
    with app.extensions["database"].session() as db:
        handle = open_session(db, cast.users[role], browser="", opened_by="code", now=watch.now())
        db.commit()
    with app.test_request_context("/", method=method):
        session["_user_id"] = handle
        assert visitor_signed_in().user.id == cast.users[role].id
        yield


def tried(door: Callable[..., Any], uid: object, can: Can) -> str:
    try:
        door(uid, needs=can)
    except NotFound:
        return UNKNOWN
    except Forbidden:
        return FORBIDDEN
    return OPEN


@pytest.mark.parametrize(
    ("needs", "answers"),
    [
        (Can.OPEN_HOME, [OPEN, OPEN, OPEN, OPEN, UNKNOWN, OPEN]),
        (Can.SEE_STATUS, [FORBIDDEN, FORBIDDEN, OPEN, OPEN, UNKNOWN, OPEN]),
        (Can.EDIT_SCHEDULE, [FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, UNKNOWN, OPEN]),
        (Can.GIVE_FEEDBACK, [UNKNOWN, UNKNOWN, OPEN, OPEN, UNKNOWN, UNKNOWN]),
    ],
)
def test_a_cohort_opens_for(app: Flask, cast: Cast, watch: Watch, needs: Can, answers: list[str]) -> None:
    for role, answer in zip(ROLES, answers, strict=True):
        with signed_in(app, cast, role, watch):
            assert tried(open_cohort, cast.cohorts["A"].uid, needs) == answer, role
            assert tried(open_cohort, uuid4(), needs) == UNKNOWN


@pytest.mark.parametrize(
    ("needs", "answers"),
    [
        (Can.WORK_ON_STEPS, [OPEN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN]),
        (Can.SEE_STATUS, [FORBIDDEN, UNKNOWN, OPEN, UNKNOWN, UNKNOWN, OPEN]),
        (Can.GIVE_FEEDBACK, [UNKNOWN, UNKNOWN, OPEN, UNKNOWN, UNKNOWN, UNKNOWN]),
    ],
)
def test_a_trainee_opens_for(app: Flask, cast: Cast, watch: Watch, needs: Can, answers: list[str]) -> None:
    door = partial(open_trainee, of=cast.cohorts["A"].uid)
    for role, answer in zip(ROLES, answers, strict=True):
        with signed_in(app, cast, role, watch):
            assert tried(door, cast.seats["trainee"].uid, needs) == answer, role


def test_a_facilitator_without_groups_answers_for_the_whole_cohort(
    app: Flask, cast: Cast, watch: Watch, database: Database
) -> None:
    door = partial(open_trainee, of=cast.cohorts["A"].uid)
    with database.session() as db:
        given = select(FacilitatorGroup).where(FacilitatorGroup.enrollment_id == cast.seats["other_facilitator"].id)
        db.delete(db.scalars(given).one())
        db.commit()
    with signed_in(app, cast, "other_facilitator", watch):
        assert tried(door, cast.seats["trainee"].uid, Can.GIVE_FEEDBACK) == OPEN
    with signed_in(app, cast, "facilitator_b", watch):
        assert tried(door, cast.seats["trainee"].uid, Can.GIVE_FEEDBACK) == UNKNOWN


def test_a_seat_of_ones_own_is_nobody_elses(app: Flask, cast: Cast, watch: Watch) -> None:
    for role in ROLES:
        with signed_in(app, cast, role, watch):
            expected = OPEN if role == "trainee" else UNKNOWN
            assert tried(open_own_seat, cast.seats["trainee"].uid, Can.OPEN_HOME) == expected, role
    with signed_in(app, cast, "trainee", watch):
        assert tried(open_own_seat, cast.seats["trainee"].uid, Can.EDIT_SCHEDULE) == FORBIDDEN


def test_a_template_asks_the_same_table(app: Flask, cast: Cast, watch: Watch) -> None:
    with signed_in(app, cast, "coordinator", watch):
        assert can("edit_schedule")
        assert can("edit_schedule", cast.cohorts["A"])
        assert not can("give_feedback")
        with pytest.raises(ValueError, match="no_such_deed"):
            can("no_such_deed")
    with signed_in(app, cast, "facilitator_b", watch):
        assert can("give_feedback")
        assert not can("give_feedback", cast.cohorts["A"])
    with app.test_request_context("/"):
        assert not can("use_account")


def test_a_refusal_is_recorded_whether_the_object_exists_or_not(
    app: Flask, cast: Cast, watch: Watch, database: Database
) -> None:
    asked = [cast.seats["trainee"].uid, uuid4()]
    browser = cast.browser(app, "facilitator_b", watch.now())
    for uid in asked:
        assert browser.get(f"/to/{uid}/home").status_code == 404
    with database.reading() as db:
        rows = db.scalars(select(AuditEvent).where(AuditEvent.act == "open_object").order_by(AuditEvent.id)).all()
    assert [(row.object_uid, row.result, row.actor_uid) for row in rows] == [
        (uid, "refused", cast.users["facilitator_b"].uid) for uid in asked
    ]
