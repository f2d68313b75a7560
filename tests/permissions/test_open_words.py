"""The door to what people wrote: every relation tried on every audience, and no word without its record."""

from datetime import UTC, datetime, time, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.exceptions import NotFound

from tests.accounts.browsers import Watch
from tests.accounts.factories import make_group, make_office, make_seat, make_user
from tests.permissions.cast import Cast
from tests.permissions.test_access import signed_in
from trainer.accounts.models import User
from trainer.accounts.refusals import refuse_unknown
from trainer.accounts.visitor import visitor_signed_in
from trainer.audit import AuditEvent
from trainer.cohorts.models import Enrollment, FacilitatorGroup, SeatStatus
from trainer.cohorts.queries import cohort_with_schedule
from trainer.db import Database
from trainer.organization_scope import request_session
from trainer.permissions import Audience, Can, Reader, Role, needs
from trainer.writing import access
from trainer.writing.access import open_words, stand_before
from trainer.writing.models import Reading
from trainer.writing.queries import readers_of

TEXT = "reflection1"
UID = uuid4()
# who reads a text of the trainee, by its audience; everybody not named reads none
READERS = {
    Audience.ONLY_ME: {"trainee"},
    Audience.PARTNER: {"trainee"},
    Audience.FACILITATOR: {"trainee", "facilitator"},
    Audience.GROUP: {"trainee", "facilitator", "groupmate"},
    Audience.COHORT: {"trainee", "facilitator", "groupmate", "other_trainee"},
    Audience.BOSS: {"trainee", "facilitator", "boss", "boss_of_office"},
}
EVERYBODY = (
    "trainee",
    "groupmate",
    "other_trainee",
    "withdrawn_groupmate",
    "facilitator",
    "other_facilitator",
    "withdrawn_facilitator",
    "facilitator_b",
    "trainee_b",
    "coordinator",
    "boss",
    "boss_of_office",
)


@pytest.fixture
def cast(cast: Cast, database: Database) -> Cast:
    """The usual cast, and others in the trainee's cohort; the trainee's boss may be of the office, too."""
    with database.session() as db:
        group = db.get_one(Enrollment, cast.seats["trainee"].id).group_id
        for role in ("groupmate", "withdrawn_groupmate", "withdrawn_facilitator", "boss_of_office"):
            cast.users[role] = make_user(db, cast.organizations["A"])
        _sit(db, cast, "groupmate", group_id=group)
        _sit(db, cast, "withdrawn_groupmate", group_id=group, status=SeatStatus.WITHDRAWN)
        _sit(db, cast, "withdrawn_facilitator", role=Role.FACILITATOR, status=SeatStatus.WITHDRAWN)
        make_office(db, cast.organizations["A"], cast.users["boss_of_office"])
        db.commit()
    return cast


def _sit(db: object, cast: Cast, who: str, **columns: object) -> None:
    cast.seats[who] = make_seat(db, cast.cohorts["A"], cast.users[who], **columns)  # type: ignore[arg-type]


def has_read(app: Flask, cast: Cast, watch: Watch, role: str, audience: Audience, door: object = open_words) -> bool:
    """Whether this person gets through the door to a text of the trainee."""
    with signed_in(app, cast, role, watch):
        seat = request_session().get(Enrollment, cast.seats["trainee"].id)
        if seat is None:
            return False  # the wall of another company
        try:
            door(seat, TEXT, audience, UID, now=watch.now())  # type: ignore[operator]
        except NotFound:
            return False
    return True


def report_to(database: Database, cast: Cast, boss: str) -> None:
    with database.session() as db:
        db.get_one(Enrollment, cast.seats["trainee"].id).boss_id = cast.users[boss].id
        db.commit()


