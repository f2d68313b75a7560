"""One trainee as the staff sees them: who it is, dates and status of each step, letters, what was changed by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from trainer.accounts.held_models import HeldAddress
from trainer.accounts.models import User
from trainer.accounts.queries import is_held
from trainer.cohorts.change_models import ChangeByHand
from trainer.cohorts.models import Enrollment, Group, SeatStatus
from trainer.desks.course import Course, LetterOfSeat, StepState, course_of
from trainer.desks.staff_ledger_words import CAN_GO_AGAIN, Became, became, letter_words, next_try
from trainer.desks.unreached import comes_back
from trainer.i18n import gettext as _
from trainer.i18n import lazy_gettext as _l
from trainer.prompts.frames import step_name

CHANGES_SHOWN = 20
OFFICE_LETTERS = ("trainee", "boss")  # both hang from the trainee's seat
DEEDS = {
    "extend": _l("Extension"),
    "pause": _l("Paused"),
    "resume": _l("End of the pause"),
    "withdraw": _l("Withdrawal"),
    "finish": _l("Finished by hand"),
    "attend": _l("Workshop attended"),
}
STANDINGS = {"done": _l("Done"), "open": _l("Open"), "idle": _l("Still ahead"), "rest": _l("Paused"), "gone": "–"}


@dataclass(frozen=True)
class StepLine:
    """One step of one trainee."""

    id: str
    title: str
    standing: str  # done, open, idle or rest, as the macro `standing` draws it, or gone
    words: str
    opens_on: date
    due_on: date
    is_own_date: bool
    finished_at: datetime | None
    is_overdue: bool


@dataclass(frozen=True)
class LetterLine:
    """One letter to one trainee."""

    id: str
    subject: str
    at: datetime
    became: Became
    next_try: str  # when it goes, if not at its own time
    to: str  # whom, if not the trainee
    can_go_again: bool


@dataclass(frozen=True)
class ChangeLine:
    """One change by hand; `is_last` of its part, so that it may be undone."""

    change: ChangeByHand
    words: str
    by: str
    is_last: bool


@dataclass(frozen=True)
class TraineePage:
    """Everything on the page."""

    seat: Enrollment
    user: User
    group: str | None
    comes_back: bool  # letters to the address do
    held_until: datetime | None  # no sign-in code goes to the address before then
    course: Course
    changes: tuple[ChangeLine, ...]

    @property
    def steps(self) -> list[StepLine]:
        """The five steps."""
        return [_step_line(self.course, state) for state in self.course.steps]

    @property
    def letters(self) -> list[LetterLine]:
        """Every letter that has a row: the next one first, then back in time."""
        coming = [self.course.coming] if self.course.coming else []
        return [_letter_line(letter, self.course) for letter in (*coming, *self.course.letters)]


def trainee_page(db: Session, seat: Enrollment, *, language: str, now: datetime, is_office: bool) -> TraineePage:
    """A trainee at `now`, in four queries; address, letters and changes for the office alone."""
    letters_to = OFFICE_LETTERS if is_office else ()
    course = course_of(db, seat, language=language, now=now, letters_to=letters_to)
    rows = db.execute(_person_with_changes(seat, now)).all()
    user, group, comes_back, held_until = rows[0][:4]
    changes = [(row[4], row[5]) for row in rows if row[4] is not None and is_office]
    told = tuple(_change_lines(changes, course))
    return TraineePage(seat, user, group, comes_back, held_until, course, told)


def _person_with_changes(seat: Enrollment, now: datetime) -> Select[*tuple[Any, ...]]:
    """(person, group, whether letters come back, held until, change, who changed): a row for each change, or one."""
    by = aliased(User)
    newest = select(ChangeByHand.id).where(ChangeByHand.enrollment_id == seat.id)
    newest = newest.order_by(ChangeByHand.id.desc()).limit(CHANGES_SHOWN)
    held = select(func.max(HeldAddress.held_until)).where(HeldAddress.user_id == User.id, is_held(now))
    return (
        select(User, Group.name, comes_back(), held.scalar_subquery(), ChangeByHand, by.name)
        .select_from(Enrollment)
        .join(User, User.id == Enrollment.user_id)
        .outerjoin(Group, Group.id == Enrollment.group_id)
        .outerjoin(ChangeByHand, (ChangeByHand.enrollment_id == Enrollment.id) & ChangeByHand.id.in_(newest))
        .outerjoin(by, by.id == ChangeByHand.done_by_id)
        .where(Enrollment.id == seat.id)
        .order_by(ChangeByHand.id.desc())
    )


def standing_of(state: StepState, status: SeatStatus, today: date) -> str:
    """How a step stands for a seat: done, open, idle or rest, or gone where nothing is asked any more."""
    if state.finished_at is not None:
        return "done"
    if status is SeatStatus.WITHDRAWN:
        return "gone"
    if status is not SeatStatus.ACTIVE:
        return "rest"
    return "open" if state.opens_on <= today else "idle"


def _step_line(course: Course, state: StepState) -> StepLine:
    standing = standing_of(state, course.status, course.today)
    return StepLine(
        id=state.step,
        title=step_name(state.step, course.pack),
        standing=standing,
        words=str(STANDINGS[standing]),
        opens_on=state.opens_on,
        due_on=state.due_on,
        is_own_date=state.is_own_date,
        finished_at=state.finished_at,
        is_overdue=standing == "open" and state.step != "workshop" and state.due_on < course.today,
    )


def _letter_line(letter: LetterOfSeat, course: Course) -> LetterLine:
    name, to = letter_words(course.pack.letter(letter.letter), course.pack)
    return LetterLine(
        id=letter.letter,
        subject=name,
        at=letter.at,
        became=became(letter.state, letter.reason),
        next_try=next_try(letter, course.zone, course.pack.lang),
        to=to,
        can_go_again=letter.state in CAN_GO_AGAIN,
    )


def _change_lines(changes: Sequence[tuple[ChangeByHand, str | None]], course: Course) -> list[ChangeLine]:
    seen: set[str] = set()
    lines = []
    for change, by in changes:
        is_last = change.undone_at is None and change.facet not in seen
        if change.undone_at is None:
            seen.add(change.facet)
        lines.append(ChangeLine(change, _deed(change, course), by or "", is_last))
    return lines


def _deed(change: ChangeByHand, course: Course) -> str:
    words = str(DEEDS.get(change.kind, change.kind))
    _kind, _colon, step = change.facet.partition(":")
    if step in {state.step for state in course.steps} and change.kind != "attend":
        return _("%(deed)s: %(step)s", deed=words, step=step_name(step, course.pack))
    return words
