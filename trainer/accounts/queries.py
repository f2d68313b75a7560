"""Companies and people, read."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from trainer.accounts.held_models import HeldAddress
from trainer.accounts.models import Coordinator, Organization, User
from trainer.accounts.session_models import ClosedAccount, Password


def organization_named(db: Session, name: str) -> Organization | None:
    """The organization with exactly this name."""
    return db.scalar(select(Organization).where(Organization.name == name))


def organizations_counted(db: Session) -> int:
    """How many companies this installation holds."""
    return db.scalar(select(func.count()).select_from(Organization)) or 0


def user_with_address(db: Session, organization: Organization, email: str) -> User | None:
    """The person of an organization with this address (compared in lower case)."""
    return db.scalar(select(User).where(User.organization_id == organization.id, User.email == email.lower()))


def coordinators_of(organization: Organization) -> Select[Coordinator]:
    """The office of an organization, in the order in which they were named."""
    return select(Coordinator).where(Coordinator.organization_id == organization.id).order_by(Coordinator.id)


def users_with_address(address: str) -> Select[User]:
    """Everybody with this address who may sign in, in whichever organization: sign-in knows no company yet."""
    closed = exists().where(ClosedAccount.user_id == User.id, ClosedAccount.organization_id == User.organization_id)
    return select(User).where(User.email == address.lower(), ~closed).order_by(User.id)


def users_for_codes(address: str, now: datetime) -> Select[User]:
    """The same without those whose address somebody else changed to this one a short while ago."""
    held = exists().where(HeldAddress.user_id == User.id, is_held(now))
    return users_with_address(address).where(~held)


def is_held(now: datetime) -> ColumnElement[bool]:
    """Whether no code goes to the present address of a User, in a query that names whose HeldAddress it is."""
    return and_(
        HeldAddress.organization_id == User.organization_id,
        HeldAddress.address == User.email,
        HeldAddress.held_until > now,
        HeldAddress.confirmed_at.is_(None),
    )


def organization_of(db: Session, user: User) -> Organization:
    """The company of a person."""
    return db.get_one(Organization, user.organization_id)


def password_of(db: Session, user: User) -> Password | None:
    """The password that a person has set."""
    return db.scalar(
        select(Password).where(Password.organization_id == user.organization_id, Password.user_id == user.id)
    )


def is_of_office(db: Session, user: User) -> bool:
    """Whether a person belongs to their organization's office."""
    office = select(Coordinator.id).where(
        Coordinator.organization_id == user.organization_id, Coordinator.user_id == user.id
    )
    return db.scalar(office) is not None


def people_of_sign_in(user_ids: list[int]) -> Select[User, Organization]:
    """The people, with their companies, whom a browser has proved to be; without those who may not sign in any more."""
    closed = exists().where(ClosedAccount.user_id == User.id, ClosedAccount.organization_id == User.organization_id)
    return (
        select(User, Organization)
        .join(Organization, Organization.id == User.organization_id)
        .where(User.id.in_(user_ids), ~closed)
        .order_by(Organization.name)
    )
