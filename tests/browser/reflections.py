"""A trainee of the demo who has reflected once and begun again in two tabs, for the crawl of its pages."""

from uuid import UUID

from sqlalchemy import select

from tests.act3_practice.turns import make_reflection
from tests.browser.conftest import Site
from trainer import clock
from trainer.cohorts.models import Enrollment
from trainer.writing.actions import save_draft


def have_reflected(site: Site, seat_uid: UUID) -> None:
    """The first reflection is submitted; of the second there are two versions of a draft."""
    now = clock.now()
    with site.database.session() as db:
        db.info["key_ring"] = site.app.extensions["key_ring"]
        seat = db.scalars(select(Enrollment).where(Enrollment.uid == seat_uid)).one()
        make_reflection(db, seat, "reflection1", now)
        for scene in ("一つめの画面で書いた場面", "二つめの画面で書いた場面"):
            save_draft(db, seat, "reflection2", [("scene", scene), ("share", "facilitator")], based_on=0, now=now)
        db.commit()
