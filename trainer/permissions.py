"""Who may do and read what: roles, deeds, audiences, the tables between them, and how a view names its need."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])
DECLARATION = "needs"


class Role(StrEnum):
    """What a seat in a cohort is for."""

    TRAINEE = "trainee"
    FACILITATOR = "facilitator"
    COORDINATOR = "coordinator"


class Can(StrEnum):
    """What somebody may do; a view names one, and so does whoever opens an object."""

    USE_ACCOUNT = "use_account"
    OPEN_HOME = "open_home"
    WORK_ON_STEPS = "work_on_steps"
    SEE_STATUS = "see_status"
    REVIEW_PLANS = "review_plans"
    GIVE_FEEDBACK = "give_feedback"
    EDIT_SCHEDULE = "edit_schedule"
    EDIT_ROSTER = "edit_roster"
    READ_LEDGER = "read_ledger"
    SEE_BOARD = "see_board"
    CHANGE_SEATS = "change_seats"
    NOTE_ATTENDANCE = "note_attendance"


# What people write: whoever may not do these is told that there is nothing here, not that it is forbidden.
ABOUT_WORDS = frozenset({Can.WORK_ON_STEPS, Can.REVIEW_PLANS, Can.GIVE_FEEDBACK})
EVERY_ROLE = frozenset(Role)
STAFF = frozenset({Role.FACILITATOR, Role.COORDINATOR})
WITHOUT_A_SEAT = frozenset({Can.USE_ACCOUNT})  # a boss signs in too
GRANTS: dict[Can, frozenset[Role]] = {
    Can.USE_ACCOUNT: EVERY_ROLE,
    Can.OPEN_HOME: EVERY_ROLE,
    Can.WORK_ON_STEPS: frozenset({Role.TRAINEE}),
    Can.SEE_STATUS: STAFF,
    Can.REVIEW_PLANS: frozenset({Role.FACILITATOR}),
    Can.GIVE_FEEDBACK: frozenset({Role.FACILITATOR}),
    Can.EDIT_SCHEDULE: frozenset({Role.COORDINATOR}),
    Can.EDIT_ROSTER: frozenset({Role.COORDINATOR}),
    Can.READ_LEDGER: frozenset({Role.COORDINATOR}),
    Can.SEE_BOARD: frozenset({Role.COORDINATOR}),
    Can.CHANGE_SEATS: frozenset({Role.COORDINATOR}),
    Can.NOTE_ATTENDANCE: STAFF,
}


def is_granted(can: Can, roles: Collection[Role]) -> bool:
    """Whether somebody in any of these roles may do this."""
    return can in WITHOUT_A_SEAT or not GRANTS[can].isdisjoint(roles)


class Audience(StrEnum):
    """Who may read a text besides its writer; only the writer widens it."""

    ONLY_ME = "only_me"
    PARTNER = "partner"
    FACILITATOR = "facilitator"
    GROUP = "group"
    COHORT = "cohort"
    BOSS = "boss"


class Reader(StrEnum):
    """What somebody is to the writer of a text; a coordinator is nothing of it, whatever the text."""

    WRITER = "writer"
    PARTNER = "partner"
    FACILITATOR = "facilitator"
    GROUP = "group"
    COHORT = "cohort"
    BOSS = "boss"


READERS: dict[Audience, frozenset[Reader]] = {
    Audience.ONLY_ME: frozenset({Reader.WRITER}),
    Audience.PARTNER: frozenset({Reader.WRITER, Reader.PARTNER}),
    Audience.FACILITATOR: frozenset({Reader.WRITER, Reader.FACILITATOR}),
    Audience.GROUP: frozenset({Reader.WRITER, Reader.FACILITATOR, Reader.GROUP}),
    Audience.COHORT: frozenset({Reader.WRITER, Reader.FACILITATOR, Reader.COHORT}),
    Audience.BOSS: frozenset({Reader.WRITER, Reader.FACILITATOR, Reader.BOSS}),
}
# what a writer can choose at present: only where every reader has a page to read on, so neither partner nor boss
OFFERED = (Audience.FACILITATOR, Audience.GROUP, Audience.COHORT, Audience.ONLY_ME)


def may_read(audience: Audience, relations: Collection[Reader]) -> bool:
    """Whether somebody who stands in these relations to the writer may read a text of this audience."""
    return not READERS[audience].isdisjoint(relations)


@dataclass(frozen=True)
class Needs:
    """What a view declares: the deed it is, or the reason for which everybody may call it."""

    can: Can | None = None
    public: str = ""


def needs(can: Can | None = None, *, public: str = "") -> Callable[[View], View]:
    """Declare a view: `@needs(Can.EDIT_SCHEDULE)` or `@needs(public="the sign-in page")`; ValueError for both."""
    if (can is None) is (not public):
        raise ValueError("a view needs either a permission or the reason for which it is public")

    def declare(view: View) -> View:
        setattr(view, DECLARATION, Needs(can, public))
        return view

    return declare


def declaration_of(view: Callable[..., Any] | None) -> Needs | None:
    """What a view function, or the class behind it, declares; None where nothing was declared."""
    declared = getattr(view, DECLARATION, None) or getattr(getattr(view, "view_class", None), DECLARATION, None)
    return declared if isinstance(declared, Needs) else None
