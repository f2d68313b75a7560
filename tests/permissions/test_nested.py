"""An address that names an object under another: under a parent to which it does not belong, nobody finds it."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.accounts.browsers import Watch
from tests.accounts.factories import BEGAN, make_cohort, make_seat
from tests.permissions.cast import Cast
from tests.permissions.matrix import routes
from tests.permissions.test_replay import contents
from trainer.cohorts.change_models import ChangeByHand
from trainer.cohorts.import_models import RosterImport
from trainer.cohorts.models import Cohort, Enrollment
from trainer.db import Database
from trainer.programs.models import ProgramVersion

CHILDREN = {"change_uid", "import_uid", "text_uid", "feedback_uid"}  # `test_replay` asks for the others


def make_other_cohort(db: Session, cast: Cast) -> Cohort:
    return make_cohort(db, cast.organizations["A"], db.get_one(ProgramVersion, cast.cohorts["A"].program_version_id))


def make_change(db: Session, cast: Cast, role: str, seat: Enrollment | None, kind: str) -> ChangeByHand:
    """A change that this role made in the cohort of the cast, and could take back there."""
    change = ChangeByHand(
        organization_id=cast.organizations["A"].id,
        cohort_id=cast.cohorts["A"].id,
        enrollment_id=seat.id if seat else None,
        kind=kind,
        facet="status",
        before={"status": "active"},
        after={"status": "active"},
        done_at=BEGAN,
        done_by_id=cast.users[role].id,
    )
    db.add(change)
    db.flush()
    return change


def found_under(app: Flask, cast: Cast, watch: Watch, database: Database, role: str, **told: UUID) -> list[str]:
    """The routes with these children that answer otherwise than 404, or change something."""
    found, asked = [], 0
    for _name, method, rule in routes(app):
        children = rule.arguments & CHILDREN
        if not children or not children <= told.keys():
            continue
        browser = cast.browser(app, role, watch.now())
        named = {name: uid for name, uid in told.items() if name in rule.arguments}
        path, form = cast.path(app, rule, watch.now(), other=named), {"csrf_token": browser.token("/sign-in/password")}
        before = contents(database)
        answer, asked = browser.client.open(path, method=method, data=form), asked + 1
        if answer.status_code != 404 or contents(database) != before:
            found.append(f"{method} {rule.rule}: {answer.status_code}")
    assert asked > 0
    return found


def test_a_trainee_of_two_cohorts_finds_no_text_under_the_other_seat(
    app: Flask, cast: Cast, watch: Watch, database: Database
) -> None:
    with database.session() as db:
        other = make_seat(db, make_other_cohort(db, cast), cast.users["trainee"])
        db.commit()
    of_a = {"text_uid": cast.written.shared.uid, "feedback_uid": cast.written.feedback.uid}
    assert found_under(app, cast, watch, database, "trainee", seat_uid=other.uid, **of_a) == []


@pytest.mark.parametrize("kind", ["move", "attend"])
def test_the_office_takes_nothing_back_under_another_cohort(
    app: Flask, cast: Cast, watch: Watch, database: Database, kind: str
) -> None:
    with database.session() as db:
        other = make_other_cohort(db, cast)
        theirs = make_seat(db, other, cast.users["other_trainee"])
        change = make_change(db, cast, "coordinator", cast.seats["trainee"] if kind == "attend" else None, kind)
        told = {"organization_id": other.organization_id, "cohort_id": cast.cohorts["A"].id, "imported_at": BEGAN}
        brought = RosterImport(**told, added=1, changed=0, traces={})
        db.add(brought)
        db.commit()
    of_a = {"change_uid": change.uid, "import_uid": brought.uid}
    parents = {"cohort_uid": other.uid, "seat_uid": theirs.uid}
    assert found_under(app, cast, watch, database, "coordinator", **parents, **of_a) == []


def test_a_change_of_one_person_is_not_another_persons(
    app: Flask, cast: Cast, watch: Watch, database: Database
) -> None:
    with database.session() as db:
        change = make_change(db, cast, "coordinator", cast.seats["other_trainee"], "pause")
        db.commit()
    assert found_under(app, cast, watch, database, "coordinator", change_uid=change.uid) == []


def test_a_facilitator_takes_back_no_attendance_under_another_cohort(
    app: Flask, cast: Cast, watch: Watch, database: Database
) -> None:
    with database.session() as db:
        other = make_other_cohort(db, cast)
        seat = cast.seats["facilitator"]
        make_seat(db, other, cast.users["facilitator"], seat.role)
        change = make_change(db, cast, "facilitator", cast.seats["trainee"], "attend")
        db.commit()
    found = found_under(app, cast, watch, database, "facilitator", cohort_uid=other.uid, change_uid=change.uid)
    assert [line for line in found if not line.endswith("403")] == []  # what is the office's is not theirs anywhere
