"""What a boss finds behind the link of a letter: what would help, and what they will not see."""

from uuid import UUID

from flask import render_template
from sqlalchemy import select

from trainer.accounts.models import User
from trainer.accounts.visitor import visitor_signed_in
from trainer.cohorts.models import Enrollment, SeatStatus
from trainer.cohorts.queries import cohort_with_schedule
from trainer.organization_scope import request_session
from trainer.permissions import Role
from trainer.programs.queries import pack_of_digest


def boss_page(seat_uid: UUID) -> str | None:
    """The page, for the boss of the trainee in this seat; None for everybody else. No status is on it, and no word."""
    db, visitor = request_session(), visitor_signed_in()
    row = db.execute(
        select(Enrollment.cohort_id, User.name)
        .join(User, User.id == Enrollment.user_id)
        .where(
            Enrollment.uid == seat_uid,
            Enrollment.boss_id == visitor.user.id,
            Enrollment.role == Role.TRAINEE,
            Enrollment.status != SeatStatus.WITHDRAWN,
        )
    ).one_or_none()
    if row is None:
        return None
    cohort, schedule = cohort_with_schedule(db, row.cohort_id)
    pack = pack_of_digest(db, schedule.digest, visitor.language)
    return render_template("desks/boss.html", name=row.name, cohort=cohort, program=pack.program.title)