@pytest.mark.parametrize("audience", Audience)
def test_a_text_opens_for_those_whom_its_writer_chose(
    app: Flask, cast: Cast, watch: Watch, database: Database, audience: Audience
) -> None:
    for role in EVERYBODY:
        report_to(database, cast, "boss_of_office" if role == "boss_of_office" else "boss")
        assert has_read(app, cast, watch, role, audience) is (role in READERS[audience]), role
        assert has_read(app, cast, watch, role, audience, stand_before) is (role in READERS[audience]), role


def test_a_facilitator_without_groups_reads_the_whole_cohort(
    app: Flask, cast: Cast, watch: Watch, database: Database
) -> None:
    assert not has_read(app, cast, watch, "other_facilitator", Audience.FACILITATOR)
    with database.session() as db:
        given = select(FacilitatorGroup).where(FacilitatorGroup.enrollment_id == cast.seats["other_facilitator"].id)
        db.delete(db.scalars(given).one())
        db.commit()
    assert has_read(app, cast, watch, "other_facilitator", Audience.FACILITATOR)
    assert not has_read(app, cast, watch, "other_facilitator", Audience.ONLY_ME)


def test_a_group_given_to_somebody_else_counts_at_once(
    app: Flask, cast: Cast, watch: Watch, database: Database
) -> None:
    assert has_read(app, cast, watch, "facilitator", Audience.GROUP)
    with database.session() as db:
        db.get_one(Enrollment, cast.seats["trainee"].id).group_id = make_group(db, cast.cohorts["A"]).id
        db.commit()
    assert not has_read(app, cast, watch, "facilitator", Audience.GROUP)
    assert not has_read(app, cast, watch, "groupmate", Audience.GROUP)
    assert has_read(app, cast, watch, "groupmate", Audience.COHORT)


def test_who_has_withdrawn_is_read_by_nobody_else(app: Flask, cast: Cast, watch: Watch, database: Database) -> None:
    with database.session() as db:
        db.get_one(Enrollment, cast.seats["trainee"].id).status = SeatStatus.WITHDRAWN
        db.commit()
    for role in ("facilitator", "groupmate", "boss"):
        assert not has_read(app, cast, watch, role, Audience.COHORT)
        assert not has_read(app, cast, watch, role, Audience.BOSS)
    assert has_read(app, cast, watch, "trainee", Audience.ONLY_ME)


def test_a_facilitator_reads_until_thirty_days_after_the_cohort_has_closed(
    app: Flask, cast: Cast, watch: Watch, database: Database
) -> None:
    with database.reading() as db:
        closes = cohort_with_schedule(db, cast.cohorts["A"].id)[1].dates["close"]
    watch.time = datetime.combine(closes + timedelta(days=30), time(1), UTC)
    assert has_read(app, cast, watch, "facilitator", Audience.FACILITATOR) is True
    watch.pass_by(days=1)
    assert has_read(app, cast, watch, "facilitator", Audience.FACILITATOR) is False
    assert has_read(app, cast, watch, "groupmate", Audience.GROUP) is True


def test_another_persons_words_open_only_with_their_record(
    app: Flask, cast: Cast, watch: Watch, database: Database
) -> None:
    first = watch.now()
    assert has_read(app, cast, watch, "facilitator", Audience.FACILITATOR)
    watch.pass_by(days=3)
    assert has_read(app, cast, watch, "facilitator", Audience.FACILITATOR)
    assert has_read(app, cast, watch, "groupmate", Audience.GROUP)
    assert not has_read(app, cast, watch, "other_trainee", Audience.GROUP)
    assert has_read(app, cast, watch, "trainee", Audience.GROUP)
    with database.reading() as db:
        read = [
            (reader.name, reader.first_read_at, reader.last_read_at)
            for reader in readers_of(db, cast.seats["trainee"], TEXT)
        ]
        logged = db.execute(
            select(AuditEvent.actor_uid, AuditEvent.acting_role, AuditEvent.object_kind, AuditEvent.object_uid)
            .where(AuditEvent.act == "read_words")
            .order_by(AuditEvent.id)
        ).all()
    later = watch.now()
    assert read == [(cast.users["facilitator"].name, first, later), (cast.users["groupmate"].name, later, later)]
    facilitator = (cast.users["facilitator"].uid, "facilitator", TEXT, UID)
    assert [tuple(row) for row in logged] == [
        facilitator,
        facilitator,
        (cast.users["groupmate"].uid, "group", TEXT, UID),
    ]


