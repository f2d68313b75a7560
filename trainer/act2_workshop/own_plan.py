"""A seat's own plan with everything that its pages show, in few queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, literal, null, select, union_all
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.act2_workshop.models import Plan, PlanReview, PlanVersion
from trainer.act2_workshop.rules import Deed, PlanState, may
from trainer.cohorts.models import Cohort, Enrollment, SeatStatus
from trainer.permissions import Role
from trainer.programs.fields import PeerChoice
from trainer.writing.models import Draft, DraftCopy, Reading
from trainer.writing.queries import Reader

MOST_PEERS = 60  # a list that can be looked through; one's own group stands first


@dataclass(frozen=True)
class PlanWork:
    """What there is of a seat's plan: nothing, a draft, a submitted version, or both."""

    plan: Plan | None
    version: PlanVersion | None  # the one submitted last
    draft: Draft | None
    has_copy: bool  # another version of the draft waits for a choice

    @property
    def state(self) -> PlanState:
        """Where the plan stands."""
        return self.plan.state if self.plan else PlanState.DRAFT

    def may(self, deed: Deed) -> bool:
        """Whether the trainee may do this now."""
        is_opened = self.plan is not None and self.plan.opened_at is not None
        return may(self.state, deed, Role.TRAINEE, is_opened=is_opened)


@dataclass(frozen=True)
class ReviewRead:
    """A facilitator's answer as its reader sees it."""

    review: PlanReview
    facilitator: str


@dataclass(frozen=True)
class People:
    """The people a plan's page names: who opened it, and with whom the trainee wants to check in."""

    readers: tuple[Reader, ...] = ()
    peers: dict[str, str] = field(default_factory=dict)  # seat's uid -> name


def work_of(db: Session, seat: Enrollment) -> PlanWork:
    """The seat's plan as it stands, in one query."""
    rows = db.execute(
        select(Plan, PlanVersion, Draft, DraftCopy.id)
        .select_from(Enrollment)
        .outerjoin(Plan, Plan.enrollment_id == Enrollment.id)
        .outerjoin(PlanVersion, (PlanVersion.plan_id == Plan.id) & (PlanVersion.version == Plan.version))
        .outerjoin(Draft, (Draft.enrollment_id == Enrollment.id) & (Draft.form == "plan"))
        .outerjoin(DraftCopy, DraftCopy.draft_id == Draft.id)
        .where(Enrollment.id == seat.id)
        .limit(1)
    ).one()
    plan, version, draft, copy_id = rows
    return PlanWork(plan, version, draft, copy_id is not None)


def zone_and_state(db: Session, seat: Enrollment) -> tuple[str, PlanState]:
    """The time zone of a seat's cohort and the state of its plan: all that saving a draft has to know."""
    zone, state = db.execute(
        select(Cohort.time_zone, Plan.state)
        .outerjoin(Plan, Plan.enrollment_id == seat.id)
        .where(Cohort.id == seat.cohort_id)
    ).one()
    return zone, state or PlanState.DRAFT


def peers_of(db: Session, seat: Enrollment) -> tuple[PeerChoice, ...]:
    """Fellow trainees to check in with, one's own group first."""
    is_own_group = Enrollment.group_id == seat.group_id
    rows = db.execute(
        select(Enrollment.uid, User.name)
        .join(User, User.id == Enrollment.user_id)
        .where(
            Enrollment.cohort_id == seat.cohort_id,
            Enrollment.role == Role.TRAINEE,
            Enrollment.status != SeatStatus.WITHDRAWN,
            Enrollment.id != seat.id,
        )
        .order_by(is_own_group.desc().nulls_last(), User.name_reading, User.name, Enrollment.id)
        .limit(MOST_PEERS)
    )
    return tuple(PeerChoice(str(uid), name) for uid, name in rows)


def reviews_of(db: Session, plan: Plan) -> Sequence[ReviewRead]:
    """The answers that were released to the trainee, the newest first."""
    rows = db.execute(
        select(PlanReview, User.name)
        .join(User, User.id == PlanReview.facilitator_id)
        .where(PlanReview.plan_id == plan.id, PlanReview.released_at.is_not(None))
        .order_by(PlanReview.released_at.desc(), PlanReview.id.desc())
    )
    return [ReviewRead(review, name) for review, name in rows]


def people_of(db: Session, seat: Enrollment, peers: Iterable[object]) -> People:
    """Who opened the plan besides its writer, and the names of these peers' seats; in one query."""
    readers = (
        select(
            literal(None, Uuid()).label("peer"),
            User.name.label("name"),
            Reading.first_read_at.label("first"),
            Reading.last_read_at.label("last"),
        )
        .join(User, User.id == Reading.reader_id)
        .where(Reading.enrollment_id == seat.id, Reading.text == "plan")
    )
    fellows = (
        select(Enrollment.uid, User.name, null(), null())
        .join(User, User.id == Enrollment.user_id)
        .where(Enrollment.cohort_id == seat.cohort_id, Enrollment.uid.in_([*_uids(peers)]))
    )
    rows: Sequence[Any] = db.execute(union_all(readers, fellows)).all()
    known = tuple(Reader(name, first, last) for peer, name, first, last in rows if peer is None)
    names = {str(peer): name for peer, name, _first, _last in rows if peer is not None}
    return People(tuple(sorted(known, key=_by_first_reading)), names)


def _by_first_reading(reader: Reader) -> datetime:
    return reader.first_read_at


def _uids(values: Iterable[object]) -> Iterable[UUID]:
    for value in values:
        try:
            yield UUID(str(value))
        except ValueError:
            continue  # a seat of a course that was carried over from elsewhere
