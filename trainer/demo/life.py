"""One trainee of the demo, and what a deed of theirs is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.cohorts.models import Enrollment
from trainer.demo.content_company import Trainee
from trainer.demo.load import LoadedCohort
from trainer.permissions import Role
from trainer.programs.content import Pack


@dataclass(frozen=True)
class Deed:
    """Something that happened at a UTC instant."""

    at: datetime
    do: Callable[[Session], object]


@dataclass(frozen=True)
class Life:
    """One trainee of the file, in their cohort and its course."""

    loaded: LoadedCohort
    trainee: Trainee
    pack: Pack

    def seat(self, db: Session) -> Enrollment:
        """The trainee's seat, which is there from the day they joined."""
        seats = select(Enrollment).where(
            Enrollment.cohort_id == self.loaded.cohort.id,
            Enrollment.user_id == self.loaded.users[self.trainee.id],
            Enrollment.role == Role.TRAINEE,
        )
        return db.scalars(seats).one()