def test_the_log_names_the_relation_that_let_the_reader_in(
    app: Flask, cast: Cast, watch: Watch, database: Database
) -> None:
    assert has_read(app, cast, watch, "groupmate", Audience.COHORT)
    with database.reading() as db:
        assert db.scalars(select(AuditEvent.acting_role).where(AuditEvent.act == "read_words")).all() == ["cohort"]


def test_without_the_record_there_are_no_words(
    app: Flask, cast: Cast, watch: Watch, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_more: object) -> None:
        raise OSError("the log cannot be written")

    monkeypatch.setattr(access, "record", broken)
    with pytest.raises(OSError, match="the log cannot be written"):
        has_read(app, cast, watch, "facilitator", Audience.FACILITATOR)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Reading)) == 0


def test_who_acts_on_a_text_without_being_shown_it_leaves_no_reading(
    app: Flask, cast: Cast, watch: Watch, database: Database
) -> None:
    assert has_read(app, cast, watch, "facilitator", Audience.FACILITATOR, stand_before)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Reading)) == 0


def test_a_request_that_writes_does_not_show_words(app: Flask, cast: Cast, watch: Watch) -> None:
    with signed_in(app, cast, "facilitator", watch, method="POST"):
        seat = request_session().get_one(Enrollment, cast.seats["trainee"].id)
        with pytest.raises(RuntimeError, match="a page that is read"):
            open_words(seat, TEXT, Audience.FACILITATOR, UID, now=watch.now())


def test_a_text_that_one_may_not_read_answers_like_one_that_nobody_wrote(app: Flask, cast: Cast, watch: Watch) -> None:
    @needs(Can.USE_ACCOUNT)
    def page(seat_uid: UUID) -> str:
        seat = request_session().scalar(select(Enrollment).where(Enrollment.uid == seat_uid))
        if seat is None:
            refuse_unknown(TEXT, seat_uid)
        open_words(seat, TEXT, Audience.GROUP, UID, now=watch.now())
        return "words"

    app.add_url_rule("/words/<uuid:seat_uid>", "words", page)
    answers = partial(_answer, app, cast, watch)
    seat = cast.seats["trainee"].uid
    for role in ("other_trainee", "other_facilitator", "coordinator", "boss", "facilitator_b", "trainee_b"):
        assert answers(role, seat) == answers(role, uuid4()), role
        assert answers(role, seat)[0] == 404
    assert answers("groupmate", seat) == (200, b"words")


def _answer(app: Flask, cast: Cast, watch: Watch, role: str, uid: UUID) -> tuple[int, bytes]:
    answer = cast.browser(app, role, watch.now()).get(f"/words/{uid}")
    lines = answer.get_data().splitlines()
    return answer.status_code, b"\n".join(line for line in lines if b"csrf_token" not in line)


def test_a_user_without_a_seat_is_nothing_to_anybody(app: Flask, cast: Cast, watch: Watch, database: Database) -> None:
    with database.session() as db:
        cast.users["somebody"] = make_user(db, cast.organizations["A"])
        db.commit()
    with signed_in(app, cast, "somebody", watch):
        seat = request_session().get_one(Enrollment, cast.seats["trainee"].id)
        assert access.relations_to(request_session(), visitor_signed_in(), seat) == frozenset()
    with signed_in(app, cast, "trainee", watch):
        seat = request_session().get_one(Enrollment, cast.seats["trainee"].id)
        relations = access.relations_to(request_session(), visitor_signed_in(), seat)
    assert relations == {Reader.WRITER}
    assert isinstance(cast.users["somebody"], User)
