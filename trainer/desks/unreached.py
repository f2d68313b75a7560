"""Trainees whom letters do not reach, and what the mail servers said."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment, SeatStatus
from trainer.cohorts.standing_models import Standing
from trainer.prompts.models import Address
from trainer.prompts.queries import HAS_BOUNCED, bounced_seats

SHOWN = 200


@dataclass(frozen=True)
class Unreached:
    """Somebody whose address came back, or who has none."""

    seat_uid: UUID
    name: str
    email: str | None
    words: str | None  # the mail server's
    at: datetime | None


def unreached_people(db: Session, cohort: Cohort) -> list[Unreached]:
    """The trainees who take part and get no letters for want of an address, by name."""
    rows = db.execute(
        select(Enrollment.uid, User.name, User.email, Address.reason, Address.last_bounce_at)
        .select_from(Standing)
        .join(Enrollment, Enrollment.id == Standing.enrollment_id)
        .join(User, User.id == Enrollment.user_id)
        .outerjoin(Address, _has_come_back())
        .where(
            Standing.cohort_id == cohort.id,
            Standing.status != SeatStatus.WITHDRAWN,
            or_(Standing.enrollment_id.in_(bounced_seats(cohort)), ~Standing.has_address),
        )
        .order_by(Standing.reading, Standing.enrollment_id)
        .limit(SHOWN)
    )
    return [Unreached(*row) for row in rows]


def comes_back() -> ColumnElement[bool]:
    """Whether letters to the address of a User come back, as a column."""
    return exists().where(_has_come_back())


def _has_come_back() -> ColumnElement[bool]:
    return and_(Address.organization_id == User.organization_id, Address.address == User.email, HAS_BOUNCED)
