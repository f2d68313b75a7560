"""Texts of the demo that pages are about: the trainee's reflection, and a plan that a fellow lets everybody read."""

from uuid import UUID

from sqlalchemy import select

from tests.act3_practice.practice import make_plan
from tests.browser.conftest import Site
from trainer.act2_workshop.models import Plan
from trainer.act3_practice.models import Reflection
from trainer.cohorts.models import Enrollment
from trainer.permissions import Audience, Role


def have_shared(site: Site, seat_uid: UUID) -> None:
    """A fellow of this seat's cohort without a plan hands one in, for the whole cohort."""
    with site.database.session() as db:
        db.info["key_ring"] = site.app.extensions["key_ring"]
        cohort_id = select(Enrollment.cohort_id).where(Enrollment.uid == seat_uid).scalar_subquery()
        fellows = select(Enrollment).where(
            Enrollment.cohort_id == cohort_id,
            Enrollment.role == Role.TRAINEE,
            Enrollment.uid != seat_uid,
            Enrollment.id.not_in(select(Plan.enrollment_id)),
        )
        make_plan(db, db.scalars(fellows.order_by(Enrollment.id)).all()[0], audience=Audience.COHORT)
        db.commit()


def shared_text(site: Site, seat_uid: UUID) -> UUID:
    """The plan that was shared with this seat."""
    with site.database.reading() as db:
        own = select(Enrollment).where(Enrollment.uid == seat_uid)
        plans = select(Plan.uid).where(
            Plan.audience == Audience.COHORT, Plan.cohort_id == db.scalars(own).one().cohort_id
        )
        return db.scalars(plans.order_by(Plan.id.desc())).all()[0]


def reflection_of(site: Site, seat_uid: UUID) -> UUID:
    """The first reflection of this seat."""
    with site.database.reading() as db:
        found = select(Reflection.uid).join(Enrollment, Enrollment.id == Reflection.enrollment_id)
        return db.scalars(found.where(Enrollment.uid == seat_uid).order_by(Reflection.step)).all()[0]
