"""What a facilitator is not shown in their own cohort: the words of their reports, and of their own boss."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from trainer.accounts.models import User
from trainer.cohorts.assignments import is_below, is_boss_of, is_in_groups_of
from trainer.cohorts.models import Cohort, Enrollment, SeatStatus
from trainer.i18n import gettext as _
from trainer.office.queries import READING, StaffLine
from trainer.permissions import Role


class Withheld(NamedTuple):
    """The trainees whose facilitator somebody would be if neither were the other's boss, by name."""

    reports: list[str]
    bosses: list[str]


def withheld_words(db: Session, cohort: Cohort, lines: Sequence[StaffLine]) -> dict[int, list[str]]:
    """Seat of a facilitator -> what the office is to know of it; in one query."""
    withheld = _withheld(db, cohort)
    return {line.seat.id: _words(line.user.name, withheld[line.seat.id]) for line in lines if line.seat.id in withheld}


def _withheld(db: Session, cohort: Cohort) -> dict[int, Withheld]:
    """Facilitator's seat -> those of their groups who are their reports, or their boss."""
    own = aliased(Enrollment)
    is_boss, is_lower = is_boss_of(own.user_id, Enrollment), is_below(own.user_id, Enrollment)
    rows = db.execute(
        select(own.id, User.name, is_boss)
        .join(Enrollment, and_(Enrollment.cohort_id == own.cohort_id, Enrollment.role == Role.TRAINEE))
        .join(User, User.id == Enrollment.user_id)
        .where(own.cohort_id == cohort.id, own.role == Role.FACILITATOR, own.status != SeatStatus.WITHDRAWN)
        .where(Enrollment.status != SeatStatus.WITHDRAWN, is_in_groups_of(own.id), or_(is_boss, is_lower))
        .order_by(READING, Enrollment.id)
    )
    found: dict[int, Withheld] = defaultdict(lambda: Withheld([], []))
    for seat_id, name, is_report in rows:
        (found[seat_id].reports if is_report else found[seat_id].bosses).append(name)
    return found


def _words(name: str, withheld: Withheld) -> list[str]:
    words = []
    if withheld.reports:
        sentence = _(
            "%(name)s is the boss of %(names)s: what they write is not shown to %(name)s. "
            "Choose another facilitator for them.",
            name=name,
            names=_(", ").join(withheld.reports),
        )
        words.append(sentence)
    for boss in withheld.bosses:
        sentence = _(
            "%(boss)s is the boss of %(name)s: what %(boss)s writes is not shown to %(name)s. "
            "Choose another facilitator for them.",
            boss=boss,
            name=name,
        )
        words.append(sentence)
    return words
