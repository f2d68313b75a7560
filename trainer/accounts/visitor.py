"""Who is calling: the person, their session and their seats, as the database has them at this request."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_login import current_user

from trainer.accounts.models import Organization, User
from trainer.accounts.rules import STAFF_LIMITS, TRAINEE_LIMITS, SessionLimits
from trainer.accounts.session_models import UserSession
from trainer.permissions import Role


@dataclass(frozen=True)
class Seat:
    """One of the caller's seats that is not withdrawn."""

    id: int
    uid: UUID
    role: Role
    cohort_id: int
    cohort_uid: UUID
    cohort_name: str
    language: str
    time_zone: str


@dataclass(frozen=True)
class Visitor:
    """A signed-in person; made anew for each request, so that a change of role counts at once."""

    handle: str
    user: User
    organization: Organization
    session: UserSession
    seats: tuple[Seat, ...]
    is_of_office: bool

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What the cookie holds: the session's handle, never the person's number."""
        return self.handle

    @property
    def roles(self) -> frozenset[Role]:
        """Every role this person has in some cohort; the office has the coordinator's in all."""
        office = {Role.COORDINATOR} if self.is_of_office else set()
        return frozenset({seat.role for seat in self.seats} | office)

    @property
    def language(self) -> str:
        """The person's own choice, else their first cohort's language, else the company's."""
        first = next((seat.language for seat in self.seats), self.organization.language)
        return self.user.language or first

    def roles_in(self, cohort_id: int) -> frozenset[Role]:
        """The roles in one cohort of the person's own organization."""
        office = {Role.COORDINATOR} if self.is_of_office else set()
        return frozenset({seat.role for seat in self.seats if seat.cohort_id == cohort_id} | office)

    def seat(self, uid: UUID) -> Seat | None:
        """The person's own seat of this uid."""
        return next((seat for seat in self.seats if seat.uid == uid), None)

    def limits(self) -> SessionLimits:
        """Long for who is a trainee and nothing else; short for everybody who may see others."""
        return TRAINEE_LIMITS if self.roles == {Role.TRAINEE} else STAFF_LIMITS

    def session_ends_at(self) -> datetime:
        """The instant at which this session ends, however much it is used."""
        return self.session.created_at + self.limits().absolute


def visitor_here() -> Visitor | None:
    """Who sent this request, or None while nobody is signed in."""
    visitor = current_user._get_current_object() if current_user else None
    return visitor if isinstance(visitor, Visitor) else None


def visitor_signed_in() -> Visitor:
    """Who sent this request, behind a gate that lets only signed-in people through."""
    visitor = visitor_here()
    if visitor is None:
        raise RuntimeError("this page asks for its visitor, and its gate let somebody in without signing in")
    return visitor
