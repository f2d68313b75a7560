"""The door to what people wrote: only who stands in the right relation to the writer, and never unnoticed."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from flask import current_app, request
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.accounts.refusals import refuse_unknown
from trainer.accounts.visitor import Visitor, visitor_signed_in
from trainer.audit import Act, record
from trainer.cohorts.access import is_assigned
from trainer.cohorts.models import Enrollment, SeatStatus
from trainer.cohorts.queries import Schedule, cohort_with_schedule
from trainer.organization_scope import READING, request_session
from trainer.permissions import READERS, Audience, Reader, Role, may_read
from trainer.writing.models import Reading

AFTER_THE_END = timedelta(days=30)  # so long a facilitator goes on reading when their cohort has closed


class Text(NamedTuple):
    """A text before the door: the step it belongs to, who may read it, and its uid."""

    step: str
    audience: Audience
    uid: UUID


def open_words(seat: Enrollment, text: str, audience: Audience, uid: UUID, *, now: datetime) -> frozenset[Reader]:
    """Let the visitor read a text that this seat wrote; gives what they are to its writer.

    `text` is the step whose text it is, `uid` the text's own. Raises NotFound where the audience does not hold the
    visitor: it is the same answer as for a text that nobody wrote. Another person's text is opened only together with
    the record of it, which its writer sees; a page that only lists texts opens none. For pages that are read: whoever
    acts on a text asks `stand_before`, and leads on to such a page.
    """
    relations = stand_before(seat, text, audience, uid, now=now)
    _note_readings(seat, [Text(text, audience, uid)], relations, now)
    return relations


def open_with(seat: Enrollment, text: Text, besides: Iterable[Text], *, now: datetime) -> list[Text]:
    """The same for a text that is read with others of its writer; gives those that are open, this one first.

    Raises NotFound where this one is not; of the others, those whose audience does not hold the visitor stay closed.
    """
    relations = stand_before(seat, *text, now=now)
    readable = [text, *(one for one in besides if may_read(one.audience, relations))]
    _note_readings(seat, readable, relations, now)
    return readable


def stand_before(seat: Enrollment, text: str, audience: Audience, uid: UUID, *, now: datetime) -> frozenset[Reader]:
    """The same door for who acts on a text without being shown it: no reading is recorded. Raises NotFound."""
    relations = relations_now(seat, now=now)
    if not may_read(audience, relations):
        refuse_unknown(text, uid)
    return relations


def relations_now(seat: Enrollment, *, now: datetime) -> frozenset[Reader]:
    """What the visitor is to the writer today: a facilitator's time ends a while after the cohort has closed."""
    db = request_session()
    relations = relations_to(db, visitor_signed_in(), seat)
    if Reader.FACILITATOR in relations and is_long_over(cohort_with_schedule(db, seat.cohort_id)[1], now):
        return relations - {Reader.FACILITATOR}
    return relations


def relations_to(db: Session, visitor: Visitor, seat: Enrollment) -> frozenset[Reader]:
    """Everything the visitor is to the writer of a seat's texts; the office is nothing to them.

    Who has withdrawn cannot narrow their texts any more, so nobody else reads them any more either.
    """
    if seat.user_id == visitor.user.id:
        return frozenset({Reader.WRITER})
    if seat.status is SeatStatus.WITHDRAWN:
        return frozenset()
    seats = [own for own in visitor.seats if own.cohort_id == seat.cohort_id]
    relations = {Reader.BOSS} if seat.boss_id == visitor.user.id else set()
    if any(is_assigned(db, own, seat) for own in seats):
        relations.add(Reader.FACILITATOR)
    for own in seats:
        if own.role is Role.TRAINEE:
            relations |= _as_fellow(db, own.id, seat)
    return frozenset(relations)


def is_long_over(schedule: Schedule, now: datetime) -> bool:
    """Whether a cohort closed so long ago that its facilitators do not read its texts any more."""
    return now.astimezone(schedule.zone).date() > schedule.dates["close"] + AFTER_THE_END


def _as_fellow(db: Session, own_id: int, seat: Enrollment) -> set[Reader]:
    """What a fellow trainee is; who has withdrawn reads nothing."""
    own = db.get_one(Enrollment, own_id)
    if own.status is SeatStatus.WITHDRAWN:
        return set()
    is_same_group = own.group_id is not None and own.group_id == seat.group_id
    return {Reader.COHORT, Reader.GROUP} if is_same_group else {Reader.COHORT}


def _note_readings(seat: Enrollment, texts: Sequence[Text], relations: frozenset[Reader], now: datetime) -> None:
    """Write it down at once, in a session of its own, since a page that is read cannot write: no record, no words."""
    if Reader.WRITER in relations or not texts:
        return
    if request.method not in READING:
        raise RuntimeError("a request that writes would wait for its own record: lead on to a page that is read")
    reader, database = visitor_signed_in().user, current_app.extensions["database"]
    with database.session() as db:
        note_readings(db, seat, texts, reader, relations, now=now)
        db.commit()


def note_readings(
    db: Session, seat: Enrollment, texts: Sequence[Text], reader: User, relations: frozenset[Reader], *, now: datetime
) -> None:
    """What stays of it when somebody in these relations to the writer opens texts: the readings, and the log.

    Pages go through `open_words` and `open_with`, which ask the door first; this is also for the demo's past.
    """
    _keep_readings(db, seat, reader, [text.step for text in texts], now)
    for text in texts:
        record(
            db,
            Act.READ_WORDS,
            now=now,
            organization_id=seat.organization_id,
            actor_uid=reader.uid,
            acting_role=_nearest(relations & READERS[text.audience]),
            object_kind=text.step,
            object_uid=text.uid,
        )


def _keep_readings(db: Session, seat: Enrollment, reader: User, steps: Iterable[str], now: datetime) -> None:
    """One row for each reader of a text; two first readings at once make one."""
    dialect = sqlite if db.get_bind().dialect.name == "sqlite" else postgresql
    told = {"organization_id": seat.organization_id, "enrollment_id": seat.id, "reader_id": reader.id}
    rows = [{**told, "text": step, "first_read_at": now, "last_read_at": now} for step in sorted(steps)]
    reading = dialect.insert(Reading).values(rows)
    again = {"last_read_at": reading.excluded.last_read_at}
    db.execute(reading.on_conflict_do_update(index_elements=["enrollment_id", "text", "reader_id"], set_=again))


def _nearest(relations: frozenset[Reader]) -> Reader:
    """The relation in which a text was read, for the log: the first of those that let its reader in."""
    return next(reader for reader in Reader if reader in relations)
