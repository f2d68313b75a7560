"""The groups of a cohort: their names, and who works in which."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.cohorts.actions import mark_to_plan
from trainer.cohorts.models import Cohort, Enrollment, Group
from trainer.cohorts.sentences import Refused
from trainer.cohorts.standings import recount, refresh_standing
from trainer.i18n import gettext as _


def rename_group(db: Session, cohort: Cohort, group: Group, name: str) -> None:
    """Call a group otherwise. Raises Refused for a name that another group of the cohort has."""
    if group.name == name:
        return
    if group_named(db, cohort, name) is not None:
        raise Refused(_("There is a group %(name)s already. Choose another name.", name=name))
    group.name = name
    db.flush()
    recount(db, cohort)


def move_to_group(db: Session, cohort: Cohort, seat: Enrollment, name: str) -> None:
    """Put a trainee into the group of this name, made if there is none; an empty name means no group."""
    group = group_named(db, cohort, name) if name else None
    if name and group is None:
        group = Group(organization_id=cohort.organization_id, cohort_id=cohort.id, name=name)
        db.add(group)
        db.flush()
    seat.group_id = group.id if group else None
    mark_to_plan(db, cohort)
    refresh_standing(db, cohort, seat)


def group_named(db: Session, cohort: Cohort, name: str) -> Group | None:
    """The cohort's group of exactly this name."""
    return db.scalar(select(Group).where(Group.cohort_id == cohort.id, Group.name == name))
