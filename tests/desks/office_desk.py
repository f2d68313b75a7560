"""A started cohort with its office at work: what the pages say, and what their forms do, for tests of the desks."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.browsers import Browser, Watch
from tests.accounts.factories import make_office
from tests.desks.homes import STARTED, morning, plan_letters, words_of
from tests.factories import make_cohort, make_organization, make_person, make_reading, make_seat, make_user
from trainer.accounts.models import Organization, User
from trainer.cohorts.enroll import enroll
from trainer.cohorts.models import Cohort, Enrollment, FacilitatorGroup, Group
from trainer.db import Database
from trainer.permissions import Role
from trainer.prompts.models import Address, Prompt

OPENING = date(2027, 1, 13)  # the lessons open; workshop on 3 and 4 February
IN_REFLECTION = date(2027, 3, 10)


@dataclass
class Desk:
    """A cohort of three people in two groups, and a browser in which somebody is signed in."""

    database: Database
    browser: Browser
    watch: Watch
    organization: Organization
    cohort: Cohort
    coordinator: User
    facilitator: User
    seats: dict[str, Enrollment]  # by name: Abe and Ito in group A, Ueda in group B
    user: User  # who is signed in

    @property
    def address(self) -> str:
        return f"/cohorts/{self.cohort.uid}"

    def page_of(self, name: str) -> str:
        """The address of somebody's page."""
        return f"{self.address}/trainees/{self.seats[name].uid}"

    def enter(self, user: User, on: date = OPENING) -> None:
        """Somebody sits down at ten in the morning of a day."""
        self.user = user
        self.at(morning(on))

    def at(self, instant: datetime) -> None:
        """The same person comes back at an instant; sessions do not last for days."""
        self.watch.time = instant
        self.browser.enter(self.user, instant)

    def read(self, path: str) -> str:
        """The words of a page of the cohort; it must be there."""
        return words_of(self.html(path))

    def html(self, path: str) -> str:
        answer = self.browser.get(path if path.startswith("/") else f"{self.address}/{path}")
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.get_data(as_text=True)

    def post(self, path: str, **form: str) -> str:
        """Send a form and go where it leads; gives the words of that page, or of the form that was not accepted."""
        answer = self.browser.client.post(path, data={"csrf_token": self.browser.token("/account/"), **form})
        if answer.status_code == 422:
            return words_of(answer.get_data(as_text=True))
        assert answer.status_code == 303, f"{path}: {answer.status_code}"
        return words_of(self.browser.get(answer.location).get_data(as_text=True))

    def letters(self, db: Session, name: str) -> dict[str, Prompt]:
        """Somebody's letters, by what they are called in the pack."""
        rows = db.scalars(select(Prompt).where(Prompt.enrollment_id == self.seats[name].id))
        return {row.letter: row for row in rows}

    def bounce(self, name: str, words: str = "550 5.1.1 no such user") -> None:
        """Letters to somebody's address come back."""
        with self.database.session() as db:
            user = db.get_one(User, self.seats[name].user_id)
            told = {"reason": words, "last_bounce_at": self.watch.now()}
            db.add(Address(organization_id=user.organization_id, address=user.email, score=4, **told))
            db.commit()


def make_desk(database: Database, browser: Browser, watch: Watch) -> Desk:
    """The cohort, started and planned; the coordinator is signed in on the morning on which the lessons open."""
    with database.session() as db:
        organization = make_organization(db, language="en")
        cohort = make_cohort(db, organization, started_at=STARTED)
        names = {"Abe": "A", "Ito": "A", "Ueda": "B"}
        people = [
            make_person(f"90000{row}", row, name=name, group=group, department=f"Section {row}")
            for row, (name, group) in enumerate(names.items(), 1)
        ]
        enroll(db, cohort, make_reading(*people), now=STARTED)
        coordinator, facilitator = (make_user(db, organization, name=name) for name in ("Ono", "Eda"))
        make_office(db, organization, coordinator)
        make_seat(db, cohort, facilitator, role=Role.FACILITATOR)
        plan_letters(db)
        found = select(User.name, Enrollment).join(Enrollment, Enrollment.user_id == User.id)
        seats = {name: seat for name, seat in db.execute(found.where(Enrollment.role == Role.TRAINEE)).all()}
        for one in (organization, cohort, coordinator, facilitator, *seats.values()):
            db.refresh(one)
        db.commit()
    desk = Desk(database, browser, watch, organization, cohort, coordinator, facilitator, seats, coordinator)
    desk.enter(coordinator)
    return desk


def assign(desk: Desk, group: str) -> None:
    """The facilitator answers for one group alone from now on."""
    with desk.database.session() as db:
        seat = db.scalars(select(Enrollment).where(Enrollment.user_id == desk.facilitator.id)).one()
        number = db.scalars(select(Group.id).where(Group.cohort_id == desk.cohort.id, Group.name == group)).one()
        db.add(FacilitatorGroup(organization_id=seat.organization_id, enrollment_id=seat.id, group_id=number))
        db.commit()
